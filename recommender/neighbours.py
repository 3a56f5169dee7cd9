"""Movies that are rated together: the part of a model that is worked out instead of learned.

A few dimensions fitted by stochastic gradients know the broad tastes; which movies the same people rate,
pair by pair, is known exactly from the ratings. Three kinds of weights between movies are used: the cosine
with shrinkage of item-kNN, best where one rating is known and soon a hindrance; the conditional
probability of one movie given the other, good from the third rating on: a rated movie that few know says as
much as a famous one; and the adjusted cosine, which movies are found better or worse than usual by the same
people. All are products of rated movies and recommended ones, so they join the model as three more
sub-models.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Self

import numpy as np
import scipy.sparse

from recommender.cutting import Community
from recommender.features import FloatArray
from recommender.profiles import MOST_STARS, Profile, ProfileFeatures

# scipy is not typed.
sp: Any = scipy.sparse

FEWEST_RATINGS = 3
MOST_MOVIES = 5_000
MOST_PEOPLE = 30_000
"""Bounds of the dense matrices, for communities of any size: the most rated movies, evenly spread people."""

SHRINKAGE = 100.0
CHANCE = 10.0
"""Ratings of five stars that a movie is taken to have besides its own, with none of another movie beside
them: what only a few people rated together may be chance."""
COSINE, CONDITIONAL, ADJUSTED = 0.5, 0.14, 0.04
"""Strengths of the three, each brought to the spread of the learned scores first. That of the cosine is the
one for a single rating: the block of profile features whose it is fades with more."""

ROUNDS, OVERSAMPLED = 3, 10
"""Of the singular value decomposition: rounds, and directions looked at besides those that are wanted."""

USUAL = 8
STARS = (1.0, 0.5, -0.2)
"""What a liked, a neutral, a disliked rating counts in the conditional probability."""


class Weights(NamedTuple):
    """Weights between movies as a product: ``rated[j] @ recommended[i]`` is what a rating of j says for i.

    Attributes
    ----------
    rated, recommended : float32, shape (n_movies, dims)
        Zero for movies with too few ratings: the average of `recommended`, as nothing is known of them.
    """

    rated: FloatArray
    recommended: FloatArray


class Neighbours(NamedTuple):
    """The three kinds of weights."""

    cosine: Weights
    conditional: Weights
    adjusted: Weights

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, FloatArray]) -> Self:
        """What `arrays` gave.

        Raises
        ------
        KeyError
            If an array is missing.
        """
        return cls(*(Weights(arrays[f"{kind}_rated"], arrays[f"{kind}_recommended"]) for kind in cls._fields))

    def fits(self, movies: int) -> bool:
        """Whether the arrays are of so many movies and hold numbers."""
        return all(
            array.shape == (movies, *weights.rated.shape[1:2])
            and array.dtype == np.float32
            and bool(np.isfinite(array).all())
            for weights in self
            for array in weights
        )

    def arrays(self) -> dict[str, FloatArray]:
        """All arrays by name, to be kept."""
        return {
            f"{kind}_{name}": array
            for kind, weights in self._asdict().items()
            for name, array in weights._asdict().items()
        }

    @property
    def recommended(self) -> FloatArray:
        """Vectors of the movies, float32 of shape (n_movies, dims of all)."""
        return np.hstack([kind.recommended for kind in self])

    def people_vectors(self, features: ProfileFeatures, profiles: Any) -> FloatArray:
        """Vectors of people, float32 of shape (n_people, dims of all).

        Parameters
        ----------
        features : ProfileFeatures
        profiles : sparse float32, shape (n_people, n_profile_columns)
        """
        parts = [np.zeros((profiles.shape[0], kind.rated.shape[1]), np.float32) for kind in self]
        for columns, kind, stars in self._blocks(features):
            parts[kind] += profiles[:, columns] @ self[kind].rated * np.float32(stars)
        return np.hstack(parts)

    def profile_vectors(self, features: ProfileFeatures, directions: FloatArray) -> FloatArray:
        """Vectors of the profile features in fewer dimensions.

        In all of them most would be zeros, for a large catalogue gigabytes of them.

        Parameters
        ----------
        features : ProfileFeatures
        directions : float32, shape (dims of all, n)
            What the vectors are multiplied with.

        Returns
        -------
        float32, shape (n_profile_columns, n)
        """
        vectors = np.zeros((features.columns, directions.shape[1]), np.float32)
        ends = np.cumsum([kind.rated.shape[1] for kind in self])[:-1]
        mapped = [kind.rated @ part for kind, part in zip(self, np.split(directions, ends), strict=True)]
        for columns, kind, stars in self._blocks(features):
            vectors[columns] = mapped[kind] * np.float32(stars)
        return vectors

    def _blocks(self, features: ProfileFeatures) -> Iterator[tuple[slice, int, float]]:
        """Which columns of a profile have which kind of weights, and how strongly."""
        movies, first = features.movies, features.learned
        yield slice(first, first + movies), 0, 1.0
        for block, stars in enumerate(STARS):
            yield slice(block * movies, (block + 1) * movies), 1, stars
        yield slice(first + movies, features.columns), 2, 1.0


def neighbours(everyone: Community, features: ProfileFeatures, dims: int) -> Neighbours:
    """Work out the weights between the movies of a community.

    Cosine and conditional probability: Deshpande and Karypis, Item-Based Top-N Recommendation Algorithms, ACM
    TOIS 22(1), 2004, section 4.1. Adjusted cosine: Sarwar et al., Item-Based Collaborative Filtering
    Recommendation Algorithms, WWW 2001, section 3.1.3; here of deviations from the movie's usual stars too.
    Both cosines are shrunk. Each kind is brought to `dims` dimensions by a singular value decomposition.

    Parameters
    ----------
    everyone : Community
    features : ProfileFeatures
    dims : int

    Returns
    -------
    Neighbours
        All zero, with no dimension, where fewer than two movies have `FEWEST_RATINGS` ratings.
    """
    movies = features.movies
    step = max(len(everyone) // MOST_PEOPLE, 1)
    some = everyone.some(np.arange(0, len(everyone), step))
    table = _table(some, some.stars / MOST_STARS, movies)
    counts = table.getnnz(axis=0)
    kept = np.argsort(-counts, kind="stable")[:MOST_MOVIES]
    kept = np.sort(kept[counts[kept] >= FEWEST_RATINGS])
    if len(kept) < 2:
        nothing = Weights(*np.zeros((2, movies, 0), np.float32))
        return Neighbours(nothing, nothing, nothing)
    importance = np.sqrt(counts[kept]).astype(np.float32)
    table = table[:, kept]
    ratings = Profile(some.rows.astype(np.int64), some.stars)
    deviations = _table(some, features.deviations(ratings, some.sizes), movies)[:, kept]

    def few_dimensions(strength: float, weights: FloatArray, table: Any) -> Weights:
        weights = _even(weights, _few_ratings(table)) * np.float32(strength)
        left, sizes, right = _leading(weights * importance[:, None] * importance, min(dims, len(kept) - 1))
        roots = np.sqrt(sizes)
        rated, recommended = np.zeros((2, movies, len(sizes)), np.float32)
        rated[kept] = left * roots / importance[:, None]
        recommended[kept] = right.T * roots / importance[:, None]
        recommended[kept] -= recommended[kept].mean(axis=0)
        return Weights(rated, recommended)

    together: FloatArray = (table.T @ table).toarray()
    return Neighbours(
        few_dimensions(COSINE, _cosine(together), table),
        few_dimensions(CONDITIONAL, _conditional(together, importance), table),
        few_dimensions(ADJUSTED, _cosine((deviations.T @ deviations).toarray()), deviations),
    )


def _table(everyone: Community, values: FloatArray, movies: int) -> Any:
    """A value for each rating, sparse float32 of shape (n_people, n_movies)."""
    shape = (len(everyone), movies)
    return sp.csr_matrix((values, everyone.rows, everyone.starts), shape, dtype=np.float32)


def _few_ratings(table: Any) -> Any:
    """Some people as if each had rated `USUAL` movies, in the measure in which profiles weigh them."""
    some = table[:: max(table.shape[0] // 200, 1)]
    rng = np.random.default_rng(0)
    chance = np.minimum(USUAL / np.maximum(some.getnnz(axis=1), 1), 1)
    kept = some.multiply(rng.random(some.shape) < chance[:, None]).tocsr()
    return kept.multiply(np.maximum(kept.getnnz(axis=1), 1)[:, None] ** -0.5).tocsr()


def _cosine(together: FloatArray) -> FloatArray:
    norms = np.sqrt(np.diag(together))
    weights = together / (np.outer(norms, norms) + np.float32(SHRINKAGE))
    np.fill_diagonal(weights, 0)
    return weights


def _conditional(together: FloatArray, importance: FloatArray) -> FloatArray:
    """How often the people of a row's movie rated that of a column, over the root of its popularity.

    Alpha of the source is a half: with 0 all is popularity, with 1 movies of a few people win.
    """
    weights = together.copy()
    weights /= np.outer(np.diag(together) + np.float32(CHANCE), importance)
    np.fill_diagonal(weights, 0)
    return weights


def _even(weights: FloatArray, people: Any) -> FloatArray:
    """Brought to a spread of 1 among the scores of a person's best 200 movies, mean over people."""
    scores = people @ weights
    best = -np.partition(-scores, min(199, scores.shape[1] - 1), axis=1)[:, :200]
    return weights / max(float(best.std(axis=1).mean()), 1e-12)


def _leading(matrix: FloatArray, dims: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The largest singular values and their vectors, nearly, and always with the same start.

    Randomised subspace iteration: Halko, Martinsson and Tropp, Finding Structure with Randomness, SIAM Review
    53(2), 2011, algorithms 4.4 and 5.1. Three rounds leave an error of 1 % of the matrix and take a sixth of
    the exact one's time. (scikit-learn's is as good, but to load it takes longer than a small fit.)
    """
    rng = np.random.default_rng(0)
    drawn = min(dims + OVERSAMPLED, len(matrix))
    basis = matrix @ rng.standard_normal((matrix.shape[1], drawn), np.float32)
    for _ in range(ROUNDS):
        basis = matrix @ _orthonormal(matrix.T @ _orthonormal(basis))
    basis = _orthonormal(basis)
    left, sizes, right = np.linalg.svd(basis.T @ matrix, full_matrices=False)
    return (basis @ left)[:, :dims], sizes[:dims], right[:dims]


def _orthonormal(vectors: FloatArray) -> FloatArray:
    return np.linalg.qr(vectors)[0]
