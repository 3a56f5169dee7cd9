"""The friends protocol: who is asked, what they tell, and that nothing leaks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest

from recommender.catalogue import Catalogue, Movie
from recommender.datasets import Dataset, Ratings
from recommender.evaluation.peers import popular
from recommender.evaluation.protocol import Comparison, Fitted, Friend, bootstrap, compare, friends, hold_out

MOVIES = 60


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    rng = np.random.default_rng(0)
    pairs = [(user, movie) for user in range(40) for movie in rng.permutation(MOVIES)[: 20 + user]]
    users, movies = np.array(pairs, np.int64).T
    stars = (rng.integers(1, 11, len(pairs)) / 2).astype(np.float32)
    catalogue = Catalogue(Movie(movie, f"Movie {movie}") for movie in range(MOVIES))
    return Dataset("random", catalogue, Ratings(users, movies, stars, np.zeros_like(users)))


def test_only_people_with_enough_ratings_are_held_out(dataset: Dataset) -> None:
    chosen = hold_out(dataset.ratings, 100, 0)
    assert len(chosen) == 30 // 4, "at most a quarter"
    assert chosen.min() >= 10, "they have rated at least 30 movies"
    assert not np.array_equal(chosen, hold_out(dataset.ratings, 100, 1))


def test_friends_tell_some_and_the_rest_is_the_truth(dataset: Dataset) -> None:
    chosen = hold_out(dataset.ratings, 7, 0)
    for friend in friends(dataset.ratings, chosen, 5, 0):
        mine = dataset.ratings.where(dataset.ratings.user_ids == friend.user_id)
        all_stars = dict(zip(mine.movie_ids.tolist(), mine.stars.tolist(), strict=True))
        assert len(friend.told) == 5
        assert friend.told.items() <= all_stars.items()
        liked = {movie for movie, stars in all_stars.items() if stars >= 4}
        assert friend.relevant == liked - friend.told.keys()
    assert friends(dataset.ratings, chosen, 5, 0) == friends(dataset.ratings, chosen, 5, 0)


@dataclass
class Oracle:
    """Knows what friends will like, or the opposite."""

    sign: float

    def scores(self, asked: Sequence[Friend]) -> Iterator[npt.NDArray[np.float32]]:
        for friend in asked:
            scores = np.zeros(MOVIES, np.float32)
            scores[list(friend.relevant)] = self.sign
            # A model that wants to recommend what it was told gains nothing by it.
            scores[list(friend.told)] = 9
            yield scores


def test_the_best_answer_is_one_and_the_worst_none(dataset: Dataset) -> None:
    compared = compare(
        dataset,
        {"right": lambda *_: Oracle(1), "wrong": lambda *_: Oracle(-1)},
        given=(1, 3),
        seeds=(0, 1),
    )
    for given in (1, 3):
        assert compared.mean("right", given) == 1
        assert compared.mean("wrong", given) < 0.2
        assert compared.advantage("right", "wrong", given)[1] > 0.8
        assert compared.advantage("right", "right", given) == (0, 0, 0)
        assert len(compared.values["right", given]) == len(compared.values["wrong", given])


def test_nobody_learns_from_the_held_out(dataset: Dataset) -> None:
    seen: list[set[int]] = []

    def fit(community: Dataset, seed: int) -> Fitted:
        seen.append(set(community.ratings.user_ids.tolist()))
        assert not seen[-1] & set(hold_out(dataset.ratings, 120, seed).tolist())
        return popular(community, seed)

    compare(dataset, {"popular": fit}, given=(1,), seeds=(0, 1))
    assert [len(users) for users in seen] == [33, 33]


def test_progress_is_told(dataset: Dataset) -> None:
    told: list[tuple[str, int, int]] = []
    compare(dataset, {"popular": popular}, given=(1,), seeds=(0, 1), on_progress=lambda *p: told.append(p))
    assert told == [("popular", 0, 2), ("popular", 1, 2), ("done", 2, 2)]


def test_popular_counts_what_was_liked() -> None:
    catalogue = Catalogue(Movie(movie, f"Movie {movie}") for movie in (7, 3, 5))
    ids = np.array([1, 1, 2, 2, 3], np.int64)
    movies = np.array([3, 5, 3, 7, 7], np.int64)
    stars = np.array([5, 4, 4.5, 3.5, 1], np.float32)
    fitted = popular(Dataset("tiny", catalogue, Ratings(ids, movies, stars, ids)), 0)
    (scores,) = fitted.scores([Friend(9, {}, frozenset())])
    assert scores.tolist() == [0, 2, 1]


def test_the_interval_holds_the_mean_and_narrows() -> None:
    values = np.random.default_rng(1).random(4000)
    low, high = bootstrap(values)
    assert low < values.mean() < high
    few_low, few_high = bootstrap(values[:40])
    assert few_high - few_low > 5 * (high - low)
    compared = Comparison({("a", 1): values})
    assert compared.interval("a", 1) == (low, high)
