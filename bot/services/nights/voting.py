"""Opening the vote, ballots, and what the count leads to."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import cast

from bot.errors import UserError
from bot.services.nights import candidates as movies
from bot.services.nights import counting, presence
from bot.services.nights.answers import Actor, VoteKind
from bot.services.nights.results import tally_text
from bot.services.nights.steps import again, say, take
from bot.store import Connection, night_people, night_timers, night_votes
from bot.store.nights import StoredNight

MOST_POINTS = 5


def kind_of(night: StoredNight) -> VoteKind:
    """How a night votes."""
    return cast(VoteKind, night.vote_kind)


def checked_choices(kind: VoteKind, keys: Collection[int], choices: Mapping[int, int]) -> dict[int, int]:
    """The ballot as it is kept: ranks counted from 1 without gaps, no points left out.

    Raises
    ------
    UserError
        If it names something that is no candidate, or a value is out of its range.
    """
    if not set(choices) <= set(keys):
        raise UserError("that is none of the candidates of this night; look at its message again")
    if kind == "approval":
        if any(value != 1 for value in choices.values()):
            raise UserError("this vote takes yes or nothing for each movie")
        return dict(choices)
    if kind == "score":
        if any(not 0 <= value <= MOST_POINTS for value in choices.values()):
            raise UserError(f"this vote takes 0 to {MOST_POINTS} points for each movie")
        return dict(choices)
    if len(set(choices.values())) != len(choices):
        raise UserError("this vote takes one movie for each rank")
    return {key: rank for rank, key in enumerate(sorted(choices, key=choices.__getitem__), 1)}


async def cast_ballot(
    db: Connection, actor: Actor, night: StoredNight, choices: Mapping[int, int], now: datetime
) -> None:
    """Note a ballot.

    Raises
    ------
    UserError
        If the vote is not open, the ballot is not one of this vote, or the actor said that they can't come.
    NotAllowed
        If the night is for others.
    """
    night = await take(db, night, "cast")
    answer = await night_people.answer_of(db, night.night_id, actor.user_id)
    if answer == "out":
        raise UserError("you said that you can't come: say that you are in, then vote")
    if answer is None:
        await presence.put(db, actor, night, "in", None, now)
    keys = [one.movie.movie_key for one in await night_votes.candidates(db, night.night_id)]
    ballot = checked_choices(kind_of(night), keys, choices)
    await night_votes.put_ballot(db, night.night_id, actor.user_id, ballot, now)


async def open_now(
    db: Connection, night: StoredNight, closes: datetime, now: datetime, due_at: datetime | None = None
) -> None:
    """Open the vote on the candidates there are.

    Raises
    ------
    UserError
        If there is none, or the night is in no state for it.
    """
    if not await night_votes.candidates(db, night.night_id):
        raise UserError(
            "there is nothing to vote on: nominate a movie, or rate a few so that there can be a list"
        )
    night = await take(db, night, "open_vote")
    await night_timers.drop(db, night.night_id, ("open_vote",), now)
    await night_timers.set_timer(db, night.night_id, "close_vote", closes)
    await say(db, night, "vote_open", now, key=await again(db, night, "vote_open"), due_at=due_at)


async def close(
    db: Connection, night: StoredNight, now: datetime, *, due_at: datetime | None = None, anyway: bool = False
) -> None:
    """Count, and announce the result; or, with fewer ballots than the quorum, that there are too few.

    Parameters
    ----------
    db : Connection
    night : StoredNight
    now : datetime
    due_at : datetime, optional
        When this was to happen, if not now.
    anyway : bool
        Take what there is. Where nobody voted for anything the first of the list is watched.
    """
    candidates = [one.movie.movie_key for one in await night_votes.candidates(db, night.night_id)]
    tally = counting.count(kind_of(night), candidates, await night_votes.ballots(db, night.night_id))
    await night_timers.drop(db, night.night_id, ("open_vote", "close_vote"), now)
    if not anyway and (tally.ballots < night.quorum or tally.winner is None):
        night = await take(db, night, "miss")
        key = await again(db, night, "vote_missed")
        await say(db, night, "vote_missed", now, key=key, due_at=due_at, ballots=str(tally.ballots))
        return
    winner = tally.winner if tally.winner is not None else next(iter(candidates), None)
    night = await take(db, night, "decide", winner_key=winner, result=tally_text(tally))
    await movies.hand_on(db, night)
    await say(db, night, "result", now, due_at=due_at)
