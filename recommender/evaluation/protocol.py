"""The friends protocol: strangers give a few ratings, and every model ranks the rest for them.

The held-out people are removed from the community before anything is learned. Each gives N ratings drawn at
random; all others of theirs are the truth. Every model answers for the same people with the same
ratings, so that results are compared pair by pair.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from recommender.datasets import Dataset, Ratings
from recommender.evaluation.metrics import ndcg
from recommender.profiles import LIKED_FROM

K = 10


@dataclass(frozen=True, slots=True)
class Friend:
    """A held-out person: what they told, and which movies they like that they did not tell of."""

    user_id: int
    told: Mapping[int, float]
    relevant: frozenset[int]


class Fitted(Protocol):
    """A model that has learned from a community and answers for people outside it."""

    def scores(self, friends: Sequence[Friend]) -> Iterable[npt.NDArray[np.float32]]:
        """Scores of all movies in the catalogue's order, for one friend after the other."""
        ...


Fit = Callable[[Dataset, int], Fitted]
"""Learns from a community (a data set without the held-out people), with a seed."""

OnProgress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """NDCG@10 of several models for the same people.

    Attributes
    ----------
    values : dict
        By model and number of ratings told: float64 of shape (n_friends over all seeds,).
    """

    values: Mapping[tuple[str, int], npt.NDArray[np.float64]]

    def mean(self, model: str, given: int) -> float:
        """Mean over people and seeds."""
        return float(self.values[model, given].mean())

    def interval(self, model: str, given: int) -> tuple[float, float]:
        """95 % bootstrap interval of the mean, over people."""
        return bootstrap(self.values[model, given])

    def advantage(self, model: str, other: str, given: int) -> tuple[float, float, float]:
        """Mean paired difference between two models and its 95 % bootstrap interval."""
        difference = self.values[model, given] - self.values[other, given]
        return (float(difference.mean()), *bootstrap(difference))


def hold_out(ratings: Ratings, people: int, seed: int) -> npt.NDArray[np.int64]:
    """Draw people with at least 30 ratings, at most a quarter of those there are."""
    users, counts = np.unique(ratings.user_ids, return_counts=True)
    able = users[counts >= 30]
    rng = np.random.default_rng(seed)
    return np.sort(rng.choice(able, min(people, len(able) // 4), replace=False))


def friends(ratings: Ratings, user_ids: npt.NDArray[np.int64], given: int, seed: int) -> list[Friend]:
    """Each held-out person tells `given` random ratings; left out are those with no liked movie besides."""
    found: list[Friend] = []
    for user_id in user_ids.tolist():
        mine = ratings.where(ratings.user_ids == user_id)
        order = np.random.default_rng((seed, user_id, given)).permutation(len(mine))
        told, rest = order[:given], order[given:]
        liked = frozenset(mine.movie_ids[rest][mine.stars[rest] >= LIKED_FROM].tolist())
        if liked:
            profile = dict(zip(mine.movie_ids[told].tolist(), mine.stars[told].tolist(), strict=True))
            found.append(Friend(user_id, profile, liked))
    return found


def compare(
    dataset: Dataset,
    models: Mapping[str, Fit],
    *,
    given: Sequence[int] = (1, 3, 5, 10, 20),
    seeds: Sequence[int] = (0, 1, 2),
    people: int = 120,
    on_progress: OnProgress | None = None,
) -> Comparison:
    """Measure models against each other.

    Parameters
    ----------
    dataset : Dataset
    models : mapping of name to Fit
    given : sequence of int
        Numbers of ratings told.
    seeds : sequence of int
        Each draws other held-out people, other told ratings and another start of the fit.
    people : int
        Held out per seed.
    on_progress : callable, optional

    Returns
    -------
    Comparison
    """
    collected: dict[tuple[str, int], list[npt.NDArray[np.float64]]] = {}
    done = 0
    for seed in seeds:
        held_out = hold_out(dataset.ratings, people, seed)
        inside = ~np.isin(dataset.ratings.user_ids, held_out)
        community = replace(dataset, ratings=dataset.ratings.where(inside))
        asked = {n: friends(dataset.ratings, held_out, n, seed) for n in given}
        for name, fit in models.items():
            if on_progress:
                on_progress(name, done, len(seeds) * len(models))
            fitted = fit(community, seed)
            for n, people_asked in asked.items():
                values = _measure(fitted, people_asked, dataset)
                collected.setdefault((name, n), []).append(values)
            done += 1
    if on_progress:
        on_progress("done", done, done)
    return Comparison({key: np.concatenate(values) for key, values in collected.items()})


def bootstrap(values: npt.NDArray[np.float64], draws: int = 2000) -> tuple[float, float]:
    """95 % percentile bootstrap interval of a mean (Efron and Tibshirani, 1993); seeded."""
    rng = np.random.default_rng(0)
    means = rng.choice(values, (draws, len(values))).mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def _measure(fitted: Fitted, asked: Sequence[Friend], dataset: Dataset) -> npt.NDArray[np.float64]:
    movie_ids = np.array([movie.movie_id for movie in dataset.catalogue], np.int64)
    values: list[float] = []
    for friend, scores in zip(asked, fitted.scores(asked), strict=True):
        open_scores = np.where(np.isin(movie_ids, list(friend.told)), -np.inf, scores)
        best = np.argpartition(-open_scores, K)[:K]
        best = best[np.argsort(-open_scores[best], kind="stable")]
        hits = np.isin(movie_ids[best], list(friend.relevant))
        values.append(ndcg(hits, len(friend.relevant)))
    return np.array(values)
