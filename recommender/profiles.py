"""What a person is made of: features of their ratings, never an id.

A profile's features are the rated movies themselves, once as rated at all and once as liked, neutral
or disliked, and the genre shares of the liked and of the disliked movies. Every weight is kept with the rated
movie it comes from, so that whatever is computed from a profile can be handed back to its ratings.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from recommender.features import FloatArray, IntArray

LIKED_FROM = 4.0
NEUTRAL_FROM = 3.0
BLOCKS = 3
MOST_STARS = np.float32(5)
DAMPING = 10.0
"""Ratings of the usual number of stars that a movie is taken to have besides its own."""
CAUTION = 3.0
"""Ratings in the middle of everybody's that a person is taken to have given besides their own."""


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
    those of the disliked movies. These are what LightFM learns vectors for. The last 2 n columns are the
    rated movies twice more: weighing less and less the more there are of them, and by how much better or
    worse than usual they were found; see `recommender.neighbours`.

    Parameters
    ----------
    shares : float32, shape (n_movies, n_genres)
        From `recommender.features.genre_shares`.
    usual_stars : float32, shape (n_movies,)
        From `usual_stars`.
    """

    def __init__(self, shares: FloatArray, usual_stars: FloatArray) -> None:
        self.shares = shares
        self.usual_stars = usual_stars
        self.movies = int(shares.shape[0])
        self.genres = int(shares.shape[1])
        self.learned = (BLOCKS + 1) * self.movies + 2 * self.genres
        self.columns = self.learned + 2 * self.movies

    @property
    def rated(self) -> int:
        """First column of the rated movies, whatever was thought of them."""
        return BLOCKS * self.movies

    @property
    def blocks(self) -> tuple[int, ...]:
        """First column of each run of columns that has one for each movie."""
        own = range(0, (BLOCKS + 1) * self.movies, self.movies)
        return (*own, self.learned, self.learned + self.movies)

    def cells(self, profile: Profile, sizes: IntArray | None = None) -> Cells:
        """The features of a profile, whose rows are distinct.

        A movie weighs ``1 / sqrt(n)`` for n ratings, in its first two blocks; a genre share is divided by
        ``n ** 0.75``, between the mean (best for few ratings) and the square root (best for many). In the
        last block but one a movie weighs its stars as part of five, divided by ``n ** 1.5``, in the last its
        deviation, divided by the root of n.

        Parameters
        ----------
        profile : Profile
        sizes : int64, shape (n_people,), optional
            Where the ratings are those of several people, one after another: n of each.
        """
        rows, stars = profile
        if sizes is None:
            sizes = np.array([len(rows)])
        count = np.repeat(sizes, sizes)
        block = block_of(stars)
        owners = np.arange(len(rows))
        movie_columns = block * self.movies + rows
        movie_weights = (count**-0.5).astype(np.float32)
        opinionated = np.flatnonzero(block != 1)
        which, genre = np.nonzero(self.shares[rows[opinionated]])
        owner = opinionated[which]
        side = block[owner] // 2
        genre_columns = (BLOCKS + 1) * self.movies + side * self.genres + genre
        by_count = (count**-0.75).astype(np.float32)
        genre_weights = self.shares[rows[owner], genre] * by_count[owner]
        fading = stars / MOST_STARS * (count**-1.5).astype(np.float32)
        deviating = self.deviations(profile, sizes) * movie_weights
        rated, last = BLOCKS * self.movies + rows, self.learned + rows
        return Cells(
            np.concatenate([movie_columns, rated, genre_columns, last, last + self.movies]),
            np.concatenate([movie_weights, movie_weights, genre_weights, fading, deviating]),
            np.concatenate([owners, owners, owner, owners, owners]),
        )

    def deviations(self, profile: Profile, sizes: IntArray) -> FloatArray:
        """How many stars more each rating gives than its movie usually gets, and its person usually so gives.

        What is usual for a person is drawn towards what is for everybody, as if they had given `CAUTION`
        ratings more.

        Parameters
        ----------
        profile : Profile
            Ratings of people, one after another.
        sizes : int64, shape (n_people,)
            Number of ratings of each.

        Returns
        -------
        float32, shape (n_rated,)
        """
        more = profile.stars - self.usual_stars[profile.rows]
        person = np.repeat(np.arange(len(sizes)), sizes)
        own = np.bincount(person, more, len(sizes)) / (sizes + CAUTION)
        return more - own.astype(np.float32)[person]


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

    def by_rating(self, profile: Profile, sizes: IntArray | None = None) -> FloatArray:
        """Affinity of the profile to each genre, split by the rating it comes from.

        Parameters
        ----------
        profile : Profile
        sizes : int64, shape (n_people,), optional
            Where the ratings are those of several people, one after another: n of each, at least one.

        Returns
        -------
        float32, shape (n_rated, n_genres)
            The sum over a person's ratings is their affinity; the average profile's is about 0.
        """
        rows, stars = profile
        if sizes is None:
            sizes = np.array([len(rows)])
        block = block_of(stars)
        difference: FloatArray = self.shares[rows] - self.expected
        parts = np.zeros_like(difference)
        if not len(rows):
            return parts
        trust = sizes / (sizes + self.TRUST) / (sizes + self.SMOOTHING)
        scale = trust[:, None].astype(np.float32) * self.expected**-self.RARITY
        firsts = np.cumsum(sizes) - sizes
        for side, sign in ((0, np.float32(1)), (2, np.float32(-1))):
            mine = (block == side).astype(np.float32)
            on_side = difference * mine[:, None]
            total, count = np.add.reduceat(on_side, firsts), np.add.reduceat(mine, firsts)
            parts += on_side * np.repeat(self._beyond_chance(total, count) * scale * sign, sizes, axis=0)
        return parts

    def _beyond_chance(self, total: FloatArray, count: FloatArray) -> FloatArray:
        """Which part of the sums of people's differences is kept: float32, shape (n_people, n_genres)."""
        variance = np.maximum(count, 1)[:, None] * (self.expected * (1 - self.expected) * self.SPREAD)
        z = np.abs(total) / np.sqrt(variance)
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


def usual_stars(rows: npt.NDArray[np.signedinteger[Any]], stars: FloatArray, movies: int) -> FloatArray:
    """Mean stars of each movie, drawn towards those of all ratings where it has few.

    Parameters
    ----------
    rows : integer, shape (n_ratings,)
    stars : float32, shape (n_ratings,)
    movies : int

    Returns
    -------
    float32, shape (n_movies,)
    """
    mean = float(stars.mean(dtype=np.float64)) if len(stars) else NEUTRAL_FROM
    counts = np.bincount(rows, minlength=movies)
    sums = np.bincount(rows, stars, movies)
    return ((sums + DAMPING * mean) / (counts + DAMPING)).astype(np.float32)
