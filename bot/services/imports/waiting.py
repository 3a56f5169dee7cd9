"""Rows of imports that found no movie, matched when the catalogue grows."""

from collections import defaultdict
from datetime import datetime

from bot.services.imports.applying import Application
from bot.services.imports.entries import Parsed
from bot.services.imports.finding import Finder
from bot.services.imports.kept import as_entry
from bot.services.imports.planning import make_plan
from bot.services.imports.standing import standing_of
from bot.store import Connection, imports
from bot.store.imports import StoredWaiting
from recommender.catalogue import Catalogue


async def settle(db: Connection, finder: Finder, catalogue: Catalogue, now: datetime) -> int:
    """Store what now has a movie as a late part of its import, where a newer rating stays.

    Only what is certain is taken, as nobody is there to look at it first.

    Returns
    -------
    int
        How many rows waited no longer.
    """
    batches: dict[tuple[int, int], list[StoredWaiting]] = defaultdict(list)
    for row in await imports.waiting(db):
        batches[row.user_id, row.batch_id].append(row)
    if not batches:
        return 0
    find = await finder.find(db, catalogue)
    settled = 0
    for (person, batch_id), rows in batches.items():
        fitting = [row for row in rows if (found := find(as_entry(row))).movie is not None and found.certain]
        if not fitting:
            continue
        plan = make_plan(Parsed("", tuple(map(as_entry, fitting))), find, await standing_of(db, person))
        await imports.remove_waiting(db, [row.waiting_id for row in fitting if row.waiting_id is not None])
        done = {(entry.kind, entry.movie_key) for entry in await imports.entries_of(db, batch_id)}
        await Application(db, person, batch_id, now, done=done).apply(plan, "newest")
        settled += len(fitting)
    return settled
