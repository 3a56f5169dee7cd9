"""Movies that people have seen and given no stars."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import insert, select
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


async def add(db: AsyncConnection, movie_key: int, user_ids: Collection[int], at: datetime) -> None:
    """Note that people have seen a movie; for whom that was noted before, it stays as it is."""
    noted = select(seen.c.user_id).where(seen.c.movie_key == movie_key, seen.c.user_id.in_(user_ids))
    missing = set(user_ids) - set(await db.scalars(noted))
    if missing:
        rows = [{"user_id": one, "movie_key": movie_key, "seen_at": at} for one in sorted(missing)]
        await db.execute(insert(seen), rows)
