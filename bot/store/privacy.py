"""Who keeps their ratings to themselves, and who has gone and will be forgotten."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import departures, hidden_ratings, sightings, users


async def hide(db: AsyncConnection, user_id: int, at: datetime) -> None:
    """Note that a person's ratings are nobody else's business; once is enough."""
    if not await hides(db, user_id):
        await db.execute(insert(hidden_ratings).values(user_id=user_id, hidden_at=at))


async def unhide(db: AsyncConnection, user_id: int) -> None:
    """Let others see a person's ratings again."""
    await db.execute(delete(hidden_ratings).where(hidden_ratings.c.user_id == user_id))


async def hides(db: AsyncConnection, user_id: int) -> bool:
    """Whether a person's ratings are hidden."""
    wanted = select(hidden_ratings.c.user_id).where(hidden_ratings.c.user_id == user_id)
    return (await db.scalar(wanted)) is not None


async def hiding(db: AsyncConnection) -> set[int]:
    """Everybody whose ratings are hidden."""
    return set(await db.scalars(select(hidden_ratings.c.user_id)))


async def known(db: AsyncConnection) -> dict[int, str]:
    """Everybody of whom anything is kept, with their names."""
    rows = await db.execute(select(users.c.user_id, users.c.name))
    return {row.user_id: row.name for row in rows}


async def numbers(db: AsyncConnection, above: int, limit: int) -> list[int]:
    """Some of those who are at Discord and of whom anything is kept, by number, above this one."""
    wanted = select(users.c.user_id).where(users.c.user_id > above).order_by(users.c.user_id).limit(limit)
    return list(await db.scalars(wanted))


async def sighted(db: AsyncConnection, user_ids: Collection[int]) -> dict[int, set[int]]:
    """The servers on which each of some people was seen last; not more than a few hundred at once."""
    found: dict[int, set[int]] = {user_id: set() for user_id in user_ids}
    for row in await db.execute(select(sightings).where(sightings.c.user_id.in_(user_ids))):
        found[row.user_id].add(row.guild_id)
    return found


async def sight(db: AsyncConnection, pairs: Collection[tuple[int, int]]) -> None:
    """Note that people were seen on servers: pairs of a user id and a guild id.

    People of whom nothing is kept any more are passed over.
    """
    user_ids = {user_id for user_id, _ in pairs}
    known = set(await db.scalars(select(users.c.user_id).where(users.c.user_id.in_(user_ids))))
    before = await sighted(db, user_ids)
    rows = [
        {"user_id": user_id, "guild_id": guild_id}
        for user_id, guild_id in pairs
        if user_id in known and guild_id not in before[user_id]
    ]
    if rows:
        await db.execute(insert(sightings), rows)


async def lose_sight(db: AsyncConnection, pairs: Collection[tuple[int, int]]) -> None:
    """Note that people are no longer on servers: pairs of a user id and a guild id."""
    if pairs:
        one = (sightings.c.user_id == bindparam("user")) & (sightings.c.guild_id == bindparam("guild"))
        rows = [{"user": user_id, "guild": guild_id} for user_id, guild_id in pairs]
        await db.execute(delete(sightings).where(one), rows)


class Departure(NamedTuple):
    """When somebody who has gone is to be forgotten, and on how many days they were missed."""

    due_at: datetime
    days: int


async def departed(db: AsyncConnection, user_ids: Collection[int]) -> dict[int, Departure]:
    """Those of some people who have gone; not more than a few hundred at once."""
    rows = await db.execute(select(departures).where(departures.c.user_id.in_(user_ids)))
    return {row.user_id: Departure(row.due_at, row.days) for row in rows}


async def leave(db: AsyncConnection, gone: Mapping[int, Departure]) -> None:
    """Note that people have gone, in place of what was noted before.

    People of whom nothing is kept any more are passed over.
    """
    await stay(db, gone.keys())
    known = await db.scalars(select(users.c.user_id).where(users.c.user_id.in_(gone.keys())))
    rows = [{"user_id": user_id, **gone[user_id]._asdict()} for user_id in known]
    if rows:
        await db.execute(insert(departures), rows)


async def stay(db: AsyncConnection, user_ids: Collection[int]) -> None:
    """Note that people are back."""
    await db.execute(delete(departures).where(departures.c.user_id.in_(user_ids)))
