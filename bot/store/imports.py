"""Imports: those that wait to be confirmed and those that were, and rows that wait for their movie."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import import_batches, import_entries, import_waiting


class StoredBatch(NamedTuple):
    """One import.

    Attributes
    ----------
    applied_at, undone_at : datetime or None
        When it was confirmed, and when it was taken back.
    wishes : str
        What the person corrected, as JSON.
    content : str or None
        The packed file, until the import is confirmed.
    restored_by : int or None
        The import of an export that brought this one from another bot.
    """

    batch_id: int
    user_id: int
    file: str
    source: str
    created_at: datetime
    applied_at: datetime | None
    undone_at: datetime | None
    wishes: str
    content: str | None
    restored_by: int | None = None


class StoredEntry(NamedTuple):
    """What an import did to one movie of a person; see the columns."""

    batch_id: int
    kind: str
    movie_key: int
    user_id: int
    previous: float | None = None
    previous_at: datetime | None = None
    last_change: int | None = None


class StoredWaiting(NamedTuple):
    """A row of an import that found no movie.

    Attributes
    ----------
    replaced_by : int or None
        The import that corrected it: it waits no longer, unless that one is taken back.
    """

    user_id: int
    batch_id: int
    line: int
    kind: str
    title: str
    year: int | None
    imdb_id: int | None
    tmdb_id: int | None
    stars: float | None
    noted_at: datetime
    aliases: str
    why: str
    replaced_by: int | None = None
    waiting_id: int | None = None


_AT_ONCE = 500
_BATCH = [import_batches.c[name] for name in StoredBatch._fields]
_ENTRY = [import_entries.c[name] for name in StoredEntry._fields]
_WAITING = [import_waiting.c[name] for name in StoredWaiting._fields]
_WAITS = import_waiting.c.replaced_by.is_(None)


async def add(
    db: AsyncConnection, user_id: int, *, file: str, source: str, at: datetime, wishes: str, content: str
) -> int:
    """Note an import that is to be confirmed, in place of an earlier one that was not; answers its number."""
    await db.execute(
        delete(import_batches).where(
            import_batches.c.user_id == user_id, import_batches.c.applied_at.is_(None)
        )
    )
    values = {"file": file, "source": source, "created_at": at, "wishes": wishes, "content": content}
    made = insert(import_batches).values(user_id=user_id, **values).returning(import_batches.c.batch_id)
    return (await db.execute(made)).scalar_one()


async def get(db: AsyncConnection, batch_id: int) -> StoredBatch | None:
    """The import with this number, or None."""
    row = (await db.execute(select(*_BATCH).where(import_batches.c.batch_id == batch_id))).first()
    return None if row is None else StoredBatch(*row)


async def add_restored(db: AsyncConnection, batch: StoredBatch) -> int:
    """Note an import that was made in another bot; answers its number here."""
    values = {name: value for name, value in batch._asdict().items() if name != "batch_id"}
    return (
        await db.execute(insert(import_batches).values(values).returning(import_batches.c.batch_id))
    ).scalar_one()


async def entries_of_restored(db: AsyncConnection, batch_id: int) -> list[StoredEntry]:
    """What the imports did that one import brought from another bot."""
    theirs = select(import_batches.c.batch_id).where(import_batches.c.restored_by == batch_id)
    rows = await db.execute(select(*_ENTRY).where(import_entries.c.batch_id.in_(theirs)))
    return [StoredEntry(*row) for row in rows]


async def remove_restored(db: AsyncConnection, batch_id: int) -> None:
    """Forget the imports that one import brought from another bot, and what they did there."""
    theirs = select(import_batches.c.batch_id).where(import_batches.c.restored_by == batch_id)
    for table in (import_entries, import_waiting):
        await db.execute(delete(table).where(table.c.batch_id.in_(theirs)))
    await db.execute(delete(import_batches).where(import_batches.c.restored_by == batch_id))


async def of_person(db: AsyncConnection, user_id: int, limit: int | None = None) -> list[StoredBatch]:
    """A person's imports that were confirmed, the newest first."""
    mine = (import_batches.c.user_id == user_id) & import_batches.c.applied_at.is_not(None)
    rows = await db.execute(
        select(*_BATCH).where(mine).order_by(import_batches.c.batch_id.desc()).limit(limit)
    )
    return [StoredBatch(*row) for row in rows]


