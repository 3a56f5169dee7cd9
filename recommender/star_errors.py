"""By how much estimated stars are usually off, and where they are better than a guess."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from recommender.features import FloatArray, IntArray
from recommender.profiles import Profile
from recommender.star_guess import DampedMeans
from recommender.stars import GIVEN, KNOWN, Floats, StarPredictor, halves, place

Learn = Callable[[Sequence[Profile]], StarPredictor]

JUDGES = 1_500
"""At most so many people judge."""
MOST_ASKED = 200
FEWEST_JUDGED = 300
"""Ratings below which nothing can be said about estimates of one kind."""
MARGIN = 0.01
"""By so much the RMSE must be lower than that of either guess for the estimate to be shown; the MAE of what
is shown must be lower too."""


class _Judged(NamedTuple):
    """Held-out ratings: the place in the table of errors, and how far off everybody is.

    Three columns each: the estimate, `DampedMeans` and the mean of all ratings. `squared` is the squared
    error, `shown` the absolute one after rounding to half stars.
    """

    given: IntArray
    known: IntArray
    squared: Floats
    shown: Floats


def usual_errors(
    learn: Learn, everyone: Sequence[Profile], popularity: FloatArray, rng: np.random.Generator
) -> FloatArray:
    """Mean absolute error of shown stars by number of ratings told and of the movie's.

    Each half of the people judges what was learned from the other.

    Returns
    -------
    float32, shape (len(GIVEN), len(KNOWN))
        0 where the estimates are no better than a guess, here or with more ratings told:
        an estimate that was shown is not to vanish because somebody told more.
    """
    half = len(everyone) // 2
    sides = everyone[:half], everyone[half:]
    found: list[_Judged] = []
    for learned_from, judges in (sides, sides[::-1]):
        ours, guess = learn(learned_from), DampedMeans(learned_from, len(popularity))
        for judge in judges[: JUDGES // 2]:
            found.extend(_judge(judge, ours, guess, place(KNOWN, popularity[judge.rows]), rng))
    errors = np.zeros((len(GIVEN), len(KNOWN)), np.float32)
    if found:
        judged = _Judged(*(np.concatenate(side) for side in zip(*found, strict=True)))
        for column in range(len(KNOWN)):
            errors[:, column] = _column(judged, column)
    return errors


def _column(judged: _Judged, known: int) -> FloatArray:
    errors = np.zeros(len(GIVEN), np.float32)
    better = np.zeros(len(GIVEN), np.bool_)
    for given in range(len(GIVEN)):
        here = (judged.given == given) & (judged.known == known)
        if here.sum() >= FEWEST_JUDGED:
            rmse, mae = np.sqrt(judged.squared[here].mean(axis=0)), judged.shown[here].mean(axis=0)
            better[given] = rmse[0] <= (1 - MARGIN) * rmse[1:].min() and mae[0] < mae[1:].min()
            errors[given] = mae[0]
        elif given:
            # Hardly anybody has so many ratings; more of them make nothing worse.
            better[given], errors[given] = better[given - 1], errors[given - 1]
    return np.where(np.logical_and.accumulate(better[::-1])[::-1], errors, np.float32(0))


def _judge(
    judge: Profile, ours: StarPredictor, guess: DampedMeans, known: IntArray, rng: np.random.Generator
) -> Iterator[_Judged]:
    """One person's ratings, told in part and predicted in part; `known` is the place of each movie."""
    for number, given in enumerate(GIVEN):
        if len(judge.rows) < 2 * given:
            return
        order = rng.permutation(len(judge.rows))
        told, asked = order[:given], order[given : given + MOST_ASKED]
        profile = Profile(judge.rows[told], judge.stars[told])
        rows, truth = judge.rows[asked], judge.stars[asked].astype(np.float64)
        guesses = [guess.expected(profile, rows), np.full(len(rows), guess.mean)]
        everybody = np.stack([ours.expected(profile, rows), *guesses], axis=1)
        yield _Judged(
            np.full(len(rows), number, np.int64),
            known[asked],
            (everybody - truth[:, None]) ** 2,
            np.abs(halves(everybody) - truth[:, None]),
        )
