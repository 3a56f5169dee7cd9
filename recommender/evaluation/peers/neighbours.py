"""Item-kNN: movies that resemble the told ones by who rated them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from recommender.datasets import Dataset
from recommender.evaluation.peers.table import Folded, Scores, Signal, Table, liked_counts, sparse
from recommender.evaluation.protocol import Fit


@dataclass(frozen=True, slots=True)
class NeighbourOptions:
    """How to fit item-kNN.

    Attributes
    ----------
    neighbours : int
        Movies kept as most similar to each told one.
    shrinkage : float
        Added to the product of the norms: similarities that rest on few people become small.
    signal : Signal
    """

    neighbours: int = 200
    shrinkage: float = 100
    signal: Signal = "stars"


NEIGHBOUR_GRID: dict[str, tuple[Any, ...]] = {
    "neighbours": (20, 50, 100, 200, 500, 1000, 3000),
    "shrinkage": (0, 10, 30, 60, 100, 150, 300, 1000),
    "signal": ("liked", "rated", "stars", "centred"),
}


def item_knn(options: NeighbourOptions) -> Fit:
    """Cosine similarity with shrinkage; scores are sums over the neighbourhoods of the told movies.

    Deshpande and Karypis, Item-based top-N recommendation algorithms (TOIS 2004); the shrinkage as in
    Dacrema, Cremonesi and Jannach, Are we really making much progress? (RecSys 2019).
    """

    def fit(community: Dataset, _seed: int) -> Folded:
        table = Table(community.catalogue)
        ratings = table.community(community, options.signal)
        by_movie = ratings.T.tocsr()
        norms = np.sqrt(np.asarray(ratings.multiply(ratings).sum(axis=0))).ravel()

        def answer(told: Any) -> Scores:
            movies = np.unique(told.indices)
            similar = (by_movie[movies] @ ratings).tocsr()
            rows = np.repeat(np.arange(len(movies)), np.diff(similar.indptr))
            similar.data /= norms[movies[rows]] * norms[similar.indices] + options.shrinkage + TINY
            similar.data[movies[rows] == similar.indices] = 0
            for start, end in zip(similar.indptr[:-1], similar.indptr[1:], strict=True):
                row = similar.data[start:end]
                if len(row) > options.neighbours:
                    row[np.argpartition(-row, options.neighbours)[options.neighbours :]] = 0
            return np.asarray((told[:, movies] @ sparse.csr_matrix(similar)).todense())

        return Folded(table, options.signal, answer, liked_counts(community))

    return fit


TINY = 1e-9
