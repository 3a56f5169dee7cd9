"""Exact attribution of a score: to what the movie is made of, and to the ratings the person gave."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recommender.catalogue import GENRES
from recommender.features import FloatArray, has_feature

if TYPE_CHECKING:
    from recommender.model import Model

KINDS = ("genre", "keyword", "person", "decade", "language", "movie", "popularity")


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
        Name of the genre, keyword, person, decade or language; the movie's name; empty for the others.
    value : float
        Its share of the score; the values of all parts add up to it.
    contrast : float
        `value` minus what it would be for the average profile.
    evidence : tuple of Evidence
        The rated movies behind it, strongest first. For a feature only those that have it.
    """

    kind: str
    name: str
    value: float
    contrast: float
    evidence: tuple[Evidence, ...]


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


def explain(
    model: "Model",
    ratings: Mapping[int, float],
    movie_id: int,
    adventure: float = 0.0,
    calibration: float = 0.0,
) -> Explanation:
    """Take the score of one movie for one person apart.

    The score is bilinear in the features of the profile and of the movie, so that it is the sum of cells
    (feature of the movie x rating). What does not depend on the ratings (biases, the average profile's part)
    belongs to the feature whose it is, so that a feature's part is what the score would lose without it.

    Raises
    ------
    UnknownMovie
        If the model has never seen the movie.
    ValueError
        If stars lie outside 0.5 to 5.
    """
    summands = list(_summands(model, ratings, movie_id, adventure, calibration))
    summands.sort(key=lambda summand: -abs(summand.contrast))
    parts = tuple(summand.part(model) for summand in summands)
    rated = summands[0].rated
    return Explanation(
        sum(part.value for part in parts),
        parts,
        tuple(rated),
        np.stack([summand.cells for summand in summands]),
        np.array([summand.constant for summand in summands], np.float32),
    )


@dataclass(frozen=True, slots=True)
class _Summand:
    """A part in the making: what each rating adds to it, and what is in it anyway."""

    kind: str
    name: str
    cells: FloatArray
    constant: float
    average: float
    rated: Mapping[int, float]

    @property
    def contrast(self) -> float:
        return float(self.cells.sum()) - self.average

    def part(self, model: "Model") -> Part:
        value = float(self.cells.sum()) + self.constant
        return Part(self.kind, self.name, value, self.contrast, tuple(self._evidence(model)))

    def _evidence(self, model: "Model") -> list[Evidence]:
        if self.kind == "popularity":
            return []
        evidence = [
            Evidence(movie_id, stars, float(cell))
            for (movie_id, stars), cell in zip(self.rated.items(), self.cells, strict=True)
            if self.kind == "movie" or has_feature(model.catalogue[movie_id], self.kind, self.name)
        ]
        return sorted(evidence, key=lambda item: -abs(item.value))


def _summands(
    model: "Model", ratings: Mapping[int, float], movie_id: int, adventure: float, calibration: float
) -> Iterator[_Summand]:
    row = model.row(movie_id)
    parameters = model.parameters
    profile = model.profile(ratings)
    known = model.movie_ids[profile.rows]
    rated = {int(movie): float(stars) for movie, stars in zip(known, profile.stars, strict=True)}
    vectors = model.rating_vectors(profile)
    affinity = model.affinity_by_rating(profile, calibration)
    mean = parameters.mean_profile

    columns, weights = model.features.of(row)
    for column, weight in zip(columns, weights, strict=True):
        kind, name = model.features.names[int(column)]
        vector = parameters.feature_vectors[column] * weight
        average = float(mean @ vector)
        bias = (1 - adventure) * float(parameters.feature_biases[column] * weight)
        cells = vectors @ vector
        if kind == "genre":
            cells += affinity[:, GENRES.index(name)]
        yield _Summand(kind, name, cells, bias - adventure * average, average, rated)

    # The movie itself speaks twice: for people with this profile, and, as popularity, for everybody.
    own, own_bias = model.identity(row)
    average = float(mean @ own)
    yield _Summand("movie", model.catalogue[movie_id].name, vectors @ own, -average, average, rated)
    popularity = (1 - adventure) * (average + own_bias)
    yield _Summand("popularity", "", np.zeros(len(rated), np.float32), popularity, 0.0, rated)
