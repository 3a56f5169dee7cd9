"""Taking an import back as a whole, a slice at a time, and cleaning up after one that was cut off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.services.imports.slices import Slices, sliced
from bot.store import Connection, brought, bulk, imports
from bot.store.bulk import Change, Dated
from bot.store.imports import HISTORY, StoredEntry

_DATED: tuple[Dated, ...] = ("seen", "watchlist", "dismissal")


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


async def undo(slices: Slices, user_id: int, now: datetime) -> Undone:
    """Take an import back: ratings are what they were, unless they were changed again since.

    It is noted before as one that is being taken back. Where this is cut off, the next call goes on.
    """
    batch_id = slices.batch_id
    async with slices.read() as db:
        keys = await imports.keys_of(db, batch_id)
    ratings = other = kept = 0
    for some in sliced(keys):
        async with slices.write() as db:
            entries = await imports.entries_of(db, batch_id, some)
            later = _later(entries, await imports.entries_of_restored(db, batch_id, some))
            restored, left = await _restore(db, user_id, entries, later, now)
            ratings, kept = ratings + restored, kept + left
            other += await _forget(db, user_id, [*entries, *later])
            await imports.remove_entries(db, batch_id, some)
    return Undone(ratings, other, kept, await _remove_rest(slices, user_id))


async def erase(slices: Slices, user_id: int, now: datetime) -> None:
    """Remove what an import stored until it was cut off, as if it had never begun.

    What its person changed by hand since then stays.
    """
    batch_id = slices.batch_id
    async with slices.read() as db:
        keys = await imports.keys_of(db, batch_id)
    for some in sliced(keys):
        async with slices.write() as db:
            entries = await imports.entries_of(db, batch_id, some)
            newest = await bulk.last_changes(db, user_id, some)
            ours = [
                one
                for one in entries
                if one.last_change is not None and newest.get(one.movie_key) == one.last_change
            ]
            await _put_back(db, user_id, [one for one in ours if one.kind == "rating"], now)
            # All that a history has was brought by this import.
            since = {one.movie_key: one.last_change or 0 for one in ours if one.kind == "rating"}
            since |= {one.movie_key: 0 for one in ours if one.kind == HISTORY}
            await bulk.remove_changes(db, user_id, since)
            await _forget(db, user_id, entries)
            await imports.remove_entries(db, batch_id, some)
    await _remove_rest(slices, user_id)


async def _restore(
    db: Connection, user_id: int, entries: Sequence[StoredEntry], later: Sequence[StoredEntry], now: datetime
) -> tuple[int, int]:
    """Let ratings be what they were before; answers how many, and how many were changed since and stay."""
    rated = [entry for entry in (*later, *entries) if entry.kind == "rating"]
    before = {
        mine.movie_key: mine
        for mine in await bulk.ratings_of(db, user_id, {entry.movie_key for entry in rated})
    }
    # Of what was brought from another bot some ratings were gone there already: they are not kept here.
    touched = {entry.movie_key for entry in entries if entry.kind == "rating"}
    touched |= {entry.movie_key for entry in later if entry.kind == "rating" and entry.movie_key in before}
    by_change = {
        (entry.movie_key, entry.last_change): entry for entry in rated if entry.last_change is not None
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
    await _put_back(db, user_id, ours, now)
    return len(ours), len(touched) - len(ours)


async def _put_back(db: Connection, user_id: int, ours: Sequence[StoredEntry], now: datetime) -> None:
    await bulk.remove_ratings(db, user_id, [entry.movie_key for entry in ours if entry.previous is None])
    back = {
        entry.movie_key: (entry.previous, entry.previous_at or now)
        for entry in ours
        if entry.previous is not None
    }
    await bulk.put_ratings(db, user_id, back, set(back))


async def _forget(db: Connection, user_id: int, entries: Sequence[StoredEntry]) -> int:
    """Forget what was noted otherwise; answers how much."""
    other = 0
    for kind in _DATED:
        keys = {entry.movie_key for entry in entries if entry.kind == kind}
        await bulk.remove_dated(db, kind, user_id, [*keys])
        other += len(keys)
    return other


async def _remove_rest(slices: Slices, user_id: int) -> int:
    """Forget the rows, records and imports that an import brought; answers how many rows wait again."""
    batch_id = slices.batch_id
    for remove in (imports.remove_rest, brought.remove):
        removed = 1
        while removed:
            async with slices.write() as db:
                removed = await remove(db, user_id, batch_id)
    waiting, released = 0, 1
    while released:
        async with slices.write() as db:
            released = await imports.release_replaced(db, user_id, batch_id)
        waiting += released
    async with slices.write() as db:
        await imports.remove_restored(db, batch_id)
    return waiting


def _later(entries: Sequence[StoredEntry], restored: Sequence[StoredEntry]) -> list[StoredEntry]:
    """What restored imports did after they were brought: rows that waited there and found their movie here.

    What they did before is part of what the import that brought them did itself, and goes with that.
    """
    done = {(entry.kind, entry.movie_key): entry.last_change or 0 for entry in entries}
    return [
        entry for entry in restored if (entry.last_change or 0) > done.get((entry.kind, entry.movie_key), -1)
    ]
