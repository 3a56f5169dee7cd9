"""Everything that is kept about a person, found by walking the tables, so that none is forgotten."""

import asyncio
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Column, MetaData, Table, delete, func, or_, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import metadata, movies

PERSON = "user_id"
"""Name of the column, in whatever table, that holds somebody's number. No other column may."""


_AT_ONCE = 500


def personal_tables(tables: MetaData = metadata) -> list[Table]:
    """The tables with rows that belong to a person, those first that others refer to."""
    return [table for table in tables.sorted_tables if PERSON in table.c]


async def export_person(
    db: AsyncConnection, user_id: int, only: Collection[str] | None = None
) -> dict[str, list[dict[str, Any]]]:
    """All rows of a person by table, or of some tables, as values that JSON can hold; times are ISO 8601.

    Where a row is about a movie, the movie's title, year and numbers at IMDb and TMDB are added.
    """
    exported: dict[str, list[dict[str, Any]]] = {}
    for table in personal_tables():
        if only is not None and table.name not in only:
            continue
        wanted: list[Column[Any]] = list(table.c)
        source: Any = table
        if "movie_key" in table.c:
            source = table.join(movies, table.c.movie_key == movies.c.movie_key)
            wanted += [movies.c.title, movies.c.year, movies.c.imdb_id, movies.c.tmdb_id]
        rows = await db.execute(
            select(*wanted)
            .select_from(source)
            .where(table.c[PERSON] == user_id)
            .order_by(*table.primary_key.columns)
        )
        found: list[dict[str, Any]] = []
        exported[table.name] = found
        for number, row in enumerate(rows.mappings(), 1):
            found.append({name: _plain(value) for name, value in row.items()})
            if number % _AT_ONCE == 0:
                # Others have their turn while the years of ratings of one person are read.
                await asyncio.sleep(0)
    return exported


async def count_person(db: AsyncConnection, user_id: int) -> dict[str, int]:
    """How many rows of a person each table has."""
    counts: dict[str, int] = {}
    for table in personal_tables():
        mine = select(func.count()).select_from(table).where(table.c[PERSON] == user_id)
        counts[table.name] = await db.scalar(mine) or 0
    return counts


async def nights_of_person(db: AsyncConnection, user_id: int) -> set[int]:
    """The movie nights that somebody has anything to do with."""
    found: set[int] = set()
    for table in personal_tables():
        if "night_id" in table.c:
            found.update(await db.scalars(select(table.c["night_id"]).where(table.c[PERSON] == user_id)))
    return found


async def delete_person(db: AsyncConnection, user_id: int) -> int:
    """Delete all rows of a person; answers how many there were.

    Movies that the catalogue lacks go along where nobody else has anything to do with them: their titles may
    have come in a file of the person's.
    """
    mine = [
        select(table.c["movie_key"]).where(table.c[PERSON] == user_id)
        for table in personal_tables()
        if "movie_key" in table.c
    ]
    foreign = select(movies.c.movie_key).where(
        movies.c.catalogue_id.is_(None), movies.c.movie_key.in_(union(*mine))
    )
    keys = (await db.scalars(foreign)).all()
    count = 0
    for table in reversed(personal_tables()):
        count += (await db.execute(delete(table).where(table.c[PERSON] == user_id))).rowcount
    needed = [
        select(column).where(column == movies.c.movie_key).exists()
        for table in metadata.sorted_tables
        for column in table.c
        if column.references(movies.c.movie_key)
    ]
    for first in range(0, len(keys), _AT_ONCE):
        some = keys[first : first + _AT_ONCE]
        await db.execute(delete(movies).where(movies.c.movie_key.in_(some), ~or_(*needed)))
    return count


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
