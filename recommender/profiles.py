"""What a person is made of: features of their ratings, never an id.

A profile's features are the rated movies themselves, once as rated at all and once as liked, neutral
or disliked, and the genre shares of the liked and of the disliked movies. Every weight is kept with the rated
movie it comes from, so that whatever is computed from a profile can be handed back to its ratings.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recommender.features import FloatArray, IntArray

LIKED_FROM = 4.0
NEUTRAL_FROM = 3.0
BLOCKS = 3
MOST_STARS = np.float32(5)


class Profile(NamedTuple):
    """Ratings of movies that a model knows, by row of its catalogue.

    Attributes
    ----------
    rows : int64, shape (n_rated,)
    stars : float32, shape (n_rated,)
    """

    rows: IntArray
    stars: FloatArray


class Cells(NamedTuple):
    """Non-zero entries of a profile's feature vector, each with the rating it comes from.

    Attributes
    ----------
    columns : int64, shape (n_cells,)
        Profile feature; one feature may occur several times.
    weights : float32, shape (n_cells,)
    owners : int64, shape (n_cells,)
        Position of the rating within the profile.
    """

    columns: IntArray
    weights: FloatArray
    owners: IntArray


def check_stars(stars: Mapping[int, float]) -> None:
    """Refuse ratings outside 0.5 to 5.

    Raises
    ------
    ValueError
        If a value is not a number between 0.5 and 5.
    """
    for movie_id, value in stars.items():
        if not 0.5 <= value <= 5:
            raise ValueError(f"stars of movie {movie_id} must lie between 0.5 and 5, not {value}")


class ProfileFeatures:
    """Layout and weights of profile features over a catalogue.

    Columns 0 to 3 n - 1 are the liked, the neutral and the disliked movies, the next n the rated ones: what
    somebody has seen tells of them, whatever they thought of it. Then come the genre shares of the liked and
    those of the disliked movies. These are what LightFM learns vectors for. The last n columns are the rated
    movies once more, weighing less and less the more there are of them; see `recommender.neighbours`.

    Parameters
    ----------
    shares : float32, shape (n_movies, n_genres)
        From `recommender.features.genre_shares`.
    """

    def __init__(self, shares: FloatArray) -> None:
        self.shares = shares
        self.movies = int(shares.shape[0])
        self.genres = int(shares.shape[1])
        self.learned = (BLOCKS + 1) * self.movies + 2 * self.genres
        self.columns = self.learned + self.movies

    def cells(self, profile: Profile, counts: IntArray | None = None) -> Cells:
        """The features of a profile, whose rows are distinct.

        A movie weighs ``1 / sqrt(n)`` for n ratings, in its first two blocks; a genre share is divided by
        ``n ** 0.75``, between the mean (best for few ratings) and the square root (best for many). In the
        last block a movie weighs its stars as part of five, divided by ``n ** 1.5``.

        Parameters
        ----------
        profile : Profile
        counts : int64, shape (n_rated,), optional
            Where the ratings are those of several people: n of the person behind each rating.
        """
        rows, stars = profile
        count = max(len(rows), 1) if counts is None else counts
        block = block_of(stars)
        owners = np.arange(len(rows))
        movie_columns = block * self.movies + rows
        movie_weights = np.full(len(rows), count**-0.5, np.float32)
        opinionated = np.flatnonzero(block != 1)
        which, genre = np.nonzero(self.shares[rows[opinionated]])
        owner = opinionated[which]
        side = block[owner] // 2
        genre_columns = (BLOCKS + 1) * self.movies + side * self.genres + genre
        by_count = np.full(len(rows), count**-0.75, np.float32)
        genre_weights = self.shares[rows[owner], genre] * by_count[owner]
        fading = stars / MOST_STARS * np.full(len(rows), count**-1.5, np.float32)
        return Cells(
            np.concatenate([movie_columns, BLOCKS * self.movies + rows, genre_columns, self.learned + rows]),
            np.concatenate([movie_weights, movie_weights, genre_weights, fading]),
            np.concatenate([owners, owners, owner, owners]),
        )


def block_of(stars: FloatArray) -> IntArray:
    """0 for liked, 1 for neutral, 2 for disliked stars."""
    return np.where(stars >= LIKED_FROM, 0, np.where(stars >= NEUTRAL_FROM, 1, 2)).astype(np.int64)


class GenreAffinity:
    """The genres that a person's ratings single out, beyond what chance and the community explain.

    For each genre the liked movies' share is compared with what the community's ratings hold of it.
    The difference is kept as far as it exceeds chance (soft threshold on its z-score), that of the disliked
    movies is subtracted, and rare genres count more: loving five Westerns says more than loving five dramas.

    Parameters
    ----------
    shares : float32, shape (n_movies, n_genres)
    expected : float32, shape (n_genres,)
        Each genre's share of what the community has rated; adds up to 1, all above 0.
    """

    CHANCE = 1.0
    SMOOTHING = 3.0
    TRUST = 4.0
    """Number of ratings at which the affinity has half of its strength."""
    RARITY = 0.6
    SPREAD = 0.6
    """Variance of a genre share relative to that of a yes/no draw: a movie's genres share 1."""

    def __init__(self, shares: FloatArray, expected: FloatArray) -> None:
        self.shares = shares
        self.expected = expected

    def by_rating(self, profile: Profile) -> FloatArray:
        """Affinity of the profile to each genre, split by the rating it comes from.

        Returns
        -------
        float32, shape (n_rated, n_genres)
            The sum over ratings is the person's affinity; the average profile's is about 0.
        """
        rows, stars = profile
        block = block_of(stars)
        difference = self.shares[rows] - self.expected
        trust = len(rows) / (len(rows) + self.TRUST)
        scale = trust * self.expected**-self.RARITY / (len(rows) + self.SMOOTHING)
        parts = np.zeros_like(difference)
        for side, sign in ((0, 1.0), (2, -1.0)):
            chosen = block == side
            parts[chosen] = sign * difference[chosen] * self._beyond_chance(difference[chosen]) * scale
        return parts

    def _beyond_chance(self, difference: FloatArray) -> FloatArray:
        spread = np.sqrt(max(len(difference), 1) * self.expected * (1 - self.expected) * self.SPREAD)
        z = np.abs(difference.sum(axis=0)) / spread
        return (np.maximum(z - self.CHANCE, 0) / np.maximum(z, 1e-9)).astype(np.float32)


def expected_shares(shares: FloatArray, popularity: npt.NDArray[np.float32]) -> FloatArray:
    """Each genre's part of what a community has rated, kept above 0 for genres that nobody rated.

    Parameters
    ----------
    shares : float32, shape (n_movies, n_genres)
    popularity : float32, shape (n_movies,)
        Number of ratings of each movie.
    """
    total = (popularity + 0.01) @ shares
    share = np.maximum(total / max(float(total.sum()), 1e-9), 1e-3)
    return (share / share.sum()).astype(np.float32)
