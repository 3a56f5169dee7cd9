"""Every measure of a list, against lists whose values are known."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pytest
from sklearn.metrics import ndcg_score, roc_auc_score

from recommender.catalogue import Catalogue, Movie
from recommender.datasets import Dataset, Ratings
from recommender.evaluation import metrics
from recommender.evaluation.yardstick import ALL_MEASURES, HEAD, MEASURES, TAIL, Yardstick

MOVIES = 300


@dataclass
class Person:
    told: Mapping[int, float]
    relevant: frozenset[int]
    rated: Mapping[int, float] = field(default_factory=dict)


@pytest.fixture(scope="module")
def yardstick() -> Yardstick:
    """Movie 0 is rated by 300 people, movie 1 by 299 and so on; even ones are comedies, the others dramas."""
    catalogue = Catalogue(Movie(m, f"Movie {m}", genres=(("Comedy", "Drama")[m % 2],)) for m in range(MOVIES))
    movies = np.repeat(np.arange(MOVIES), np.arange(MOVIES, 0, -1))
    users = np.concatenate([np.arange(count) for count in range(MOVIES, 0, -1)])
    ratings = Ratings(users, movies, np.full(len(users), 4, np.float32), np.zeros(len(users), np.int64))
    return Yardstick(Dataset("stairs", catalogue, ratings))


def measured(yardstick: Yardstick, scores: np.ndarray, person: Person) -> dict[str, float]:
    values, _ = yardstick.measure(scores.astype(np.float32), person)
    return dict(zip(ALL_MEASURES, values.tolist(), strict=True))


DOWNWARDS = -np.arange(MOVIES, dtype=np.float32)


def test_a_worked_example(yardstick: Yardstick) -> None:
    # Movie 0 was told, so the list is 1 to 10; of the relevant 2, 4 and 299 two are found.
    person = Person({0: 5.0}, frozenset({2, 4, 299}), {2: 4.0, 4: 5.0, 6: 2.5, 8: 1.0, 10: 3.0, 299: 4.0})
    found = measured(yardstick, DOWNWARDS, person)
    assert found["ndcg@10"] == pytest.approx(metrics.ndcg(np.isin(np.arange(1, 11), [2, 4]), 3))
    assert found["recall@10"] == pytest.approx(2 / 3)
    assert found["precision@5"] == pytest.approx(2 / 5)
    assert found["hit@5"] == 1
    assert found["bad@10"] == pytest.approx(2 / 5), "of 2, 4, 6, 8 and 10"
    assert found["popularity@10"] == pytest.approx(100 * (299 - 5.5) / 299)
    assert found["diversity@10"] == pytest.approx(25 / 45), "five comedies and five dramas"


def test_the_long_tail_is_all_but_the_most_rated(yardstick: Yardstick) -> None:
    person = Person({0: 5.0}, frozenset({2, 200, 212}), {2: 4.0, 200: 4.0, 212: 4.5})
    found = measured(yardstick, DOWNWARDS, person)
    assert int((~yardstick.tail).sum()) == HEAD
    # The list begins with movie 200; movie 2 is not asked for.
    assert found[TAIL + "ndcg@10"] == pytest.approx(metrics.ndcg(np.arange(10) == 0, 2))
    assert found[TAIL + "recall@10"] == pytest.approx(1 / 2)


def test_picks_of_the_long_tail_are_its_best_that_were_not_told(yardstick: Yardstick) -> None:
    picks = yardstick.tail_picks(DOWNWARDS, Person({0: 5.0, 203: 1.0}, frozenset()))
    assert picks.tolist() == [200, 201, 202, *range(204, 211)]


def test_what_says_nothing_is_no_number(yardstick: Yardstick) -> None:
    found = measured(yardstick, DOWNWARDS, Person({0: 5.0}, frozenset({1}), {1: 4.0}))
    unknown = {name for name, value in found.items() if np.isnan(value)}
    liked = {"ndcg@10", "recall@10", "precision@5", "hit@5", "auc"}
    assert unknown == {TAIL + name for name in liked | {"bad@10"}}
    with pytest.raises(ValueError, match="not a number"):
        measured(yardstick, np.full(MOVIES, np.nan), Person({}, frozenset({1})))


def test_ndcg_and_auc_agree_with_known_implementations(yardstick: Yardstick) -> None:
    rng = np.random.default_rng(5)
    for _ in range(20):
        scores = rng.permutation(MOVIES).astype(np.float32)
        told, liked = np.split(rng.permutation(MOVIES)[:40], [10])
        found = measured(
            yardstick, scores, Person(dict.fromkeys(told.tolist(), 4.0), frozenset(liked.tolist()))
        )
        left = np.setdiff1d(np.arange(MOVIES), told)
        truth = np.isin(left, liked)
        assert found["ndcg@10"] == pytest.approx(ndcg_score([truth], [scores[left]], k=10))
        assert found["auc"] == pytest.approx(roc_auc_score(truth, scores[left]))


def test_equal_scores_are_not_in_the_order_of_the_catalogue(yardstick: Yardstick) -> None:
    rows = yardstick.top(np.zeros(MOVIES, np.float32), np.ones(MOVIES, np.bool_))
    assert len(set(rows.tolist())) == 10
    assert rows.max() > 30
    assert metrics.auc(np.zeros(3, np.float32), np.zeros(5, np.float32)) == 0.5


def test_few_candidates_make_a_short_list(yardstick: Yardstick) -> None:
    assert yardstick.top(DOWNWARDS, np.arange(MOVIES) >= 297).tolist() == [297, 298, 299]


def test_coverage_and_percentiles() -> None:
    assert metrics.coverage(np.array([1, 2, 2, 1]), 8) == 1 / 4
    assert metrics.percentiles(np.array([5, 0, 0, 9])).tolist() == pytest.approx(
        [200 / 3, 50 / 3, 50 / 3, 100]
    )
    assert set(ALL_MEASURES) == set(MEASURES) | {TAIL + name for name in MEASURES}
