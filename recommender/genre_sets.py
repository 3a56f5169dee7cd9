"""What the genres of movies add to scores, worked out once for each set of genres: few sets occur."""

import numpy as np

from recommender.features import FloatArray, IntArray


class GenreSets:
    """The sets of genres that the movies of a catalogue have.

    Parameters
    ----------
    shares : float32, shape (n_movies, n_genres)
        Above 0 where a movie has a genre; see `recommender.features.genre_shares`.
    """

    def __init__(self, shares: FloatArray) -> None:
        codes: IntArray = (shares > 0).astype(np.int64) @ (1 << np.arange(shares.shape[1], dtype=np.int64))
        _, first, self._set_of = np.unique(codes, return_index=True, return_inverse=True)
        self._sets: FloatArray = (shares[first] > 0).astype(np.float32)

    def of(self, rows: IntArray) -> FloatArray:
        """1 where a movie has a genre, float32 of shape (n_rows, n_genres)."""
        return self._sets[self._set_of[rows]]

    def add_up(self, affinity: FloatArray, out: FloatArray) -> None:
        """What the genres of each movie add for somebody with this affinity to them.

        Parameters
        ----------
        affinity : float32, shape (n_genres,)
        out : float32, shape (n_movies,)
            Where to put it.
        """
        # All sets exist; with "raise" instead of "clip" numpy would go a long way round to write into `out`.
        np.take(self._sets @ affinity, self._set_of, out=out, mode="clip")
