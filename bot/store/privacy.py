"""Who keeps their ratings to themselves, and who has gone and will be forgotten."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import departures, hidden_ratings, users


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


async def leaving(db: AsyncConnection) -> dict[int, datetime]:
    """When each person who has gone will be forgotten."""
    rows = await db.execute(select(departures.c.user_id, departures.c.due_at))
    return {row.user_id: row.due_at for row in rows}


async def leave(db: AsyncConnection, user_id: int, due_at: datetime) -> None:
    """Note that a person has gone."""
    await db.execute(insert(departures).values(user_id=user_id, due_at=due_at))


async def stay(db: AsyncConnection, user_ids: Collection[int]) -> None:
    """Note that people are back."""
    for user_id in user_ids:
        await db.execute(delete(departures).where(departures.c.user_id == user_id))
