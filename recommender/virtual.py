"""Virtual users: people cut in two, so that one part of their ratings learns to predict the other.

A community user is cut several times at random into a profile part, as small as a friend's, and a target
part. The profile part becomes features, the liked movies among the rest become positives. A movie
never explains itself, and a model fitted so serves anybody who brings ratings. `recommender.cutting` cuts a
community; here people are invented.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from recommender.features import IntArray, ItemFeatures
from recommender.profiles import Profile

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
