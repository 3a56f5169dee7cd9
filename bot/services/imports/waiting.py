"""Rows that found no movie, matched when the catalogue grows."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from bot.services.imports.applying import Application
from bot.services.imports.entries import Parsed
from bot.services.imports.finding import Finder
from bot.services.imports.kept import as_entry
from bot.services.imports.planning import Find, make_plan
from bot.services.imports.slices import Slices, sliced
from bot.services.imports.standing import standing_of
from bot.services.shelf import Shelf
from bot.services.unmatched import settle_typed
from bot.store import Store, imports, meta
from bot.store.imports import StoredWaiting


async def settle(store: Store, finder: Finder, shelf: Shelf, now: datetime) -> None:
    """Store what now has a movie as a late part of its import, where a newer rating stays.

    Only what is certain is taken, as nobody is there to look at it first; of what was typed, only what would
    be recorded without a question. To be called whenever another catalogue is being served, which is noted as
    `bot.store.meta.UNSETTLED` in the transaction that makes it so: what is cut off is done at the next start.
    """
    serving = shelf.current
    async with store.read() as db:
        batches = await imports.batches_waiting(db)
        find = await finder.find(db, serving.catalogue) if batches else None
    for person, batch_id in batches:
        if find is not None:
            await _settle(Slices(store, batch_id), find, person, now)
    await settle_typed(store, shelf, now)
    async with store.write() as db:
        await meta.put(db, meta.UNSETTLED, "")


async def _settle(slices: Slices, find: Find, person: int, now: datetime) -> None:
    async with slices.read() as db:
        rows = [row for row in await imports.waiting_of(db, slices.batch_id) if row.line is not None]
        fitting = await asyncio.to_thread(_certain, rows, find)
        if not fitting:
            return
        standing = await standing_of(db, person)
        done = {(entry.kind, entry.movie_key) for entry in await imports.entries_of(db, slices.batch_id)}
    parsed = Parsed("", tuple(map(as_entry, fitting)))
    plan = await asyncio.to_thread(make_plan, parsed, find, standing)
    await Application(slices, person, now, done=done).apply(plan, "newest")
    # Last: where it is cut off before, what is stored already counts as known when it is done again.
    for ids in sliced([row.waiting_id for row in fitting if row.waiting_id is not None]):
        async with slices.write() as db:
            await imports.remove_waiting(db, ids)


def _certain(rows: Sequence[StoredWaiting], find: Find) -> list[StoredWaiting]:
    return [row for row in rows if (found := find(as_entry(row))).movie is not None and found.certain]
