"""Nights as people may see them, put together from the tables."""

from collections.abc import Mapping, Sequence
from typing import cast

from bot.services import hiding
from bot.services.nights import repeating
from bot.services.nights.answers import (
    Answer,
    Candidate,
    DateOption,
    Night,
    Presence,
    Source,
)
from bot.services.nights.results import read_filters, read_tally
from bot.services.nights.steps import settings_of, state_of
from bot.services.nights.voting import kind_of
from bot.services.ratings import shown_movie
from bot.services.shelf import Serving
from bot.store import Connection, movies, night_people, night_timers, night_votes, nights
from bot.store.night_people import StoredPresence
from bot.store.nights import StoredDate, StoredNight
from recommender.catalogue import Movie


async def night_view(db: Connection, serving: Serving, night: StoredNight) -> Night:
    """A night as everybody may see it."""
    number = night.night_id
    host = await night_people.host(db, number)
    answers = await night_people.answers(db, number)
    marks = await night_people.marks(db, number)
    timers = await night_timers.waiting(db, number)
    card = await night_timers.newest(db, number, "card")
    winner = await movie_of(db, serving, night.winner_key)
    series = await repeating.running(db, night)
    return Night(
        night_id=number,
        guild_id=night.guild_id,
        channel_id=night.channel_id,
        state=state_of(night),
        host_id=None if host is None else host.user_id,
        host_name="" if host is None else host.name,
        theme=night.theme,
        filters=read_filters(night.wishes),
        guests=tuple(guest.user_id for guest in await night_people.guests(db, number)),
        invited_role_id=night.invited_role_id,
        is_open=night.invited_role_id is None and not night.for_guests,
        vote_kind=kind_of(night),
        quorum=night.quorum,
        nominations_each=night.nominations_each,
        carry_over=night.carry_over,
        starts_at=night.starts_at,
        dates=_dates(await nights.dates(db, number), answers, marks),
        dates_close_at=timers.get("close_dates"),
        vote_opens_at=timers.get("open_vote"),
        vote_closes_at=timers.get("close_vote"),
        ratings_at=timers.get("ask_ratings"),
        people=tuple(
            Presence(one.user_id, one.name, cast(Answer, one.answer), tuple(marks.get(one.user_id, ())))
            for one in answers
        ),
        candidates=await _candidates(db, serving, night, answers),
        ballots=await night_votes.count_ballots(db, number),
        tally=None if night.result is None else read_tally(night.result),
        winner=winner,
        runtime=None if winner is None else winner.runtime,
        series_id=None if series is None else series.series_id,
        time_zone=(await settings_of(db, night.guild_id)).time_zone,
        card_message_id=None if card is None else card.message_id,
        event_id=night.event_id,
        trouble=night.trouble,
        revision=night.revision,
        reason=night.reason,
    )


async def movie_of(db: Connection, serving: Serving, movie_key: int | None) -> Movie | None:
    """A stored movie as it is shown; None where there is none."""
    stored = None if movie_key is None else await movies.by_key(db, movie_key)
    return None if stored is None else shown_movie(serving, stored)


def _dates(
    dates: Sequence[StoredDate], answers: Sequence[StoredPresence], marks: Mapping[int, Sequence[int]]
) -> tuple[DateOption, ...]:
    def suited(date: StoredDate, answer: str) -> tuple[int, ...]:
        return tuple(
            one.user_id
            for one in answers
            if one.answer == answer and date.date_id in marks.get(one.user_id, ())
        )

    return tuple(
        DateOption(date.date_id, date.starts_at, suited(date, "in"), suited(date, "maybe")) for date in dates
    )


async def _candidates(
    db: Connection, serving: Serving, night: StoredNight, answers: Sequence[StoredPresence]
) -> tuple[Candidate, ...]:
    stored = await night_votes.candidates(db, night.night_id)
    nominated = await night_votes.nominations(db, night.night_id)
    comers = await hiding.shown(db, (one.user_id for one in answers if one.answer != "out"))
    seen = await night_votes.seen_by(db, [one.movie.movie_key for one in stored], comers)
    return tuple(
        Candidate(
            one.movie.movie_key,
            shown_movie(serving, one.movie),
            cast(Source, one.source),
            tuple(nominated.get(one.movie.movie_key, ())),
            tuple(seen.get(one.movie.movie_key, ())),
        )
        for one in stored
    )
