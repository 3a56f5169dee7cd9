"""Ratings as they stand."""

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Row, delete, extract, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.movies import COLUMNS, StoredMovie, stored_movie
from bot.store.tables import movies, ratings

Order = Literal["newest", "stars"]


class StoredRating(NamedTuple):
    """One person's rating of one movie."""

    movie: StoredMovie
    stars: float
    rated_at: datetime


class FriendRating(NamedTuple):
    """A rating as training wants it, of a movie of the active catalogue; `rated_at` in seconds since 1970."""

    user_id: int
    catalogue_id: int
    stars: float
    rated_at: int


AT_ONCE = 2_000
"""So many ratings of everybody are read before others have their turn: a few milliseconds' worth."""


_ORDERS = {
    # The key decides between ratings of the same moment, so that pages never overlap.
    "newest": (ratings.c.rated_at.desc(), ratings.c.movie_key.desc()),
    "stars": (ratings.c.stars.desc(), ratings.c.rated_at.desc(), ratings.c.movie_key.desc()),
}
_RATINGS = select(*COLUMNS, ratings.c.stars, ratings.c.rated_at).join_from(ratings, movies)


def _stored(row: Row[Any]) -> StoredRating:
    return StoredRating(stored_movie(row), row.stars, row.rated_at)


async def get(db: AsyncConnection, user_id: int, movie_key: int) -> StoredRating | None:
    """A person's rating of a movie, or None."""
    mine = (ratings.c.user_id == user_id) & (ratings.c.movie_key == movie_key)
    row = (await db.execute(_RATINGS.where(mine))).first()
    return None if row is None else _stored(row)


async def of_catalogue_movie(db: AsyncConnection, user_id: int, catalogue_id: int) -> StoredRating | None:
    """A person's rating of a movie of the active catalogue, or None.

    The newest one, should two stored movies be that same movie there.
    """
    mine = (ratings.c.user_id == user_id) & (movies.c.catalogue_id == catalogue_id)
    row = (await db.execute(_RATINGS.where(mine).order_by(*_ORDERS["newest"]).limit(1))).first()
    return None if row is None else _stored(row)


async def put(db: AsyncConnection, user_id: int, movie_key: int, stars: float, at: datetime) -> None:
    """Set a rating, replacing the one there is."""
    changed = await db.execute(
        update(ratings)
        .where(ratings.c.user_id == user_id, ratings.c.movie_key == movie_key)
        .values(stars=stars, rated_at=at)
    )
    if changed.rowcount == 0:
        await db.execute(
            insert(ratings).values(user_id=user_id, movie_key=movie_key, stars=stars, rated_at=at)
        )


async def remove(db: AsyncConnection, user_id: int, movie_key: int) -> None:
    """Remove a rating, if there is one."""
    await db.execute(delete(ratings).where(ratings.c.user_id == user_id, ratings.c.movie_key == movie_key))


async def of_person(
    db: AsyncConnection, user_id: int, *, order: Order = "newest", limit: int | None = None, offset: int = 0
) -> list[StoredRating]:
    """A person's ratings."""
    mine = _RATINGS.where(ratings.c.user_id == user_id).order_by(*_ORDERS[order])
    return [_stored(row) for row in await db.execute(mine.limit(limit).offset(offset))]


async def profile(db: AsyncConnection, user_id: int) -> dict[int, float]:
    """A person's stars by the movie's number in the active catalogue, oldest first.

    Should two stored movies be one in this catalogue, the newer rating stays.
    """
    mine = (ratings.c.user_id == user_id) & movies.c.catalogue_id.is_not(None)
    wanted = select(movies.c.catalogue_id, ratings.c.stars).join_from(ratings, movies).where(mine)
    rows = await db.execute(wanted.order_by(ratings.c.rated_at, ratings.c.movie_key))
    return {row.catalogue_id: row.stars for row in rows}


async def summary(db: AsyncConnection, user_id: int) -> tuple[int, float | None]:
    """How many ratings a person has given, and their mean; None without any."""
    wanted = select(func.count(), func.avg(ratings.c.stars)).where(ratings.c.user_id == user_id)
    count, mean = (await db.execute(wanted)).one()
    return count, mean


_IN_CATALOGUE = movies.c.catalogue_id.is_not(None)


async def of_everybody(db: AsyncConnection) -> AsyncGenerator[Sequence[FriendRating]]:
    """The ratings of all movies of the active catalogue, some at a time, ordered by person and time."""
    rows = await db.stream(
        select(
            ratings.c.user_id,
            movies.c.catalogue_id,
            ratings.c.stars,
            # Counted by the database: to make a million times of the text takes seconds.
            extract("epoch", ratings.c.rated_at),
        )
        .join_from(ratings, movies)
        .where(_IN_CATALOGUE)
        .order_by(ratings.c.user_id, ratings.c.rated_at, ratings.c.movie_key)
    )
    async for some in rows.partitions(AT_ONCE):
        yield [FriendRating(*row) for row in some]


async def count_of_everybody(db: AsyncConnection) -> int:
    """How many movies of the active catalogue people have rated, each person's counted by themselves.

    Two stored movies may be one of the catalogue's, so that this may be less than `of_everybody` yields.
    """
    pairs = select(ratings.c.user_id, movies.c.catalogue_id).join_from(ratings, movies).where(_IN_CATALOGUE)
    return await db.scalar(select(func.count()).select_from(pairs.distinct().subquery())) or 0
