"""Matrix factorisation: Funk's simplified SVD, and PureSVD."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse.linalg

from recommender.datasets import Dataset
from recommender.evaluation.peers.table import Folded, Signal, Table, liked_counts
from recommender.evaluation.protocol import Fit

# scipy is not typed.
linalg: Any = scipy.sparse.linalg

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PureSvdOptions:
    """`dims`: singular vectors kept."""

    dims: int = 10
    signal: Signal = "liked"


PURE_SVD_GRID: dict[str, tuple[Any, ...]] = {
    "dims": (2, 5, 10, 15, 20, 30, 50, 100),
    "signal": ("liked", "rated", "stars", "centred"),
}


def pure_svd(options: PureSvdOptions) -> Fit:
    """Singular vectors of the ratings, missing ones as 0; ``x V V'`` scores a row of ratings.

    Cremonesi, Koren and Turrin, Performance of recommender algorithms on top-N tasks (RecSys 2010).
    """

    def fit(community: Dataset, seed: int) -> Folded:
        table = Table(community.catalogue)
        ratings = table.community(community, options.signal).astype(np.float64)
        dims = min(options.dims, min(ratings.shape) - 1)
        vectors = linalg.svds(ratings, dims, random_state=np.random.default_rng(seed))[2]

        def answer(told: Any) -> Floats:
            return (told @ vectors.T) @ vectors

        return Folded(table, options.signal, answer, liked_counts(community))

    return fit


@dataclass(frozen=True, slots=True)
class FunkSvdOptions:
    """How to fit Funk's SVD.

    Attributes
    ----------
    dims : int
    penalty : float
        L2 penalty on factors and biases, per rating of the person or movie and at least once.
    steps : int
        Steps of gradient descent (Adam, over all ratings at once).
    learning_rate : float
    unrated : float
        Weight with which each movie a person did not rate counts as a rating of 0 (after `signal`).
        With 0 it is Funk's own, which predicts stars; that does not tell what people choose to see.
    signal : Signal
    """

    dims: int = 64
    penalty: float = 3
    steps: int = 50
    learning_rate: float = 0.03
    unrated: float = 1
    signal: Signal = "stars"


FUNK_SVD_GRID: dict[str, tuple[Any, ...]] = {
    "unrated": (0, 0.1, 0.3, 0.6, 1),
    "signal": ("liked", "rated", "stars", "centred"),
    "penalty": (2, 3, 5, 7, 10),
    "dims": (8, 16, 32, 64),
    "steps": (30, 50, 100),
    "learning_rate": (0.01, 0.03, 0.1),
}


def funk_svd(options: FunkSvdOptions) -> Fit:
    """Ratings as mean + biases + product of factors, by gradient descent.

    Funk, Netflix update: try this at home (2006), with the biases of Koren, Bell and Volinsky (2009). New
    people are folded in: their bias and factors are solved for with the movies' held fixed.
    """

    def fit(community: Dataset, seed: int) -> Folded:
        table = Table(community.catalogue)
        ratings = table.community(community, options.signal).astype(np.float64)
        factors = _FunkSvd(ratings, options, np.random.default_rng(seed))
        return Folded(table, options.signal, factors.fold_in, liked_counts(community))

    return fit


class _FunkSvd:
    """Factors with the bias in column 0 and, in column 1, the 1 that the other side's bias multiplies."""

    def __init__(self, ratings: Any, options: FunkSvdOptions, rng: np.random.Generator) -> None:
        people, movies = ratings.shape
        self.options = options
        unrated = options.unrated * (people * movies - ratings.nnz)
        self.mean = float(ratings.sum()) / (ratings.nnz + unrated)
        mine = rng.normal(0, 0.05, (people, options.dims + 2))
        self.theirs = rng.normal(0, 0.05, (movies, options.dims + 2))
        mine[:, :2], self.theirs[:, :2] = (0, 1), (1, 0)
        self._descend(ratings.tocoo(), mine)

    def _descend(self, ratings: Any, mine: Floats) -> None:
        options, theirs = self.options, self.theirs
        sides = (mine, theirs)
        # What is learned on each side: everything but its 1.
        learned = np.ones((2, options.dims + 2))
        learned[0, 1] = learned[1, 0] = 0
        moments = [(np.zeros_like(side), np.zeros_like(side)) for side in sides]
        for step in range(1, options.steps + 1):
            gradients = self._gradients(ratings, mine)
            for side, gradient, mask, (first, second) in zip(sides, gradients, learned, moments, strict=True):
                gradient += options.penalty * side
                first += 0.1 * (gradient - first)
                second += 0.001 * (gradient**2 - second)
                rate = options.learning_rate * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
                side -= rate * mask * first / (np.sqrt(second) + 1e-8)

    def _gradients(self, ratings: Any, mine: Floats) -> tuple[Floats, Floats]:
        unrated, theirs = self.options.unrated, self.theirs
        predicted = self.mean + np.einsum("nd,nd->n", mine[ratings.row], theirs[ratings.col])
        # Of a rated movie, the gradient as if unrated is taken back: it is in the dense part for all.
        errors = ratings.copy()
        errors.data = (predicted - ratings.data) - unrated * predicted
        errors = errors.tocsr()
        for_mine, for_theirs = errors @ theirs, errors.T @ mine
        if unrated:
            for_mine += unrated * (mine @ (theirs.T @ theirs) + self.mean * theirs.sum(axis=0))
            for_theirs += unrated * (theirs @ (mine.T @ mine) + self.mean * mine.sum(axis=0))
        return for_mine, for_theirs

    def fold_in(self, told: Any) -> Floats:
        """Predictions of all movies for new people, float64 of the shape of `told`."""
        options, theirs = self.options, self.theirs
        free = np.delete(theirs, 1, axis=1)
        known = self.mean + theirs[:, 1]
        # The movie's own bias is in its column 1, where a person holds the 1.
        of_all = options.unrated * (free.T @ free)
        at_zero = -options.unrated * (free.T @ known)
        penalty = options.penalty * np.eye(free.shape[1])
        answers: list[Any] = []
        for start, end in zip(told.indptr[:-1], told.indptr[1:], strict=True):
            rows, values = told.indices[start:end], told.data[start:end]
            some: Any = free[rows]
            left: Any = of_all + (1 - options.unrated) * some.T @ some + penalty
            right: Any = at_zero + some.T @ ((values - known[rows]) + options.unrated * known[rows])
            answers.append(known + free @ np.linalg.solve(left, right))
        return np.array(answers)
