"""The stars that a person would probably give, with the usual error. Needs numpy alone.

A person's stars are explained by a linear regression that starts from what is known of people in general: an
offset, how strongly they follow what others think of a movie, and their liking of genres, of well-known and
of old movies, and of the main directions of the vectors that scores are made of. The regression has a normal
prior learned from the community, so few ratings move it little and many move it much (Bayesian linear
regression: Bishop, Pattern Recognition and Machine Learning, 2006, section 3.3; with the prior learned from
many people: Efron and Morris, Stein's Estimation Rule and Its Competitors, JASA 68, 1973). The score itself
adds nothing to it that held-out people would show.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from recommender.catalogue import GENRES, Catalogue
from recommender.features import FloatArray, IntArray, genre_shares
from recommender.parameters import Parameters
from recommender.profiles import Profile
from recommender.storage import ModelError, check

Floats = npt.NDArray[np.float64]

GIVEN = (1, 3, 5, 10, 20)
KNOWN = (0, 3, 10, 50)
"""Least numbers of a person's and of a movie's ratings for which the usual error is kept."""

LEAST, MOST = 0.5, 5.0
USUAL_YEAR, EARLIEST, LATEST = 1995, 1930, 2020
USUAL_STARS = 3.5
SPREAD = 0.1
"""Variance of what people think of a genre, as far as nothing is known of it."""
WEIGHT = 0.2
"""Of how well known and how old a movie is, in the measure in which genre shares vary."""
FURTHEST = 3.0
"""What is rare among rated movies is not to decide by being far out."""
DIRECTIONS = 8
REACH = 0.75
"""Of the directions, in the same measure."""
ENOUGH_RATINGS = 10.0
"""Number of ratings at which a movie's learned vector is half trusted."""
COLUMNS = 5 + len(GENRES) + DIRECTIONS + 1
"""Traits of a movie, the directions of its vector, and what others think of it."""


class StarEstimate(NamedTuple):
    """What somebody would probably give a movie.

    Attributes
    ----------
    stars : float
        In halves, 0.5 to 5.
    error : float
        By how much `stars` are usually off: their mean absolute error for people with so many ratings
        and movies with so many.
    """

    stars: float
    error: float


@dataclass(frozen=True, slots=True)
class StarParameters:
    """What is learned from a community about how people give stars; C is `COLUMNS`.

    Attributes
    ----------
    mean : float32, shape ()
        Of all ratings.
    biases : float32, shape (n_movies,)
        By how much people like a movie better than others.
    doubt : float32, shape (n_movies,)
        Variance of a rating of this movie about what is expected.
    basis : float32, shape (D, DIRECTIONS)
        The main directions of the movies' vectors.
    usual_weights : float32, shape (C,)
        The average person's.
    spread : float32, shape (C, C)
        Covariance of people's weights.
    error : float32, shape (len(GIVEN), len(KNOWN))
        See `StarEstimate.error`; 0 where estimates are no better than a guess.
    """

    mean: FloatArray
    biases: FloatArray
    doubt: FloatArray
    basis: FloatArray
    usual_weights: FloatArray
    spread: FloatArray
    error: FloatArray

    @classmethod
    def unknown(cls, movies: int, dims: int) -> "StarParameters":
        """Those of a world where no community has taught how people give stars."""
        return cls(
            mean=np.array(USUAL_STARS, np.float32),
            biases=np.zeros(movies, np.float32),
            doubt=np.ones(movies, np.float32),
            basis=np.zeros((dims, DIRECTIONS), np.float32),
            usual_weights=np.zeros(COLUMNS, np.float32),
            spread=np.eye(COLUMNS, dtype=np.float32) * np.float32(SPREAD),
            error=np.zeros((len(GIVEN), len(KNOWN)), np.float32),
        )

    def check(self, movies: int, dims: int) -> None:
        """Refuse arrays that do not fit the world they are for.

        Raises
        ------
        ModelError
            If an array has another shape than it must have, or holds impossible numbers.
        """
        shapes = {
            "mean": (),
            "biases": (movies,),
            "doubt": (movies,),
            "basis": (dims, DIRECTIONS),
            "usual_weights": (COLUMNS,),
            "spread": (COLUMNS, COLUMNS),
            "error": (len(GIVEN), len(KNOWN)),
        }
        for name, shape in shapes.items():
            check(f"the {name} of the model's stars", getattr(self, name), shape, np.float32)
        if not (self.doubt > 0).all():
            raise ModelError("the doubt of the model's stars holds numbers that are not positive")
        if np.linalg.eigvalsh(self.spread.astype(np.float64))[0] <= 0:
            raise ModelError("the spread of the model's stars is no covariance")


