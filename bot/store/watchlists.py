"""Movies that people want to see; what they have rated is not on their list while the rating stands."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, delete, exists, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.movies import COLUMNS, StoredMovie, stored_movie
from bot.store.tables import movies, ratings, watchlist


class StoredWish(NamedTuple):
    """One movie on somebody's watchlist."""

    movie: StoredMovie
    added_at: datetime


_also = movies.alias()
_same_film = or_(_also.c.movie_key == movies.c.movie_key, _also.c.catalogue_id == movies.c.catalogue_id)
"""Two stored movies are one, or the same film of the active catalogue."""


def _unrated() -> ColumnElement[bool]:
    """The movie of the row has no rating by its person, also not as another stored movie of the same film."""
    return ~exists().where(
        ratings.c.user_id == watchlist.c.user_id, ratings.c.movie_key == _also.c.movie_key, _same_film
    )


def _of(user_id: int, columns: Sequence[Any]) -> Select[*tuple[Any, ...]]:
    return select(*columns).join_from(watchlist, movies).where(watchlist.c.user_id == user_id, _unrated())


async def add(db: AsyncConnection, user_id: int, movie_key: int, at: datetime) -> bool:
    """Put a movie on a person's list; answers whether it was not on it."""
    mine = (watchlist.c.user_id == user_id) & (watchlist.c.movie_key == movie_key)
    if (await db.execute(select(watchlist.c.movie_key).where(mine))).first() is not None:
        return False
    await db.execute(insert(watchlist).values(user_id=user_id, movie_key=movie_key, added_at=at))
    return True


async def remove(db: AsyncConnection, user_id: int, movie_key: int) -> bool:
    """Take a movie off a person's list, also as another stored movie of the same film.

    Answers whether it was on it.
    """
    keys = select(_also.c.movie_key).where(movies.c.movie_key == movie_key, _same_film)
    mine = (watchlist.c.user_id == user_id) & watchlist.c.movie_key.in_(keys)
    return (await db.execute(delete(watchlist).where(mine))).rowcount > 0


async def remove_catalogue_movie(db: AsyncConnection, user_id: int, catalogue_id: int) -> bool:
    """Take a movie of the active catalogue off a person's list; answers whether it was on it."""
    keys = select(movies.c.movie_key).where(movies.c.catalogue_id == catalogue_id)
    mine = (watchlist.c.user_id == user_id) & watchlist.c.movie_key.in_(keys)
    return (await db.execute(delete(watchlist).where(mine))).rowcount > 0


async def of_person(
    db: AsyncConnection, user_id: int, *, limit: int | None = None, offset: int = 0
) -> list[StoredWish]:
    """A person's list, newest first."""
    # The key decides between movies of the same moment, so that pages never overlap.
    newest = (watchlist.c.added_at.desc(), watchlist.c.movie_key.desc())
    wanted = _of(user_id, [*COLUMNS, watchlist.c.added_at]).order_by(*newest).limit(limit).offset(offset)
    return [StoredWish(stored_movie(row), row.added_at) for row in await db.execute(wanted)]


async def count(db: AsyncConnection, user_id: int) -> int:
    """How many movies are on a person's list."""
    return await db.scalar(_of(user_id, [func.count()])) or 0


async def catalogue_ids(db: AsyncConnection, user_id: int) -> set[int]:
    """Ids in the active catalogue of what is on a person's list."""
    wanted = _of(user_id, [movies.c.catalogue_id]).where(movies.c.catalogue_id.is_not(None))
    return set(await db.scalars(wanted))
