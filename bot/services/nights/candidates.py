"""The movies that may win: from the group's list, nominated, or carried over from the night before."""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime

from bot.errors import UserError
from bot.services.answers import Filters
from bot.services.group import MOST_PEOPLE, GroupLists
from bot.services.nights.answers import Actor, Source
from bot.services.nights.results import read_tally
from bot.services.nights.steps import take
from bot.services.shown_titles import name_of
from bot.store import Connection, movies, night_people, night_votes, nights, people
from bot.store.nights import StoredNight
from recommender.catalogue import Movie

log = logging.getLogger(__name__)

LISTED = 5
"""So many movies of the group's list are candidates."""
CARRIED = 3
LOOKED_BACK = 50
"""Among so many of the server's newest nights the last one for the same people is looked for."""
MOST = 50

_TAKING_MORE: Collection[str] = ("planning", "gathering")
_OPEN_TO_ALL: Collection[str] = (*_TAKING_MORE, "voting", "undecided")

_FIRST_PLACE: dict[Source, int] = {"list": 0, "carried": 100, "nominated": 200}
"""The list of candidates begins with the group's list, then come those carried over, then nominations."""


async def group_list(groups: GroupLists, user_ids: Sequence[int], wishes: Filters) -> list[Movie]:
    """The group's list: popular movies where nothing is known of anybody, none where nothing fits."""
    if not user_ids:
        return []
    try:
        found = await groups.recommend(user_ids[:MOST_PEOPLE], count=LISTED, filters=wishes)
    except UserError as error:
        log.info("no list for a night: %s", error)
        return []
    return [pick.movie for pick in found.picks]


async def add(db: Connection, night: StoredNight, found: Sequence[Movie], source: Source) -> None:
    """Make movies candidates, in this order; those that are already move to the better place."""
    known = {one.movie.movie_key: one.place for one in await night_votes.candidates(db, night.night_id)}
    for place, movie in enumerate(found, _FIRST_PLACE[source]):
        key = (await movies.remember(db, movie)).movie_key
        if place < known.get(key, MOST + _FIRST_PLACE["nominated"]):
            await night_votes.put_candidate(db, night.night_id, key, source, place)


async def nominate(db: Connection, actor: Actor, night: StoredNight, movie: Movie, now: datetime) -> None:
    """Note a nomination.

    Raises
    ------
    UserError
        If it is too late, nobody may nominate in this night, or the actor or the night has enough.
    """
    night = await take(db, night, "nominate")
    nominated = await night_votes.nominations(db, night.night_id)
    mine = sum(actor.user_id in by for by in nominated.values())
    await people.remember(db, actor.user_id, actor.name)
    key = (await movies.remember(db, movie)).movie_key
    if actor.user_id in nominated.get(key, ()):
        raise UserError(f"you have nominated {name_of(movie)} already")
    if not night.nominations_each:
        raise UserError("in this night the movies come from the group's list alone")
    if mine >= night.nominations_each:
        raise UserError(
            f"you have nominated {mine} already, which is the most in this night: withdraw one first"
        )
    known = {one.movie.movie_key: one for one in await night_votes.candidates(db, night.night_id)}
    if key not in known:
        if len(known) >= MOST:
            raise UserError(f"there are {MOST} candidates already: support one of them")
        last = max((one.place for one in known.values()), default=0)
        place = max(last + 1, _FIRST_PLACE["nominated"])
        await night_votes.put_candidate(db, night.night_id, key, "nominated", place)
    await night_votes.add_nomination(db, night.night_id, key, actor.user_id, now)


async def withdraw(db: Connection, actor: Actor, night: StoredNight, movie_key: int) -> None:
    """Take a nomination back.

    Raises
    ------
    UserError
        If it is too late, or there is none.
    """
    await take(db, night, "nominate")
    if not await night_votes.remove_nomination(db, night.night_id, movie_key, actor.user_id):
        raise UserError("you have not nominated that movie")
    wanted = movie_key in await night_votes.nominations(db, night.night_id)
    sources = {one.movie.movie_key: one.source for one in await night_votes.candidates(db, night.night_id)}
    if not wanted and sources.get(movie_key) == "nominated":
        await night_votes.remove_candidate(db, night.night_id, movie_key)


async def carry_over(db: Connection, night: StoredNight) -> None:
    """Make the best losers of the last night candidates of this one, if it was so planned.

    It is the last one that was for the same people: what they wished for is nobody else's to know. What
    another night that is ahead can still choose has been carried over to that one.
    """
    states: Collection[str] = ("decided", "running", "rating", "over")
    newest = await nights.of_guild(db, night.guild_id, states, newest_first=True, limit=LOOKED_BACK)
    before = [one for one in newest if one.night_id != night.night_id and await _same_people(db, one, night)]
    if not before:
        return
    elsewhere: set[int] = set()
    for other in await nights.of_guild(db, night.guild_id, _OPEN_TO_ALL):
        if other.night_id != night.night_id:
            listed = await night_votes.candidates(db, other.night_id)
            elsewhere |= {one.movie.movie_key for one in listed if one.source == "carried"}
    await _carry(db, night, [key for key in _losers(before[0]) if key not in elsewhere])


async def hand_on(db: Connection, night: StoredNight) -> None:
    """Carry the best losers over to the next night, where that one was planned before the vote was closed."""
    start = night.starts_at
    for following in await nights.of_guild(db, night.guild_id, _TAKING_MORE):
        later = following.starts_at is None or start is None or following.starts_at > start
        if following.night_id != night.night_id and later and await _same_people(db, night, following):
            if losers := _losers(night):
                await _carry(db, following, losers)
                await nights.change(db, following.night_id)
            return


async def _same_people(db: Connection, one: StoredNight, other: StoredNight) -> bool:
    """Whether two nights are for the same people: in one channel, and with the same invitation."""

    async def audience(night: StoredNight) -> tuple[object, ...]:
        guests = await night_people.guests(db, night.night_id) if night.for_guests else ()
        invited = {guest.user_id for guest in guests}
        return night.channel_id, night.invited_role_id, night.for_guests, invited

    return await audience(one) == await audience(other)


def _losers(night: StoredNight) -> list[int]:
    """The movies that came next after the winner, if they are to be carried over: no movie without votes."""
    if not night.carry_over or night.result is None:
        return []
    tally = read_tally(night.result)
    # Whom a ranked vote has second everywhere was nobody's first choice, and yet wanted.
    wanted = [key for key in tally.order if tally.kind == "ranked" or tally.totals.get(key, 0) > 0]
    return [key for key in wanted if key != night.winner_key][:CARRIED]


async def _carry(db: Connection, night: StoredNight, keys: Sequence[int]) -> None:
    known = {one.movie.movie_key for one in await night_votes.candidates(db, night.night_id)}
    for place, key in enumerate(keys, _FIRST_PLACE["carried"]):
        if key not in known:
            await night_votes.put_candidate(db, night.night_id, key, "carried", place)
