"""The data sets of a home on disk: fetched, read, written whole or not at all."""

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Collection, Sequence
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
from recommender.datasets.editions import EDITIONS, Edition, edition_of
from recommender.datasets.imdb import ImdbOptions, files_in
from recommender.datasets.imdb_download import download_imdb
from recommender.storage import read_array

OnProgress = Callable[[str, int, int], None]
"""Called with a stage, how much of it is done, and how much there is (0 if that is not known)."""

DOWNLOADING, READING, WRITING = BYTES = "downloading", "reading", "writing"
"""Stages whose progress is in bytes."""

IMDB_OPTIONS = ImdbOptions(languages=None)
"""Films are found in every language."""

SOURCE_FILE = "source.sha256"
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

    def fetch(self, wanted: str, tell: OnProgress, keep: Collection[int] = ()) -> str:
        """See to it that a data set is there; answers its name.

        Parameters
        ----------
        wanted : str
            Name of what is there or of an edition, which is downloaded; or a path, which is always read anew.
            ``imdb`` is downloaded as far as it has changed.
        tell : callable
        keep : collection of int
            Numbers of films that are taken from IMDb's files in any case.

        Raises
        ------
        DatasetError, UserError
            If there is no such data set, or it cannot be downloaded or read.
        OSError
            If it cannot be written.
        """
        edition = edition_of(wanted)
        name = wanted if edition is None else edition.name
        if name == starter.NAME:
            self.save_starter()
            return name
        if name.casefold() == imdb.NAME:
            return self._read([self._imdb(tell)], tell, keep)
        if name in self.names():
            return name
        if edition is not None:
            return self._download(edition, tell)
        path = existing(wanted)
        if path is None:
            names = listed([*(edition.name for edition in EDITIONS), imdb.NAME])
            line = " ".join(wanted.split())[:200]
            raise UserError(f"“{line}” is neither a file or folder nor a data set: there are {names}")
        return self._read([path], tell, keep)

    def fetch_joined(self, wanted: Sequence[str], tell: OnProgress, keep: Collection[int] = ()) -> str:
        """Join several sources; answers the name of what that makes.

        Parameters
        ----------
        wanted : sequence of str
            Each as for `fetch`.
        tell : callable
        keep : collection of int

        Raises
        ------
        DatasetError, UserError
            If one of them is not there or cannot be read, or they cannot be joined.
        OSError
            If it cannot be written.
        """
        places: list[Path] = []
        for one in wanted:
            if one.casefold() == imdb.NAME:
                places.append(self._imdb(tell))
                continue
            known = edition_of(one) is not None or one in self.names()
            path = None if known else existing(one)
            places.append(self.path(self.fetch(one, tell)) if path is None else path)
        return self._read(places, tell, keep)

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
            for old in left.glob("old/*"):
                if not self.path(old.name).exists():
                    old.replace(self.path(old.name))
            shutil.rmtree(left, ignore_errors=True)

    def _imdb(self, tell: OnProgress) -> Path:
        """The folder of IMDb's files as they are now."""
        folder = imdb_folder(self.home)
        download_imdb(folder, lambda done, total: tell(DOWNLOADING, done, total))
        return folder

    def _download(self, edition: Edition, tell: OnProgress) -> str:
        file = download(edition, self._downloads, lambda done, total: tell(DOWNLOADING, done, total))
        name = self._read([file.path], tell)
        file.path.unlink()
        return name

    def _read(self, places: Sequence[Path], tell: OnProgress, keep: Collection[int] = ()) -> str:
        # Imported here: it needs pandas, which a bot that is running never loads.
        from recommender.datasets import load_dataset

        tell(READING, 0, 0)
        dataset = load_dataset(
            *places,
            on_bytes=lambda done, total: tell(READING, done, total),
            keep=keep,
            options=IMDB_OPTIONS,
        )
        if not _NAME.fullmatch(dataset.name):
            raise UserError(
                f"“{dataset.name[:64]}” cannot be the name of a data set: rename the file or folder"
            )
        tell(WRITING, 0, 0)
        self._save(dataset, on_bytes=lambda done, total: tell(WRITING, done, total))
        return dataset.name

    def _save(self, dataset: Dataset, digest: str = "", on_bytes: OnBytes | None = None) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        target = self.path(dataset.name)
        with tempfile.TemporaryDirectory(dir=self._folder, prefix=".") as place:
            new, old = Path(place) / "new", Path(place) / "old" / dataset.name
            dataset.save(new, on_bytes)
            note_popularity(dataset, new)
            if digest:
                (new / SOURCE_FILE).write_text(digest, encoding="ascii")
            if target.exists():
                old.parent.mkdir()
                target.replace(old)
            new.replace(target)


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
