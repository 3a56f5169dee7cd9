"""The people who rate."""

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import users


async def name(db: AsyncConnection, user_id: int) -> str | None:
    """The name that a person went by last, or None."""
    return await db.scalar(select(users.c.name).where(users.c.user_id == user_id))


async def remember(db: AsyncConnection, user_id: int, name: str) -> None:
    """Note a person, or the name they go by now."""
    known = await db.scalar(select(users.c.name).where(users.c.user_id == user_id))
    if known is None:
        await db.execute(insert(users).values(user_id=user_id, name=name))
    elif known != name:
        await db.execute(update(users).where(users.c.user_id == user_id).values(name=name))
