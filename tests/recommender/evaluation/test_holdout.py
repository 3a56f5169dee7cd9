from collections.abc import Mapping

import numpy as np
import pytest

from recommender.datasets.dataset import Ratings
from recommender.evaluation.holdout import held_out_users, ndcg_at_10


def community(users: int, each: int, *, stars: float = 4.0, movies: int = 100) -> Ratings:
    rng = np.random.default_rng(1)
    user_ids = np.repeat(np.arange(1, users + 1), each)
    movie_ids = np.concatenate([rng.permutation(movies)[:each] for _ in range(users)]) + 1
    return Ratings(
        user_ids.astype(np.int64),
        movie_ids.astype(np.int64),
        np.full(len(user_ids), stars, np.float32),
        np.zeros(len(user_ids), np.int64),
    )


class Fixed:
    """Scores that do not depend on the profile, and a record of what it was told."""

    def __init__(self, movie_ids: np.ndarray, scores: np.ndarray) -> None:
        self.movie_ids = movie_ids.astype(np.int64)
        self._scores = scores.astype(np.float32)
        self.told: list[dict[int, float]] = []

    def scores(self, profile: Mapping[int, float], /) -> np.ndarray:
        self.told.append(dict(profile))
        return self._scores


def test_who_is_held_out_depends_on_the_people_alone():
    ratings = community(400, 25)
    chosen = held_out_users(ratings)
    assert len(chosen) == 40
    shuffled = ratings.where(np.random.default_rng(2).permutation(len(ratings)))  # type: ignore[arg-type]
    np.testing.assert_array_equal(held_out_users(shuffled), chosen)
    assert not np.array_equal(chosen, np.arange(1, 41)), "the first ones are the oldest accounts"


def test_at_least_thirty_at_most_three_hundred_or_nobody():
    assert len(held_out_users(community(160, 25))) == 30
    assert len(held_out_users(community(149, 25))) == 0
    assert len(held_out_users(community(4000, 20))) == 300
    assert len(held_out_users(Ratings.empty())) == 0


def test_people_who_cannot_be_measured_are_not_withheld():
    assert len(held_out_users(community(400, 19))) == 0
    assert len(held_out_users(community(400, 25, stars=3.5))) == 0


def test_told_ratings_are_ten_and_never_ranked():
    ratings = community(5, 30)
    model = Fixed(np.arange(1, 101), np.arange(100))
    ndcg_at_10(model, ratings)
    assert [len(told) for told in model.told] == [10] * 5
    # A model that knows just what each person rated: all ten picks are hits, as none was told.
    for user_id in range(1, 6):
        own = ratings.where(ratings.user_ids == user_id)
        oracle = Fixed(own.movie_ids, np.ones(30))
        assert ndcg_at_10(oracle, own) == pytest.approx([1.0])


def test_two_models_are_asked_about_the_same_people_with_the_same_ratings():
    ratings = community(20, 30)
    left, right = Fixed(np.arange(1, 101), np.arange(100)), Fixed(np.arange(1, 51), np.zeros(50))
    assert len(ndcg_at_10(left, ratings, seed=3)) == len(ndcg_at_10(right, ratings, seed=3)) == 20
    assert left.told == right.told
    other = Fixed(np.arange(1, 101), np.arange(100))
    ndcg_at_10(other, ratings, seed=4)
    assert other.told != left.told


def test_relevant_movies_that_a_model_lacks_count_as_missed():
    ratings = community(1, 30)
    whole = Fixed(np.arange(1, 101), np.isin(np.arange(1, 101), ratings.movie_ids))
    assert ndcg_at_10(whole, ratings) == pytest.approx([1.0])
    few = Fixed(ratings.movie_ids[:6], np.ones(6))
    assert ndcg_at_10(few, ratings)[0] < 0.9


def test_nobody_to_measure_on():
    assert len(ndcg_at_10(Fixed(np.arange(1, 101), np.zeros(100)), Ratings.empty())) == 0


def test_low_ratings_are_not_relevant():
    ratings = community(3, 30, stars=3.5)
    assert len(ndcg_at_10(Fixed(np.arange(1, 101), np.zeros(100)), ratings)) == 0


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_scores_that_are_no_numbers_are_nan(bad: float):
    scores = np.zeros(100)
    scores[50] = bad
    assert np.isnan(ndcg_at_10(Fixed(np.arange(1, 101), scores), community(3, 30))).all()
