"""The data sets: which one is active, and what its exchange does to the friends' movies."""

import asyncio
import logging
import os
import shutil
from collections.abc import Coroutine, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

from bot.errors import UserError
from bot.services.children import ChildError, Limits, run_child, worker
from bot.services.clock import Clock, utc_now
from bot.services.data_folder import NEW, DataFolder, OnProgress, is_imdb
from bot.services.data_list import DataEntry, DataStatus, Renewal, entries, has_imdb, how_to_add, up_to
from bot.services.data_worker import DataJob, Made, make
from bot.services.imports.finding import Finder
from bot.services.imports.waiting import settle
from bot.services.newer import index_for, lacking
from bot.services.shelf import Serving, Shelf, load_serving, renewed
from bot.services.wording import listed
from bot.store import Store, meta, model_versions, movies, releases
from bot.store.movies import StoredMovie, as_movie, is_still
from recommender.catalogue import Catalogue, Movie
from recommender.datasets import imdb, starter
from recommender.datasets.dataset import DatasetError
from recommender.datasets.editions import joined_edition
from recommender.datasets.matching import MovieIndex, match
from recommender.model import ModelError

WORKER = worker("bot.services.data_worker")
MOST_SECONDS = 12 * 3600.0
"""A download over a slow line may take hours."""
AGAIN = timedelta(hours=6)
"""After this time a renewal is tried again that came to nothing."""
BUSY = "other work on the data is under way: wait until it is done"

logger = logging.getLogger(__name__)


