"""Movies that came out after the data sets were made."""

import json
from datetime import datetime
from typing import Any, cast

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import releases
from recommender.catalogue import Movie


async def everything(db: AsyncConnection) -> list[Movie]:
    """All of them, in the order they came."""
    rows = await db.execute(select(releases.c.facts).order_by(releases.c.added_at, releases.c.tmdb_id))
    return [_movie(row.facts) for row in rows]


async def add(db: AsyncConnection, movie: Movie, at: datetime) -> None:
    """Note one, which has a number at TMDB and is not noted yet."""
    await db.execute(insert(releases).values(tmdb_id=movie.tmdb_id, facts=_facts(movie), added_at=at))


async def older_than(db: AsyncConnection, at: datetime) -> list[Movie]:
    """Those that were noted before a time."""
    rows = await db.execute(select(releases.c.facts).where(releases.c.added_at < at))
    return [_movie(row.facts) for row in rows]


async def change(db: AsyncConnection, movie: Movie) -> None:
    """Note other facts of one that is noted."""
    await db.execute(update(releases).where(releases.c.tmdb_id == movie.tmdb_id).values(facts=_facts(movie)))


async def count_since(db: AsyncConnection, at: datetime | None) -> int:
    """How many came after a time."""
    wanted = select(func.count()).select_from(releases)
    if at is not None:
        wanted = wanted.where(releases.c.added_at > at)
    return await db.scalar(wanted) or 0


def _facts(movie: Movie) -> str:
    return json.dumps(movie._asdict(), ensure_ascii=False)


def _movie(facts: str) -> Movie:
    said: dict[str, Any] = json.loads(facts)
    for name, value in said.items():
        if isinstance(value, list):
            said[name] = tuple(cast(list[str], value))
    return Movie(**said)
