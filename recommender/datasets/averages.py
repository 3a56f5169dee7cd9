"""What a community thinks of each movie: how many rated it, and the mean and spread of their stars."""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from recommender.datasets.dataset import RATINGS_FILE, DatasetError

ROWS = 1 << 18
"""So many ratings are in memory at a time."""

MIDDLE = 3.5
"""The stars that are expected where nothing is known; about the mean of every MovieLens edition."""

USUAL_SPREAD = 1.0
FEW = 5.0
"""Ratings at which a movie's own mean and the community's count the same."""


@dataclass(frozen=True, slots=True)
class Averages:
    """The community's stars, for every movie that it rated.

    Attributes
    ----------
    movie_ids : int64, shape (n,)
        Ascending.
    counts : int64, shape (n,)
    sums, squares : float64, shape (n,)
        Of the stars, and of their squares.
    """

    movie_ids: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]
    sums: npt.NDArray[np.float64]
    squares: npt.NDArray[np.float64]

    @classmethod
    def nothing(cls) -> "Averages":
        """Of no community."""
        return cls(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0))

    @property
    def middle(self) -> float:
        """The mean of all ratings; `MIDDLE` without any."""
        return float(self.sums.sum() / self.counts.sum()) if len(self.counts) else MIDDLE

    def of(self, movie_ids: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
        """Stars to be expected of the community for these movies, and how many ratings say so.

        The mean, drawn towards the mean of all where the ratings are few.

        Returns
        -------
        tuple of (float64, shape (n,)) and (int64, shape (n,))
        """
        counts, sums, _ = self._found(movie_ids)
        return (sums + FEW * self.middle) / (counts + FEW), counts.astype(np.int64)

    def spreads(self, movie_ids: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Standard deviation of the community's stars for each movie, drawn towards one star where few."""
        counts, sums, squares = self._found(movie_ids)
        within = np.maximum(squares - sums**2 / np.maximum(counts, 1), 0)
        return np.sqrt((within + FEW * USUAL_SPREAD**2) / (counts + FEW))

    def _found(self, movie_ids: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Counts, sums and squares of these movies, 0 for those that nobody rated."""
        if not len(self.movie_ids):
            return np.zeros((3, len(movie_ids)))
        places = np.minimum(np.searchsorted(self.movie_ids, movie_ids), len(self.movie_ids) - 1)
        totals = np.stack([self.counts[places], self.sums[places], self.squares[places]])
        return np.where(self.movie_ids[places] == movie_ids, totals, 0.0)


def read_averages(folder: Path) -> Averages:
    """Work the averages out from the ratings of a saved data set, a piece at a time.

    The bot has no room for the ratings of a large community; this needs a few megabytes for any number.

    Raises
    ------
    DatasetError
        If the folder does not hold readable ratings.
    """
    ids = np.zeros(0, np.int64)
    totals = np.zeros((3, 0))
    try:
        with zipfile.ZipFile(folder / RATINGS_FILE) as archive:
            pieces = zip(_pieces(archive, "movie_ids"), _pieces(archive, "stars"), strict=True)
            for movie_ids, stars in pieces:
                stars = stars.astype(np.float64)
                found, owners = np.unique(movie_ids, return_inverse=True)
                every = np.union1d(ids, found)
                grown = np.zeros((3, len(every)))
                grown[:, np.searchsorted(every, ids)] = totals
                here = np.searchsorted(every, found)
                for row, weights in enumerate((np.ones_like(stars), stars, stars**2)):
                    grown[row, here] += np.bincount(owners, weights, len(found))
                ids, totals = every, grown
    except (OSError, ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise DatasetError(f"{folder} does not hold readable ratings: {error}") from error
    return Averages(ids.astype(np.int64), totals[0].astype(np.int64), totals[1], totals[2])


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[npt.NDArray[Any]]:
    """The rows of a one-dimensional array in an archive, in pieces of `ROWS`."""
    with archive.open(f"{name}.npy") as file:
        version = np.lib.format.read_magic(file)
        read = (
            np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        )
        shape, _, dtype = read(file)
        if len(shape) != 1 or dtype.hasobject:
            raise ValueError(f"{name} is no array of numbers")
        left = shape[0]
        while left:
            rows = min(left, ROWS)
            yield np.frombuffer(_exactly(file, rows * dtype.itemsize), dtype)
            left -= rows


def _exactly(file: IO[bytes], size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = file.read(size)
        if not part:
            raise EOFError("the ratings end in the middle")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
