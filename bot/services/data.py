"""The data sets: which one is active, and what its exchange does to the friends' movies."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Event

from bot.errors import UserError
from bot.services.clock import Clock, utc_now
from bot.services.data_folder import DataFolder, OnProgress, imdb_folder, is_imdb
from bot.services.imports.finding import Finder
from bot.services.imports.waiting import settle
from bot.services.newer import lacking
from bot.services.shelf import Shelf, load_serving
from bot.services.wording import listed
from bot.store import Store, meta, model_versions, movies, releases
from bot.store.movies import StoredMovie, as_movie
from recommender.catalogue import Catalogue, Movie
from recommender.datasets import imdb, imdb_download, starter
from recommender.datasets.dataset import DatasetError
from recommender.datasets.editions import EDITIONS, WITH_IMDB, WITH_TMDB, edition_of, joined_edition
from recommender.datasets.matching import MovieIndex, match

IMDB_MOVIES = "170,000"
IMDB_COST = "2 min, 1.2 GB; beside ml-latest-small 1 min, 9 GB"
"""Measured on made-up files of IMDb's size."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DataStatus:
    """The active data set.

    Attributes
    ----------
    name : str
    movies, rated, ratings : int
        Of the catalogue; those of them that the community rated; its ratings.
    up_to : str
        How new the newest films in it are, in words; empty if that is not known.
    licence, acknowledgement : str
        What may be done with it, and what is to be said; empty if nothing is known.
    dropped : dict
        Number of source rows that were left out, by reason.
    matched : int
        Movies that friends rated or put aside and that the catalogue has.
    unmatched : tuple of str
        Names of those that it lacks. What friends said of them is kept.
    """

    name: str
    movies: int
    rated: int
    up_to: str
    ratings: int
    licence: str
    acknowledgement: str
    dropped: dict[str, int] = field(default_factory=dict[str, int])
    matched: int = 0
    unmatched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DataEntry:
    """A data set that is there or can be downloaded; sizes as people read them.

    Attributes
    ----------
    films : str
        What the newest ones are of.
    bytes : int
        Size of the download; 0 for what cannot be downloaded.
    cost : str
        Time and memory that adding it takes, and fitting on it.
    """

    name: str
    on_disk: bool
    active: bool
    movies: str
    films: str
    ratings: str
    bytes: int
    cost: str
    licence: str


