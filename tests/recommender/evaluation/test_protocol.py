"""The friends protocol: who is asked, what they tell, and that nothing leaks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest

from recommender.catalogue import Catalogue, Movie
from recommender.datasets import Dataset, Ratings
from recommender.evaluation.peers import popular
from recommender.evaluation.protocol import (
    Comparison,
    Fitted,
    Friend,
    bootstrap,
    compare,
    friends,
    hold_out,
    validation_split,
)

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


def test_people_may_tell_their_earliest_ratings(dataset: Dataset) -> None:
    ratings = dataset.ratings
    times = np.random.default_rng(8).permutation(len(ratings)).astype(np.int64)
    timed = Ratings(ratings.user_ids, ratings.movie_ids, ratings.stars, times)
    chosen = hold_out(timed, 7, 0)
    for friend in friends(timed, chosen, 5, 0, earliest=True):
        mine = timed.where(timed.user_ids == friend.user_id)
        first = mine.movie_ids[np.argsort(mine.rated_at)[:5]]
        assert friend.told.keys() == set(first.tolist())
    # Where all times are the same the catalogue's order says nothing either.
    told = [set(f.told) for f in friends(ratings, chosen, 5, 0, earliest=True)]
    assert told == [set(f.told) for f in friends(ratings, chosen, 5, 0)]


def test_what_was_not_told_is_known_to_the_measures(dataset: Dataset) -> None:
    for friend in friends(dataset.ratings, hold_out(dataset.ratings, 7, 0), 5, 0):
        assert not friend.rated.keys() & friend.told.keys()
        assert friend.relevant == {movie for movie, stars in friend.rated.items() if stars >= 4}


def test_tuning_never_sees_the_people_of_the_test(dataset: Dataset) -> None:
    for seed in range(5):
        tested = set(hold_out(dataset.ratings, 5, seed).tolist())
        community, validating = validation_split(dataset, 5, seed)
        inside = set(community.ratings.user_ids.tolist())
        assert len(validating) == 5
        assert not tested & inside
        assert not tested & set(validating.tolist())
        assert not inside & set(validating.tolist())


def test_a_person_met_twice_is_one_person_to_the_interval() -> None:
    values = np.random.default_rng(1).random(200)
    twice, people = np.tile(values, 2), np.tile(np.arange(200), 2)
    low, high = bootstrap(twice, people)
    too_narrow = bootstrap(twice)
    alone = bootstrap(values)
    assert high - low == pytest.approx(alone[1] - alone[0], rel=0.1)
    assert too_narrow[1] - too_narrow[0] < 0.8 * (high - low)


def test_people_of_whom_nothing_is_known_are_left_out() -> None:
    known = Comparison({("a", 1): np.array([0.0, np.nan, 1.0]), ("b", 1): np.array([0.5, 1.0, np.nan])})
    assert known.mean("a", 1) == 0.5
    assert known.advantage("a", "b", 1)[0] == -0.5
    nobody = Comparison({("a", 1): np.array([np.nan])})
    assert np.isnan([nobody.mean("a", 1), *nobody.interval("a", 1)]).all()


def test_every_measure_and_its_cost_are_kept(dataset: Dataset) -> None:
    compared = compare(dataset, {"right": lambda *_: Oracle(1)}, given=(3,), seeds=(0, 1))
    assert compared.of("recall@10").mean("right", 3) > 0.5
    assert compared.of("auc").mean("right", 3) == 1
    assert compared.of("bad@10").mean("right", 3) < 0.2
    assert 0.1 < compared.coverage["right", 3] <= 1
    # Forty movies have no long tail, of which nothing can be covered.
    assert compared.tail_coverage["right", 3] == 0
    assert len(compared.people[3]) == len(compared.values["right", 3])
    assert compared.times["right"].fit >= 0
    assert (compared.models, compared.given) == (["right"], [3])
