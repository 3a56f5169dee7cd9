"""What several people together think: ratings summed up by movie and by person, within the database."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Float,
    Integer,
    MetaData,
    Table,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.bulk import each
from bot.store.movies import COLUMNS, StoredMovie, stored_movie
from bot.store.tables import movies, ratings

# Tables of one connection, while it asks: a query takes only so many parameters, and of a million ratings
# only what is shown is to reach Python.
_passing = MetaData()
_crowd = Table(
    "crowd", _passing, Column("user_id", BigInteger, primary_key=True, autoincrement=False), prefixes=["TEMP"]
)
_sums = Table(
    "opinion_sums",
    _passing,
    Column("movie_key", Integer, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    Column("total", Float, nullable=False),
    Column("squares", Float, nullable=False),
    Column("least", Float, nullable=False),
    Column("most", Float, nullable=False),
    prefixes=["TEMP"],
)


@dataclass(frozen=True, slots=True)
class MovieOpinion:
    """One movie: the number of ratings, the sum of the stars, the least and the most."""

    movie: StoredMovie
    count: int
    total: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Opinions:
    """What some people think together.

    Attributes
    ----------
    raters, ratings, movies : int
        How many of them rated, how often, and how many movies.
    mean : float or None
        None without ratings.
    loved : list of MovieOpinion
        Best first, by the mean drawn towards that of all movies.
    divided : list of MovieOpinion
        Most divided first, by the variance drawn towards the usual one.
    """

    raters: int
    ratings: int
    movies: int
    mean: float | None
    loved: list[MovieOpinion]
    divided: list[MovieOpinion]


@dataclass(frozen=True, slots=True)
class PersonCount:
    """One person: the number of ratings, the sum of the stars, and the place among the others.

    Those with the same number share a place.
    """

    user_id: int
    count: int
    total: float
    place: int


async def together(
    db: AsyncConnection,
    user_ids: Iterable[int],
    *,
    least_raters: int,
    shown: int,
    usual_raters: float,
    usual_spread: float,
) -> Opinions:
    """What these people think of the movies that any of them rated.

    Parameters
    ----------
    db : AsyncConnection
    user_ids : iterable of int
    least_raters : int
        Movies with fewer ratings are counted, and not named.
    shown : int
        So many movies are named of each kind.
    usual_raters, usual_spread : float
        A movie's own mean and variance weigh as much as the usual ones at so many ratings.
    """
    async with _asked(db, user_ids), _table(db, _sums):
        stars = ratings.c.stars
        summed = select(
            ratings.c.movie_key,
            func.count(),
            func.sum(stars),
            func.sum(stars * stars),
            func.min(stars),
            func.max(stars),
        )
        summed = summed.where(ratings.c.user_id.in_(select(_crowd.c.user_id))).group_by(ratings.c.movie_key)
        await db.execute(insert(_sums).from_select([*_sums.c], summed))
        one = _sums.c
        whole = select(func.count(), func.sum(one.count), func.sum(one.total))
        number, count, total = (await db.execute(whole)).one()
        has_rated = select(ratings.c.user_id).where(ratings.c.user_id == _crowd.c.user_id).exists()
        raters = await db.scalar(select(func.count()).select_from(_crowd).where(has_rated))
        mean = total / count if count else None
        drawn = (one.total + usual_raters * (mean or 0.0)) / (one.count + usual_raters)
        within = one.squares - one.total * one.total / one.count
        spread = (case((within > 0, within), else_=0.0) + usual_raters * usual_spread**2) / (
            one.count - 1 + usual_raters
        )
        enough = one.count >= least_raters
        return Opinions(
            raters or 0,
            count or 0,
            number,
            mean,
            await _first(db, drawn, enough, shown),
            await _first(db, spread, enough & (one.most > one.least), shown),
        )


async def by_person(
    db: AsyncConnection, user_ids: Iterable[int], limit: int, also: int | None = None
) -> tuple[list[PersonCount], int]:
    """Who of these people rated most, and how many of them rated at all.

    Returns
    -------
    list of PersonCount
        The first of them, those with most ratings first, then by number; then `also`, if not among these.
    int
    """
    async with _asked(db, user_ids):
        counted = (
            select(
                ratings.c.user_id,
                func.count().label("count"),
                func.sum(ratings.c.stars).label("total"),
            )
            .where(ratings.c.user_id.in_(select(_crowd.c.user_id)))
            .group_by(ratings.c.user_id)
            .subquery()
        )
        most = counted.c.count.desc()
        ranked = select(
            counted,
            func.rank().over(order_by=most).label("place"),
            func.row_number().over(order_by=(most, counted.c.user_id)).label("number"),
            func.count().over().label("people"),
        ).subquery()
        wanted = select(ranked).where(or_(ranked.c.number <= limit, ranked.c.user_id == also))
        rows = (await db.execute(wanted.order_by(ranked.c.number))).all()
        found = [PersonCount(*row[:4]) for row in rows]
        return found, rows[0].people if rows else 0


async def _first(
    db: AsyncConnection, order: ColumnElement[float], which: ColumnElement[bool], limit: int
) -> list[MovieOpinion]:
    one = _sums.c
    rows = await db.execute(
        select(*COLUMNS, one.count, one.total, one.least, one.most)
        .join_from(_sums, movies, one.movie_key == movies.c.movie_key)
        .where(which)
        .order_by(order.desc(), one.movie_key)
        .limit(limit)
    )
    return [MovieOpinion(stored_movie(row), *row[len(COLUMNS) :]) for row in rows]


@asynccontextmanager
async def _asked(db: AsyncConnection, user_ids: Iterable[int]) -> AsyncGenerator[None]:
    """Have the table of these people."""
    async with _table(db, _crowd):
        values = [{"who": user_id} for user_id in dict.fromkeys(user_ids)]
        await each(db, insert(_crowd).values(user_id=bindparam("who")), values)
        yield


@asynccontextmanager
async def _table(db: AsyncConnection, table: Table) -> AsyncGenerator[None]:
    # What raises within ends the transaction, and the table with it.
    await db.run_sync(table.create)
    yield
    await db.run_sync(table.drop)
