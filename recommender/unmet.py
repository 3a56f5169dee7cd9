"""What a rating of a movie tells that no fit has met: what ratings of movies with its features tell.

A profile's rated movies each have vectors of their own, by what was thought of them. A linear ridge
regression explains these vectors by the features of the movies: people, genres, decade, language, collection
and keywords. A movie without vectors of its own speaks by what the regression expects of it.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse

from recommender.features import FloatArray, ItemFeatures
from recommender.profiles import ProfileFeatures

# scipy is not typed.
sp: Any = scipy.sparse

RIDGE = 30.0
STRENGTH = 0.7
"""Of what is expected of a movie: its ratings say less than those of one that is known."""
MOST_RATINGS = 50
"""A movie counts by the root of its number of ratings, up to these: the vectors of rare ones are unsure."""
ROUNDS = 40
"""Of the conjugate gradients; so many leave an error that no list shows."""


def feature_profiles(
    features: ItemFeatures,
    layout: ProfileFeatures,
    popularity: FloatArray,
    index: npt.NDArray[np.int32],
    vectors: FloatArray,
) -> FloatArray:
    """What the features of a rated movie add to its person's vector.

    Parameters
    ----------
    features : ItemFeatures
    layout : ProfileFeatures
    popularity : float32, shape (n_movies,)
    index, vectors
        As `recommender.parameters.Parameters.profile_index` and ``profile_vectors``.

    Returns
    -------
    float32, shape (6, n_features + 1, D)
        For each block of the movies' columns (`ProfileFeatures.blocks`): what any movie adds, and then what
        each feature does besides.
    """
    movies, dims = len(popularity), vectors.shape[1]
    named = sp.csr_matrix(
        (np.ones(len(features.columns)), features.columns, features.starts),
        shape=(movies, len(features.names)),
    )
    traits = sp.hstack([np.ones((movies, 1)), named]).tocsr()
    blocks: list[npt.NDArray[np.float64]] = []
    for first in layout.blocks:
        places = index[first : first + movies]
        own = np.zeros((movies, dims))
        own[places >= 0] = vectors[places[places >= 0]]
        blocks.append(own)
    met = index[layout.rated : layout.rated + movies] >= 0
    weighted = sp.diags(np.sqrt(np.minimum(popularity, MOST_RATINGS)) * met) @ traits
    found = STRENGTH * _solved(traits, weighted, weighted.T @ np.hstack(blocks))
    return np.ascontiguousarray(found.reshape(-1, len(blocks), dims).swapaxes(0, 1), np.float32)


def _solved(traits: Any, weighted: Any, wanted: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The slopes of the regressions, by conjugate gradients: Hestenes and Stiefel, 1952, preconditioned.

    Parameters
    ----------
    traits, weighted : sparse float64, shape (n_movies, n_traits)
    wanted : float64, shape (n_traits, n)

    Returns
    -------
    float64, shape (n_traits, n)
    """
    ridge = np.full((traits.shape[1], 1), RIDGE)
    ridge[0] = 1e-6  # what all movies have in common is not drawn to 0
    scale = 1 / (np.asarray(traits.multiply(weighted).sum(axis=0)).T + ridge)
    slopes = np.zeros_like(wanted)
    left = wanted.copy()
    step = scale * left
    size = np.sum(left * step, axis=0)
    for _ in range(ROUNDS):
        moved = weighted.T @ (traits @ step) + ridge * step
        length = size / np.maximum(np.sum(step * moved, axis=0), 1e-300)
        slopes += length * step
        left -= length * moved
        scaled = scale * left
        before, size = size, np.sum(left * scaled, axis=0)
        step = scaled + size / np.maximum(before, 1e-300) * step
    return slopes
