"""Movies and people in two dimensions, so that what the same people like lies together."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.catalogue import GENRES
from recommender.features import IntArray
from recommender.model import Model

LANDMARKS = 400
"""So many of the most rated movies span the map."""
COMPONENTS = 6
"""Among so many principal components the axes of the last map are looked for."""
NEAREST = 0.1
"""A person stands amid this part of the landmarks: those that are most to their taste."""
LEAST_OF_GENRE = 8
SIDE = 3.0
"""A genre names a side of the map if its movies are so many standard errors away from the middle."""
NAMES = 2
OLDER = 0.3
"""Correlation with the year from which on a side is called older or newer."""

Places = npt.NDArray[np.float64]
"""Across and up, shape (n, 2); the landmarks' root mean square distance from the middle is 1."""


@dataclass(frozen=True, slots=True)
class TasteMap:
    """A map of one model's movies.

    Attributes
    ----------
    model : Model
    landmarks : int64, shape (n,)
        Rows of the movies that span it.
    places : float64, shape (n, 2)
        Where these are.
    """

    model: Model
    landmarks: IntArray
    places: Places
    _mean: npt.NDArray[np.float64]
    _middle: npt.NDArray[np.float64]
    _axes: npt.NDArray[np.float64]

    def of_movies(self, rows: IntArray) -> Places:
        """Where movies are: float64, shape (n, 2)."""
        vectors = _directions(self.model.parameters.vectors[rows].astype(np.float64) - self._mean)
        return (vectors - self._middle) @ self._axes

    def of_person(self, ratings: Mapping[int, float]) -> Places:
        """Where a person is: amid the landmarks that the model gives them more than others, shape (2,)."""
        scores = self.model.scores(ratings, adventure=1.0)[self.landmarks]
        nearest = max(round(NEAREST * len(scores)), 1)
        best = np.argsort(-scores, kind="stable")[:nearest]
        return self.places[best].mean(axis=0)

    def sides(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """What lies to the left, to the right, below and above, in genres and as older or newer."""
        left, right = self._ends(0)
        below, above = self._ends(1)
        return left, right, below, above

    def _ends(self, axis: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        along = self.places[:, axis]
        has = self.model.genre_sets.of(self.landmarks)
        named: list[tuple[float, str]] = []
        for number, genre in enumerate(GENRES):
            mine = along[has[:, number] > 0]
            # IMAX is a screen.
            if len(mine) >= LEAST_OF_GENRE and genre != "IMAX":
                named.append((float(mine.mean() * np.sqrt(len(mine)) / max(float(along.std()), 1e-9)), genre))
        named.sort()
        low = tuple(genre for distance, genre in named[:NAMES] if distance < -SIDE)
        high = tuple(genre for distance, genre in named[::-1][:NAMES] if distance > SIDE)
        trend = self._trend(along)
        if abs(trend) <= OLDER:
            return low, high
        ends = ("older", "newer") if trend > 0 else ("newer", "older")
        return (*low[:1], ends[0]), (*high[:1], ends[1])

    def _trend(self, along: npt.NDArray[np.float64]) -> float:
        """Correlation of the landmarks' places along an axis with their years; 0 where it has no meaning."""
        movies = self.model.catalogue.movies
        found = [(movies[row].year, place) for row, place in zip(_plain(self.landmarks), along, strict=True)]
        known = np.array([(year, place) for year, place in found if year is not None])
        if len(known) < LEAST_OF_GENRE or not known.std(axis=0).all():
            return 0.0
        return float(np.corrcoef(known.T)[0, 1])


def taste_map(model: Model, before: Mapping[int, tuple[float, float]]) -> TasteMap:
    """The first two principal components of the directions of the most rated movies' vectors.

    A fit turns and mirrors its vectors as it likes, and components of about the same weight change places. So
    after the first map the two axes are those within the first few components that bring the movies of both
    maps nearest: orthogonal Procrustes (Schönemann, A Generalized Solution of the Orthogonal Procrustes
    Problem, Psychometrika 31, 1966) from as many dimensions to two.

    Parameters
    ----------
    model : Model
    before : mapping of movie id to (across, up)
        Where landmarks were on the last map; empty if there was none.
    """
    landmarks: IntArray = np.argsort(-model.popularity, kind="stable")[:LANDMARKS].astype(np.int64)
    vectors = model.parameters.vectors[landmarks].astype(np.float64)
    mean = vectors.mean(axis=0)
    directions = _directions(vectors - mean)
    middle = directions.mean(axis=0)
    _, _, components = np.linalg.svd(directions - middle, full_matrices=False)
    axes = np.zeros((directions.shape[1], COMPONENTS))
    axes[:, : min(COMPONENTS, len(components))] = components[:COMPONENTS].T
    ids = model.movie_ids[landmarks].tolist()
    common = [row for row, movie_id in enumerate(ids) if movie_id in before]
    if len(common) > COMPONENTS:
        onto = np.array([before[ids[row]] for row in common])
        left, _, right = np.linalg.svd(((directions - middle) @ axes)[common].T @ onto, full_matrices=False)
        axes = axes @ left @ right
    else:
        axes = axes[:, :2]
    places = (directions - middle) @ axes
    size = max(float(np.sqrt((places**2).sum(axis=1).mean())), 1e-9)
    return TasteMap(model, landmarks, places / size, mean, middle, axes / size)


def _plain(rows: IntArray) -> list[int]:
    return [int(row) for row in rows]


def _directions(vectors: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
