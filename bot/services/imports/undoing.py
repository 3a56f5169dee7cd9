"""Taking an import back as a whole, in the transaction of somebody else."""

from collections import Counter
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
    # Rows of the imports that it brought along may have found their movie here, which is its doing too.
    last = {(entry.kind, entry.movie_key): entry.last_change or 0 for entry in entries}
    late = [
        entry
        for entry in await imports.entries_of_restored(db, batch_id)
        if (entry.last_change or 0) > last.get((entry.kind, entry.movie_key), -1)
    ]
    own = {entry.movie_key for entry in entries if entry.kind == "rating"}
    entries += late
    rated = [entry for entry in entries if entry.kind == "rating"]
    taken_back: set[int] = set()
    for layer in _layers(rated):
        taken_back |= await _take_back(db, user_id, layer, now)
    other = 0
    kinds: tuple[Dated, ...] = ("seen", "watchlist", "dismissal")
    for kind in kinds:
        keys = {entry.movie_key for entry in entries if entry.kind == kind}
        await bulk.remove_dated(db, kind, user_id, sorted(keys))
        other += len(keys)
    await imports.remove_restored(db, batch_id)
    await brought.remove(db, batch_id)
    waiting = await imports.set_undone(db, batch_id, now)
    # Of movies that it only tells the past of, those without a rating have nothing to be left.
    own |= {one.movie_key for one in await bulk.ratings_of(db, user_id)} & {one.movie_key for one in rated}
    return Undone(len(taken_back), other, len(own - taken_back), waiting)


def _layers(entries: list[StoredEntry]) -> list[list[StoredEntry]]:
    """Changes of ratings, each movie at most once in a list; the newest ones come first."""
    layers: list[list[StoredEntry]] = []
    depth: Counter[int] = Counter()
    for entry in sorted(entries, key=lambda entry: -(entry.last_change or 0)):
        if depth[entry.movie_key] == len(layers):
            layers.append([])
        layers[depth[entry.movie_key]].append(entry)
        depth[entry.movie_key] += 1
    return layers


async def _take_back(db: Connection, user_id: int, entries: Sequence[StoredEntry], now: datetime) -> set[int]:
    """Make ratings what they were before, but those that were changed again since; answers their movies."""
    # Of two imports that were taken back, the later one first, the earlier one stands again in between.
    newest, standing = await bulk.last_changes(db, user_id), await bulk.standing_changes(db, user_id)
    ours = [
        entry
        for entry in entries
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
    return {entry.movie_key for entry in ours}
