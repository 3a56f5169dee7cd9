"""What an export has besides movies: past imports, that ratings are hidden, and records of movie nights."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from bot.services.imports import cells
from bot.services.imports.entries import Entry
from bot.services.imports.formats.own import is_rating, rows, text, when, whole
from bot.services.imports.matching import Film
from bot.services.imports.planning import Find
from bot.services.imports.slices import Slices, sliced
from bot.store import brought, imports, privacy
from bot.store.imports import StoredBatch, StoredEntry
from recommender.datasets.title import one_line

MOST_BATCHES = 500
LONGEST_WISHES = 2000
LONGEST_RECORD = 4000


class PastEntry(NamedTuple):
    """What a past import did to one movie; the numbers of import and change are those of the other bot."""

    batch: int
    kind: str
    film: Film
    previous: float | None
    previous_at: datetime | None
    last_change: int | None


@dataclass(slots=True)
class Rest:
    """The rest of an export.

    Attributes
    ----------
    batches : dict
        Imports that were confirmed, by their number in the other bot.
    entries : list of PastEntry
    hidden_at : datetime or None
        Since when the ratings are hidden.
    records : list of (str, str)
        Part and row, as JSON, of what belongs to evenings on other servers.
    """

    batches: dict[int, StoredBatch] = field(default_factory=dict[int, StoredBatch])
    entries: list[PastEntry] = field(default_factory=list[PastEntry])
    hidden_at: datetime | None = None
    records: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


def read_rest(document: Mapping[str, Any], find: Find) -> Rest:
    """The rest of an export. Rows that make no sense are passed over. To be run in a thread."""
    hidden = [when(row, "hidden_at") for row in rows(document, "hidden_ratings")]
    return Rest(
        dict(_batches(document)),
        [*_entries(document, find)],
        next((at for at in hidden if at is not None), None),
        [(part, fact) for part in brought.PARTS for row in rows(document, part) if (fact := _record(row))],
    )


def _batches(document: Mapping[str, Any]) -> Iterator[tuple[int, StoredBatch]]:
    for row in [*rows(document, "import_batches")][-MOST_BATCHES:]:
        number, created, applied = whole(row, "batch_id"), when(row, "created_at"), when(row, "applied_at")
        # What was not confirmed is not an import yet, and its file is not in the export.
        if number is not None and created is not None and applied is not None:
            file, source = one_line(text(row, "file"))[-80:], one_line(text(row, "source"))[:80]
            wishes, undone = text(row, "wishes"), when(row, "undone_at")
            wishes = wishes if len(wishes) <= LONGEST_WISHES else ""
            yield number, StoredBatch(0, 0, file, source, created, applied, undone, wishes, None)


def _entries(document: Mapping[str, Any], find: Find) -> Iterator[PastEntry]:
    for row in rows(document, "import_entries"):
        batch, kind, title = whole(row, "batch_id"), text(row, "kind"), cells.title(text(row, "title"))
        previous = row.get("previous")
        if batch is None or not title or not is_rating(previous):
            continue
        imdb_id, tmdb_id = whole(row, "imdb_id"), whole(row, "tmdb_id")
        film = find(Entry(0, "seen", title, whole(row, "year"), imdb_id=imdb_id, tmdb_id=tmdb_id)).film
        if film is not None:
            before = previous, when(row, "previous_at")
            yield PastEntry(batch, kind, film, *before, whole(row, "last_change"))


def _record(row: Mapping[str, Any]) -> str:
    """A row as a text that is the same for the same facts; empty if it is no row of a table."""
    if any(isinstance(value, list | dict) for value in row.values()):
        return ""
    try:
        fact = json.dumps(row, ensure_ascii=False, sort_keys=True, allow_nan=False)
        fact.encode()
    except ValueError:
        # A number that is none, or half a character.
        return ""
    return fact if len(fact) <= LONGEST_RECORD else ""


class Restoring:
    """Brings the rest of an export back, as part of an import."""

    def __init__(self, slices: Slices, user_id: int, now: datetime) -> None:
        self._slices = slices
        self._user_id = user_id
        self._now = now

    async def begin(self, rest: Rest) -> dict[int, int]:
        """Hide ratings that were hidden, before there are any, and note the past imports that are new.

        Returns
        -------
        dict
            The new numbers of these imports by the old ones.
        """
        numbers: dict[int, int] = {}
        if not rest.batches and rest.hidden_at is None:
            return numbers
        async with self._slices.write() as db:
            if rest.hidden_at is not None:
                await privacy.hide(db, self._user_id, min(rest.hidden_at, self._now))
            there = {_same(one) for one in await imports.of_person(db, self._user_id)}
            for old, batch in sorted(rest.batches.items()):
                if _same(batch) not in there:
                    mine = batch._replace(user_id=self._user_id, restored_by=self._slices.batch_id)
                    numbers[old] = await imports.add_restored(db, mine)
        return numbers

    async def others(
        self,
        rest: Rest,
        keys: Mapping[Film, int],
        batches: Mapping[int, int],
        changes: Mapping[int, int],
        dated: Collection[tuple[str, int]],
    ) -> None:
        """Note what past imports did, as far as it was brought too, and records.

        Parameters
        ----------
        rest : Rest
        keys : mapping
            The key of each movie of the export by what names it.
        batches, changes : mapping
            New numbers of past imports and of changes of ratings that were taken over, by the old ones.
        dated : collection of (str, int)
            Kind and key of what was noted otherwise.
        """
        entries: dict[tuple[int, str, int], StoredEntry] = {}
        for one in rest.entries:
            batch, key = batches.get(one.batch), keys.get(one.film)
            change = changes.get(one.last_change or 0)
            taken_over = change is not None if one.kind == "rating" else (one.kind, key) in dated
            if batch is not None and key is not None and taken_over:
                entries[batch, one.kind, key] = StoredEntry(
                    batch, one.kind, key, self._user_id, one.previous, one.previous_at, change
                )
        for some in sliced([*entries.values()]):
            async with self._slices.write() as db:
                await imports.add_entries(db, some)
        async with self._slices.read() as db:
            records = await brought.lacking(db, self._user_id, rest.records)
        for some in sliced(records):
            async with self._slices.write() as db:
                await brought.add(db, self._user_id, self._slices.batch_id, some)


def _same(batch: StoredBatch) -> tuple[str, str, datetime]:
    return batch.file, batch.source, batch.created_at
