"""Doing what a plan says, in the transaction of somebody else."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.services.imports.kept import as_row, as_rows, moment_of
from bot.services.imports.planning import NOT_STORED, Plan, Policy, Step
from bot.services.imports.rest import Restoring
from bot.services.imports.restoring import History, PastChange
from bot.store import Connection, bulk, imports
from bot.store.bulk import Change, Dated
from bot.store.imports import StoredEntry, StoredWaiting
from recommender.catalogue import Movie

OnProgress = Callable[[str, int, int], None]
"""Called with a stage, how much of it is done, and how much there is (0 if that is not known)."""

_AT_ONCE = 2000


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
    db : Connection
        Of a transaction that writes.
    user_id : int
        Somebody who is noted.
    batch_id : int
        The import that these are part of.
    now : datetime
    tell : callable, optional
    done : collection of (kind, key)
        What the same import has done already; it is not done again.
    """

    def __init__(
        self,
        db: Connection,
        user_id: int,
        batch_id: int,
        now: datetime,
        tell: OnProgress | None = None,
        *,
        done: Collection[tuple[str, int]] = (),
    ) -> None:
        self._db = db
        self._user_id = user_id
        self._batch_id = batch_id
        self._now = now
        self._tell = tell or _tell_nobody
        self._done = done

    async def apply(self, plan: Plan, policy: Policy, history: History | None = None) -> Applied:
        """Store what a plan says; an import of this bot's own export brings the history of its ratings."""
        steps = plan.rating_steps(policy)
        past = history or History()
        movies = [step.movie for step in (*steps, *plan.seen, *plan.wanted)]
        keys = await self._keys([*movies, *past.movies.values()])
        steps = [step for step in steps if ("rating", _key(step, keys)) not in self._done]
        restoring = Restoring(self._db, self._user_id, self._batch_id, self._now)
        batches = await restoring.batches(past.rest)
        changes = await self._rate(steps, keys, past)
        seen, wanted = (
            {keys[step.movie.movie_id]: moment_of(step.entry, self._now) for step in noted}
            for noted in (plan.seen, plan.wanted)
        )
        dated = await self._date("seen", seen) | await self._date("watchlist", wanted)
        if past.dismissed:
            there = {key for key, _ in await bulk.dated_of(self._db, "dismissal", self._user_id)}
            dismissed = {keys[movie_id]: min(at, self._now) for movie_id, at in past.dismissed.items()}
            dated |= await self._date(
                "dismissal", {key: at for key, at in dismissed.items() if key not in there}
            )
        await restoring.others(past.rest, keys, batches, changes, dated)
        await self._keep(plan, past, batches)
        changed = sum(step.before is not None for step in steps)
        return Applied(len(steps) - changed, changed, len(seen), len(wanted), plan.waiting)

    async def _keys(self, movies: Sequence[Movie]) -> dict[int, int]:
        """The key of each movie by its id; what is not stored yet is noted."""
        here = {movie.movie_id: movie for movie in movies}
        of_catalogue = [movie for movie_id, movie in here.items() if movie_id >= 0]
        known = await bulk.movie_keys(self._db, of_catalogue) if of_catalogue else {}
        keys = {movie.movie_id: known[movie.movie_id] for movie in of_catalogue}
        keys |= {movie_id: -movie_id for movie_id in here if NOT_STORED < movie_id < 0}
        foreign = [movie for movie_id, movie in here.items() if movie_id <= NOT_STORED]
        new = await bulk.add_foreign_movies(self._db, foreign)
        return keys | {movie.movie_id: key for movie, key in zip(foreign, new, strict=True)}

    async def _rate(self, steps: Sequence[Step], keys: Mapping[int, int], past: History) -> dict[int, int]:
        """Store ratings; answers the new numbers of changes that were taken over, by the old ones."""
        old = await self._old(steps, keys, past)
        last, now_called = await self._remember(old, keys)
        for start in range(0, len(steps), _AT_ONCE):
            self._tell("storing", start, len(steps))
            some = steps[start : start + _AT_ONCE]
            numbers = await self._record([step for step in some if step.movie.movie_id not in old], keys)
            await self._put(some, keys, {**last, **numbers})
        return now_called

    async def _old(
        self, steps: Sequence[Step], keys: Mapping[int, int], past: History
    ) -> dict[int, list[PastChange]]:
        """The part of a history that can be taken over, by movie id.

        A rating that was changed here has a history of its own, and one that ends elsewhere is none.
        """
        touched = await bulk.last_changes(self._db, self._user_id) if past.changes else {}
        stars = {step.movie.movie_id: step.entry.stars for step in steps}
        return {
            movie_id: changes
            for movie_id, changes in past.changes.items()
            if keys[movie_id] not in touched and changes[-1].stars == stars.get(movie_id)
        }

    async def _remember(
        self, old: Mapping[int, Sequence[PastChange]], keys: Mapping[int, int]
    ) -> tuple[dict[int, int], dict[int, int]]:
        """Note the history of ratings as it was.

        Returns
        -------
        tuple of dict
            The newest change of each rating, by movie id, and all changes, by their old number.
        """
        rows = sorted(
            ((movie_id, change) for movie_id, changes in old.items() for change in changes),
            key=lambda row: row[1].number,
        )
        changes = [
            Change(keys[movie_id], one.stars, one.previous, one.previous_at, min(one.at, self._now))
            for movie_id, one in rows
        ]
        numbers = await bulk.record_changes(self._db, self._user_id, changes)
        now_called = {one.number: number for (_, one), number in zip(rows, numbers, strict=True)}
        undoes = {
            number: now_called[one.undoes]
            for (_, one), number in zip(rows, numbers, strict=True)
            if one.undoes in now_called
        }
        await bulk.set_undoes(self._db, undoes)
        return {movie_id: number for (movie_id, _), number in zip(rows, numbers, strict=True)}, now_called

    async def _record(self, steps: Sequence[Step], keys: Mapping[int, int]) -> dict[int, int]:
        """Note changes of ratings that are made now; answers their numbers by movie id."""
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
        numbers = await bulk.record_changes(self._db, self._user_id, changes)
        return {step.movie.movie_id: number for step, number in zip(steps, numbers, strict=True)}

    async def _put(self, steps: Sequence[Step], keys: Mapping[int, int], numbers: Mapping[int, int]) -> None:
        rows = {
            _key(step, keys): (step.entry.stars or 0.0, moment_of(step.entry, self._now)) for step in steps
        }
        known = {step.before.movie_key for step in steps if step.before is not None}
        await bulk.put_ratings(self._db, self._user_id, rows, known)
        entries = [
            StoredEntry(
                self._batch_id,
                "rating",
                _key(step, keys),
                self._user_id,
                None if step.before is None else step.before.stars,
                None if step.before is None else step.before.rated_at,
                numbers[step.movie.movie_id],
            )
            for step in steps
        ]
        await imports.add_entries(self._db, entries)

    async def _date(self, what: Dated, rows: Mapping[int, datetime]) -> set[tuple[str, int]]:
        """Note when something was seen, wanted or put aside; answers what and of which movies, by key."""
        rows = {key: at for key, at in rows.items() if (what, key) not in self._done}
        await bulk.add_dated(self._db, what, self._user_id, rows)
        entries = [StoredEntry(self._batch_id, what, key, self._user_id) for key in rows]
        await imports.add_entries(self._db, entries)
        return {(what, key) for key in rows}

    async def _keep(self, plan: Plan, past: History, batches: Mapping[int, int]) -> None:
        """Keep what found no movie, unless it is kept already, in place of the rows that it corrects."""
        before = await imports.waiting(self._db, self._user_id)
        corrected = set(plan.replaces)
        gone = [
            row.waiting_id
            for row in before
            if (row.batch_id, row.line) in corrected and row.waiting_id is not None
        ]
        await imports.replace_waiting(self._db, gone, self._batch_id)
        there = {_facts(row) for row in before if (row.batch_id, row.line) not in corrected}
        rows = [*as_rows(plan, self._user_id, self._batch_id, self._now), *self._brought(past, batches)]
        await imports.add_waiting(self._db, [row for row in rows if _facts(row) not in there])

    def _brought(self, past: History, batches: Mapping[int, int]) -> Iterator[StoredWaiting]:
        """The rows of an export that found no movie."""
        standing = {old: new for old, new in batches.items() if past.rest.batches[old].undone_at is None}
        for one in past.waiting:
            # Where its import was brought too, it is a row of that one again.
            batch = None if one.batch is None or one.line is None else batches.get(one.batch)
            row = as_row(one.entry, one.why, self._user_id, batch or self._batch_id, self._now)
            if batch is not None and one.line is not None:
                row = row._replace(line=one.line)
            if one.replaced_by is None:
                yield row
            elif batch is not None and one.replaced_by in standing:
                yield row._replace(replaced_by=standing[one.replaced_by])
            # Without either import nothing could let it wait again.


def _key(step: Step, keys: Mapping[int, int]) -> int:
    """Where the rating of a step belongs: to the stored movie that has it already, if one does."""
    return keys[step.movie.movie_id] if step.before is None else step.before.movie_key


def _facts(row: StoredWaiting) -> tuple[object, ...]:
    return row.kind, row.title, row.year, row.imdb_id, row.tmdb_id, row.stars


def _tell_nobody(_stage: str, _done: int, _total: int) -> None:
    """For those who do not ask how far it is."""