class StarPredictor:
    """Works out estimates.

    Parameters
    ----------
    parameters : StarParameters
    facts : float32, shape (n_movies, C - 1)
        From `facts`.
    popularity : float32, shape (n_movies,)
    """

    def __init__(self, parameters: StarParameters, facts: FloatArray, popularity: FloatArray) -> None:
        self._parameters = parameters
        self._traits: FloatArray = np.hstack([facts, parameters.biases[:, None]])
        # What is expected of anybody.
        self._usual: Floats = (
            parameters.mean.astype(np.float64) + parameters.biases + self._traits @ parameters.usual_weights
        )
        self._popularity = popularity
        self._precision = np.linalg.inv(parameters.spread.astype(np.float64))

    def expected(self, profile: Profile, rows: IntArray) -> Floats:
        """Expected stars, not rounded.

        The posterior mean of the weights solves ``(S^-1 + A' N^-1 A) w = A' N^-1 y`` with S their prior
        covariance, A the told movies, N their doubt, and y the told stars less what is expected of anybody.

        Parameters
        ----------
        profile : Profile
        rows : int64, shape (n,)
            Of the movies asked about.

        Returns
        -------
        float64, shape (n,)
        """
        told = self._traits[profile.rows].astype(np.float64)
        surprise = profile.stars - self._usual[profile.rows]
        weighted = told / self._parameters.doubt[profile.rows, None]
        weights = np.linalg.solve(self._precision + weighted.T @ told, weighted.T @ surprise)
        return np.clip(self._usual[rows] + self._traits[rows] @ weights, LEAST, MOST)

    def estimate(self, profile: Profile, rows: IntArray) -> list[StarEstimate | None]:
        """Estimates for some movies, in their order; None where they would be no better than a guess."""
        if len(profile.rows) < GIVEN[0]:
            return [None] * len(rows)
        stars = halves(self.expected(profile, rows))
        known = place(KNOWN, self._popularity[rows])
        errors = self._parameters.error[place(GIVEN, len(profile.rows)), known]
        return [
            StarEstimate(one, error) if error > 0 else None
            for one, error in zip(stars.tolist(), errors.tolist(), strict=True)
        ]


def predictor(catalogue: Catalogue, parameters: Parameters, stars: StarParameters) -> StarPredictor:
    """The predictor that belongs to a model's arrays."""
    return StarPredictor(stars, facts(catalogue, parameters, stars.basis), parameters.popularity)


def facts(catalogue: Catalogue, parameters: Parameters, basis: FloatArray) -> FloatArray:
    """What people may like or dislike about movies.

    One, how well known and how old it is, its genres, and where its vector points. Each is 0 on average over
    ratings, except the one.

    Returns
    -------
    float32, shape (n_movies, C - 1)
    """
    popularity = parameters.popularity
    shares = _weights(popularity)
    years = catalogue.number("year", USUAL_YEAR).astype(np.float64)
    known, age = _even(np.log1p(popularity), shares), _even(np.clip(years, EARLIEST, LATEST), shares)
    bent = [_even(known**2, shares), _even(age**2, shares)]
    columns = np.stack([np.ones(len(shares)), *(WEIGHT * column for column in (known, age, *bent))], axis=1)
    genres = genre_shares(catalogue)
    towards = REACH * (_pointing(parameters.vectors, popularity) @ basis)
    return np.hstack([columns, genres - shares @ genres, towards]).astype(np.float32)


def main_directions(vectors: FloatArray, popularity: FloatArray) -> FloatArray:
    """The directions along which the vectors of rated movies differ most.

    Parameters
    ----------
    vectors : float32, shape (n_movies, D)
    popularity : float32, shape (n_movies,)

    Returns
    -------
    float32, shape (D, DIRECTIONS)
        Orthonormal; zeros for directions that there are not.
    """
    pointing = _pointing(vectors, popularity).astype(np.float64)
    _, found = np.linalg.eigh((pointing * _weights(popularity)[:, None]).T @ pointing)
    main = found[:, ::-1][:, :DIRECTIONS]
    return np.pad(main, ((0, 0), (0, DIRECTIONS - main.shape[1]))).astype(np.float32)


def place(least: Sequence[int], numbers: npt.ArrayLike) -> IntArray:
    """Which of the ascending least numbers is the last that each number reaches; the first if none."""
    return np.maximum(np.searchsorted(least, numbers, side="right") - 1, 0).astype(np.int64)


def halves(stars: Floats) -> Floats:
    """The nearest half stars from 0.5 to 5."""
    return np.clip(np.round(stars * 2) / 2, LEAST, MOST)


def _pointing(vectors: FloatArray, popularity: FloatArray) -> FloatArray:
    """Where vectors point, seen from the average rated movie; short for movies with few ratings."""
    centred = vectors - (_weights(popularity) @ vectors).astype(np.float32)
    lengths = np.maximum(np.linalg.norm(centred, axis=1), 1e-12)
    trust = popularity / (popularity + ENOUGH_RATINGS)
    return (centred * (trust / lengths)[:, None]).astype(np.float32)


def _weights(popularity: FloatArray) -> Floats:
    total = popularity.sum(dtype=np.float64)
    return popularity / total if total else np.full(len(popularity), 1 / len(popularity))


def _even(values: npt.NDArray[np.floating[Any]], shares: Floats) -> Floats:
    """Mean 0 and spread 1 over ratings, no value further out than `FURTHEST`; 0 where all are the same."""
    centred = values - shares @ values
    return np.clip(centred / max(float(np.sqrt(shares @ centred**2)), 1e-9), -FURTHEST, FURTHEST)
