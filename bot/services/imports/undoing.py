"""Taking an import back as a whole, in the transaction of somebody else."""

from dataclasses import dataclass
from datetime import datetime

from bot.store import Connection, brought, bulk, imports
from bot.store.bulk import Change, Dated


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking an import back did; `kept` are ratings that were changed again since."""

    ratings: int
    other: int
    kept: int


async def undo(db: Connection, user_id: int, batch_id: int, now: datetime) -> Undone:
    """Take an import back: ratings are what they were, unless they were changed again since."""
    entries = await imports.entries_of(db, batch_id)
    # Of two imports that were taken back, the later one first, the earlier one stands again in between.
    newest, standing = await bulk.last_changes(db, user_id), await bulk.standing_changes(db, user_id)
    rated = [entry for entry in entries if entry.kind == "rating"]
    ours = [
        entry
        for entry in rated
        if entry.last_change in (newest.get(entry.movie_key), standing.get(entry.movie_key))
    ]
    before = {mine.movie_key: mine for mine in await bulk.ratings_of(db, user_id)}
    ours = [entry for entry in ours if entry.movie_key in before]
    changes = [
        Change(
            entry.movie_key,
            entry.previous,
            before[entry.movie_key].stars,
            before[entry.movie_key].rated_at,
            now,
        )
        for entry in ours
    ]
    undoes = {number: entry.last_change for number, entry in enumerate(ours) if entry.last_change is not None}
    await bulk.record_changes(db, user_id, changes, undoes)
    await bulk.remove_ratings(db, user_id, [entry.movie_key for entry in ours if entry.previous is None])
    back = {
        entry.movie_key: (entry.previous, entry.previous_at or now)
        for entry in ours
        if entry.previous is not None
    }
    await bulk.put_ratings(db, user_id, back, set(back))
    other = 0
    kinds: tuple[Dated, ...] = ("seen", "watchlist", "dismissal")
    for kind in kinds:
        keys = [entry.movie_key for entry in entries if entry.kind == kind]
        await bulk.remove_dated(db, kind, user_id, keys)
        other += len(keys)
    await imports.remove_restored(db, batch_id)
    await brought.remove(db, batch_id)
    await imports.set_undone(db, batch_id, now)
    return Undone(len(ours), other, len(rated) - len(ours))
