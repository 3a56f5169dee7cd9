"""Loading of whatever data sets are at some paths."""

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from recommender.catalogue import Catalogue
from recommender.datasets import imdb, starter
from recommender.datasets.archive import Counted, Files, open_files
from recommender.datasets.dataset import INFO_FILE, Dataset, DatasetError, OnBytes, Ratings
from recommender.datasets.editions import WITH_IMDB, WITH_TMDB
from recommender.datasets.imdb import ImdbOptions, files_in, load_imdb
from recommender.datasets.joining import Source, joined
from recommender.datasets.movielens import load_movielens
from recommender.datasets.starter import FILMS, load_starter
from recommender.datasets.tables import CSV, DAT, MOVIES, WANTED
from recommender.datasets.the_movies_dataset import ACKNOWLEDGEMENT as TMDB_ACKNOWLEDGEMENT
from recommender.datasets.the_movies_dataset import NAME as TMDB_NAME
from recommender.datasets.the_movies_dataset import WANTED as TMDB_WANTED
from recommender.datasets.the_movies_dataset import folders_of, load_the_movies_dataset
from recommender.datasets.tmdb import metadata_in, read_facts

EDITION, IMDB, TMDB, STARTER = KINDS = (
    "an edition of MovieLens",
    "IMDb's files",
    "The Movies Dataset",
    "the starter set",
)
_SUFFIXES = {EDITION: "", IMDB: WITH_IMDB, TMDB: WITH_TMDB, STARTER: ""}
_FIRST = (EDITION, TMDB, STARTER, IMDB)
"""Whose ids stay: of the first one that is there."""


def load_dataset(
    path: Path | str,
    *more: Path | str,
    on_bytes: OnBytes | None = None,
    keep: Collection[int] = (),
    options: ImdbOptions = imdb.DEFAULT,
    today: date | None = None,
) -> Dataset:
    """Load data sets, find out by itself which ones they are, and join them.

    Parameters
    ----------
    path : Path or str
        An edition of MovieLens (the zip archive as GroupLens publishes it, or a folder with its files:
        ``.csv``, or ``.dat`` of 1M and 10M), The Movies Dataset (whole, or any of its files that have
        metadata, or links and ratings), both in one place, a folder with IMDb's files (``.tsv.gz`` or
        ``.tsv``), a folder that `Dataset.save` wrote, or the starter set's.
    *more : Path or str
        Further ones to join with it, one of each kind. The ratings and ids are the edition's (without one
        those of The Movies Dataset, of the starter set, of IMDb), the facts of all, and so are the movies.
    on_bytes : callable, optional
        Called while files are read with how much of a place is read, and how much there is; may raise.
    keep : collection of int
        Numbers at IMDb that are taken from its files in any case, as are the edition's.
    options : ImdbOptions
        What else is taken from them.
    today : date, optional
        What counts as new depends on it.

    Raises
    ------
    DatasetError
        With one line for the person who gave the path: nothing is there, it is damaged, or not a data set.
    """
    places: dict[str, list[Path]] = {}
    place = Path(path)
    try:
        for place in (Path(path), *map(Path, more)):
            places.setdefault(_kind(place), []).append(place)
        for kind, found in places.items():
            if len(found) > 1:
                one_each = f"{', '.join(KINDS[:-1])} and {KINDS[-1]}"
                raise DatasetError(f"{one_each} can be joined, one of each; there are {len(found)} of {kind}")
        first = next(kind for kind in _FIRST if kind in places)
        reader = _Reader(set(keep), options, today, on_bytes)
        place = places[first][0]
        dataset = reader.read(first, place)
        reader.keep.update(number for number in dataset.catalogue.number("imdb_id").tolist() if number)
        sources: list[Source] = []
        for kind in KINDS:
            if kind in places and kind != first:
                place = places[kind][0]
                facts = reader.read(kind, place, facts_alone=True)
                sources.append(_source(kind, facts))
    except OSError as error:  # a name that is too long, a folder that may not be entered
        raise DatasetError(f"{str(place)[:200]} cannot be read: {error.strerror}") from error
    return joined(dataset, sources) if sources else dataset


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads sources of any kind."""

    keep: set[int]
    options: ImdbOptions
    today: date | None
    on_bytes: OnBytes | None

    def read(self, kind: str, place: Path, *, facts_alone: bool = False) -> Dataset:
        """What is at a place; on demand without the ratings that The Movies Dataset has."""
        if (place / INFO_FILE).is_file():
            return Dataset.load(place)
        if kind == STARTER:
            return load_starter(place)
        if kind == IMDB:
            return load_imdb(place, self.options, keep=self.keep, today=self.today, on_bytes=self.on_bytes)
        with open_files(place, WANTED | TMDB_WANTED) as files:
            counted = files if self.on_bytes is None else Counted(files, self.on_bytes)
            if kind == EDITION:
                return _edition(counted)
            folder = _facts_folder(counted) or ""
            if facts_alone and metadata_in(counted.folders[folder]):
                return _facts(counted, folder)
            return load_the_movies_dataset(counted, folder)


def _kind(place: Path) -> str:
    """Of what kind the data set at a place is; an edition, if that is not to be seen."""
    if (place / INFO_FILE).is_file():
        saved = {imdb.NAME: IMDB, TMDB_NAME: TMDB, starter.NAME: STARTER}
        try:
            return saved.get(json.loads((place / INFO_FILE).read_text(encoding="utf-8"))["name"], EDITION)
        except (ValueError, KeyError, TypeError):
            return EDITION
    if (place / FILMS).is_file():
        return STARTER
    if files_in(place):
        return IMDB
    with open_files(place, WANTED | TMDB_WANTED) as files:
        return EDITION if _facts_folder(files) is None or _has_edition(files) else TMDB


def _edition(files: Files) -> Dataset:
    """An edition, joined with the facts that are in the same place."""
    folder, edition = _facts_folder(files), load_movielens(files)
    if folder is None:
        return edition
    found = _facts(files, folder)
    return joined(edition, [_source(TMDB, found)])


def _source(kind: str, facts: Dataset) -> Source:
    return Source(_SUFFIXES[kind], facts.catalogue, facts.acknowledgement, facts.dropped, facts.until)


def _facts(files: Files, folder: str) -> Dataset:
    """The facts of The Movies Dataset alone."""
    dropped: Counter[str] = Counter()
    catalogue = Catalogue(read_facts(files, folder, dropped).values())
    return Dataset(TMDB_NAME, catalogue, Ratings.empty(), TMDB_ACKNOWLEDGEMENT, dict(+dropped))


def _facts_folder(files: Files) -> str | None:
    found = folders_of(files)
    # What lies in the place itself is meant, whatever its subfolders have.
    found = [folder for folder in found if not folder] or found
    if len(found) > 1:
        raise DatasetError(f"{files.place} has more than one data set: give the path of one of them alone")
    return found[0] if found else None


def _has_edition(files: Files) -> bool:
    return any({MOVIES.stem + CSV, MOVIES.stem + DAT} & names for names in files.folders.values())
