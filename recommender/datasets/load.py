"""Loading of whatever data set is at a path."""

from pathlib import Path

from recommender.datasets.archive import Files, open_files
from recommender.datasets.dataset import INFO_FILE, Dataset, DatasetError
from recommender.datasets.movielens import load_movielens
from recommender.datasets.starter import FILMS, load_starter
from recommender.datasets.tables import WANTED
from recommender.datasets.the_movies_dataset import WANTED as TMDB_WANTED
from recommender.datasets.the_movies_dataset import folders_of, load_the_movies_dataset


def load_dataset(path: Path | str) -> Dataset:
    """Load a data set and find out by itself which one it is.

    Parameters
    ----------
    path : Path or str
        An edition of MovieLens (the zip archive as GroupLens publishes it, or a folder with its files:
        ``.csv``, or ``.dat`` of 1M and 10M), The Movies Dataset (whole, or any of its files that have
        metadata, or links and ratings), a folder that `Dataset.save` wrote, or the starter set's.

    Raises
    ------
    DatasetError
        With one line for the person who gave the path: nothing is there, it is damaged, or not a data set.
    """
    path = Path(path)
    try:
        if (path / INFO_FILE).is_file():
            return Dataset.load(path)
        if (path / FILMS).is_file():
            return load_starter(path)
        with open_files(path, WANTED | TMDB_WANTED) as files:
            return _load(files)
    except OSError as error:  # a name that is too long, a folder that may not be entered
        raise DatasetError(f"{str(path)[:200]} cannot be read: {error.strerror}") from error


def _load(files: Files) -> Dataset:
    found = folders_of(files)
    # What lies in the place itself is meant, whatever its subfolders have.
    found = [folder for folder in found if not folder] or found
    if len(found) > 1:
        raise DatasetError(f"{files.place} has more than one data set: give the path of one of them alone")
    return load_the_movies_dataset(files, found[0]) if found else load_movielens(files)
