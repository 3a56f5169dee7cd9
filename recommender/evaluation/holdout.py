"""Measuring a model on people that it was not fitted on, as a new friend would meet it.

The friends protocol: a held-out person gives a few ratings, drawn at random; the model ranks all
other movies; relevant are those of the person's remaining ratings that are at least four stars.
"""

from collections.abc import Mapping
from typing import Protocol

import numpy as np
import numpy.typing as npt

from recommender.datasets.dataset import Ratings
from recommender.evaluation.metrics import ndcg

LIKED = 4.0
K = 10
LEAST_PEOPLE = 30
MOST_PEOPLE = 300
SHARE = 0.1


class Scorer(Protocol):
    """What can be measured: a `recommender.model.Model` or anything that scores its movies."""

    @property
    def movie_ids(self) -> npt.NDArray[np.int64]: ...

    def scores(self, profile: Mapping[int, float], /) -> npt.NDArray[np.float32]: ...


def held_out_users(ratings: Ratings, given: int = 10) -> npt.NDArray[np.int64]:
    """People of a community to withhold from the fit: the same ones whenever the data is the same.

    A tenth of those with at least twice `given` ratings and a liked movie among them, at least 30
    and at most 300 people, chosen by a hash of their ids.

    Returns
    -------
    int64, shape (n_users,)
        Ascending ids; empty where 30 people would be more than a fifth of the community.
    """
    users, counts = np.unique(ratings.user_ids, return_counts=True)
    liked = np.isin(users, ratings.user_ids[ratings.stars >= LIKED])
    able = users[(counts >= 2 * given) & liked]
    size = min(max(round(SHARE * len(able)), LEAST_PEOPLE), MOST_PEOPLE)
    if size * 5 > len(able):
        return np.zeros(0, np.int64)
    return np.sort(able[np.argsort(_hash(able), kind="stable")[:size]])


def ndcg_at_10(model: Scorer, ratings: Ratings, *, given: int = 10, seed: int = 0) -> npt.NDArray[np.float64]:
    """NDCG@10 of each held-out person who gives `given` ratings.

    Who is measured and what they give depends on the ratings and the seed alone, so the results of
    two models on the same ratings are paired. A relevant movie that the model does not know counts
    as missed.

    Parameters
    ----------
    model : Scorer
    ratings : Ratings
        Everything the held-out people rated.
    given : int
        Number of ratings the model is told. People are left out who have no more than these, or
        whose remaining ones are all under four stars.
    seed : int
        Draws the given ratings.

    Returns
    -------
    float64, shape (n_people,)
        In the order of user ids; NaN for a person to whom the model gives a score that is no number.
    """
    if not len(ratings):
        return np.zeros(0, np.float64)
    values: list[float] = []
    order = np.argsort(ratings.user_ids, kind="stable")
    users, starts = np.unique(ratings.user_ids[order], return_index=True)
    for user_id, rows in zip(users, np.split(order, starts[1:]), strict=True):
        drawn = np.random.default_rng([seed, int(user_id) % 2**63]).permutation(rows)
        told, rest = drawn[:given], drawn[given:]
        relevant = ratings.movie_ids[rest][ratings.stars[rest] >= LIKED]
        if not len(relevant):
            continue
        profile = dict(zip(ratings.movie_ids[told].tolist(), ratings.stars[told].tolist(), strict=True))
        values.append(_measure(model, profile, relevant))
    return np.array(values, np.float64)


def _measure(model: Scorer, profile: Mapping[int, float], relevant: npt.NDArray[np.int64]) -> float:
    scores = model.scores(profile)
    if not np.isfinite(scores).all():
        return float("nan")
    candidates = np.flatnonzero(~np.isin(model.movie_ids, list(profile)))
    best = candidates[np.argsort(-scores[candidates], kind="stable")[:K]]
    hits = np.zeros(K, np.bool_)
    hits[: len(best)] = np.isin(model.movie_ids[best], relevant)
    return ndcg(hits, len(relevant))


def _hash(user_ids: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    """The finaliser of SplitMix64 (Steele, Lea and Flood, 2014): spreads neighbouring ids evenly."""
    value = user_ids.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))
