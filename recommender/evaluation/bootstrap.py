"""How far a mean over people, or the ratio of two, could be off."""

import numpy as np
import numpy.typing as npt


def bootstrap(
    values: npt.NDArray[np.float64], people: npt.NDArray[np.int64] | None = None, draws: int = 2000
) -> tuple[float, float]:
    """95 % percentile bootstrap interval of a mean (Efron and Tibshirani, 1993); seeded.

    People are what is drawn again, not values: a person whom several seeds held out brings all their values
    along each time (the cluster bootstrap: Davison and Hinkley, Bootstrap Methods and their
    Application, 1997, section 3.8). Taking them for different people would make intervals too narrow.

    Parameters
    ----------
    values : float64, shape (n,)
        NaN is left out.
    people : int64, shape (n,), optional
        Whose value each is; all of different people if left out.
    draws : int

    Returns
    -------
    tuple of (float, float)
        NaN twice if there is no value.
    """
    known = ~np.isnan(values)
    values = values[known]
    if not len(values):
        return float("nan"), float("nan")
    rng = np.random.default_rng(0)
    if people is None:
        means = rng.choice(values, (draws, len(values))).mean(axis=1)
    else:
        _, person = np.unique(people[known], return_inverse=True)
        sums, counts = np.bincount(person, values), np.bincount(person)
        drawn = rng.integers(len(sums), size=(draws, len(sums)))
        means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def bootstrap_ratio(
    values: npt.NDArray[np.float64],
    others: npt.NDArray[np.float64],
    people: npt.NDArray[np.int64],
    draws: int = 2000,
) -> tuple[float, float]:
    """95 % interval of the ratio of two means over the same people, who are drawn as `bootstrap` does.

    Parameters
    ----------
    values, others : float64, shape (n,)
        Of the numerator and of the denominator, pair by pair; without NaN.
    people : int64, shape (n,)
    draws : int

    Returns
    -------
    tuple of (float, float)
        NaN twice if there is no value; infinite where nobody who is drawn has anything in the denominator.
    """
    if not len(values):
        return float("nan"), float("nan")
    _, person = np.unique(people, return_inverse=True)
    above, below = np.bincount(person, values), np.bincount(person, others)
    drawn = np.random.default_rng(0).integers(len(above), size=(draws, len(above)))
    below_drawn = below[drawn].sum(axis=1)
    ratios = np.full(draws, np.inf)
    np.divide(above[drawn].sum(axis=1), below_drawn, out=ratios, where=below_drawn > 0)
    # Between two infinite ratios there is nothing to interpolate.
    low, high = np.percentile(ratios, [2.5, 97.5], method="inverted_cdf")
    return float(low), float(high)
