"""Ratings as a sparse matrix people x movies, and how much a rating counts in it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import scipy.sparse

from recommender.catalogue import Catalogue
from recommender.datasets import Dataset
from recommender.evaluation.protocol import Friend
from recommender.profiles import LIKED_FROM

# scipy is not typed.
sparse: Any = scipy.sparse

Scores = npt.NDArray[np.float32]
Signal = Literal["liked", "rated", "stars", "centred"]
"""What a rating counts: 1 if liked and else nothing; 1 always; its stars of five; its stars above or
below `MIDDLE`, of the most there can be."""

MIDDLE = 2.75
TIES = 1e-6


def weigh(stars: npt.NDArray[np.float32], signal: Signal) -> npt.NDArray[np.float32]:
    """What ratings count, float32 of the same shape."""
    match signal:
        case "liked":
            counts = stars >= LIKED_FROM
        case "rated":
            counts = np.ones_like(stars)
        case "stars":
            counts = stars / 5
        case "centred":
            counts = (stars - MIDDLE) / (5 - MIDDLE)
    return counts.astype(np.float32)


class Table:
    """Catalogue rows of movies, and matrices in their order."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.movies = len(catalogue)
        self._row_of = {movie.movie_id: row for row, movie in enumerate(catalogue)}

    def community(self, dataset: Dataset, signal: Signal) -> Any:
        """Everybody's ratings, sparse float32 of shape (n_users, n_movies)."""
        ratings = dataset.ratings
        users, rows = np.unique(ratings.user_ids, return_inverse=True)
        columns = self._rows(ratings.movie_ids.tolist())
        return self._matrix(weigh(ratings.stars, signal), rows, columns, len(users))

    def told(self, friends: Sequence[Friend], signal: Signal) -> Any:
        """What friends told, sparse float32 of shape (n_friends, n_movies)."""
        rows = np.repeat(np.arange(len(friends)), [len(friend.told) for friend in friends])
        columns = self._rows([movie for friend in friends for movie in friend.told])
        stars = np.array([stars for friend in friends for stars in friend.told.values()], np.float32)
        return self._matrix(weigh(stars, signal), rows, columns, len(friends))

    def _rows(self, movie_ids: list[int]) -> npt.NDArray[np.int64]:
        return np.array([self._row_of[movie] for movie in movie_ids], np.int64)

    def _matrix(
        self,
        values: npt.NDArray[np.float32],
        rows: npt.NDArray[np.int64],
        columns: npt.NDArray[np.int64],
        people: int,
    ) -> Any:
        matrix = sparse.csr_matrix((values, (rows, columns)), shape=(people, self.movies), dtype=np.float32)
        matrix.eliminate_zeros()
        return matrix


def liked_counts(dataset: Dataset) -> Scores:
    """How many people like each movie, float32 of shape (n_movies,)."""
    liked = Table(dataset.catalogue).community(dataset, "liked")
    return np.asarray(liked.sum(axis=0), np.float32).ravel()


@dataclass(frozen=True, slots=True)
class Folded:
    """A peer that answers strangers from what they told, without another fit.

    Attributes
    ----------
    table : Table
    signal : Signal
        What told ratings count.
    answer : callable
        From sparse (n_friends, n_movies) to scores, float of the same shape.
    popularity : float32, shape (n_movies,)
        Orders the movies of which the peer itself says the same, so that it answers with the popular
        ones where it knows nothing.
    """

    table: Table
    signal: Signal
    answer: Callable[[Any], npt.NDArray[Any]]
    popularity: Scores

    def scores(self, friends: Sequence[Friend]) -> Iterator[Scores]:
        """Scores from the told ratings alone."""
        told = self.table.told(friends, self.signal)
        ties = self.popularity / max(float(self.popularity.max()), 1) * TIES
        for scores in self.answer(told):
            yield (scores + ties * (np.abs(scores).max() or 1)).astype(np.float32)
