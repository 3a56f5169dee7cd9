"""EASE: a linear model of all movies on all others, in closed form."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.datasets import Dataset
from recommender.evaluation.peers.table import Folded, Signal, Table, liked_counts
from recommender.evaluation.protocol import Fit

Floats = npt.NDArray[np.float64]
# What numpy gives back for an argument that is not typed is not typed either.
linalg: Any = np.linalg


@dataclass(frozen=True, slots=True)
class EaseOptions:
    """`penalty`: the L2 penalty on the weights (lambda of the paper)."""

    penalty: float = 7000
    signal: Signal = "stars"


EASE_GRID: dict[str, tuple[Any, ...]] = {
    "penalty": (200, 500, 1000, 2000, 3000, 5000, 7000, 10000),
    "signal": ("liked", "rated", "stars", "centred"),
}


def ease(options: EaseOptions) -> Fit:
    """Steck, Embarrassingly shallow autoencoders for sparse data (WWW 2019).

    With ``P = (X'X + penalty I)^-1`` the weights are ``B = I - P diag(P)^-1``, and a row ``x`` of ratings
    scores ``x B``. `P` has a row for each movie; where there are fewer people than movies it is kept as
    ``(I - X' (XX' + penalty I)^-1 X) / penalty`` (Woodbury), whose inverse has a row for each person.
    """

    def fit(community: Dataset, _seed: int) -> Folded:
        table = Table(community.catalogue)
        ratings = table.community(community, options.signal).astype(np.float64)
        return Folded(table, options.signal, _Weights(ratings, options.penalty), liked_counts(community))

    return fit


class _Weights:
    def __init__(self, ratings: Any, penalty: float) -> None:
        people, movies = ratings.shape
        self.ratings, self.penalty, self.dual = ratings, penalty, people < movies
        gram = ratings @ ratings.T if self.dual else ratings.T @ ratings
        inverse: Floats = linalg.inv(gram.toarray() + penalty * np.eye(min(people, movies)))
        self.inverse: Floats = inverse
        if self.dual:
            explained = np.asarray(ratings.multiply(inverse @ ratings).sum(axis=0)).ravel()
            self.diagonal: Floats = (1 - explained) / penalty
        else:
            self.diagonal = inverse.diagonal()

    def __call__(self, told: Any) -> Floats:
        """``x B`` for each row, float64 of the shape of `told`."""
        if self.dual:
            through: Any = np.asarray((told @ self.ratings.T).todense()) @ self.inverse @ self.ratings
            inverted: Any = (told.toarray() - through) / self.penalty
        else:
            inverted = told @ self.inverse
        return told.toarray() - inverted / self.diagonal
