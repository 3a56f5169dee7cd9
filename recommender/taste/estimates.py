"""Means and shares of a few observations, drawn towards what is usual, with 95 % intervals.

The usual spreads were measured on ml-latest-small: what is left of a rating when the movie's mean and the
person's level are taken out has a spread of 0.83 stars, and people's leanings to the genres differ by 0.07
(Comedy) to 0.36 stars (Horror).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

SPREAD = 0.85
LEANING = 0.3
TRUST = 10.0
"""So many ratings weigh as much as `SPREAD` in telling how far a person's ratings scatter."""
PSEUDO = 10.0
"""So many movies weigh as much as the usual share in telling how much of a kind a person watches."""
Z = 1.96


class Estimate(NamedTuple):
    """A value and its 95 % credible interval."""

    value: float
    low: float
    high: float

    @property
    def above(self) -> bool:
        """Whether the whole interval lies above 0."""
        return self.low > 0

    @property
    def below(self) -> bool:
        """Whether the whole interval lies below 0."""
        return self.high < 0


def scatter(residuals: npt.NDArray[np.float64]) -> float:
    """How far a person's ratings scatter, drawn towards `SPREAD` while they are few, and never below it.

    Somebody who knows two numbers of stars only is not for that surer of what they like.
    """
    found = (TRUST * SPREAD**2 + float(residuals @ residuals)) / (TRUST + len(residuals))
    return max(float(np.sqrt(found)), SPREAD)


def leaning(total: float, count: int, spread: float, usual: float = LEANING) -> Estimate:
    """The mean of what observations have in common, expected around 0.

    The posterior of a normal mean whose prior has mean 0 and standard deviation `usual` (Gelman and others,
    Bayesian Data Analysis, 3rd edition, section 2.5): three enthusiastic ratings leave 0 inside the interval.

    Parameters
    ----------
    total : float
        Sum of the observations.
    count : int
    spread : float
        Standard deviation of one observation.
    usual : float
        Standard deviation of such means among people.
    """
    weight = count + (spread / usual) ** 2
    value, error = total / weight, spread / weight**0.5
    return Estimate(value, value - Z * error, value + Z * error)


def share(found: int, count: int, usual: float) -> Estimate:
    """The share of a kind among all, of which `usual` is expected.

    The mean of a beta posterior whose prior weighs as much as `PSEUDO` movies, with the normal interval.
    """
    value = (found + PSEUDO * usual) / (count + PSEUDO)
    error = (value * (1 - value) / (count + PSEUDO + 1)) ** 0.5
    return Estimate(value, max(value - Z * error, 0.0), min(value + Z * error, 1.0))
