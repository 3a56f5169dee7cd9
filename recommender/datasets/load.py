"""Loading of whatever data set is at a path."""

from pathlib import Path

from recommender.datasets.archive import open_files
from recommender.datasets.dataset import INFO_FILE, Dataset, DatasetError
from recommender.datasets.movielens import load_movielens
from recommender.datasets.starter import FILMS, load_starter
from recommender.datasets.tables import WANTED


def load_dataset(path: Path | str) -> Dataset:
    """Load a data set and find out by itself which one it is.

    Parameters
    ----------
    path : Path or str
        An edition of MovieLens (the zip archive as GroupLens publishes it, or a folder with its files:
        ``.csv``, or ``.dat`` of 1M and 10M), a folder that `Dataset.save` wrote, or the starter set's.

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
        with open_files(path, WANTED) as files:
            return load_movielens(files)
    except OSError as error:  # a name that is too long, a folder that may not be entered
        raise DatasetError(f"{str(path)[:200]} cannot be read: {error.strerror}") from error
