"""Many rows at once: what an import of years of ratings needs, in steps that leave the event loop air."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Executable,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import dismissals, movies, rating_changes, ratings, seen, watchlist
from recommender.catalogue import Movie

STEP = 500

Dated = Literal["seen", "watchlist", "dismissal"]
_DATED = {
    "seen": (seen, seen.c.seen_at),
    "watchlist": (watchlist, watchlist.c.added_at),
    "dismissal": (dismissals, dismissals.c.dismissed_at),
}


class Mine(NamedTuple):
    """A person's rating, as an import has to know it. The id is None where the catalogue lacks the movie."""

    movie_key: int
    catalogue_id: int | None
    stars: float
    rated_at: datetime


class Change(NamedTuple):
    """A change to be noted; see `bot.store.changes.StoredChange`."""

    movie_key: int
    stars: float | None
    previous: float | None
    previous_at: datetime | None
    changed_at: datetime


async def movie_keys(db: AsyncConnection, wanted: Collection[Movie]) -> dict[int, int]:
    """Keys of some movies of the active catalogue by their ids; those that are new are noted."""
    ids = [movie.movie_id for movie in wanted]
    keys = await _keys(db, ids)
    new = {movie.movie_id: movie for movie in wanted if movie.movie_id not in keys}
    await each(db, insert(movies), [_facts(movie, movie.movie_id) for movie in new.values()])
    return keys | await _keys(db, list(new))


async def add_foreign_movies(db: AsyncConnection, wanted: Sequence[Movie]) -> list[int]:
    """Note movies that the active catalogue lacks; answers their keys, in order."""
    last = await db.scalar(select(func.max(movies.c.movie_key))) or 0
    await each(db, insert(movies), [_facts(movie, None) for movie in wanted])
    new = select(movies.c.movie_key).where(movies.c.movie_key > last).order_by(movies.c.movie_key)
    return list(await db.scalars(new))


async def ratings_of(db: AsyncConnection, user_id: int, keys: Collection[int] | None = None) -> list[Mine]:
    """A person's ratings, of all movies or of those with these keys, oldest first."""
    wanted = (
        select(movies.c.movie_key, movies.c.catalogue_id, ratings.c.stars, ratings.c.rated_at)
        .join_from(ratings, movies)
        .where(ratings.c.user_id == user_id)
        .order_by(ratings.c.rated_at, ratings.c.movie_key)
    )
    if keys is not None:
        wanted = wanted.where(ratings.c.movie_key.in_(keys))
    return [Mine(*row) async for row in rows_of(db, wanted)]


async def dated_of(db: AsyncConnection, what: Dated, user_id: int) -> list[tuple[int, int | None]]:
    """Keys and catalogue ids of what a person has seen, wants to see or does not want to."""
    table, _ = _DATED[what]
    wanted = (
        select(movies.c.movie_key, movies.c.catalogue_id)
        .join_from(table, movies)
        .where(table.c.user_id == user_id)
    )
    return [(row.movie_key, row.catalogue_id) async for row in rows_of(db, wanted)]


async def noted(db: AsyncConnection, what: Dated, user_id: int, keys: Collection[int]) -> set[int]:
    """Which of these movies, by key, a person has seen, wants to see or does not want to."""
    table, _ = _DATED[what]
    wanted = select(table.c.movie_key).where(table.c.user_id == user_id, table.c.movie_key.in_(keys))
    return set(await db.scalars(wanted))


async def put_ratings(
    db: AsyncConnection, user_id: int, rows: Mapping[int, tuple[float, datetime]], known: set[int]
) -> None:
    """Set ratings by key; `known` are the keys of those that the person has."""
    new = [
        {"user_id": user_id, "movie_key": key, "stars": stars, "rated_at": at}
        for key, (stars, at) in rows.items()
        if key not in known
    ]
    changed = [
        {"who": user_id, "what": key, "new_stars": stars, "new_at": at}
        for key, (stars, at) in rows.items()
        if key in known
    ]
    await each(db, insert(ratings), new)
    setting = update(ratings).where(_mine(ratings))
    setting = setting.values(stars=bindparam("new_stars"), rated_at=bindparam("new_at"))
    await each(db, setting, changed)


async def remove_ratings(db: AsyncConnection, user_id: int, keys: Sequence[int]) -> None:
    """Remove ratings by key."""
    await each(db, delete(ratings).where(_mine(ratings)), [{"who": user_id, "what": key} for key in keys])


async def record_changes(
    db: AsyncConnection, user_id: int, rows: Sequence[Change], undoes: Mapping[int, int] | None = None
) -> list[int]:
    """Note changes; answers their numbers, in order. `undoes` has which change a row takes back, by row."""
    last = await db.scalar(select(func.max(rating_changes.c.change_id))) or 0
    taken_back = undoes or {}
    values = [
        {"user_id": user_id, **row._asdict(), "undoes": taken_back.get(number)}
        for number, row in enumerate(rows)
    ]
    await each(db, insert(rating_changes), values)
    new = select(rating_changes.c.change_id).where(rating_changes.c.change_id > last)
    return list(await db.scalars(new.order_by(rating_changes.c.change_id)))


