"""Virtual users: people cut in two, so that one part of their ratings learns to predict the other.

A community user is cut several times at random into a profile part, as small as a friend's, and a target
part. The profile part becomes features, the liked movies among the rest become positives. A movie
never explains itself, and a model fitted so serves anybody who brings ratings.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from recommender.datasets import Ratings
from recommender.features import IntArray, ItemFeatures
from recommender.profiles import LIKED_FROM, Profile

LONGEST_PROFILE = 30
FEWEST_RATINGS = 4


class VirtualUser(NamedTuple):
    """A profile and the rows of the movies to be predicted from it.

    `known` are rows of movies about which nothing is to be learned from this person: told already, or liked
    but not among the targets. They are not to be ranked below the targets.
    """

    profile: Profile
    targets: IntArray
    known: IntArray


def people(ratings: Ratings, rows: IntArray) -> list[Profile]:
    """All ratings of each user, as one profile each, in the order of user ids.

    Parameters
    ----------
    ratings : Ratings
    rows : int64, shape (n_ratings,)
        Catalogue row of each rating's movie.
    """
    if not len(ratings):
        return []
    order = np.argsort(ratings.user_ids, kind="stable")
    starts = np.flatnonzero(np.diff(ratings.user_ids[order])) + 1
    return [Profile(rows[part], ratings.stars[part].astype(np.float32)) for part in np.split(order, starts)]


def cuts(
    everyone: Iterable[Profile], times: int, most_targets: int, rng: np.random.Generator
) -> Iterator[VirtualUser]:
    """Cut everyone at random, `times` times.

    The profile's length is drawn log-uniformly between 1 and `LONGEST_PROFILE`, because the first ratings
    matter most; at most `most_targets` liked movies of the rest are targets, so that people who
    rated thousands do not drown the others.
    """
    log_longest = float(np.log(LONGEST_PROFILE + 1))
    for rows, stars in everyone:
        if len(rows) < FEWEST_RATINGS:
            continue
        for _ in range(times):
            length = min(int(np.exp(rng.uniform(0, log_longest))), len(rows) - 2)
            order = rng.permutation(len(rows))
            given, rest = order[:length], order[length:]
            targets = rows[rest[stars[rest] >= LIKED_FROM]]
            if len(targets):
                chosen = rng.permutation(targets)
                known = np.concatenate([rows[given], chosen[most_targets:]])
                yield VirtualUser(Profile(rows[given], stars[given]), chosen[:most_targets], known)


def content_fans(
    features: ItemFeatures, count: int, most_targets: int, rng: np.random.Generator
) -> Iterator[VirtualUser]:
    """Invented people who like what resembles one movie and dislike what shares nothing with it.

    They stand in for a community that is missing: where only a few friends rate, nothing else
    says that a lover of Westerns may like another Western. Resemblance is the summed inverse frequency
    of shared features.
    """
    movies = len(features.starts) - 1
    if movies < 2 * FEWEST_RATINGS or not len(features.columns):
        return
    frequency = np.bincount(features.columns, minlength=len(features.names))
    rarity = np.log(movies / np.maximum(frequency, 1)).astype(np.float32)
    rows = np.repeat(np.arange(movies), np.diff(features.starts))
    for _ in range(count):
        columns, _weights = features.of(int(rng.integers(movies)))
        wanted = np.zeros(len(features.names), np.float32)
        wanted[columns] = rarity[columns] * rng.uniform(0, 1, len(columns)).astype(np.float32)
        likeness = np.bincount(rows, wanted[features.columns], movies)
        likeness += rng.uniform(0, 0.01, movies)
        ranked = np.argsort(-likeness)
        loved = rng.permutation(ranked[: min(3 * FEWEST_RATINGS + most_targets, movies // 4)])
        strange = rng.choice(ranked[movies // 2 :], FEWEST_RATINGS, replace=False)
        likes = int(rng.integers(1, min(2 * FEWEST_RATINGS, len(loved))))
        dislikes = int(rng.integers(0, FEWEST_RATINGS))
        given = np.concatenate([loved[:likes], strange[:dislikes]])
        stars = np.where(np.arange(len(given)) < likes, 5.0, 1.5).astype(np.float32)
        yield VirtualUser(Profile(given, stars), loved[likes : likes + most_targets], given)
