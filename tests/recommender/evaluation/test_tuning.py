"""Tuning asks nobody whom a test asks, and walks a grid to its best."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest

from recommender.catalogue import Catalogue, Movie
from recommender.datasets import Dataset, Ratings
from recommender.evaluation.peers import Peer, popular
from recommender.evaluation.protocol import Fit, Fitted, Friend, hold_out
from recommender.evaluation.tuning import (
    GIVEN,
    TEST_PEOPLE,
    TEST_SEEDS,
    Means,
    Validation,
    main,
    validation_people,
    walk,
)

MOVIES = 80


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    rng = np.random.default_rng(0)
    pairs = [(user, movie) for user in range(60) for movie in rng.permutation(MOVIES)[: 20 + user % 40]]
    users, movies = np.array(pairs, np.int64).T
    stars = (rng.integers(1, 11, len(pairs)) / 2).astype(np.float32)
    catalogue = Catalogue(Movie(movie, f"Movie {movie}") for movie in range(MOVIES))
    return Dataset("random", catalogue, Ratings(users, movies, stars, np.zeros_like(users)))


def test_nobody_is_asked_whom_a_test_asks(dataset: Dataset) -> None:
    people = set(validation_people(dataset.ratings).tolist())
    assert people
    for seed in TEST_SEEDS:
        assert not people & set(hold_out(dataset.ratings, TEST_PEOPLE, seed).tolist())
    validation = Validation(dataset)
    assert {friend.user_id for asked in validation.asked.values() for friend in asked} <= people
    assert not people & set(validation.community.ratings.user_ids.tolist())


@dataclass
class Oracle:
    """Ranks what was told first, then what is relevant."""

    def scores(self, friends: Sequence[Friend]) -> Iterator[npt.NDArray[np.float32]]:
        for friend in friends:
            scores = np.zeros(MOVIES, np.float32)
            scores[list(friend.relevant)] = 1
            scores[list(friend.told)] = 2
            yield scores


def test_the_right_answer_is_worth_one_whatever_was_told(dataset: Dataset) -> None:
    def fit(_community: Dataset, _seed: int) -> Fitted:
        return Oracle()

    assert Validation(dataset).ndcg(fit) == pytest.approx(np.ones(len(GIVEN)))
    assert Validation(dataset).ndcg(popular).max() < 0.9


@dataclass(frozen=True)
class Point:
    x: int = 0
    y: int = 0


@dataclass(frozen=True)
class Marked:
    """A fit that can be told from others."""

    point: Point

    def __call__(self, community: Dataset, seed: int) -> Fitted:
        return Oracle()


def test_a_walk_finds_the_best_of_a_grid_and_measures_nothing_twice() -> None:
    asked: list[Point] = []

    def ndcg(fit: Fit) -> Means:
        assert isinstance(fit, Marked)
        asked.append(fit.point)
        return np.array([-3 * (fit.point.x - 2) ** 2, -((fit.point.y - fit.point.x) ** 2)], np.float64)

    grid = {"x": (0, 1, 2, 3), "y": (0, 1, 2, 3)}
    measured = dict(walk(Peer(Marked, Point(), grid), ndcg, rounds=5))
    assert max(measured, key=lambda point: measured[point].mean()) == Point(2, 2)
    assert len(asked) == len(set(asked)) == len(measured)


def test_the_command_prints_the_best(
    dataset: Dataset, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path_factory.mktemp("data")
    dataset.save(folder)
    main(["peers", str(folder), "--only", "most popular"])
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("most popular") for line in lines) == 4
    assert sum(line.startswith("BEST most popular") for line in lines) == 1
    assert [line.split(" at ")[1].split()[0] for line in lines[-5:]] == [str(n) for n in GIVEN]