async def set_undoes(db: AsyncConnection, undoes: Mapping[int, int]) -> None:
    """Say of changes, by number, which earlier ones they take back."""
    await each(
        db,
        update(rating_changes)
        .where(rating_changes.c.change_id == bindparam("what"))
        .values(undoes=bindparam("back")),
        [{"what": change_id, "back": undone} for change_id, undone in undoes.items()],
    )


async def last_changes(
    db: AsyncConnection, user_id: int, keys: Collection[int] | None = None
) -> dict[int, int]:
    """The newest change of each rating of a person that ever was, of all or of these movies, by key."""
    wanted = (
        select(rating_changes.c.movie_key, func.max(rating_changes.c.change_id))
        .where(rating_changes.c.user_id == user_id)
        .group_by(rating_changes.c.movie_key)
    )
    if keys is not None:
        wanted = wanted.where(rating_changes.c.movie_key.in_(keys))
    return {key: change_id async for key, change_id in rows_of(db, wanted)}


async def remove_changes(db: AsyncConnection, user_id: int, since: Mapping[int, int]) -> None:
    """Forget changes of a person, by key from a number on."""
    await each(
        db,
        delete(rating_changes).where(_mine(rating_changes), rating_changes.c.change_id >= bindparam("first")),
        [{"who": user_id, "what": key, "first": first} for key, first in since.items()],
    )


async def standing_changes(
    db: AsyncConnection, user_id: int, changes: Collection[tuple[int, int]]
) -> dict[int, int]:
    """Which of some changes, given by key and number, made ratings of a person what they are, by key.

    A change that was taken back does not count, and neither does what took it back. Of several that follow
    each other it is the first one: to take that one back is to take them all back.
    """
    wanted = (
        select(rating_changes.c.movie_key, rating_changes.c.change_id, rating_changes.c.undoes)
        .where(
            rating_changes.c.user_id == user_id,
            rating_changes.c.movie_key.in_({key for key, _ in changes}),
        )
        .order_by(rating_changes.c.change_id.desc())
    )
    found: dict[int, int] = {}
    back_to: dict[int, int] = {}
    made_otherwise: set[int] = set()
    async for key, change_id, undoes in rows_of(db, wanted):
        if key in made_otherwise:
            continue
        if key in back_to:
            if change_id == back_to[key]:
                del back_to[key]
        elif (key, change_id) in changes:
            found[key] = change_id
        elif undoes is not None:
            back_to[key] = undoes
        else:
            made_otherwise.add(key)
    return found


async def add_dated(db: AsyncConnection, what: Dated, user_id: int, rows: Mapping[int, datetime]) -> None:
    """Note by key when a person saw movies, or wanted to, or did not; none of them may be noted yet."""
    table, time = _DATED[what]
    values = [{"user_id": user_id, "movie_key": key, time.name: at} for key, at in rows.items()]
    await each(db, insert(table), values)


async def remove_dated(db: AsyncConnection, what: Dated, user_id: int, keys: Sequence[int]) -> None:
    """Forget by key what `add_dated` noted."""
    table, _ = _DATED[what]
    await each(db, delete(table).where(_mine(table)), [{"who": user_id, "what": key} for key in keys])


def _mine(table: Table) -> ColumnElement[bool]:
    return and_(table.c.user_id == bindparam("who"), table.c.movie_key == bindparam("what"))


def _facts(movie: Movie, catalogue_id: int | None) -> dict[str, Any]:
    return {
        "title": movie.title,
        "year": movie.year,
        "imdb_id": movie.imdb_id,
        "tmdb_id": movie.tmdb_id,
        "catalogue_id": catalogue_id,
    }


async def _keys(db: AsyncConnection, ids: Collection[int]) -> dict[int, int]:
    wanted = (
        select(movies.c.catalogue_id, func.min(movies.c.movie_key))
        .where(movies.c.catalogue_id.in_(ids))
        .group_by(movies.c.catalogue_id)
    )
    return {catalogue_id: key async for catalogue_id, key in rows_of(db, wanted)}


async def rows_of(db: AsyncConnection, wanted: Select[*tuple[Any, ...]]) -> AsyncIterator[Any]:
    """The rows of a query; others may run between some of them."""
    for number, row in enumerate(await db.execute(wanted), 1):
        yield row
        if number % STEP == 0:
            await asyncio.sleep(0)


async def each(db: AsyncConnection, statement: Executable, values: Sequence[dict[str, Any]]) -> None:
    """Execute a statement for each of many sets of values."""
    for start in range(0, len(values), STEP):
        await db.execute(statement, values[start : start + STEP])
