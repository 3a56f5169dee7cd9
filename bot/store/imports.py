"""Imports: those that wait to be confirmed and those that were, and what they brought in vain."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, delete, func, insert, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.bulk import each, rows_of
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
    unfinished : bool
        It is being stored or taken back, or was when the bot was stopped.
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
    unfinished: bool = False


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
    """A row that was imported or typed, and found no movie.

    Attributes
    ----------
    batch_id : int or None
        The import that brought it, if one did.
    line : int or None
        Its line there; None for what was typed, here or in another bot.
    replaced_by : int or None
        The import that corrected it: it waits no longer, unless that one is taken back.
    """

    user_id: int
    batch_id: int | None
    line: int | None
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


HISTORY = "history"
"""Kind of an entry that is there while the history of a rating is brought, and no longer."""
AT_ONCE = 500
"""So many rows are written in one transaction: others write between two of them."""
_BATCH = [import_batches.c[name] for name in StoredBatch._fields]
_ENTRY = [import_entries.c[name] for name in StoredEntry._fields]
WAITING = [import_waiting.c[name] for name in StoredWaiting._fields]
WAITS = import_waiting.c.replaced_by.is_(None) & import_waiting.c.found_key.is_(None)
_IMPORTED = import_waiting.c.line.is_not(None)


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


async def keys_of(db: AsyncConnection, batch_id: int) -> list[int]:
    """What an import, and those that it brought from another bot, did something to, by movie key."""
    theirs = import_entries.c.batch_id.in_(_restored_by(batch_id))
    wanted = select(import_entries.c.movie_key).distinct()
    return list(await db.scalars(wanted.where((import_entries.c.batch_id == batch_id) | theirs)))


async def entries_of_restored(
    db: AsyncConnection, batch_id: int, movie_keys: Collection[int]
) -> list[StoredEntry]:
    """What the imports did to some movies that one import brought from another bot."""
    theirs = import_entries.c.batch_id.in_(_restored_by(batch_id))
    rows = await db.execute(select(*_ENTRY).where(theirs, import_entries.c.movie_key.in_(movie_keys)))
    return [StoredEntry(*row) for row in rows]


async def remove_entries(db: AsyncConnection, batch_id: int, movie_keys: Collection[int]) -> None:
    """Forget what an import, and those that it brought from another bot, did to some movies."""
    theirs = import_entries.c.batch_id.in_(_restored_by(batch_id))
    these = (import_entries.c.batch_id == batch_id) | theirs
    await db.execute(delete(import_entries).where(these, import_entries.c.movie_key.in_(movie_keys)))


async def remove_rest(db: AsyncConnection, user_id: int, batch_id: int) -> int:
    """Forget some of the rows that an import keeps, also of those it brought from another bot.

    Returns
    -------
    int
        How many; 0 once there are none.
    """
    these = (import_waiting.c.batch_id == batch_id) | import_waiting.c.batch_id.in_(_restored_by(batch_id))
    some = select(import_waiting.c.waiting_id).where(import_waiting.c.user_id == user_id, these)
    found = await db.execute(
        delete(import_waiting).where(import_waiting.c.waiting_id.in_(some.limit(AT_ONCE)))
    )
    return found.rowcount


async def release_replaced(db: AsyncConnection, user_id: int, batch_id: int) -> int:
    """Let some of the rows wait again that an import had corrected; answers how many, 0 if there are none."""
    mine = (import_waiting.c.user_id == user_id) & (import_waiting.c.replaced_by == batch_id)
    some = select(import_waiting.c.waiting_id).where(mine).limit(AT_ONCE)
    again = update(import_waiting).where(import_waiting.c.waiting_id.in_(some)).values(replaced_by=None)
    return (await db.execute(again)).rowcount


async def remove_restored(db: AsyncConnection, batch_id: int) -> None:
    """Forget the imports that one import brought from another bot, which have no rows any more."""
    await db.execute(delete(import_batches).where(import_batches.c.restored_by == batch_id))


async def unfinished(db: AsyncConnection, user_id: int | None = None) -> list[StoredBatch]:
    """The imports that are being stored or taken back, of everybody or one person; without their files."""
    wanted = _unpacked().where(import_batches.c.unfinished).order_by(import_batches.c.batch_id)
    if user_id is not None:
        wanted = wanted.where(import_batches.c.user_id == user_id)
    return [StoredBatch(*row) for row in await db.execute(wanted)]


async def exists(db: AsyncConnection, batch_id: int) -> bool:
    """Whether an import is there: a deletion takes it away."""
    return await db.scalar(select(1).where(import_batches.c.batch_id == batch_id)) is not None


async def of_person(db: AsyncConnection, user_id: int, limit: int | None = None) -> list[StoredBatch]:
    """A person's imports that were stored as a whole, the newest first; without their files."""
    mine = (import_batches.c.user_id == user_id) & import_batches.c.applied_at.is_not(None)
    wanted = _unpacked().where(mine).order_by(import_batches.c.batch_id.desc()).limit(limit)
    return [StoredBatch(*row) for row in await db.execute(wanted)]


async def set_wishes(db: AsyncConnection, batch_id: int, wishes: str) -> None:
    """Note what the person corrected."""
    await db.execute(
        update(import_batches).where(import_batches.c.batch_id == batch_id).values(wishes=wishes)
    )


async def begin(db: AsyncConnection, batch_id: int, at: datetime) -> None:
    """Note that an import begins to be stored."""
    await _set(db, batch_id, applied_at=at, unfinished=True)


