"""Loading of whatever data set is at a path."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from recommender.catalogue import Movie
from recommender.datasets.archive import Counted, Files, open_files
from recommender.datasets.dataset import INFO_FILE, Dataset, DatasetError, OnBytes
from recommender.datasets.joining import joined
from recommender.datasets.movielens import load_movielens
from recommender.datasets.starter import FILMS, load_starter
from recommender.datasets.tables import CSV, DAT, MOVIES, WANTED
from recommender.datasets.the_movies_dataset import NAME as TMDB_NAME
from recommender.datasets.the_movies_dataset import WANTED as TMDB_WANTED
from recommender.datasets.the_movies_dataset import folders_of, load_the_movies_dataset
from recommender.datasets.tmdb import metadata_in, read_facts


def load_dataset(path: Path | str, *more: Path | str, on_bytes: OnBytes | None = None) -> Dataset:
    """Load a data set and find out by itself which one it is.

    Parameters
    ----------
    path : Path or str
        An edition of MovieLens (the zip archive as GroupLens publishes it, or a folder with its files:
        ``.csv``, or ``.dat`` of 1M and 10M), The Movies Dataset (whole, or any of its files that have
        metadata, or links and ratings), both in one place, a folder that `Dataset.save` wrote, or the
        starter set's.
    *more : Path or str
        Further ones to join with it: of all together one must be an edition and the others The Movies
        Dataset. The ratings and ids are the edition's, the facts TMDB's.
    on_bytes : callable, optional
        Called while files are read with how much of a place is read, and how much there is; may raise.

    Raises
    ------
    DatasetError
        With one line for the person who gave the path: nothing is there, it is damaged, or not a data set.
    """
    place = Path(path)
    try:
        if not more:
            return _one(place, on_bytes)
        parts = _Parts(on_bytes)
        for place in (Path(path), *map(Path, more)):
            parts.add(place)
    except OSError as error:  # a name that is too long, a folder that may not be entered
        raise DatasetError(f"{str(place)[:200]} cannot be read: {error.strerror}") from error
    return parts.joined()


@dataclass(slots=True)
class _Parts:
    """What is to be joined."""

    on_bytes: OnBytes | None
    editions: list[Dataset] = field(default_factory=list[Dataset])
    facts: dict[int, Movie] = field(default_factory=dict[int, Movie])
    dropped: Counter[str] = field(default_factory=Counter[str])

    def add(self, place: Path) -> None:
        """Read what is at a place."""
        found = _facts_at(place, self.dropped, self.on_bytes)
        if found is None:
            dataset = _one(place, self.on_bytes)
            if dataset.name != TMDB_NAME:
                self.editions.append(dataset)
                return
            found = {movie.tmdb_id: movie for movie in dataset.catalogue if movie.tmdb_id is not None}
        self.facts |= found

    def joined(self) -> Dataset:
        """All of it as one data set."""
        if len(self.editions) != 1 or not self.facts:
            raise DatasetError(
                "one edition of MovieLens and the metadata of The Movies Dataset can be joined; "
                f"there are {len(self.editions)} editions and {'some' if self.facts else 'no'} metadata"
            )
        return joined(self.editions[0], self.facts.values(), dict(+self.dropped))


def _one(path: Path, on_bytes: OnBytes | None) -> Dataset:
    if (path / INFO_FILE).is_file():
        return Dataset.load(path)
    if (path / FILMS).is_file():
        return load_starter(path)
    with open_files(path, WANTED | TMDB_WANTED) as files:
        return _load(_counted(files, on_bytes))


def _counted(files: Files, on_bytes: OnBytes | None) -> Files:
    return files if on_bytes is None else Counted(files, on_bytes)


def _load(files: Files) -> Dataset:
    folder = _facts_folder(files)
    if folder is None:
        return load_movielens(files)
    if not _has_edition(files):
        return load_the_movies_dataset(files, folder)
    edition = load_movielens(files)
    dropped: Counter[str] = Counter()
    return joined(edition, read_facts(files, folder, dropped).values(), dict(+dropped))


def _facts_at(path: Path, dropped: Counter[str], on_bytes: OnBytes | None) -> dict[int, Movie] | None:
    """The facts of TMDB alone; None if this is no place for them, or has an edition as well."""
    if (path / INFO_FILE).is_file() or (path / FILMS).is_file():
        return None
    with open_files(path, WANTED | TMDB_WANTED) as files:
        folder = _facts_folder(files)
        if folder is None or _has_edition(files) or not metadata_in(files.folders[folder]):
            return None
        return read_facts(_counted(files, on_bytes), folder, dropped)


def _facts_folder(files: Files) -> str | None:
    found = folders_of(files)
    # What lies in the place itself is meant, whatever its subfolders have.
    found = [folder for folder in found if not folder] or found
    if len(found) > 1:
        raise DatasetError(f"{files.place} has more than one data set: give the path of one of them alone")
    return found[0] if found else None


def _has_edition(files: Files) -> bool:
    return any({MOVIES.stem + CSV, MOVIES.stem + DAT} & names for names in files.folders.values())
