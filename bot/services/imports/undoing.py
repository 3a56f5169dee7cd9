"""Taking an import back as a whole, in the transaction of somebody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.store import Connection, brought, bulk, imports
from bot.store.bulk import Change, Dated
from bot.store.imports import StoredEntry


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking an import back did.

    Attributes
    ----------
    ratings : int
        Ratings that are what they were before.
    other : int
        Other entries that were removed.
    kept : int
        Ratings that were changed again since, and stay.
    waiting : int
        Rows that it had corrected, which wait for their movie again.
    """

    ratings: int
    other: int
    kept: int
    waiting: int


async def undo(db: Connection, user_id: int, batch_id: int, now: datetime) -> Undone:
    """Take an import back: ratings are what they were, unless they were changed again since."""
    entries = await imports.entries_of(db, batch_id)
    later = _later(entries, await imports.entries_of_restored(db, batch_id))
    before = {mine.movie_key: mine for mine in await bulk.ratings_of(db, user_id)}
    rated = {entry.movie_key for entry in entries if entry.kind == "rating"}
    # Of what was brought from another bot some ratings were gone there already: they are not kept here.
    rated |= {entry.movie_key for entry in later if entry.kind == "rating" and entry.movie_key in before}
    by_change = {
        (entry.movie_key, entry.last_change): entry
        for entry in (*later, *entries)
        if entry.kind == "rating" and entry.last_change is not None
    }
    standing = await bulk.standing_changes(db, user_id, by_change.keys())
    ours = [by_change[one] for one in standing.items() if one[0] in before]
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
    undoes = {number: standing[entry.movie_key] for number, entry in enumerate(ours)}
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
        keys = {entry.movie_key for entry in (*entries, *later) if entry.kind == kind}
        await bulk.remove_dated(db, kind, user_id, [*keys])
        other += len(keys)
    await imports.remove_restored(db, batch_id)
    await brought.remove(db, batch_id)
    waiting = await imports.set_undone(db, batch_id, now)
    return Undone(len(ours), other, len(rated) - len(ours), waiting)


def _later(entries: Sequence[StoredEntry], restored: Sequence[StoredEntry]) -> list[StoredEntry]:
    """What restored imports did after they were brought: rows that waited there and found their movie here.

    What they did before is part of what the import that brought them did itself, and goes with that.
    """
    done = {(entry.kind, entry.movie_key): entry.last_change or 0 for entry in entries}
    return [
        entry for entry in restored if (entry.last_change or 0) > done.get((entry.kind, entry.movie_key), -1)
    ]
