"""What is to be done for nights, and what is to be said."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.night_tables import night_posts, night_timers, nights


class StoredTimer(NamedTuple):
    """Something to be done at a time."""

    timer_id: int
    night_id: int
    kind: str
    due_at: datetime


class StoredPost(NamedTuple):
    """Something to be said; see the table for what the columns mean."""

    post_id: int
    night_id: int
    key: str
    kind: str
    facts: str
    due_at: datetime
    created_at: datetime
    begun_at: datetime | None
    sent_at: datetime | None
    message_id: int | None
    retry_at: datetime | None
    failure: str


_TIMER = select(*(night_timers.c[name] for name in StoredTimer._fields))
_POST = select(*(night_posts.c[name] for name in StoredPost._fields))
_WAITING = night_posts.c.sent_at.is_(None) & (
    (night_posts.c.failure == "") | night_posts.c.retry_at.is_not(None)
)
"""Neither said nor given up."""


async def set_timer(db: AsyncConnection, night_id: int, kind: str, due_at: datetime) -> None:
    """Have something done at a time, also if it was done before."""
    same = (night_timers.c.night_id == night_id) & (night_timers.c.kind == kind)
    changed = await db.execute(update(night_timers).where(same).values(due_at=due_at, done_at=None))
    if changed.rowcount == 0:
        await db.execute(insert(night_timers).values(night_id=night_id, kind=kind, due_at=due_at))


async def finish(db: AsyncConnection, timer_id: int, at: datetime) -> None:
    """Note that a timer's work is done."""
    await db.execute(update(night_timers).where(night_timers.c.timer_id == timer_id).values(done_at=at))


async def drop(db: AsyncConnection, night_id: int, kinds: Collection[str], at: datetime) -> None:
    """Note that there is nothing to do any more for these timers."""
    await db.execute(
        update(night_timers)
        .where(
            night_timers.c.night_id == night_id,
            night_timers.c.kind.in_(kinds),
            night_timers.c.done_at.is_(None),
        )
        .values(done_at=at)
    )


async def waiting(db: AsyncConnection, night_id: int) -> dict[str, datetime]:
    """When each timer of a night that is not done is due, by kind."""
    rows = await db.execute(
        select(night_timers.c.kind, night_timers.c.due_at).where(
            night_timers.c.night_id == night_id, night_timers.c.done_at.is_(None)
        )
    )
    return {row.kind: row.due_at for row in rows}


async def next_timer(db: AsyncConnection, until: datetime, but: Collection[int] = ()) -> StoredTimer | None:
    """The first timer that is due by then and none of these, or None."""
    wanted = _TIMER.where(
        night_timers.c.done_at.is_(None),
        night_timers.c.due_at <= until,
        night_timers.c.timer_id.not_in(but),
    )
    row = (await db.execute(wanted.order_by(night_timers.c.due_at, night_timers.c.timer_id).limit(1))).first()
    return None if row is None else StoredTimer(*row)


async def first_due(db: AsyncConnection) -> datetime | None:
    """When the next timer is due, or the next attempt to say something."""
    timers = await db.scalar(select(func.min(night_timers.c.due_at)).where(night_timers.c.done_at.is_(None)))
    retries = await db.scalar(select(func.min(night_posts.c.retry_at)).where(night_posts.c.sent_at.is_(None)))
    return min((time for time in (timers, retries) if time is not None), default=None)


async def add_post(
    db: AsyncConnection, night_id: int, key: str, kind: str, facts: str, *, due_at: datetime, now: datetime
) -> bool:
    """Have something said, once; answers whether it is new."""
    same = (night_posts.c.night_id == night_id) & (night_posts.c.key == key)
    if (await db.execute(select(night_posts.c.post_id).where(same))).first() is not None:
        return False
    values = {"key": key, "kind": kind, "facts": facts, "due_at": due_at, "created_at": now, "failure": ""}
    await db.execute(insert(night_posts).values(night_id=night_id, **values))
    return True


async def waiting_posts(db: AsyncConnection, night_id: int) -> list[StoredPost]:
    """What a night has to say, in the order in which it came up."""
    wanted = _POST.where(night_posts.c.night_id == night_id, _WAITING).order_by(night_posts.c.post_id)
    return [StoredPost(*row) for row in await db.execute(wanted)]


async def nights_with_posts(db: AsyncConnection, until: datetime) -> dict[int, int]:
    """Nights that have something to say by then, in the order in which it came up, and their channels."""
    # What a night has to say is said in order, so all waits for the first.
    firsts = select(func.min(night_posts.c.post_id)).where(_WAITING).group_by(night_posts.c.night_id)
    wanted = (
        select(nights.c.night_id, nights.c.channel_id)
        .join(night_posts, night_posts.c.night_id == nights.c.night_id)
        .where(
            night_posts.c.post_id.in_(firsts),
            night_posts.c.retry_at.is_(None) | (night_posts.c.retry_at <= until),
        )
        .order_by(night_posts.c.post_id)
    )
    return {row.night_id: row.channel_id for row in await db.execute(wanted)}


async def change_post(db: AsyncConnection, post_id: int, **values: Any) -> None:
    """Set columns of something that is to be said."""
    await db.execute(update(night_posts).where(night_posts.c.post_id == post_id).values(values))


async def try_again(db: AsyncConnection, night_id: int) -> None:
    """Have everything tried again that could not be said."""
    await db.execute(
        update(night_posts)
        .where(night_posts.c.night_id == night_id, night_posts.c.sent_at.is_(None))
        .values(failure="", retry_at=None)
    )


async def newest(db: AsyncConnection, night_id: int, kind: str) -> StoredPost | None:
    """The last thing of this kind that came up, said or not."""
    wanted = _POST.where(night_posts.c.night_id == night_id, night_posts.c.kind == kind)
    row = (await db.execute(wanted.order_by(night_posts.c.post_id.desc()).limit(1))).first()
    return None if row is None else StoredPost(*row)


async def count_posts(db: AsyncConnection, night_id: int, kind: str) -> int:
    """How many things of this kind came up."""
    wanted = select(func.count()).where(night_posts.c.night_id == night_id, night_posts.c.kind == kind)
    return await db.scalar(wanted) or 0
