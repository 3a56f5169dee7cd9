"""The data sets of a home on disk: fetched, read, written whole or not at all."""

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.errors import UserError
from bot.services.shelf import POPULARITY_FILE, note_popularity
from bot.services.wording import listed
from recommender.catalogue import Catalogue, CatalogueError, catalogue_in
from recommender.datasets import imdb, starter
from recommender.datasets.dataset import INFO_FILE, Dataset, DatasetError, OnBytes
from recommender.datasets.download import download
from recommender.datasets.editions import EDITIONS, WITH_IMDB, Edition, edition_of, joined_edition
from recommender.datasets.imdb import ImdbOptions, files_in
from recommender.datasets.imdb_download import download_imdb, state_in
from recommender.datasets.joining import Source, joined, without_facts
from recommender.storage import read_array

OnProgress = Callable[[str, int, int], None]
"""Called with a stage, how much of it is done, and how much there is (0 if that is not known)."""

DOWNLOADING, READING, WRITING = BYTES = "downloading", "reading", "writing"
"""Stages whose progress is in bytes."""

IMDB_OPTIONS = ImdbOptions(languages=None)
"""Films are found in every language."""

SOURCE_FILE = "source.sha256"
IMDB_FILE = "imdb.json"
"""In the folder of a data set: which state of IMDb's files it was joined with."""
NEW, OLD = "new", "old"
"""In the folder in which a data set is made: that, and what was in its place before."""
MOST_LOST = 0.1
"""So large a part of its movies a data set may lose when it is joined with a newer state of a source."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


class DataFolder:
    """The folder of the data sets, each in the form that `Dataset.save` writes. All of this takes time.

    Parameters
    ----------
    home : Path
        Holds the folders ``datasets`` and ``downloads``.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self._folder = home / "datasets"
        self._downloads = home / "downloads"

    def path(self, name: str) -> Path:
        """The folder of a data set."""
        return self._folder / name

    def names(self) -> list[str]:
        """The data sets that are there."""
        return sorted(path.parent.name for path in self._folder.glob(f"[!.]*/{INFO_FILE}"))

    def catalogue(self, name: str) -> Catalogue:
        """The catalogue of a data set.

        Raises
        ------
        DatasetError
            If it cannot be read.
        """
        try:
            return Catalogue.load(catalogue_in(self.path(name)))
        except (OSError, CatalogueError) as error:
            raise DatasetError(f"{self.path(name)} does not hold a readable data set: {error}") from error

    def digest(self, name: str) -> str | None:
        """Tells one catalogue from another of the same name; None if it cannot be read."""
        try:
            with catalogue_in(self.path(name)).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return None

    def popularity(self, name: str) -> npt.NDArray[np.float32]:
        """How often each movie was rated; empty where that was not noted."""
        try:
            return read_array(self.path(name) / POPULARITY_FILE)
        except (OSError, ValueError, EOFError):
            return np.zeros(0, np.float32)

    def dropped(self, name: str) -> dict[str, int]:
        """Number of source rows that were left out, by reason; empty where that was not noted."""
        try:
            info = json.loads((self.path(name) / INFO_FILE).read_text(encoding="utf-8"))
            return {str(reason): int(count) for reason, count in info["dropped"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def until(self, name: str) -> date | None:
        """What happened later is not in a data set; None where that was not noted."""
        try:
            info = json.loads((self.path(name) / INFO_FILE).read_text(encoding="utf-8"))
            return date.fromisoformat(info["until"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def staging(self) -> Path:
        """A new folder in which a data set is made; it is removed if the program ends before."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(dir=self._folder, prefix="."))

    def fetch(
        self, wanted: Sequence[str], tell: OnProgress, place: Path, keep: Collection[int] = ()
    ) -> tuple[str, bool]:
        """See to it that a data set can be had; answers its name, and whether it was made anew.

        Parameters
        ----------
        wanted : sequence of str
            Names of what is there or of editions, which are downloaded; or paths, which are always read anew.
            ``imdb`` is downloaded as far as it has changed. Several are joined.
        tell : callable
        place : Path
            A `staging` folder: what is made lies in it as `NEW`.
        keep : collection of int
            Numbers of films that are taken from IMDb's files in any case.

        Raises
        ------
        DatasetError, UserError
            If there is no such data set, it cannot be downloaded or read, or they cannot be joined. Also if a
            data set that is joined anew with one of its sources would lose more than a tenth of its movies.
        OSError
            If it cannot be written.
        """
        if len(wanted) == 1:
            name = self._there(wanted[0])
            if name is not None:
                return name, False
            edition = edition_of(wanted[0])
            if edition is not None:
                return self._download(edition, tell, place), True
        sources = [self._source(one, tell) for one in wanted]
        return self._read(sources, tell, place, keep, {*wanted} & {*self.names()}), True

    def is_behind(self, name: str, tell: OnProgress) -> bool:
        """Download what has changed at IMDb; answers whether a data set lacks it."""
        now = state_in(self._imdb(tell))
        try:
            return not now or (self.path(name) / IMDB_FILE).read_text(encoding="utf-8") != now
        except (OSError, ValueError):
            return True

    def _there(self, wanted: str) -> str | None:
        """The name of what is there already and is taken as it is."""
        edition = edition_of(wanted)
        name = wanted if edition is None else edition.name
        if name == starter.NAME:
            self.save_starter()
            return name
        return name if name in self.names() and name.casefold() != imdb.NAME else None

    def _source(self, wanted: str, tell: OnProgress) -> Path:
        """The folder or file of a source."""
        if wanted.casefold() == imdb.NAME:
            return self._imdb(tell)
        name = self._there(wanted)
        if name is not None:
            return self.path(name)
        edition = edition_of(wanted)
        if edition is not None:
            # It stays, so that it can be joined with something else another time.
            place = self.staging()
            try:
                name = self._download(edition, tell, place)
                self.place(place, name)
            finally:
                shutil.rmtree(place, ignore_errors=True)
            return self.path(name)
        path = existing(wanted)
        if path is None:
            names = listed([*(edition.name for edition in EDITIONS), imdb.NAME])
            line = " ".join(wanted.split())[:200]
            raise UserError(f"“{line}” is neither a file or folder nor a data set: there are {names}")
        return path

    def place(self, place: Path, name: str) -> None:
        """Put the data set that was made in a `staging` folder where data sets are; the old one stays there.

        Raises
        ------
        OSError
            If it cannot be moved; then the old one is where it was.
        """
        target, old = self.path(name), place / OLD / name
        if target.exists():
            old.parent.mkdir(exist_ok=True)
            target.replace(old)
        try:
            (place / NEW).replace(target)
        except OSError:
            if old.exists():
                old.replace(target)
            raise

    def take_back(self, place: Path, name: str) -> None:
        """Undo `place`."""
        self.path(name).replace(place / NEW)
        old = place / OLD / name
        if old.exists():
            old.replace(self.path(name))

    def save_starter(self) -> bool:
        """Save the starter set unless it is there as the program has it; answers whether it was saved.

        Raises
        ------
        DatasetError, OSError
            If it cannot be read or written.
        """
        digest = hashlib.sha256((starter.STARTER / starter.FILMS).read_bytes()).hexdigest()
        noted = self.path(starter.NAME) / SOURCE_FILE
        if noted.is_file() and noted.read_text(encoding="ascii", errors="replace") == digest:
            return False
        self._save(starter.load_starter(), digest)
        return True

    def remove(self, name: str) -> None:
        """Remove a data set."""
        shutil.rmtree(self.path(name))

    def tidy(self) -> None:
        """Remove what a process left that was killed while it wrote.

        Was it killed just as a new data set took the place of an old one, the old one comes back: what
        friends said is matched to it.
        """
        for left in self._folder.glob(".*"):
            for old in left.glob(f"{OLD}/*"):
                if not self.path(old.name).exists():
                    old.replace(self.path(old.name))
            shutil.rmtree(left, ignore_errors=True)

    def _imdb(self, tell: OnProgress) -> Path:
        """The folder of IMDb's files as they are now."""
        folder = imdb_folder(self.home)
        download_imdb(folder, lambda done, total: tell(DOWNLOADING, done, total))
        return folder

    def _download(self, edition: Edition, tell: OnProgress, place: Path) -> str:
        file = download(edition, self._downloads, lambda done, total: tell(DOWNLOADING, done, total))
        name = self._read([file.path], tell, place)
        file.path.unlink()
        return name

    def _read(
        self,
        sources: Sequence[Path],
        tell: OnProgress,
        place: Path,
        keep: Collection[int] = (),
        renewed: Collection[str] = (),
    ) -> str:
        # Imported here: it needs pandas, which a bot that is running never loads.
        from recommender.datasets import load_dataset

        tell(READING, 0, 0)
        state = state_in(imdb_folder(self.home)) if imdb_folder(self.home) in sources else ""
        dataset = load_dataset(
            *sources,
            on_bytes=lambda done, total: tell(READING, done, total),
            keep=keep,
            options=IMDB_OPTIONS,
        )
        if not renewed and joined_edition(dataset.name) is not None:
            # What friends know from before the edition, and the edition lacks, is there beside it.
            films = starter.load_starter()
            dataset = joined(dataset, [Source("", films.catalogue, films.acknowledgement)])
        if not _NAME.fullmatch(dataset.name):
            raise UserError(
                f"“{dataset.name[:64]}” cannot be the name of a data set: rename the file or folder"
            )
        if dataset.name in renewed:
            self._refuse_shrunk(dataset)
        tell(WRITING, 0, 0)
        _write(dataset, place / NEW, lambda done, total: tell(WRITING, done, total))
        if state:
            (place / NEW / IMDB_FILE).write_text(state, encoding="utf-8")
        return dataset.name

    def _refuse_shrunk(self, dataset: Dataset) -> None:
        """Refuse a data set if its sources have far fewer of its movies than when it was made before."""
        before = len(self.catalogue(dataset.name)) - _unconfirmed(self.dropped(dataset.name))
        now = len(dataset.catalogue) - _unconfirmed(dataset.dropped)
        if now < before * (1 - MOST_LOST):
            raise DatasetError(
                f"IMDb's files have {now:,} of the movies of {dataset.name}, and had {before:,}: more than a "
                "tenth is missing, so they are taken for damaged, and the catalogue stays as it is"
            )

    def _save(self, dataset: Dataset, digest: str) -> None:
        place = self.staging()
        try:
            _write(dataset, place / NEW)
            (place / NEW / SOURCE_FILE).write_text(digest, encoding="ascii")
            self.place(place, dataset.name)
        finally:
            shutil.rmtree(place, ignore_errors=True)


def _write(dataset: Dataset, folder: Path, on_bytes: OnBytes | None = None) -> None:
    dataset.save(folder, on_bytes)
    note_popularity(dataset, folder)


def _unconfirmed(dropped: Mapping[str, int]) -> int:
    """How many movies of a data set IMDb's files lack, by what was noted when it was joined with them."""
    return dropped.get(without_facts(WITH_IMDB), 0)


def imdb_folder(home: Path) -> Path:
    """Where a home keeps IMDb's files, so that only what changes is downloaded again."""
    return home / "downloads" / imdb.NAME


def is_imdb(wanted: str) -> bool:
    """Whether somebody who wrote this means IMDb's files, by their name or the path of their folder."""
    path = existing(wanted)
    return wanted.casefold() == imdb.NAME or (path is not None and bool(files_in(path)))


def existing(wanted: str) -> Path | None:
    """What is at a path that somebody wrote; None if nothing can be."""
    try:
        path = Path(wanted).expanduser()
        return path if wanted and path.exists() else None
    except (OSError, ValueError, RuntimeError):
        return None