class DataSets:
    """The data sets of a home. They are exchanged while they are served.

    Parameters
    ----------
    store : Store
    shelf : Shelf
    home : Path
    clock : Clock
    renew_days : int
        After so many days a catalogue with IMDb's films is to be renewed; never if 0.

    Attributes
    ----------
    in_child : bool
        Whether the work is left to a child process, as it has to be where people are answered meanwhile.
    command : sequence of str
        How to start the child.
    """

    def __init__(
        self, store: Store, shelf: Shelf, home: Path, clock: Clock = utc_now, renew_days: int = 7
    ) -> None:
        self._store = store
        self._shelf = shelf
        self._folder = DataFolder(home)
        self._clock = clock
        self._renew_days = renew_days
        self._task: asyncio.Task[DataStatus] | None = None
        self._closed = False
        self.in_child = False
        self.command = WORKER

    async def close(self) -> None:
        """End what is under way, and begin nothing else."""
        self._closed = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def start(self) -> None:
        """See to it that there is an active data set: the starter set, until another one is added.

        When a new version of the program brings another starter set, it takes the place of the old one. Where
        the program was stopped after a data set was exchanged on disk, the friends' movies are matched now.

        Raises
        ------
        UserError
            If the starter set is needed and cannot be read or written.
        """
        await asyncio.to_thread(self._folder.tidy)
        active = await self._active()
        if active == starter.NAME and await self._is_back():
            return
        if active is not None and active != starter.NAME:
            try:
                if await self._exchanged(active):
                    await self._make_active(active)
            except (DatasetError, OSError) as error:
                # It cannot be served either, and then `fall_back` has the starter set serve.
                logger.warning("%s cannot be read: %s", active, error)
            return
        try:
            saved = await asyncio.to_thread(self._folder.save_starter)
            if saved or active is None or await self._exchanged(active):
                await self._make_active(starter.NAME)
        except (DatasetError, OSError) as error:
            if active is None:
                raise UserError(f"the starter set cannot be used: {error}") from error
            logger.warning("the starter set was not renewed: %s", error)

    async def fall_back(self) -> None:
        """Have the starter set serve where the active data set cannot be read, until it can be again.

        It may be on a disk that was not there, or the home is a new one, with the database of a backup.

        Raises
        ------
        UserError
            If the starter set cannot be read or written.
        """
        missed = await self._active()
        if missed is None or missed == starter.NAME:
            return
        logger.warning("the starter set serves until %s is there again: %s", missed, how_to_add(missed))
        try:
            await asyncio.to_thread(self._folder.save_starter)
            await self._make_active(starter.NAME, missed=missed)
        except (DatasetError, OSError) as error:
            raise UserError(f"the starter set cannot be used: {error}") from error

    async def _is_back(self) -> bool:
        """Whether the data set for which the starter set serves is there again, and active from now on."""
        async with self._store.read() as db:
            missed = await meta.get(db, meta.MISSED_DATASET)
        if missed is None or missed not in await asyncio.to_thread(self._folder.names):
            return False
        try:
            await self._make_active(missed)
        except DatasetError:
            return False
        logger.info("%s is there again and serves", missed)
        return True

    async def list(self) -> list[DataEntry]:
        """The editions that can be added by name, and what else is on disk."""
        active = await self._active()
        return await asyncio.to_thread(entries, self._folder, active)

    async def status(self) -> DataStatus:
        """The active data set and how the friends' movies fit it."""
        serving = self._shelf.current
        async with self._store.read() as db:
            stored = await movies.everything(db)
        lacking = tuple(as_movie(movie).name for movie in stored if movie.catalogue_id is None)
        edition = joined_edition(serving.dataset)
        licences = ["" if edition is None else edition.licence]
        licences += [imdb.LICENCE] if imdb.ACKNOWLEDGEMENT in serving.acknowledgement else []
        popularity = await asyncio.to_thread(self._folder.popularity, serving.dataset)
        return DataStatus(
            name=serving.dataset,
            movies=len(serving.catalogue),
            rated=int((popularity > 0).sum()),
            up_to=up_to(serving.catalogue, serving.until),
            ratings=int(popularity.sum()),
            licence=" ".join(filter(None, licences)),
            acknowledgement=serving.acknowledgement,
            dropped=await asyncio.to_thread(self._folder.dropped, serving.dataset),
            matched=len(stored) - len(lacking),
            unmatched=lacking,
            renewal=await self.renewal(),
        )

    async def renewal(self) -> Renewal | None:
        """When the catalogue was renewed and will be; None where IMDb's films are not in it."""
        name = self._shelf.current.dataset
        if not has_imdb(name):
            return None
        async with self._store.read() as db:
            last = await meta.get(db, meta.CATALOGUE_SINCE) or await meta.get(db, meta.DATASET_SINCE)
            failed_at = await meta.get(db, meta.CATALOGUE_FAILED_AT)
            failure = await meta.get(db, meta.CATALOGUE_FAILURE)
        renewed = None if last is None else datetime.fromisoformat(last)
        failed = None if failed_at is None else datetime.fromisoformat(failed_at)
        due = None
        if self._renew_days:
            due = self._clock() if renewed is None else renewed + timedelta(days=self._renew_days)
            due = due if failed is None else max(due, failed + AGAIN)
        return Renewal(renewed, due, failure or "", failed)

    async def refresh_if_due(self) -> DataStatus | None:
        """Renew the catalogue if it is time; None if it is not, or other work on the data is under way.

        When it was last renewed is a row that is written with the new catalogue: whenever the bot ends, it
        goes on at its next start.

        Raises
        ------
        UserError
            As `refresh` does.
        """
        if self._task is not None or self._closed:
            return None
        renewal = await self.renewal()
        if renewal is None or renewal.next is None or self._clock() < renewal.next:
            return None
        return await self.refresh()

    async def refresh(self, on_progress: OnProgress | None = None) -> DataStatus:
        """Join the catalogue anew with IMDb's files, of which only what changed is downloaded.

        Movies keep their ids, and the running model serves on, with what is new. What comes to nothing is
        noted and leaves everything as it was.

        Raises
        ------
        UserError
            As `add` does; also if IMDb's films are not in the catalogue, or if far fewer came than before.
        """
        name = self._shelf.current.dataset
        if not has_imdb(name):
            raise UserError(f"{name or 'nothing'} is not joined with IMDb's files: add imdb first")
        try:
            return await self._alone(self._made([imdb.NAME], on_progress, renews=name))
        except _Busy:
            raise
        except Exception as error:
            line = " ".join(str(error).split()) if isinstance(error, UserError) else "an error that is logged"
            # Admins of any server read this: where the home lies is not for them.
            line = line.replace(f"{self._folder.home}{os.sep}", "")
            async with self._store.write() as db:
                await meta.put(db, meta.CATALOGUE_FAILURE, line)
                await meta.put(db, meta.CATALOGUE_FAILED_AT, self._clock().isoformat())
            raise

    async def add(
        self, name_or_path: str, on_progress: OnProgress | None = None, *, joined_with: Sequence[str] = ()
    ) -> DataStatus:
        """Make a data set the active one, and match the friends' movies to it.

        Parameters
        ----------
        name_or_path : str
            Name of an edition, which is downloaded unless it is on disk, or of what is on disk; or the path
            of a folder or zip archive, which is always read anew.
        on_progress : callable, optional
            Called in a thread. When this is cancelled, the thread ends where it would be called next, and
            nothing half written stays.
        joined_with : sequence of str
            More names or paths, one of each kind: an edition of MovieLens, IMDb's files, The Movies Dataset.
            IMDb's files alone join what is active.

        Raises
        ------
        UserError
            If there is no such data set, it cannot be downloaded, read or written, or other work on the data
            is under way. What was active stays so.
        """
        return await self._alone(self._made([name_or_path, *joined_with], on_progress))

    async def _alone(self, work: Coroutine[Any, Any, DataStatus]) -> DataStatus:
        """Do this unless something else is under way."""
        if self._closed or self._task is not None:
            work.close()
            raise _Busy("the bot is shutting down" if self._closed else BUSY)
        task = self._task = asyncio.create_task(work, name="work on the data")
        task.add_done_callback(self._done)
        try:
            return await task
        except asyncio.CancelledError:
            if self._closed:
                raise UserError("the work on the data was ended because the bot is shutting down") from None
            raise

    def _done(self, _task: asyncio.Task[DataStatus]) -> None:
        self._task = None

    async def _made(
        self, sources: Sequence[str], on_progress: OnProgress | None, renews: str | None = None
    ) -> DataStatus:
        """Make a data set of some sources and serve it."""
        stopped = Event()

        def tell(stage: str, done: int, total: int) -> None:
            if stopped.is_set():
                raise _Stopped
            if on_progress is not None:
                on_progress(stage, done, total)

        wanted = [one.strip() for one in sources]
        active = await self._active()
        if active not in (None, imdb.NAME) and all(map(is_imdb, wanted)):
            wanted.insert(0, active)
        # What friends spoke of stays, however few voted on it.
        async with self._store.read() as db:
            keep = {one.imdb_id for one in await movies.everything(db) if one.imdb_id is not None}
        limits = Limits(seconds=MOST_SECONDS)
        job = DataJob(
            self._folder.home, tuple(wanted), tuple(sorted(keep)), renews, limits.memory, limits.niceness
        )
        place: Path | None = None
        try:
            place = await asyncio.to_thread(self._folder.staging)
            if self.in_child:
                await asyncio.to_thread(job.write, place)
                made = await run_child(
                    self.command,
                    place,
                    lambda told: tell(told.stage, told.done, told.total),
                    lambda said: Made(**said),
                    what="the work on the data",
                    seconds=limits.seconds,
                )
            else:
                made = await asyncio.to_thread(_in_thread, job, place, tell, stopped)
            tell("matching the friends' movies", 0, 1)
            if made.new or renews is None:
                # A fit reads the data, and is for the catalogue that is served when it begins.
                async with self._shelf.learning:
                    await self._exchange(made, place, again=made.name in job.wanted)
        except asyncio.CancelledError:
            stopped.set()
            raise
        except (DatasetError, ChildError) as error:
            raise UserError(str(error)) from error
        except OSError as error:
            raise UserError(f"{error.filename or wanted[0][:200]}: {error.strerror or error}") from error
        finally:
            if place is not None:
                await asyncio.to_thread(shutil.rmtree, place, ignore_errors=True)
        if any(map(is_imdb, wanted)):
            await self._note_renewal()
        return await self.status()

    async def _note_renewal(self) -> None:
        async with self._store.write() as db:
            await meta.put(db, meta.CATALOGUE_SINCE, self._clock().isoformat())
            await meta.put(db, meta.CATALOGUE_FAILURE, None)
            await meta.put(db, meta.CATALOGUE_FAILED_AT, None)

    async def remove(self, name: str) -> DataStatus:
        """Remove a data set from disk; when it was the active one, the starter set becomes that.

        Raises
        ------
        UserError
            If it is not on disk, or is the starter set.
        """
        on_disk = await asyncio.to_thread(self._folder.names)
        if name == starter.NAME:
            raise UserError("the starter set comes with the program and stays")
        if name not in on_disk:
            raise UserError(f"there is no data set “{name[:64]}” on disk: there are {listed(on_disk)}")
        if name == await self._active():
            await self.add(starter.NAME)
        try:
            await asyncio.to_thread(self._folder.remove, name)
        except OSError as error:
            raise UserError(f"{error.filename or name} cannot be removed: {error.strerror}") from error
        return await self.status()

    async def _active(self) -> str | None:
        async with self._store.read() as db:
            return await meta.get(db, meta.ACTIVE_DATASET)

    async def _exchanged(self, name: str) -> bool:
        """Whether the friends' movies are matched to another catalogue than the one on disk."""
        async with self._store.read() as db:
            matched = await meta.get(db, meta.MATCHED_TO)
        digest = await asyncio.to_thread(self._folder.digest, name)
        return None not in (matched, digest) and matched != digest

    async def _exchange(self, made: Made, place: Path, *, again: bool) -> None:
        """Serve what was made: on disk, in the database and in memory, or nowhere.

        `again` says that the community's ratings are those of before.
        """
        name = made.name
        folder = place / NEW if made.new else self._folder.path(name)
        async with self._shelf.exchanging:
            async with self._store.read() as db:
                newer = await releases.everything(db)
            # Read before it is made active: what cannot be served must not be.
            before = self._shelf.current
            serving = await asyncio.to_thread(_now_served, before, name, folder, newer)
            placing = asyncio.create_task(self._place(made, place, serving, again=again))
            try:
                await asyncio.shield(placing)
            except asyncio.CancelledError:
                # It is on disk, in the database and in memory, or in none of them, also where the bot ends.
                await asyncio.wait([placing])
                raise
        await settle(self._store, Finder(), self._shelf, self._clock())

    async def _place(self, made: Made, place: Path, serving: Serving, *, again: bool) -> None:
        if made.new:
            await asyncio.to_thread(self._folder.place, place, made.name)
        try:
            renewed = again and serving.model is not None
            await self._make_active(made.name, serving.catalogue, renewed=renewed)
        except Exception:
            if made.new:
                await asyncio.to_thread(self._folder.take_back, place, made.name)
            raise
        self._shelf.swap(serving)

    async def _make_active(
        self,
        name: str,
        catalogue: Catalogue | None = None,
        *,
        missed: str | None = None,
        renewed: bool = False,
    ) -> None:
        """Note that a data set is the active one, and what the friends' movies are in it."""
        if catalogue is None:
            catalogue = await asyncio.to_thread(self._folder.catalogue, name)
            async with self._store.read() as db:
                newer = await asyncio.to_thread(lacking, catalogue, await releases.everything(db))
            catalogue = catalogue.joined(Catalogue(newer))
        digest = await asyncio.to_thread(self._folder.digest, name)
        async with self._store.read() as db:
            same = await meta.get(db, meta.ACTIVE_DATASET) == name
            stored = await movies.everything(db)
        before = self._shelf.current.catalogue
        found = await asyncio.to_thread(_matches, stored, catalogue, same, before)
        async with self._store.write() as db:
            since = [one for one in await movies.everything(db) if one.movie_key not in found]
            await movies.rematch(db, found | _matches(since, catalogue, same, before))
            await meta.put(db, meta.UNSETTLED, name)
            await meta.put(db, meta.ACTIVE_DATASET, name)
            await meta.put(db, meta.MATCHED_TO, digest)
            await meta.put(db, meta.MISSED_DATASET, missed)
            current = await model_versions.current(db)
            if current is not None and current.dataset != name:
                # Its movies have other numbers; it will serve again should its data come back.
                await model_versions.set_state(db, current.version, "kept")
            now = self._clock().isoformat()
            # The next fit takes in what the running model learned of; other data want a fit at once.
            await meta.put(db, meta.DATA_RENEWED_AT if renewed else meta.DATASET_SINCE, now)


