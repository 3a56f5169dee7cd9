"""Ratings without what everybody gives the movie and without the person's own level."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.datasets.averages import Averages

LEVEL = 5.0
"""Number of ratings at which a person's level is believed by half."""


@dataclass(frozen=True, slots=True)
class Residuals:
    """Somebody's ratings taken apart: stars = others + level + own.

    Attributes
    ----------
    movie_ids : int64, shape (n,)
    stars : float64, shape (n,)
    others : float64, shape (n,)
        What the community gives the movie; its mean where nobody rated it.
    counts : int64, shape (n,)
        How many of the community rated the movie.
    level : float
        How many stars the person gives more than others, drawn towards 0 while the ratings are few.
    own : float64, shape (n,)
        What is this person's alone.
    """

    movie_ids: npt.NDArray[np.int64]
    stars: npt.NDArray[np.float64]
    others: npt.NDArray[np.float64]
    counts: npt.NDArray[np.int64]
    level: float
    own: npt.NDArray[np.float64]

    @classmethod
    def of(cls, ratings: Mapping[int, float], averages: Averages) -> "Residuals":
        """Take ratings by movie id apart."""
        movie_ids = np.fromiter(ratings.keys(), np.int64, len(ratings))
        stars = np.fromiter(ratings.values(), np.float64, len(ratings))
        others, counts = averages.of(movie_ids)
        beyond = stars - others
        level = float(beyond.sum() / (len(beyond) + LEVEL))
        return cls(movie_ids, stars, others, counts, level, beyond - level)
