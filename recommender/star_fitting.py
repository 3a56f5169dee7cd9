"""Learn from a community how people give stars.

What is common to all people and how they differ is learned in turns: each person's weights from the movies,
the movies' biases from the weights, the spread of the weights from both (the EM algorithm for a linear
model with random effects: Laird and Ware, Random-Effects Models for Longitudinal Data, Biometrics 38, 1982).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from recommender.catalogue import Catalogue
from recommender.cutting import Community
from recommender.features import FloatArray, IntArray
from recommender.parameters import Parameters
from recommender.profiles import Profile
from recommender.star_errors import usual_errors
from recommender.star_guess import flat
from recommender.stars import (
    COLUMNS,
    GIVEN,
    KNOWN,
    SPREAD,
    Floats,
    StarParameters,
    StarPredictor,
    facts,
    main_directions,
)

FEWEST_PEOPLE = 60
MOST_PEOPLE = 4_000
"""At most so many people are learned from, so that a large community costs no more."""

TURNS = 4
DAMPING = 10.0
"""Ratings that a movie's expected bias, by its traits, counts for."""
UNRATED = 3.0
"""How much more a rating of an unrated movie varies, relative to that of a movie rated a lot."""
RIDGE = 1.0
CAUTION = 100.0
"""People that the spread before anybody is known counts for."""
FIRST_VARIANCE = 0.75
LEVEL = 0.5
"""How far the level is that of people, each counting the same, and not that of ratings. Who rates little
rates higher; 1 is the best for them after one rating, 0 for those who rate hundreds."""


def fit_stars(
    catalogue: Catalogue, parameters: Parameters, everyone: Community, seed: int = 0
) -> StarParameters:
    """Learn how people give stars, and on whom else the estimates hold.

    The usual errors are those of people whose stars taught none of the weights: each half of the people
    judges what was learned from the other. Only the vectors have met all of them.

    Parameters
    ----------
    catalogue : Catalogue
    parameters : Parameters
        What was learned from the same people.
    everyone : Community
        Some people are drawn if they are many.
    seed : int

    Returns
    -------
    StarParameters
        By which nothing is to be shown where there are fewer than `FEWEST_PEOPLE`.
    """
    movies, dims = parameters.vectors.shape
    if len(everyone) < FEWEST_PEOPLE:
        return StarParameters.unknown(movies, dims)
    rng = np.random.default_rng(seed)
    order: list[int] = rng.permutation(len(everyone))[:MOST_PEOPLE].tolist()
    chosen = [everyone.profile(person) for person in order]
    basis = main_directions(parameters.vectors, parameters.popularity)
    traits = facts(catalogue, parameters, basis)

    def learned_from(some: Sequence[Profile]) -> StarParameters:
        return learn(some, traits, basis)

    def half(some: Sequence[Profile]) -> StarPredictor:
        return StarPredictor(learned_from(some), traits, parameters.popularity)

    errors = usual_errors(half, chosen, parameters.popularity, rng)
    return replace(learned_from(chosen), error=errors)


def learn(everyone: Sequence[Profile], traits: FloatArray, basis: FloatArray) -> StarParameters:
    """Everything but the usual errors.

    Parameters
    ----------
    everyone : sequence of Profile
        All ratings of each person.
    traits : float32, shape (n_movies, C - 1)
        From `recommender.stars.facts`.
    basis : float32, shape (D, DIRECTIONS)
        With which the traits were made.
    """
    rows, stars, who = flat(everyone)
    movies = len(traits)
    counts = np.bincount(rows, minlength=movies)
    mean = float(stars.mean())
    biases = np.bincount(rows, stars - mean, movies) / (counts + DAMPING)
    relative = 1 + UNRATED / (counts + DAMPING)
    spread, variance, usual = np.eye(COLUMNS) * SPREAD, FIRST_VARIANCE, np.zeros(COLUMNS)
    ends = np.cumsum([len(one.rows) for one in everyone])
    parts = [slice(end - len(one.rows), end) for end, one in zip(ends.tolist(), everyone, strict=True)]
    for _ in range(TURNS):
        table = np.hstack([traits, biases[:, None]])
        left = stars - mean - biases[rows] - table[rows] @ usual
        own = np.zeros((len(everyone), COLUMNS))
        uncertain, unexplained = CAUTION * SPREAD * np.eye(COLUMNS), 0.0
        precision = np.linalg.inv(spread)
        for number, part in enumerate(parts):
            mine, noise = table[rows[part]], relative[rows[part]]
            weighted = mine / noise[:, None]
            together = weighted.T @ mine / variance
            covariance = np.linalg.inv(precision + together)
            own[number] = covariance @ (weighted.T @ left[part]) / variance
            uncertain += covariance
            missed = left[part] - mine @ own[number]
            unexplained += float(missed @ (missed / noise)) + variance * float(np.sum(covariance * together))
        spread = (uncertain + own.T @ own) / (len(everyone) + CAUTION)
        variance = unexplained / len(rows)
        weights = own + usual
        usual = weights.mean(axis=0)
        biases = _biases(rows, stars - mean, weights[who], traits, counts)
    left = stars - mean - biases[rows] - np.hstack([traits, biases[:, None]])[rows] @ usual
    usual[0] += LEVEL * np.mean(np.bincount(who, left) / np.bincount(who))
    return StarParameters(
        mean=np.array(mean, np.float32),
        biases=biases.astype(np.float32),
        doubt=(variance * relative).astype(np.float32),
        basis=basis,
        usual_weights=usual.astype(np.float32),
        spread=spread.astype(np.float32),
        error=np.zeros((len(GIVEN), len(KNOWN)), np.float32),
    )


def _biases(
    rows: IntArray, stars: Floats, weights: Floats, traits: FloatArray, counts: npt.NDArray[np.int64]
) -> Floats:
    """What is left over for the movies, drawn towards what their traits let expect.

    Parameters
    ----------
    rows : int64, shape (n_ratings,)
    stars : float64, shape (n_ratings,)
        Less their mean.
    weights : float64, shape (n_ratings, C)
        Of the person who gave them.
    traits : float32, shape (n_movies, C - 1)
    counts : int64, shape (n_movies,)
    """
    left = stars - np.einsum("ij,ij->i", traits[rows], weights[:, :-1])
    # A bias reaches a person as far as they follow what others think.
    reach = 1 + weights[:, -1]
    evidence = np.bincount(rows, reach**2, len(traits))
    total = np.bincount(rows, reach * left, len(traits))
    trust = counts / (counts + DAMPING)
    plain = total / (evidence + DAMPING)
    weighted = traits * trust[:, None]
    by_traits = np.linalg.solve(weighted.T @ traits + RIDGE * np.eye(traits.shape[1]), weighted.T @ plain)
    return (total + DAMPING * (traits @ by_traits)) / (evidence + DAMPING)
