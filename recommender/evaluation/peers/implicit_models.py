"""ALS and BPR of the library `implicit`, which is in the extra ``bench``."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import implicit
import numpy as np
from threadpoolctl import threadpool_limits

from recommender.datasets import Dataset
from recommender.evaluation.peers.table import Folded, Scores, Signal, Table, liked_counts, sparse
from recommender.evaluation.protocol import Fit, Friend

# It is not typed.
library: Any = implicit


@dataclass(frozen=True, slots=True)
class AlsOptions:
    """`alpha`: confidence in a rating that counts 1, where that in an unrated movie is 1."""

    dims: int = 16
    regularisation: float = 10
    alpha: float = 1
    iterations: int = 30
    signal: Signal = "liked"


ALS_GRID: dict[str, tuple[Any, ...]] = {
    "signal": ("liked", "rated", "stars", "centred"),
    "regularisation": (1, 3, 5, 10, 20, 30, 100),
    "alpha": (0.5, 1, 2, 5, 10, 20),
    "dims": (8, 12, 16, 24, 32, 64),
    "iterations": (5, 15, 30),
}


def implicit_als(options: AlsOptions) -> Fit:
    """Hu, Koren and Volinsky, Collaborative filtering for implicit feedback datasets (ICDM 2008).

    New people are solved for with the movies' factors held fixed.
    """

    def fit(community: Dataset, seed: int) -> Folded:
        table = Table(community.catalogue)
        model = library.als.AlternatingLeastSquares(
            factors=options.dims,
            regularization=options.regularisation,
            alpha=options.alpha,
            iterations=options.iterations,
            num_threads=1,
            random_state=seed,
        )
        # It spreads its own work over threads and warns of a BLAS that does so besides.
        with threadpool_limits(1, "blas"):
            model.fit(table.community(community, options.signal), show_progress=False)

        def answer(told: Any) -> Scores:
            with threadpool_limits(1, "blas"):
                people = model.recalculate_user(np.arange(told.shape[0]), told)
            return people @ model.item_factors.T

        return Folded(table, options.signal, answer, liked_counts(community))

    return fit


@dataclass(frozen=True, slots=True)
class BprOptions:
    """How to fit; all but `signal` are the library's own."""

    dims: int = 32
    learning_rate: float = 0.03
    regularisation: float = 0.01
    iterations: int = 30
    signal: Signal = "liked"


BPR_GRID: dict[str, tuple[Any, ...]] = {
    "signal": ("liked", "rated"),
    "iterations": (15, 30, 50, 100),
    "learning_rate": (0.01, 0.03, 0.1),
    "regularisation": (0.001, 0.01, 0.03, 0.1),
    "dims": (8, 16, 32, 64),
}


@dataclass(frozen=True, slots=True)
class ImplicitBpr:
    """It has no way to serve people who rated after the fit, so it is fitted again with what they told."""

    community: Dataset
    seed: int
    options: BprOptions

    def scores(self, friends: Sequence[Friend]) -> Iterator[Scores]:
        """Fit on the community and the friends' positives, then predict for the friends."""
        options, table = self.options, Table(self.community.catalogue)
        known = table.community(self.community, options.signal)
        positives = sparse.vstack([known, table.told(friends, options.signal)]).tocsr()
        positives.data[:] = 1
        model = library.bpr.BayesianPersonalizedRanking(
            factors=options.dims,
            learning_rate=options.learning_rate,
            regularization=options.regularisation,
            iterations=options.iterations,
            num_threads=1,
            random_state=self.seed,
        )
        with threadpool_limits(1, "blas"):
            model.fit(positives, show_progress=False)
        yield from model.user_factors[known.shape[0] :] @ model.item_factors.T


def implicit_bpr(options: BprOptions) -> Fit:
    """Rendle et al., BPR: Bayesian personalized ranking from implicit feedback (UAI 2009)."""
    return lambda community, seed: ImplicitBpr(community, seed, options)
