"""Movies that are like a movie: by what they are made of, and by who likes them."""

from typing import TYPE_CHECKING

import numpy as np

from recommender.features import FloatArray

if TYPE_CHECKING:
    from recommender.model import Model

LEARNED = 0.6
"""How much of the likeness is learned from ratings, where both movies have many."""

ENOUGH_RATINGS = 10
"""Number of ratings at which what is learned of a movie is half trusted."""

COMMUNITY = 3.0
"""Mean number of ratings of a movie at which there is half a community."""

GENRE = 2.0
"""How much a genre counts beside a keyword or a person that is as rare."""


class Similarity:
    """Likeness of movies.

    Two things are mixed: the cosine over named features weighted by their rarity (tf-idf), and the cosine of
    the learned vectors. These are whitened first (brought to the same spread in all directions), because the
    few directions that make a movie popular would outshine all others. A movie with few ratings is
    compared by its features; and where there is a community, one that hardly anybody has seen counts
    less, since for most movies there is an obscure one with the same few features.

    Parameters
    ----------
    model : Model
    """

    def __init__(self, model: "Model") -> None:
        features = model.features
        self._columns = features.columns
        self._starts = features.starts
        self._rows = np.repeat(np.arange(len(model.catalogue)), np.diff(features.starts))
        counts = np.bincount(features.columns, minlength=len(features.names))
        # The root, because rare keywords would otherwise drown the genres.
        rarity = np.sqrt(np.log((1 + len(model.catalogue)) / np.maximum(counts, 1)))
        genre = np.array([feature.kind == "genre" for feature in features.names], np.bool_)
        self._rarity: FloatArray = np.where(genre, GENRE * rarity, rarity).astype(np.float32)
        squares = np.bincount(self._rows, self._rarity[self._columns] ** 2, len(model.catalogue))
        self._lengths = np.sqrt(squares)
        self._trust = model.popularity / (model.popularity + ENOUGH_RATINGS)
        mean = float(model.popularity.mean())
        community = mean / (mean + COMMUNITY)
        self._known = 1 - community + community * np.sqrt(self._trust)
        self._directions = _whitened(model.parameters.vectors, model.popularity)

    def to(self, row: int) -> FloatArray:
        """Likeness of every movie to one: float32, shape (n_movies,), at most 1."""
        wanted = np.zeros(len(self._rarity), np.float32)
        mine = self._columns[self._starts[row] : self._starts[row + 1]]
        wanted[mine] = self._rarity[mine] ** 2
        shared = np.bincount(self._rows, wanted[self._columns], len(self._lengths))
        content = shared / np.maximum(self._lengths * self._lengths[row], 1e-9)
        learned = self._directions @ self._directions[row]
        trust = LEARNED * np.minimum(self._trust, self._trust[row])
        return (self._known * ((1 - trust) * content + trust * learned)).astype(np.float32)


def _whitened(vectors: FloatArray, popularity: FloatArray) -> FloatArray:
    """Vectors of length 1 in coordinates in which the rated movies spread equally in all directions."""
    weights = popularity + 1e-3
    centred = vectors - np.average(vectors, axis=0, weights=weights)
    covariance = (centred * weights[:, None]).T @ centred / weights.sum()
    spreads, axes = np.linalg.eigh(covariance.astype(np.float64))
    scale = np.maximum(spreads, spreads.max(initial=0) * 1e-4 + 1e-12) ** -0.5
    white = centred @ (axes * scale).astype(np.float32)
    return white / np.maximum(np.linalg.norm(white, axis=1, keepdims=True), 1e-9)
