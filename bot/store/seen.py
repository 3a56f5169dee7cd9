"""Movies that people have seen and given no stars."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import movies, seen


async def catalogue_ids(db: AsyncConnection, user_id: int) -> set[int]:
    """Ids in the active catalogue of what a person has seen, as far as that was noted."""
    wanted = (
        select(movies.c.catalogue_id)
        .join_from(seen, movies)
        .where(seen.c.user_id == user_id, movies.c.catalogue_id.is_not(None))
    )
    return set(await db.scalars(wanted))
