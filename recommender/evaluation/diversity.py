"""How different the movies of one list are from each other."""

from collections.abc import Sequence

import numpy as np

from recommender.features import FloatArray


def intra_list(features: FloatArray, rows: Sequence[int]) -> float:
    """Mean of 1 - cosine over all pairs of a list: its intra-list diversity.

    Ziegler, McNee, Konstan and Lausen, Improving Recommendation Lists Through Topic Diversification, WWW 2005
    (their intra-list similarity, turned round and averaged over the pairs).

    Parameters
    ----------
    features : float32, shape (n_movies, n_features)
        What the movies are, such as `Model.has_genre`; a movie without features differs from all others.
    rows : sequence of int
        The list.

    Returns
    -------
    float
        0, all alike, to 1, nothing in common (of features that are not negative); 0 below two movies.
    """
    if len(rows) < 2:
        return 0.0
    listed = features[list(rows)].astype(np.float64)
    listed /= np.maximum(np.linalg.norm(listed, axis=1, keepdims=True), 1e-12)
    likeness = listed @ listed.T
    pairs = len(rows) * (len(rows) - 1)
    return float(1 - (likeness.sum() - np.trace(likeness)) / pairs)