async def set_wishes(db: AsyncConnection, batch_id: int, wishes: str) -> None:
    """Note what the person corrected."""
    await db.execute(
        update(import_batches).where(import_batches.c.batch_id == batch_id).values(wishes=wishes)
    )


async def set_applied(db: AsyncConnection, batch_id: int, at: datetime) -> None:
    """Note that an import was confirmed; its file is not kept any longer."""
    await db.execute(
        update(import_batches)
        .where(import_batches.c.batch_id == batch_id)
        .values(applied_at=at, content=None)
    )


async def set_undone(db: AsyncConnection, batch_id: int, at: datetime) -> int:
    """Note that an import was taken back, and forget what it did.

    Returns
    -------
    int
        How many rows of other imports wait again, which it had corrected.
    """
    await db.execute(update(import_batches).where(import_batches.c.batch_id == batch_id).values(undone_at=at))
    await db.execute(delete(import_entries).where(import_entries.c.batch_id == batch_id))
    await db.execute(delete(import_waiting).where(import_waiting.c.batch_id == batch_id))
    again = update(import_waiting).where(import_waiting.c.replaced_by == batch_id).values(replaced_by=None)
    return (await db.execute(again)).rowcount


async def remove(db: AsyncConnection, batch_id: int) -> None:
    """Forget an import that was not confirmed."""
    await db.execute(delete(import_batches).where(import_batches.c.batch_id == batch_id))


async def add_entries(db: AsyncConnection, entries: Sequence[StoredEntry]) -> None:
    """Note what an import did."""
    if entries:
        await db.execute(insert(import_entries), [entry._asdict() for entry in entries])


async def entries_of(db: AsyncConnection, batch_id: int) -> list[StoredEntry]:
    """What an import did."""
    rows = await db.execute(select(*_ENTRY).where(import_entries.c.batch_id == batch_id))
    return [StoredEntry(*row) for row in rows]


async def add_waiting(db: AsyncConnection, rows: Sequence[StoredWaiting]) -> None:
    """Keep rows that found no movie; their numbers are given here."""
    values = [{name: value for name, value in row._asdict().items() if name != "waiting_id"} for row in rows]
    if values:
        await db.execute(insert(import_waiting), values)


async def waiting(db: AsyncConnection, user_id: int | None = None) -> list[StoredWaiting]:
    """The rows that wait for their movie, of everybody or one person, in the order they came."""
    wanted = select(*_WAITING).where(_WAITS).order_by(import_waiting.c.waiting_id)
    if user_id is not None:
        wanted = wanted.where(import_waiting.c.user_id == user_id)
    return [StoredWaiting(*row) for row in await db.execute(wanted)]


async def waiting_of(db: AsyncConnection, batch_id: int) -> list[StoredWaiting]:
    """The rows of an import that wait for their movie."""
    wanted = select(*_WAITING).where(import_waiting.c.batch_id == batch_id, _WAITS)
    return [StoredWaiting(*row) for row in await db.execute(wanted.order_by(import_waiting.c.line))]


async def waiting_count(db: AsyncConnection, batch_id: int) -> int:
    """How many rows of an import wait for their movie."""
    wanted = select(func.count()).where(import_waiting.c.batch_id == batch_id, _WAITS)
    return await db.scalar(wanted) or 0


async def replace_waiting(db: AsyncConnection, waiting_ids: Sequence[int], batch_id: int) -> None:
    """Let rows wait no longer, as an import corrects them, until that is taken back."""
    for start in range(0, len(waiting_ids), _AT_ONCE):
        some = import_waiting.c.waiting_id.in_(waiting_ids[start : start + _AT_ONCE])
        await db.execute(update(import_waiting).where(some).values(replaced_by=batch_id))


async def remove_waiting(db: AsyncConnection, waiting_ids: Sequence[int]) -> None:
    """Forget rows that wait for their movie."""
    for start in range(0, len(waiting_ids), _AT_ONCE):
        some = waiting_ids[start : start + _AT_ONCE]
        await db.execute(delete(import_waiting).where(import_waiting.c.waiting_id.in_(some)))