class DataSets:
    """The data sets of a home. They are exchanged while the bot is stopped.

    Parameters
    ----------
    store : Store
    shelf : Shelf
    home : Path
    clock : Clock
    """

    def __init__(self, store: Store, shelf: Shelf, home: Path, clock: Clock = utc_now) -> None:
        self._store = store
        self._shelf = shelf
        self._folder = DataFolder(home)
        self._clock = clock

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
            if await self._exchanged(active):
                await self._make_active(active)
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
        return await asyncio.to_thread(_entries, self._folder, active)

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
        until = await asyncio.to_thread(self._folder.until, serving.dataset)
        return DataStatus(
            name=serving.dataset,
            movies=len(serving.catalogue),
            rated=int((popularity > 0).sum()),
            up_to=_up_to(serving.catalogue, until),
            ratings=int(popularity.sum()),
            licence=" ".join(filter(None, licences)),
            acknowledgement=serving.acknowledgement,
            dropped=await asyncio.to_thread(self._folder.dropped, serving.dataset),
            matched=len(stored) - len(lacking),
            unmatched=lacking,
        )

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
            If there is no such data set, it cannot be downloaded, read or written. What was active stays so.
        """
        stopped = Event()

        def tell(stage: str, done: int, total: int) -> None:
            if stopped.is_set():
                raise _Stopped
            if on_progress is not None:
                on_progress(stage, done, total)

        try:
            wanted = [one.strip() for one in (name_or_path, *joined_with)]
            active = await self._active()
            if active not in (None, imdb.NAME) and all(map(is_imdb, wanted)):
                wanted.insert(0, active)
            # What friends spoke of stays, however few voted on it.
            async with self._store.read() as db:
                keep = {one.imdb_id for one in await movies.everything(db) if one.imdb_id is not None}
            if len(wanted) > 1:
                name = await asyncio.to_thread(self._folder.fetch_joined, wanted, tell, keep)
            else:
                name = await asyncio.to_thread(self._folder.fetch, wanted[0], tell, keep)
            tell("matching the friends' movies", 0, 1)
            await self._exchange(name)
        except asyncio.CancelledError:
            stopped.set()
            raise
        except DatasetError as error:
            raise UserError(str(error)) from error
        except OSError as error:
            raise UserError(f"{error.filename or name_or_path[:200]}: {error.strerror or error}") from error
        return await self.status()

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

    async def _exchange(self, name: str) -> None:
        # Read before it is made active: what cannot be served must not be.
        async with self._store.read() as db:
            newer = await releases.everything(db)
        serving = await asyncio.to_thread(load_serving, self._folder.path(name), None, newer)
        await self._make_active(name)
        self._shelf.swap(serving)

    async def _make_active(self, name: str, *, missed: str | None = None) -> None:
        catalogue = await asyncio.to_thread(self._folder.catalogue, name)
        digest = await asyncio.to_thread(self._folder.digest, name)
        async with self._store.write() as db:
            newer = await asyncio.to_thread(lacking, catalogue, await releases.everything(db))
            catalogue = catalogue.joined(Catalogue(newer))
            index = await asyncio.to_thread(MovieIndex, catalogue)
            stored = await movies.everything(db)
            await movies.rematch(db, await asyncio.to_thread(_matches, stored, index, catalogue))
            await meta.put(db, meta.UNSETTLED, name)
            await meta.put(db, meta.ACTIVE_DATASET, name)
            await meta.put(db, meta.MATCHED_TO, digest)
            await meta.put(db, meta.MISSED_DATASET, missed)
            current = await model_versions.current(db)
            if current is not None and current.dataset != name:
                # Its movies have other numbers; it will serve again should its data come back.
                await model_versions.set_state(db, current.version, "kept")
            await meta.put(db, meta.DATASET_SINCE, self._clock().isoformat())
        await settle(self._store, Finder(), catalogue, self._clock())


def how_to_add(name: str) -> str:
    """The command that brings a data set of this name into a home."""
    edition = joined_edition(name)
    if edition is None:
        return f"python -m bot data add FILE, with the file or folder that {name} was made from"
    joined_with = name.casefold().removeprefix(edition.name)
    more = {
        WITH_IMDB: ("IMDB", "the folder of IMDb's files"),
        WITH_TMDB: ("FILE", "the file of The Movies Dataset"),
    }
    wanted = [told for suffix, told in more.items() if suffix in joined_with]
    names = " ".join([edition.name, *(word for word, _ in wanted)])
    return ", with ".join([f"python -m bot data add {names}", *(told for _, told in wanted)])


def _entries(folder: DataFolder, active: str | None) -> list[DataEntry]:
    on_disk = folder.names()
    names = dict.fromkeys([*(edition.name for edition in EDITIONS), imdb.NAME, *on_disk])
    return [_entry(folder, name, name in on_disk, name == active) for name in names]


def _entry(folder: DataFolder, name: str, on_disk: bool, active: bool) -> DataEntry:
    edition = edition_of(name)
    if edition is not None:
        about = edition.movies, edition.films, edition.ratings, edition.bytes, edition.cost, edition.licence
    elif name == imdb.NAME:
        there = on_disk or not imdb_download.missing_in(imdb_folder(folder.home))
        return DataEntry(
            name, there, active, IMDB_MOVIES, "this week", "", imdb_download.BYTES, IMDB_COST, imdb.LICENCE
        )
    else:
        popularity = folder.popularity(name)
        until = folder.until(name)
        films = "" if until is None else f"{until:%b %Y}"
        about = f"{len(popularity):,}", films, f"{int(popularity.sum()):,}", 0, "", ""
    return DataEntry(name, on_disk, active, *about)


def _up_to(catalogue: Catalogue, until: date | None) -> str:
    """How new the newest films are that somebody rated or voted on: a day only where films bear it out."""
    years = catalogue.number("year")
    newest = int(years[(years <= utc_now().year) & (catalogue.number("votes", 1) > 0)].max(initial=0))
    if until is not None and newest == until.year:
        return f"{until.day} {until:%B %Y}"
    return str(newest) if newest else ""


class _Stopped(Exception):
    """Ends a thread whose result nobody waits for any more."""


def _matches(
    stored: Sequence[StoredMovie], index: MovieIndex, catalogue: Catalogue
) -> dict[int, Movie | None]:
    found = {movie.movie_key: match(as_movie(movie), index) for movie in stored}
    return {key: None if movie_id is None else catalogue[movie_id] for key, movie_id in found.items()}
