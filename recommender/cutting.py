"""A community cut into virtual users, all at once.

Two hundred thousand people and their cuts as Python objects cost minutes and gigabytes. Here the ratings lie
one person after another in two arrays, and what comes out is what LightFM takes: sparse matrices.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.sparse

from recommender.datasets import Ratings
from recommender.features import FloatArray, IntArray
from recommender.profiles import LIKED_FROM, Profile, ProfileFeatures
from recommender.virtual import FEWEST_RATINGS, LONGEST_PROFILE, VirtualUser

# scipy is not typed.
sp: Any = scipy.sparse

BLOCK = 1 << 20
"""Ratings that are cut at the same time, about: bounds the memory, changes nothing else."""


class Community(NamedTuple):
    """The ratings of people, one person after another.

    Attributes
    ----------
    rows : integer, shape (n_ratings,)
        Catalogue row of each rating's movie.
    stars : float32, shape (n_ratings,)
    starts : int64, shape (n_people + 1,)
        Person p's ratings are ``starts[p]:starts[p + 1]``.
    """

    rows: npt.NDArray[np.signedinteger[Any]]
    stars: FloatArray
    starts: IntArray

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def sizes(self) -> IntArray:
        """Number of ratings of each person, int64 of shape (n_people,)."""
        return np.diff(self.starts)

    def profile(self, person: int) -> Profile:
        """All ratings of one person."""
        part = slice(int(self.starts[person]), int(self.starts[person + 1]))
        return Profile(self.rows[part].astype(np.int64), self.stars[part])

    def some(self, people: IntArray) -> "Community":
        """Some of the people, by position, with all their ratings; int64 of shape (n_chosen,)."""
        sizes = self.sizes[people]
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
        where = np.repeat(self.starts[people] - starts[:-1], sizes) + np.arange(int(sizes.sum()))
        return Community(self.rows[where], self.stars[where], starts)


class Cut(NamedTuple):
    """Virtual users as matrices.

    Attributes
    ----------
    profiles : float32 csr matrix, shape (n_virtual_users, n_profile_columns)
        Weights of the profile features.
    examples : float32 csr matrix, shape (n_virtual_users, n_movies)
        1 for a target, -1 for a movie about which nothing is to be learned: see
        `recommender.virtual.VirtualUser`.
    """

    profiles: Any
    examples: Any


def community(ratings: Ratings, rows: npt.NDArray[np.signedinteger[Any]]) -> Community:
    """Sort ratings by person, in the order of user ids; nothing is copied where they are sorted already.

    Parameters
    ----------
    ratings : Ratings
    rows : integer, shape (n_ratings,)
        Catalogue row of each rating's movie.
    """
    users, stars = ratings.user_ids, ratings.stars
    if (users[1:] < users[:-1]).any():
        order = np.argsort(users, kind="stable")
        users, stars, rows = users[order], stars[order], rows[order]
    changes = np.flatnonzero(users[1:] != users[:-1]) + 1
    starts = np.concatenate([[0], changes, [len(users)]]) if len(users) else np.zeros(1)
    return Community(rows, stars.astype(np.float32, copy=False), starts.astype(np.int64))


def cut(
    everyone: Community,
    people: IntArray,
    features: ProfileFeatures,
    most_targets: int,
    rng: np.random.Generator,
) -> Cut:
    """Cut people at random, each as often as they are named.

    The profile's length is drawn log-uniformly between 1 and `LONGEST_PROFILE`, because the first ratings
    matter most, but two ratings are left; at most `most_targets` liked movies of the rest are targets, so
    that people who rated thousands do not drown the others.

    Parameters
    ----------
    everyone : Community
    people : int64, shape (n_cuts,)
        Who is cut, by position in the community; those with fewer than `FEWEST_RATINGS` ratings are left out.
    features : ProfileFeatures
    most_targets : int
        Positives per virtual user, at most.
    rng : Generator

    Returns
    -------
    Cut
        Person after person, in the order of `people`; without the virtual users that have no target.
    """
    movies = features.movies
    people = people[everyone.sizes[people] >= FEWEST_RATINGS]
    parts = [_cut(everyone, block, features, most_targets, rng) for block in _blocks(everyone, people)]
    if not parts:
        return Cut(
            sp.csr_matrix((0, features.columns), dtype=np.float32),
            sp.csr_matrix((0, movies), dtype=np.float32),
        )
    return Cut(*(sp.vstack(matrices, format="csr") for matrices in zip(*parts, strict=True)))


def as_cut(users: Sequence[VirtualUser], features: ProfileFeatures) -> Cut:
    """Virtual users that were not cut, at least one, as matrices."""
    profiles = [user.profile for user in users]
    rows, stars = (np.concatenate(parts) for parts in zip(*profiles, strict=True))
    sizes = np.array([len(profile.rows) for profile in profiles])
    targets, known = (np.array([len(user[part]) for user in users]) for part in (1, 2))
    user = np.repeat(np.arange(len(users)), targets + known)
    columns = np.concatenate([part for user in users for part in (user.targets, user.known)])
    values = np.repeat(np.tile([1, -1], len(users)), np.stack([targets, known], axis=1).ravel())
    shape = (len(users), features.movies)
    examples = sp.csr_matrix((values, (user, columns)), shape=shape, dtype=np.float32)
    return Cut(profile_matrix(features, rows, stars, sizes), examples)


def profile_matrix(features: ProfileFeatures, rows: IntArray, stars: FloatArray, sizes: IntArray) -> Any:
    """Profile features of many people, whose ratings lie one person after another.

    Parameters
    ----------
    features : ProfileFeatures
    rows : int64, shape (n_ratings,)
    stars : float32, shape (n_ratings,)
    sizes : int64, shape (n_people,)
        Number of ratings of each.

    Returns
    -------
    float32 csr matrix, shape (n_people, n_profile_columns)
        Row by row what `ProfileFeatures.cells` gives.
    """
    cells = features.cells(Profile(rows, stars), sizes)
    person = np.repeat(np.arange(len(sizes)), sizes)
    shape = (len(sizes), features.columns)
    return sp.csr_matrix(
        (cells.weights, (person[cells.owners], cells.columns)), shape=shape, dtype=np.float32
    )


def _blocks(everyone: Community, people: IntArray) -> Iterator[IntArray]:
    """Runs of people with about `BLOCK` ratings together."""
    ends = np.cumsum(everyone.sizes[people])
    splits = np.flatnonzero(np.diff(ends // BLOCK)) + 1
    return (block for block in np.split(people, splits) if len(block))


def _cut(
    everyone: Community,
    people: IntArray,
    features: ProfileFeatures,
    most_targets: int,
    rng: np.random.Generator,
) -> Cut:
    sizes = everyone.sizes[people]
    firsts = np.cumsum(sizes) - sizes
    user = np.repeat(np.arange(len(people)), sizes)
    place = np.arange(len(user)) - firsts[user]
    # In one order by chance: the first ones are given, the others are the rest.
    shuffled = np.argsort((user << 32) | rng.integers(1 << 32, size=len(user)), kind="stable")
    rating = (everyone.starts[people] - firsts)[user] + shuffled
    rows, stars = everyone.rows[rating].astype(np.int64), everyone.stars[rating]
    longest = np.exp(rng.uniform(0, np.log(LONGEST_PROFILE + 1), len(people))).astype(np.int64)
    lengths = np.minimum(longest, sizes - 2)
    given = place < lengths[user]
    liked = ~given & (stars >= LIKED_FROM)
    likes = np.bincount(user[liked], minlength=len(people))
    # The liked ones among the rest come in an order by chance, too.
    nth = np.cumsum(liked) - (np.cumsum(likes) - likes)[user]
    target = liked & (nth <= most_targets)
    kept = likes > 0
    number = np.cumsum(kept) - 1
    told = given & kept[user]
    used = (told | liked) & kept[user]
    values = np.where(target[used], np.float32(1), np.float32(-1))
    shape = (int(kept.sum()), features.movies)
    return Cut(
        profile_matrix(features, rows[told], stars[told], lengths[kept]),
        sp.csr_matrix((values, (number[user[used]], rows[used])), shape=shape, dtype=np.float32),
    )