async def set_applied(db: AsyncConnection, batch_id: int) -> None:
    """Note that an import is stored; its file is not kept any longer, nor what to do if it is cut off."""
    history = (import_entries.c.batch_id == batch_id) & (import_entries.c.kind == HISTORY)
    await db.execute(delete(import_entries).where(history))
    await _set(db, batch_id, content=None, unfinished=False)


async def set_waiting(db: AsyncConnection, batch_id: int) -> None:
    """Let an import, of which nothing is stored any more, wait to be confirmed again."""
    await _set(db, batch_id, applied_at=None, unfinished=False)


async def begin_undoing(db: AsyncConnection, batch_id: int, at: datetime) -> None:
    """Note that an import begins to be taken back."""
    await _set(db, batch_id, undone_at=at, unfinished=True)


async def set_undone(db: AsyncConnection, batch_id: int) -> None:
    """Note that an import was taken back as a whole."""
    await _set(db, batch_id, unfinished=False)


async def _set(db: AsyncConnection, batch_id: int, **values: Any) -> None:
    await db.execute(update(import_batches).where(import_batches.c.batch_id == batch_id).values(values))


def _unpacked() -> Select[*tuple[Any, ...]]:
    return select(*(null() if column is import_batches.c.content else column for column in _BATCH))


def _restored_by(batch_id: int) -> Select[int]:
    return select(import_batches.c.batch_id).where(import_batches.c.restored_by == batch_id)


async def remove(db: AsyncConnection, batch_id: int) -> None:
    """Forget an import that was not confirmed."""
    await db.execute(delete(import_batches).where(import_batches.c.batch_id == batch_id))


async def add_entries(db: AsyncConnection, entries: Sequence[StoredEntry]) -> None:
    """Note what an import did."""
    if entries:
        await db.execute(insert(import_entries), [entry._asdict() for entry in entries])


async def set_last_changes(db: AsyncConnection, entries: Sequence[StoredEntry]) -> None:
    """Note the newest change of entries that are there."""
    same = and_(
        import_entries.c.batch_id == bindparam("batch"),
        import_entries.c.kind == bindparam("what"),
        import_entries.c.movie_key == bindparam("key"),
    )
    values = [
        {"batch": one.batch_id, "what": one.kind, "key": one.movie_key, "last": one.last_change}
        for one in entries
    ]
    await each(db, update(import_entries).where(same).values(last_change=bindparam("last")), values)


async def entries_of(
    db: AsyncConnection, batch_id: int, movie_keys: Collection[int] | None = None
) -> list[StoredEntry]:
    """What an import did, to all movies or to some."""
    wanted = select(*_ENTRY).where(import_entries.c.batch_id == batch_id)
    if movie_keys is not None:
        wanted = wanted.where(import_entries.c.movie_key.in_(movie_keys))
    return [StoredEntry(*row) for row in await db.execute(wanted)]


async def add_waiting(db: AsyncConnection, rows: Sequence[StoredWaiting]) -> None:
    """Keep rows that found no movie; their numbers are given here."""
    values = [{name: value for name, value in row._asdict().items() if name != "waiting_id"} for row in rows]
    if values:
        await db.execute(insert(import_waiting), values)


async def waiting(db: AsyncConnection, user_id: int) -> list[StoredWaiting]:
    """A person's rows that wait for their movie, in the order they came."""
    mine = (import_waiting.c.user_id == user_id) & WAITS
    wanted = select(*WAITING).where(mine).order_by(import_waiting.c.waiting_id)
    return [StoredWaiting(*row) async for row in rows_of(db, wanted)]


async def batches_waiting(db: AsyncConnection) -> list[tuple[int, int]]:
    """People and imports with rows of files that wait for their movie."""
    mine = select(import_waiting.c.user_id, import_waiting.c.batch_id).where(WAITS, _IMPORTED).distinct()
    wanted = mine.where(import_waiting.c.batch_id.is_not(None)).order_by("batch_id")
    return [(user_id, batch_id) for user_id, batch_id in await db.execute(wanted)]


async def kept_count(db: AsyncConnection, user_id: int) -> int:
    """How many rows are kept of a person, typed ones too, and those that were corrected since."""
    return await db.scalar(select(func.count()).where(import_waiting.c.user_id == user_id)) or 0


async def waiting_of(db: AsyncConnection, batch_id: int) -> list[StoredWaiting]:
    """The rows of an import that wait for their movie."""
    wanted = select(*WAITING).where(import_waiting.c.batch_id == batch_id, WAITS)
    return [StoredWaiting(*row) async for row in rows_of(db, wanted.order_by(import_waiting.c.line))]


async def waiting_count(db: AsyncConnection, batch_id: int) -> int:
    """How many rows of an import wait for their movie."""
    wanted = select(func.count()).where(import_waiting.c.batch_id == batch_id, WAITS)
    return await db.scalar(wanted) or 0


async def replace_waiting(db: AsyncConnection, waiting_ids: Sequence[int], batch_id: int) -> None:
    """Let rows wait no longer, as an import corrects them, until that is taken back."""
    these = import_waiting.c.waiting_id.in_(waiting_ids)
    await db.execute(update(import_waiting).where(these).values(replaced_by=batch_id))


async def remove_waiting(db: AsyncConnection, waiting_ids: Sequence[int]) -> None:
    """Forget rows that wait for their movie."""
    await db.execute(delete(import_waiting).where(import_waiting.c.waiting_id.in_(waiting_ids)))
