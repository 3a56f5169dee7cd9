"""Fewer dimensions for the same scores.

Sub-models side by side say much the same thing: the scores of people X for movies Y, ``X Y^T``, are
nearly of a far lower rank than the number of dimensions. Both sides are mapped to the few directions that
carry the scores, so that serving is as fast as with one small model. The mapped vectors *are* the model:
scores and explanations are exact for them.
"""

import numpy as np
import numpy.typing as npt

from recommender.features import FloatArray


def score_directions(people: FloatArray, movies: FloatArray, dims: int) -> tuple[FloatArray, FloatArray]:
    """Maps for movie vectors and for profile vectors that keep ``people @ movies.T`` as well as possible.

    The best approximation of rank `dims` in the sense of least squares (Eckart and Young, 1936), found
    from the triangular factors of both sides, so that the large product is never made.

    Parameters
    ----------
    people : float32, shape (n_people, D)
        Vectors of typical people.
    movies : float32, shape (n_movies, D)
        Vectors of movies, those more important scaled up.
    dims : int

    Returns
    -------
    for_movies, for_profiles : float32, shape (D, dims)
        Fewer columns than `dims` where there are fewer movies or people.
        ``(people @ for_profiles) @ (movies @ for_movies).T`` is close to ``people @ movies.T``.
    """
    triangle_x, triangle_y = _triangle(people), _triangle(movies)
    left, sizes, right = np.linalg.svd(triangle_x @ triangle_y.T)
    roots = np.sqrt(sizes[:dims])
    for_movies = np.linalg.pinv(triangle_y) @ right[: len(roots)].T * roots
    for_profiles = np.linalg.pinv(triangle_x) @ left[:, : len(roots)] * roots
    return for_movies.astype(np.float32), for_profiles.astype(np.float32)


def _triangle(vectors: FloatArray) -> npt.NDArray[np.float64]:
    """The R of a QR decomposition."""
    # The types of numpy know of no mode without Q, which takes as long again.
    return np.linalg.qr(vectors.astype(np.float64), mode="r")  # pyright: ignore[reportReturnType]
