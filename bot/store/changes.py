"""The history of ratings: every rate, unrate and undo is one change, never altered."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import rating_changes


class StoredChange(NamedTuple):
    """One change of one rating; stars of None mean no rating.

    Attributes
    ----------
    previous_at : datetime or None
        When the rating was given that the change replaced; undoing restores that too.
    undoes : int or None
        The change that this one took back.
    """

    change_id: int
    user_id: int
    movie_key: int
    stars: float | None
    previous: float | None
    previous_at: datetime | None
    changed_at: datetime
    undoes: int | None


_COLUMNS = [rating_changes.c[name] for name in StoredChange._fields]


async def record(
    db: AsyncConnection,
    *,
    user_id: int,
    movie_key: int,
    stars: float | None,
    previous: float | None,
    previous_at: datetime | None,
    at: datetime,
    undoes: int | None = None,
) -> int:
    """Note a change; answers its number."""
    result = await db.execute(
        insert(rating_changes)
        .values(
            user_id=user_id,
            movie_key=movie_key,
            stars=stars,
            previous=previous,
            previous_at=previous_at,
            changed_at=at,
            undoes=undoes,
        )
        .returning(rating_changes.c.change_id)
    )
    return result.scalar_one()


async def get(db: AsyncConnection, change_id: int) -> StoredChange | None:
    """The change with this number, or None."""
    row = (await db.execute(select(*_COLUMNS).where(rating_changes.c.change_id == change_id))).first()
    return None if row is None else StoredChange(*row)


async def newer(db: AsyncConnection, change: StoredChange) -> list[StoredChange]:
    """Later changes of the same rating, oldest first."""
    rows = await db.execute(
        select(*_COLUMNS)
        .where(
            rating_changes.c.user_id == change.user_id,
            rating_changes.c.movie_key == change.movie_key,
            rating_changes.c.change_id > change.change_id,
        )
        .order_by(rating_changes.c.change_id)
    )
    return [StoredChange(*row) for row in rows]


async def latest(db: AsyncConnection) -> int:
    """The number of the newest change of all; 0 without any."""
    return await db.scalar(select(func.max(rating_changes.c.change_id))) or 0


async def first_of_everybody(db: AsyncConnection) -> dict[int, int]:
    """The number of each person's oldest change; it stays the same until everything of them is deleted."""
    first = select(rating_changes.c.user_id, func.min(rating_changes.c.change_id))
    return {row[0]: row[1] for row in await db.execute(first.group_by(rating_changes.c.user_id))}


async def ratings_changed_since(db: AsyncConnection, change_id: int) -> int:
    """How many ratings (of a person, of a movie) changed after a change."""
    touched = (
        select(rating_changes.c.user_id, rating_changes.c.movie_key)
        .where(rating_changes.c.change_id > change_id)
        .distinct()
        .subquery()
    )
    return await db.scalar(select(func.count()).select_from(touched)) or 0
