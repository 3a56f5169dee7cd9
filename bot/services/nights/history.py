"""The nights of the past: what was watched, who was there, and what each gave."""

from typing import cast

from bot.services import hiding
from bot.services.nights.answers import Answer, NightHistory, Presence, WatchedNight
from bot.services.nights.results import read_tally
from bot.services.nights.states import State
from bot.services.nights.views import movie_of
from bot.services.shelf import Serving
from bot.store import Connection, night_people, night_votes, nights
from bot.store.nights import Onlooker, StoredNight

TOOK_PLACE: tuple[State, ...] = ("running", "rating", "over")


async def page_of(db: Connection, serving: Serving, onlooker: Onlooker, page: int, size: int) -> NightHistory:
    """Some of the nights that somebody may see, newest first; a page beyond the last one is the last one."""
    total = await nights.count_of_guild(db, onlooker, TOOK_PLACE)
    pages = max(-(-total // size), 1)
    page = min(max(page, 0), pages - 1)
    found = await nights.of_guild(db, onlooker, TOOK_PLACE, newest_first=True, limit=size, offset=page * size)
    return NightHistory(tuple([await _watched(db, serving, night) for night in found]), total, page, pages)


async def _watched(db: Connection, serving: Serving, night: StoredNight) -> WatchedNight:
    answers = await night_people.answers(db, night.night_id)
    there = [
        Presence(one.user_id, one.name, cast(Answer, one.answer)) for one in answers if one.answer == "in"
    ]
    stars: dict[int, float] = {}
    if night.winner_key is not None:
        seen = await hiding.shown(db, (one.user_id for one in there))
        stars = await night_votes.stars_of(db, night.winner_key, seen)
    return WatchedNight(
        night_id=night.night_id,
        starts_at=night.starts_at or night.created_at,
        theme=night.theme,
        movie=await movie_of(db, serving, night.winner_key),
        attended=max(night.attended or 0, len(there)) if night.state != "over" else night.attended or 0,
        there=tuple((one, stars.get(one.user_id)) for one in there),
        mean=sum(stars.values()) / len(stars) if stars else None,
        tally=None if night.result is None else read_tally(night.result),
    )
