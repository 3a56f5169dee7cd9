"""What several people together think: ratings summed up by movie and by person."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.movies import COLUMNS, StoredMovie, stored_movie
from bot.store.tables import movies, ratings

TOGETHER = 500
"""So many people are asked for in one query: a database allows only so many parameters."""


@dataclass(frozen=True, slots=True)
class MovieOpinion:
    """One movie: the number of ratings, the sum of the stars and of their squares, the least and the most."""

    movie: StoredMovie
    count: int
    total: float
    squares: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class PersonCount:
    """One person: the number of ratings and the sum of the stars."""

    user_id: int
    count: int
    total: float


async def by_movie(db: AsyncConnection, user_ids: Iterable[int]) -> list[MovieOpinion]:
    """What these people think of each movie that any of them rated."""
    stars = ratings.c.stars
    found: dict[int, MovieOpinion] = {}
    for some in _pieces(user_ids):
        rows = await db.execute(
            select(
                *COLUMNS,
                func.count(),
                func.sum(stars),
                func.sum(stars * stars),
                func.min(stars),
                func.max(stars),
            )
            .join_from(ratings, movies)
            .where(ratings.c.user_id.in_(some))
            .group_by(*COLUMNS)
        )
        for row in rows:
            new = MovieOpinion(stored_movie(row), *row[len(COLUMNS) :])
            old = found.get(new.movie.movie_key)
            found[new.movie.movie_key] = new if old is None else _together(old, new)
    return list(found.values())


async def by_person(db: AsyncConnection, user_ids: Iterable[int]) -> list[PersonCount]:
    """How much each of these people rated; those with most ratings first, then by number."""
    found: list[PersonCount] = []
    for some in _pieces(user_ids):
        rows = await db.execute(
            select(ratings.c.user_id, func.count(), func.sum(ratings.c.stars))
            .where(ratings.c.user_id.in_(some))
            .group_by(ratings.c.user_id)
        )
        found += [PersonCount(*row) for row in rows]
    return sorted(found, key=lambda one: (-one.count, one.user_id))


def _together(one: MovieOpinion, other: MovieOpinion) -> MovieOpinion:
    return MovieOpinion(
        one.movie,
        one.count + other.count,
        one.total + other.total,
        one.squares + other.squares,
        min(one.least, other.least),
        max(one.most, other.most),
    )


def _pieces(user_ids: Iterable[int]) -> Iterator[list[int]]:
    every = list(dict.fromkeys(user_ids))
    for start in range(0, len(every), TOGETHER):
        yield every[start : start + TOGETHER]
