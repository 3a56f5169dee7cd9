"""Movies that a person does not want to be shown."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import dismissals, movies


async def add(db: AsyncConnection, user_id: int, movie_key: int, at: datetime) -> None:
    """Note that a person is not interested; once is enough."""
    mine = (dismissals.c.user_id == user_id) & (dismissals.c.movie_key == movie_key)
    if (await db.execute(select(dismissals.c.movie_key).where(mine))).first() is None:
        await db.execute(insert(dismissals).values(user_id=user_id, movie_key=movie_key, dismissed_at=at))


async def remove(db: AsyncConnection, user_id: int, catalogue_id: int) -> bool:
    """Take a dismissal of a movie of the active catalogue back; answers whether there was one."""
    keys = select(movies.c.movie_key).where(movies.c.catalogue_id == catalogue_id)
    mine = (dismissals.c.user_id == user_id) & dismissals.c.movie_key.in_(keys)
    return (await db.execute(delete(dismissals).where(mine))).rowcount > 0


async def of_person(db: AsyncConnection, user_id: int) -> set[int]:
    """Ids in the active catalogue of what a person dismissed."""
    wanted = (
        select(movies.c.catalogue_id)
        .join_from(dismissals, movies)
        .where(dismissals.c.user_id == user_id, movies.c.catalogue_id.is_not(None))
    )
    return set(await db.scalars(wanted))
