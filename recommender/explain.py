"""Exact attribution of a score: to what the movie is made of, and to the ratings the person gave."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import numpy as np

from recommender.catalogue import GENRES
from recommender.features import FloatArray

if TYPE_CHECKING:
    from recommender.model import Model

KINDS = ("genre", "keyword", "person", "decade", "language", "collection", "movie", "popularity")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A rating behind a part, and what it adds to the part's value."""

    movie_id: int
    stars: float
    value: float


@dataclass(frozen=True, slots=True)
class Part:
    """One summand of a score.

    Attributes
    ----------
    kind : str
        One of `KINDS`: a feature of the movie; ``movie``, what people with such ratings think of this
        very movie; ``popularity``, what everybody thinks of it.
    name : str
        Name of the genre, keyword, person, decade, language or collection; the movie's name; empty for
        popularity.
    value : float
        Its share of the score; the values of all parts add up to it.
    contrast : float
        `value` minus what it would be for the average profile.
    cells : mapping of movie id to float
        What each rated movie behind it adds to `value`; for a feature only those that have it.
    stars : mapping of movie id to float
        What the person gave these movies (and others).
    """

    kind: str
    name: str
    value: float
    contrast: float
    cells: Mapping[int, float] = field(repr=False)
    stars: Mapping[int, float] = field(repr=False)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The rated movies behind it, strongest first."""
        found = [Evidence(movie, self.stars[movie], value) for movie, value in self.cells.items()]
        return tuple(sorted(found, key=lambda item: -abs(item.value)))


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score taken apart without remainder.

    Attributes
    ----------
    score : float
    parts : tuple of Part
        By falling size of contrast.
    rated : tuple of int
        Movie ids of the ratings that counted.
    cells : float32, shape (n_parts, n_rated)
        What each rating adds to each part. ``cells.sum() + constants.sum()`` is the score.
    constants : float32, shape (n_parts,)
        What is in a part whatever the person rated.
    """

    score: float
    parts: tuple[Part, ...]
    rated: tuple[int, ...]
    cells: FloatArray
    constants: FloatArray


class Explainer:
    """Takes scores apart for one person; what is the same for all movies is worked out once.

    The score is bilinear in the features of the profile and of the movie, so that it is the sum of cells
    (feature of the movie x rating). What does not depend on the ratings (biases, the average profile's part)
    belongs to the feature whose it is, so that a feature's part is what the score would lose without it.

    Parameters
    ----------
    model : Model
    ratings : mapping of movie id to stars
    adventure, calibration : float
        As for `Model.scores`.

    Raises
    ------
    ValueError
        If stars lie outside 0.5 to 5.
    """

    def __init__(
        self, model: "Model", ratings: Mapping[int, float], adventure: float, calibration: float
    ) -> None:
        self._model = model
        self._rest = 1 - adventure
        self._adventure = adventure
        profile = model.profile(ratings)
        known: list[int] = model.movie_ids[profile.rows].tolist()
        self._rated = tuple(known)
        self._stars = {movie_id: ratings[movie_id] for movie_id in known}
        self._vectors = model.rating_vectors(profile)
        self._affinity = model.affinity_by_rating(profile, calibration)
        self._having: dict[int, list[int]] = {}
        for owner, row in enumerate(profile.rows.tolist()):
            for column in model.features.of(row)[0].tolist():
                self._having.setdefault(column, []).append(owner)

    def explain(self, movie_id: int) -> Explanation:
        """Take the score of one movie apart.

        Raises
        ------
        UnknownMovie
            If the model has never seen the movie.
        """
        model, parameters = self._model, self._model.parameters
        row = model.row(movie_id)
        columns, weights = model.features.of(row)
        numbers: list[int] = columns.tolist()
        features = [model.features.names[column] for column in numbers]
        own, own_bias = model.identity(row)
        # One row for each feature, and two for the movie itself: it speaks for people with this profile,
        # and, as popularity, for everybody.
        vectors = np.vstack([parameters.feature_vectors[columns] * weights[:, None], own])
        average = vectors @ parameters.mean_profile
        cells = np.zeros((len(features) + 2, len(self._rated)), np.float32)
        cells[:-1] = vectors @ self._vectors.T
        for number, (kind, name) in enumerate(features):
            if kind == "genre":
                cells[number] += self._affinity[:, GENRES.index(name)]
        biases = parameters.feature_biases[columns] * weights
        constants = np.concatenate(
            [
                self._rest * biases - self._adventure * average[:-1],
                [-average[-1], self._rest * (average[-1] + own_bias)],
            ]
        )
        sums = cells.sum(axis=1)
        contrasts = np.concatenate([sums[:-1] - average, [0.0]])
        having = [self._having.get(column, []) for column in numbers]
        behind = [*having, range(len(self._rated)), ()]
        labels = [*features, ("movie", model.catalogue[movie_id].name), ("popularity", "")]
        order = np.argsort(-np.abs(contrasts), kind="stable")
        parts = tuple(
            Part(
                *labels[number],
                value=float(sums[number] + constants[number]),
                contrast=float(contrasts[number]),
                cells={self._rated[owner]: float(cells[number, owner]) for owner in behind[number]},
                stars=self._stars,
            )
            for number in cast(list[int], order.tolist())
        )
        score = sum(part.value for part in parts)
        return Explanation(score, parts, self._rated, cells[order], constants[order].astype(np.float32))
