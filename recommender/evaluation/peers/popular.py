"""Most popular: the same list for everybody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from recommender.datasets import Dataset
from recommender.evaluation.peers.table import Scores, Signal, Table
from recommender.evaluation.protocol import Fit, Friend


@dataclass(frozen=True, slots=True)
class PopularOptions:
    """`signal`: what a rating adds to its movie's popularity."""

    signal: Signal = "stars"


POPULAR_GRID: dict[str, tuple[Any, ...]] = {"signal": ("liked", "rated", "stars", "centred")}


@dataclass(frozen=True, slots=True)
class Popular:
    """The same list for everybody."""

    counts: Scores

    def scores(self, friends: Sequence[Friend]) -> Iterator[Scores]:
        """Popularity of each movie."""
        return (self.counts for _ in friends)


def most_popular(options: PopularOptions) -> Fit:
    """The sum of what all ratings of a movie count."""

    def fit(community: Dataset, _seed: int) -> Popular:
        matrix = Table(community.catalogue).community(community, options.signal)
        return Popular(np.asarray(matrix.sum(axis=0), np.float32).ravel())

    return fit
