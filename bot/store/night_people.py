"""Who hosts a night, who may come, who comes, and which dates suit whom."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.night_tables import (
    night_acts,
    night_dates,
    night_guests,
    night_hosts,
    night_marks,
    night_presence,
)
from bot.store.tables import users


class Named(NamedTuple):
    """Somebody with the name they go by."""

    user_id: int
    name: str


class StoredPresence(NamedTuple):
    """What somebody answered."""

    user_id: int
    name: str
    answer: str
    answered_at: datetime


async def host(db: AsyncConnection, night_id: int) -> Named | None:
    """Who hosts a night; None if nobody does any more."""
    found = await _named(db, night_hosts, night_id)
    return found[0] if found else None


async def hosts_of(db: AsyncConnection, night_ids: Collection[int]) -> list[str]:
    """The names of those who host these nights, once for each night."""
    hosts = select(users.c.name).join_from(night_hosts, users)
    return list(await db.scalars(hosts.where(night_hosts.c.night_id.in_(night_ids))))


async def set_host(db: AsyncConnection, night_id: int, user_id: int | None) -> None:
    """Make somebody, or nobody, the host of a night."""
    await db.execute(delete(night_hosts).where(night_hosts.c.night_id == night_id))
    if user_id is not None:
        await db.execute(insert(night_hosts).values(night_id=night_id, user_id=user_id))


async def guests(db: AsyncConnection, night_id: int) -> list[Named]:
    """Who may come, where that is by name."""
    return await _named(db, night_guests, night_id)


async def add_guests(db: AsyncConnection, night_id: int, user_ids: Collection[int]) -> None:
    """Invite people by name."""
    if user_ids:
        await db.execute(
            insert(night_guests), [{"night_id": night_id, "user_id": user_id} for user_id in user_ids]
        )


async def _named(db: AsyncConnection, table: Table, night_id: int) -> list[Named]:
    rows = await db.execute(
        select(users.c.user_id, users.c.name)
        .join_from(table, users)
        .where(table.c.night_id == night_id)
        .order_by(users.c.user_id)
    )
    return [Named(*row) for row in rows]


async def answers(db: AsyncConnection, night_id: int) -> list[StoredPresence]:
    """What everybody answered, in the order in which they did."""
    rows = await db.execute(
        select(users.c.user_id, users.c.name, night_presence.c.answer, night_presence.c.answered_at)
        .join_from(night_presence, users)
        .where(night_presence.c.night_id == night_id)
        .order_by(night_presence.c.answered_at, users.c.user_id)
    )
    return [StoredPresence(*row) for row in rows]


async def answer_of(db: AsyncConnection, night_id: int, user_id: int) -> str | None:
    """What somebody answered, or None."""
    return await db.scalar(
        select(night_presence.c.answer).where(
            night_presence.c.night_id == night_id, night_presence.c.user_id == user_id
        )
    )


async def put_answer(db: AsyncConnection, night_id: int, user_id: int, answer: str, at: datetime) -> None:
    """Note an answer; who gives the same one again keeps their place."""
    before = await answer_of(db, night_id, user_id)
    if before is None:
        await db.execute(
            insert(night_presence).values(night_id=night_id, user_id=user_id, answer=answer, answered_at=at)
        )
    elif before != answer:
        await db.execute(
            update(night_presence)
            .where(night_presence.c.night_id == night_id, night_presence.c.user_id == user_id)
            .values(answer=answer, answered_at=at)
        )


async def forget_answer(db: AsyncConnection, night_id: int, user_id: int) -> None:
    """Remove an answer and its marks."""
    await put_marks(db, night_id, user_id, ())
    await db.execute(
        delete(night_presence).where(
            night_presence.c.night_id == night_id, night_presence.c.user_id == user_id
        )
    )


async def marks(db: AsyncConnection, night_id: int) -> dict[int, list[int]]:
    """Dates that suit, by user id, earliest first."""
    rows = await db.execute(
        select(night_marks.c.user_id, night_marks.c.date_id)
        .join_from(night_marks, night_dates)
        .where(night_dates.c.night_id == night_id)
        .order_by(night_dates.c.starts_at)
    )
    found: dict[int, list[int]] = {}
    for user_id, date_id in rows:
        found.setdefault(user_id, []).append(date_id)
    return found


async def put_marks(db: AsyncConnection, night_id: int, user_id: int, date_ids: Collection[int]) -> None:
    """Note which dates of a night suit somebody, in place of what was noted."""
    of_night = select(night_dates.c.date_id).where(night_dates.c.night_id == night_id)
    await db.execute(
        delete(night_marks).where(night_marks.c.user_id == user_id, night_marks.c.date_id.in_(of_night))
    )
    if date_ids:
        await db.execute(
            insert(night_marks), [{"date_id": date_id, "user_id": user_id} for date_id in date_ids]
        )


async def acts(db: AsyncConnection, user_id: int, guild_id: int, act: str) -> list[datetime]:
    """When somebody did something on a server, as far as it is kept, oldest first."""
    theirs = (night_acts.c.user_id == user_id) & (night_acts.c.guild_id == guild_id)
    wanted = select(night_acts.c.acted_at).where(theirs, night_acts.c.act == act)
    return list(await db.scalars(wanted.order_by(night_acts.c.acted_at)))


async def add_act(db: AsyncConnection, user_id: int, guild_id: int, act: str, at: datetime) -> None:
    """Note that somebody did something on a server."""
    values = {"user_id": user_id, "guild_id": guild_id, "act": act, "acted_at": at}
    await db.execute(insert(night_acts).values(values))


async def forget_acts(db: AsyncConnection, until: datetime) -> None:
    """Remove what everybody did up to a time."""
    await db.execute(delete(night_acts).where(night_acts.c.acted_at <= until))