class _Stopped(Exception):
    """Ends a thread whose result nobody waits for any more."""


class _Busy(UserError):
    """There is other work on the data."""


def _in_thread(job: DataJob, place: Path, tell: OnProgress, stopped: Event) -> Made:
    try:
        return make(job, place, tell)
    finally:
        if stopped.is_set():
            # Whoever waited for this has gone.
            shutil.rmtree(place, ignore_errors=True)


def _now_served(before: Serving, name: str, folder: Path, newer: Sequence[Movie]) -> Serving:
    """What a data set is served as: with the running model, if that knows these movies."""
    if before.model is not None and before.dataset == name:
        try:
            return renewed(before, folder, newer)
        except ModelError as error:
            logger.info("the popular list serves until the next fit: %s", error)
    return load_serving(folder, None, newer)


def _matches(
    stored: Sequence[StoredMovie], catalogue: Catalogue, same: bool, before: Catalogue
) -> dict[int, Movie | None]:
    """What stored movies are in a catalogue; in a newer state of the same one mostly what they were.

    `before` is what was served until now.
    """
    found: dict[int, Movie | None] = {}
    for one in stored:
        movie = None if one.catalogue_id is None or not same else catalogue.get(one.catalogue_id)
        if movie is not None and is_still(one, movie):
            found[one.movie_key] = movie
    wanted = [as_movie(one) for one in stored if one.movie_key not in found]
    index = index_for(wanted, catalogue)
    for movie in wanted:
        movie_id = match(movie, index)
        if movie_id is None and len(before):
            movie_id = _renumbered(movie, index, catalogue, before)
        found[movie.movie_id] = None if movie_id is None else catalogue[movie_id]
    return found


def _renumbered(movie: Movie, index: MovieIndex, catalogue: Catalogue, before: Catalogue) -> int | None:
    """The only movie of the same title and year that came as this one went: it has another number at IMDb.

    What was there before already is another film of that name.
    """
    found = index.by_name(movie._replace(imdb_id=None, tmdb_id=None))
    if found is None:
        return None
    other = catalogue[found]
    known = other.imdb_id is not None and bool((before.number("imdb_id") == other.imdb_id).any())
    at_tmdb = None not in (movie.tmdb_id, other.tmdb_id) and movie.tmdb_id != other.tmdb_id
    return None if known or at_tmdb or movie.year is None or movie.year != other.year else found
