"""Doing what a plan says, a slice at a time: what changed since it was made is looked at again in each."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.errors import UserError
from bot.services.imports.kept import as_row, as_rows, moment_of
from bot.services.imports.matching import Film, NewFilm
from bot.services.imports.planning import Plan, Policy, Step, wins
from bot.services.imports.rest import Restoring
from bot.services.imports.restoring import History, PastChange
from bot.services.imports.slices import OnProgress, Slices, sliced, tell_nobody
from bot.store import Connection, bulk, imports
from bot.store.bulk import Change, Dated
from bot.store.imports import HISTORY, StoredEntry, StoredWaiting
from bot.store.movies import MovieRef
from recommender.catalogue import Movie


@dataclass(frozen=True, slots=True)
class Applied:
    """How many ratings were new and changed, and how many movies were noted otherwise."""

    new: int = 0
    changed: int = 0
    seen: int = 0
    wanted: int = 0
    waiting: int = 0


class Application:
    """Applies plans to one person.

    Parameters
    ----------
    slices : Slices
        Of the import that these are part of.
    user_id : int
        Somebody who is noted.
    now : datetime
    tell : callable, optional
    done : collection of (kind, key)
        What the same import has done already; it is not done again.
    is_served : callable, optional
        Whether the catalogue of the plans is still the one whose movies the database numbers.
    """

    def __init__(
        self,
        slices: Slices,
        user_id: int,
        now: datetime,
        tell: OnProgress = tell_nobody,
        *,
        done: Collection[tuple[str, int]] = (),
        is_served: Callable[[], bool] = lambda: True,
    ) -> None:
        self._slices = slices
        self._user_id = user_id
        self._batch_id = slices.batch_id
        self._now = now
        self._tell = tell
        self._done = done
        self._is_served = is_served

    async def apply(self, plan: Plan, policy: Policy, history: History | None = None) -> Applied:
        """Store what a plan says; an import of this bot's own export brings the history of its ratings.

        Raises
        ------
        UserError
            If the person was deleted or the catalogue exchanged meanwhile; what is stored by then stays.
        """
        steps = plan.rating_steps(policy)
        past = history or History()
        movies = {step.film: step.movie for step in (*steps, *plan.seen, *plan.wanted)}
        keys = await self._keys(movies | past.movies)
        steps = [step for step in steps if ("rating", _key(step, keys)) not in self._done]
        restoring = Restoring(self._slices, self._user_id, self._now)
        batches = await restoring.begin(past.rest)
        newest, now_called = await self._remember(past, steps, keys)
        new, changed = await self._rate(steps, policy, keys, newest)
        seen = await self._date("seen", self._moments(plan.seen, keys))
        wanted = await self._date("watchlist", self._moments(plan.wanted, keys))
        dismissed = {keys[film]: min(at, self._now) for film, at in past.dismissed.items()}
        dated = seen | wanted | await self._date("dismissal", dismissed)
        await restoring.others(past.rest, keys, batches, now_called, dated)
        await self._keep(plan, past, batches)
        return Applied(new, changed, len(seen), len(wanted), plan.waiting)

    async def _keys(self, movies: Mapping[Film, Movie]) -> dict[Film, int]:
        """The key of each movie by what names it; what is not stored yet is noted."""
        keys: dict[Film, int] = {film: film.key for film in movies if isinstance(film, MovieRef)}
        here = [movie for film, movie in movies.items() if isinstance(film, int)]
        for some in sliced(here):
            async with self._slices.write() as db:
                if not self._is_served():
                    raise UserError("the movies were exchanged meanwhile: import the file again")
                keys |= await bulk.movie_keys(db, some)
        foreign = [(film, movie) for film, movie in movies.items() if isinstance(film, NewFilm)]
        for some in sliced(foreign):
            async with self._slices.write() as db:
                new = await bulk.add_foreign_movies(db, [movie for _, movie in some])
                keys |= {film: key for (film, _), key in zip(some, new, strict=True)}
        return keys

    async def _remember(
        self, past: History, steps: Sequence[Step], keys: Mapping[Film, int]
    ) -> tuple[dict[int, int], dict[int, int]]:
        """Note the history of ratings as it was, as far as it can be taken over.

        A rating that was changed here has a history of its own, and one that ends elsewhere is none.

        Returns
        -------
        tuple of dict
            The newest change of each rating, by movie key, and all changes, by their old number.
        """
        newest: dict[int, int] = {}
        now_called: dict[int, int] = {}
        if not past.changes:
            return newest, now_called
        async with self._slices.read() as db:
            touched = await bulk.last_changes(db, self._user_id)
        stars = {step.film: step.entry.stars for step in steps}
        rows = await asyncio.to_thread(_taken_over, past, stars, keys, touched)
        for some in sliced(rows):
            async with self._slices.write() as db:
                # Of what was rated by hand meanwhile nothing more is taken over.
                there = await bulk.last_changes(db, self._user_id, {key for key, _ in some})
                fitting = [(key, one) for key, one in some if there.get(key) == newest.get(key)]
                numbers = await self._record_past(db, fitting, now_called)
                await self._note_history(
                    db, newest, dict(zip((key for key, _ in fitting), numbers, strict=True))
                )
        return newest, now_called

    async def _record_past(
        self, db: Connection, rows: Sequence[tuple[int, PastChange]], now_called: dict[int, int]
    ) -> list[int]:
        """Note changes made in another bot; answers their numbers, which `now_called` learns too."""
        changes = [
            Change(key, one.stars, one.previous, one.previous_at, min(one.at, self._now)) for key, one in rows
        ]
        numbers = await bulk.record_changes(db, self._user_id, changes)
        now_called |= {one.number: number for (_, one), number in zip(rows, numbers, strict=True)}
        undoes = {
            number: now_called[one.undoes]
            for (_, one), number in zip(rows, numbers, strict=True)
            if one.undoes in now_called
        }
        await bulk.set_undoes(db, undoes)
        return numbers

    async def _note_history(self, db: Connection, newest: dict[int, int], last: Mapping[int, int]) -> None:
        """Note what is to be removed should the import be cut off: all changes up to these, by movie key."""
        entries = [
            StoredEntry(self._batch_id, HISTORY, key, self._user_id, last_change=number)
            for key, number in last.items()
        ]
        await imports.add_entries(db, [one for one in entries if one.movie_key not in newest])
        await imports.set_last_changes(db, [one for one in entries if one.movie_key in newest])
        newest |= last

    async def _rate(
        self, steps: Sequence[Step], policy: Policy, keys: Mapping[Film, int], newest: Mapping[int, int]
    ) -> tuple[int, int]:
        """Store ratings; answers how many were new and how many changed."""
        counts = [0, 0]
        for number, some in enumerate(sliced(steps)):
            self._tell("storing", number * imports.AT_ONCE, len(steps))
            async with self._slices.write() as db:
                there = await bulk.ratings_of(db, self._user_id, {_key(step, keys) for step in some})
                mine = {one.movie_key: one for one in there}
                fitting = [
                    replace(step, before=before)
                    for step in some
                    if _still(step, before := mine.get(_key(step, keys)), policy)
                ]
                # What has a history here has its newest change already.
                without = [step for step in fitting if _key(step, keys) not in newest]
                await self._put(db, fitting, keys, {**newest, **await self._record(db, without, keys)})
            for step in fitting:
                counts[step.before is not None] += 1
        return counts[0], counts[1]

    async def _record(
        self, db: Connection, steps: Sequence[Step], keys: Mapping[Film, int]
    ) -> dict[int, int]:
        """Note changes of ratings that are made now; answers their numbers by movie key."""
        changes = [
            Change(
                _key(step, keys),
                step.entry.stars,
                None if step.before is None else step.before.stars,
                None if step.before is None else step.before.rated_at,
                self._now,
            )
            for step in steps
        ]
        numbers = await bulk.record_changes(db, self._user_id, changes)
        return {_key(step, keys): number for step, number in zip(steps, numbers, strict=True)}

    async def _put(
        self, db: Connection, steps: Sequence[Step], keys: Mapping[Film, int], numbers: Mapping[int, int]
    ) -> None:
        rows = {
            _key(step, keys): (step.entry.stars or 0.0, moment_of(step.entry, self._now)) for step in steps
        }
        known = {step.before.movie_key for step in steps if step.before is not None}
        await bulk.put_ratings(db, self._user_id, rows, known)
        entries = [
            StoredEntry(
                self._batch_id,
                "rating",
                _key(step, keys),
                self._user_id,
                None if step.before is None else step.before.stars,
                None if step.before is None else step.before.rated_at,
                numbers[_key(step, keys)],
            )
            for step in steps
        ]
        await imports.add_entries(db, entries)

    def _moments(self, steps: Sequence[Step], keys: Mapping[Film, int]) -> dict[int, datetime]:
        return {keys[step.film]: moment_of(step.entry, self._now) for step in steps}

    async def _date(self, what: Dated, rows: Mapping[int, datetime]) -> set[tuple[str, int]]:
        """Note when something was seen, wanted or put aside; answers what and of which movies, by key."""
        done: set[tuple[str, int]] = set()
        for keys in sliced([key for key in rows if (what, key) not in self._done]):
            async with self._slices.write() as db:
                there = await bulk.noted(db, what, self._user_id, keys)
                new = {key: rows[key] for key in keys if key not in there}
                await bulk.add_dated(db, what, self._user_id, new)
                entries = [StoredEntry(self._batch_id, what, key, self._user_id) for key in new]
                await imports.add_entries(db, entries)
            done |= {(what, key) for key in new}
        return done

    async def _keep(self, plan: Plan, past: History, batches: Mapping[int, int]) -> None:
        """Keep what found no movie, unless it is kept already, in place of the rows that it corrects."""
        async with self._slices.read() as db:
            before = await imports.waiting(db, self._user_id)

        def sorted_out() -> tuple[list[int], list[StoredWaiting]]:
            corrected = set(plan.replaces)
            gone = [
                row.waiting_id
                for row in before
                if (row.batch_id, row.line) in corrected and row.waiting_id is not None
            ]
            there = {_facts(row) for row in before if (row.batch_id, row.line) not in corrected}
            rows = as_rows(plan, self._user_id, self._batch_id, self._now)
            return gone, [row for row in (*rows, *self._brought(past, batches)) if _facts(row) not in there]

        gone, rows = await asyncio.to_thread(sorted_out)
        for ids in sliced(gone):
            async with self._slices.write() as db:
                await imports.replace_waiting(db, ids, self._batch_id)
        for some in sliced(rows):
            async with self._slices.write() as db:
                await imports.add_waiting(db, some)

    def _brought(self, past: History, batches: Mapping[int, int]) -> Iterator[StoredWaiting]:
        """The rows of an export that found no movie."""
        standing = {old: new for old, new in batches.items() if past.rest.batches[old].undone_at is None}
        for one in past.waiting:
            # Where its import was brought too, it is a row of that one again.
            batch = None if one.batch is None or one.line is None else batches.get(one.batch)
            row = as_row(one.entry, one.why, self._user_id, batch or self._batch_id, self._now)
            if one.batch is None and one.line is None:
                # Typed there: it is matched as such.
                row = row._replace(line=None)
            elif batch is not None and one.line is not None:
                row = row._replace(line=one.line)
            if one.replaced_by is None:
                yield row
            elif batch is not None and one.replaced_by in standing:
                yield row._replace(replaced_by=standing[one.replaced_by])
            # Without either import nothing could let it wait again.


def _key(step: Step, keys: Mapping[Film, int]) -> int:
    """Where the rating of a step belongs: to the stored movie that has it already, if one does."""
    return keys[step.film] if step.before is None else step.before.movie_key


def _facts(row: StoredWaiting) -> tuple[object, ...]:
    return row.kind, row.title, row.year, row.imdb_id, row.tmdb_id, row.stars


def _still(step: Step, before: bulk.Mine | None, policy: Policy) -> bool:
    """Whether a step is still to be done, after what its person may have rated since the plan was made."""
    return before == step.before or before is None or wins(step.entry, before, policy)


def _taken_over(
    past: History, stars: Mapping[Film, float | None], keys: Mapping[Film, int], touched: Mapping[int, int]
) -> list[tuple[int, PastChange]]:
    """The changes of a history that can be taken over, with the movie's key, in the order they were made."""
    rows = [
        (keys[film], change)
        for film, changes in past.changes.items()
        if keys[film] not in touched and changes[-1].stars == stars.get(film)
        for change in changes
    ]
    return sorted(rows, key=lambda row: row[1].number)
