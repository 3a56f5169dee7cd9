"""How alike the tastes of two people are, and how sure that is."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.datasets.averages import Averages
from recommender.taste.estimates import Estimate, Z
from recommender.taste.residuals import Residuals

LEAST = 5
"""Fewer movies in common say nothing."""

STRANGERS = 0.3
"""Standard deviation of the match (as Fisher's z) that is expected among friends.

Strangers of ml-latest-small differ by 0.14; friends, who meet because they are alike or although they are
not, are not to be levelled to that.
"""


@dataclass(frozen=True, slots=True)
class Match:
    """What two people's ratings have in common.

    Attributes
    ----------
    common : int
        Movies that both rated.
    alike : Estimate or None
        In percent: 100 for the same opinions, 50 for two strangers, 0 for opposite ones; None where
        too few movies are common.
    """

    common: int
    alike: Estimate | None

    @property
    def told(self) -> bool:
        """Whether it tells two friends from two strangers."""
        return self.alike is not None and not self.alike.low <= 50 <= self.alike.high


def match(one: Mapping[int, float], other: Mapping[int, float], averages: Averages) -> Match:
    """How alike two people rate the movies that both have rated.

    The cosine of what is each one's own (`Residuals`), so that nobody is alike for liking what everybody
    likes. Its interval is that of Fisher's z with variance 1 / (n - 3), drawn towards strangers.

    Parameters
    ----------
    one, other : mapping of movie id to stars
        All their ratings, as each person's level is told by all.
    averages : Averages
        Of the community.
    """
    common = [movie_id for movie_id in one if movie_id in other]
    if len(common) < LEAST:
        return Match(len(common), None)
    mine, theirs = _own(one, common, averages), _own(other, common, averages)
    length = float(np.sqrt((mine @ mine) * (theirs @ theirs)))
    cosine = float(mine @ theirs) / length if length > 0 else 0.0
    precision, prior = len(common) - 3.0, STRANGERS**-2
    # Bounded, as the inverse hyperbolic tangent of 1 is infinite.
    value = np.arctanh(np.clip(cosine, -0.99, 0.99)) * precision / (precision + prior)
    error = (precision + prior) ** -0.5
    return Match(
        len(common), Estimate(_percent(value), _percent(value - Z * error), _percent(value + Z * error))
    )


def _own(ratings: Mapping[int, float], common: list[int], averages: Averages) -> npt.NDArray[np.float64]:
    rated = Residuals.of(ratings, averages)
    place = {movie_id: row for row, movie_id in enumerate(rated.movie_ids.tolist())}
    return rated.own[[place[movie_id] for movie_id in common]]


def _percent(z: float) -> float:
    return float(50 * (1 + np.tanh(z)))
