"""Rows that wait for their movie, whether a file brought them or somebody typed them."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.imports import WAITING, WAITS, StoredWaiting
from bot.store.movies import COLUMNS, StoredMovie, stored_movie
from bot.store.tables import import_waiting, movies


class StoredFound(NamedTuple):
    """A typed row that found its movie: what was typed, and what it is now."""

    title: str
    kind: str
    stars: float | None
    movie: StoredMovie


_NEWEST = (import_waiting.c.noted_at.desc(), import_waiting.c.waiting_id.desc())


async def of_person(
    db: AsyncConnection, user_id: int, kind: str, *, limit: int | None = None, offset: int = 0
) -> list[StoredWaiting]:
    """A person's rows of one kind that wait, the newest first."""
    mine = (import_waiting.c.user_id == user_id) & (import_waiting.c.kind == kind)
    wanted = select(*WAITING).where(mine, WAITS).order_by(*_NEWEST).limit(limit).offset(offset)
    return [StoredWaiting(*row) for row in await db.execute(wanted)]


async def count(db: AsyncConnection, user_id: int, kind: str) -> int:
    """How many rows of one kind of a person wait."""
    mine = (import_waiting.c.user_id == user_id) & (import_waiting.c.kind == kind)
    return await db.scalar(select(func.count()).select_from(import_waiting).where(mine, WAITS)) or 0


async def get(db: AsyncConnection, waiting_id: int) -> StoredWaiting | None:
    """The row with this number if it waits, or None."""
    wanted = select(*WAITING).where(import_waiting.c.waiting_id == waiting_id, WAITS)
    row = (await db.execute(wanted)).first()
    return None if row is None else StoredWaiting(*row)


async def typed(db: AsyncConnection) -> list[StoredWaiting]:
    """What was typed and waits, of everybody, the oldest first."""
    wanted = select(*WAITING).where(import_waiting.c.line.is_(None), WAITS)
    rows = await db.execute(wanted.order_by(import_waiting.c.noted_at, import_waiting.c.waiting_id))
    return [StoredWaiting(*row) for row in rows]


async def add(db: AsyncConnection, row: StoredWaiting) -> int:
    """Keep a row; answers its number."""
    values = {name: value for name, value in row._asdict().items() if name != "waiting_id"}
    made = insert(import_waiting).values(values).returning(import_waiting.c.waiting_id)
    return (await db.execute(made)).scalar_one()


async def retype(
    db: AsyncConnection, waiting_id: int, *, title: str, year: int | None, stars: float | None, at: datetime
) -> None:
    """Make a row what its person types now; it is no longer part of the import that brought it."""
    mine = import_waiting.c.waiting_id == waiting_id
    values = {"title": title, "year": year, "stars": stars, "noted_at": at}
    await db.execute(update(import_waiting).where(mine).values(**values, batch_id=None, line=None))


async def set_found(db: AsyncConnection, waiting_id: int, movie_key: int) -> None:
    """Note which movie a row turned out to be, until its person is told."""
    mine = import_waiting.c.waiting_id == waiting_id
    await db.execute(update(import_waiting).where(mine).values(found_key=movie_key))


async def any_found(db: AsyncConnection, user_id: int) -> bool:
    """Whether a person is to be told of rows that found their movie."""
    mine = (import_waiting.c.user_id == user_id) & import_waiting.c.found_key.is_not(None)
    return await db.scalar(select(1).where(mine).limit(1)) is not None


async def take_found(db: AsyncConnection, user_id: int) -> list[StoredFound]:
    """A person's typed rows that found their movie, in the order they came, which are forgotten now."""
    mine = (import_waiting.c.user_id == user_id) & import_waiting.c.found_key.is_not(None)
    told = (import_waiting.c.title, import_waiting.c.kind, import_waiting.c.stars)
    joined = import_waiting.join(movies, import_waiting.c.found_key == movies.c.movie_key)
    wanted = select(*COLUMNS, *(column.label(f"typed_{column.name}") for column in told)).select_from(joined)
    rows = (await db.execute(wanted.where(mine).order_by(import_waiting.c.waiting_id))).all()
    await db.execute(delete(import_waiting).where(mine))
    return [StoredFound(row.typed_title, row.typed_kind, row.typed_stars, stored_movie(row)) for row in rows]
