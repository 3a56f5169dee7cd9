"""Cold movies: how well movies are placed that nobody had rated when the model learned.

A tenth of the movies with at least 20 ratings is drawn, and all of their ratings are taken out of the
community, as are the held-out people. These tell ratings of other movies; relevant are the cold movies they
liked. They are ranked among the cold movies alone, and among all movies but the others that the person has
rated; there most models put whatever has ratings first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from recommender.catalogue import GENRES
from recommender.datasets import Dataset, Ratings
from recommender.evaluation import metrics
from recommender.evaluation.protocol import (
    Comparison,
    Fit,
    Fitted,
    Friend,
    K,
    OnProgress,
    Values,
    friends,
    hold_out,
)
from recommender.evaluation.yardstick import Yardstick
from recommender.profiles import LIKED_FROM

SHARE = 0.1
LEAST_RATINGS = 20
AMONG_COLD = "ndcg@10 among cold"
AMONG_ALL = "ndcg@10 among all"
AUC_AMONG_ALL = "auc among all"
COLD_MEASURES = (AMONG_COLD, AMONG_ALL, AUC_AMONG_ALL)

Scores = npt.NDArray[np.float32]


def cold_movies(ratings: Ratings, seed: int) -> npt.NDArray[np.int64]:
    """Ascending ids of a random tenth of the movies with at least 20 ratings; at least one if any."""
    movies, counts = np.unique(ratings.movie_ids, return_counts=True)
    known = movies[counts >= LEAST_RATINGS]
    size = min(len(known), max(1, round(SHARE * len(known))))
    return np.sort(np.random.default_rng((seed, 1)).choice(known, size, replace=False))


def compare_cold(
    dataset: Dataset,
    models: Mapping[str, Fit],
    *,
    given: Sequence[int] = (10,),
    seeds: Sequence[int] = (0, 1, 2),
    people: int = 120,
    on_progress: OnProgress | None = None,
) -> Comparison:
    """Measure models on cold movies, as `recommender.evaluation.protocol.compare` does on all.

    Returns
    -------
    Comparison
        NDCG@10 among the cold movies; `COLD_MEASURES` with `of`.
    """
    collected: dict[str, dict[tuple[str, int], list[float]]] = {name: {} for name in COLD_MEASURES}
    whose: dict[int, list[int]] = {n: [] for n in given}
    done = 0
    for seed in seeds:
        held_out = hold_out(dataset.ratings, people, seed)
        ratings = dataset.ratings
        cold = cold_movies(ratings.where(~np.isin(ratings.user_ids, held_out)), seed)
        is_cold = np.isin(ratings.movie_ids, cold)
        community = replace(dataset, ratings=ratings.where(~is_cold & ~np.isin(ratings.user_ids, held_out)))
        asked = {n: _cold_friends(ratings, is_cold, held_out, n, seed) for n in given}
        for n in given:
            whose[n] += [friend.user_id for friend in asked[n]]
        yardstick = Yardstick(community)
        among = yardstick.mask(cold.tolist())
        for name, fit in models.items():
            if on_progress:
                on_progress(f"cold: {name}", done, len(seeds) * len(models))
            fitted = fit(community, seed)
            for n in given:
                for values in _measure(fitted, asked[n], yardstick, among):
                    for measure, value in zip(COLD_MEASURES, values, strict=True):
                        collected[measure].setdefault((name, n), []).append(value)
            done += 1
    if on_progress:
        on_progress("done", done, done)
    measured: dict[str, Values] = {
        measure: {key: np.array(values) for key, values in some.items()}
        for measure, some in collected.items()
    }
    people_ids = {n: np.array(ids, np.int64) for n, ids in whose.items()}
    return Comparison(measured[AMONG_COLD], people_ids, measured)


def _cold_friends(
    ratings: Ratings, is_cold: npt.NDArray[np.bool_], user_ids: npt.NDArray[np.int64], given: int, seed: int
) -> list[Friend]:
    liked = ratings.where(is_cold & (ratings.stars >= LIKED_FROM) & np.isin(ratings.user_ids, user_ids))
    by_person: dict[int, set[int]] = {}
    for user_id, movie_id in zip(liked.user_ids.tolist(), liked.movie_ids.tolist(), strict=True):
        by_person.setdefault(user_id, set()).add(movie_id)
    warm = friends(ratings.where(~is_cold), user_ids, given, seed)
    return [
        replace(friend, relevant=frozenset(by_person[friend.user_id]))
        for friend in warm
        if friend.user_id in by_person
    ]


def _measure(
    fitted: Fitted, asked: Sequence[Friend], yardstick: Yardstick, among: npt.NDArray[np.bool_]
) -> Iterator[tuple[float, ...]]:
    for friend, scores in zip(asked, fitted.scores(asked), strict=True):
        relevant = yardstick.mask(list(friend.relevant))
        others = ~yardstick.mask([*friend.told, *friend.rated])
        total = int(relevant.sum())
        yield (
            _ndcg(yardstick, scores, among, relevant, total),
            _ndcg(yardstick, scores, others, relevant, total),
            metrics.auc(scores[relevant], scores[others & ~relevant]),
        )


def _ndcg(
    yardstick: Yardstick,
    scores: Scores,
    candidates: npt.NDArray[np.bool_],
    relevant: npt.NDArray[np.bool_],
    total: int,
) -> float:
    best = yardstick.top(scores, candidates)
    hits = np.zeros(K, np.bool_)
    hits[: len(best)] = relevant[best]
    return metrics.ndcg(hits, total)


@dataclass(frozen=True, slots=True)
class _Shuffled:
    movies: int
    seed: int

    def scores(self, friends: Sequence[Friend]) -> Iterator[Scores]:
        for friend in friends:
            yield np.random.default_rng((self.seed, friend.user_id)).random(self.movies, np.float32)


def shuffled(community: Dataset, seed: int) -> Fitted:
    """Every person's movies in an order of their own, drawn at random."""
    return _Shuffled(len(community.catalogue), seed)


@dataclass(frozen=True, slots=True)
class _GenreOverlap:
    unit: Scores
    row_of: Mapping[int, int]

    def scores(self, friends: Sequence[Friend]) -> Iterator[Scores]:
        for friend in friends:
            told = [(self.row_of[movie], stars) for movie, stars in friend.told.items()]
            mean = np.mean([stars for _, stars in told]) if told else 0.0
            # Liked movies pull even where all ratings are alike and differ from their mean by nothing.
            weights = np.array([stars - mean + (stars >= LIKED_FROM) for _, stars in told], np.float32)
            rows = np.array([row for row, _ in told], np.int64)
            yield (self.unit @ (weights @ self.unit[rows])).astype(np.float32, copy=False)


def genre_overlap(community: Dataset, _seed: int) -> Fitted:
    """Movies by the likeness of their genres to those of the told ones, weighed by the stars over their mean.

    The cosine content-based recommender of Lops, de Gemmis and Semeraro, Content-based recommender
    systems: state of the art and trends, Recommender Systems Handbook, 2011, section 3.3.1.
    """
    columns = {genre: column for column, genre in enumerate(GENRES)}
    unit = np.zeros((len(community.catalogue), len(GENRES)), np.float32)
    for row, movie in enumerate(community.catalogue):
        unit[row, [columns[genre] for genre in movie.genres]] = 1
    unit /= np.maximum(np.linalg.norm(unit, axis=1, keepdims=True), 1)
    return _GenreOverlap(unit, {movie.movie_id: row for row, movie in enumerate(community.catalogue)})
