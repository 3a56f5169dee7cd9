"""Errors of estimated stars: of whom, against what, and how they are added up."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pytest

from recommender.datasets import Dataset
from recommender.evaluation.peers import Matinee, matinee, popular
from recommender.evaluation.protocol import Fitted, Friend, compare
from recommender.evaluation.stars import StarJudge, tuned_guesses
from recommender.model import Model
from recommender.profiles import Profile
from tests.recommender.star_worlds import QUICK, by_taste, world

GIVEN = (3, 20)


class Watcher(StarJudge):
    """Also keeps what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[Fitted, Dataset, Mapping[int, Sequence[Friend]], int]] = []

    def __call__(
        self, fitted: Fitted, community: Dataset, asked: Mapping[int, Sequence[Friend]], seed: int
    ) -> None:
        self.told.append((fitted, community, asked, seed))
        super().__call__(fitted, community, asked, seed)


@pytest.fixture(scope="module")
def watcher() -> Watcher:
    watcher = Watcher()
    models = {"popular": popular, "ours": matinee(QUICK)}
    compare(world(by_taste), models, given=GIVEN, seeds=(1,), people=40, on_fitted=watcher)
    return watcher


def ours(watcher: Watcher) -> tuple[Model, Dataset, Mapping[int, Sequence[Friend]]]:
    _, (fitted, community, asked, _) = watcher.told
    assert isinstance(fitted, Matinee)
    return fitted.model, community, asked


def off(watcher: Watcher, given: int) -> Iterator[tuple[float, float]]:
    """Errors of our estimates and of the guess, person by person, worked out apart."""
    model, community, asked = ours(watcher)
    guess = tuned_guesses(community, [given], 1)[given]
    for friend in asked[given]:
        told = list(friend.told)
        profile = Profile(np.array(told) - 1, np.array(list(friend.told.values()), np.float32))
        for movie, stars in friend.rated.items():
            (expected,) = model.expected_stars(friend.told, [movie])
            (guessed,) = guess.expected(profile, np.array([movie - 1]))
            yield float(expected) - stars, float(guessed) - stars


def test_everybody_held_out_is_asked_and_nobody_else(watcher: Watcher) -> None:
    _, community, asked = ours(watcher)
    for given in GIVEN:
        assert len(asked[given]) == 40
        assert not np.isin(community.ratings.user_ids, [friend.user_id for friend in asked[given]]).any()


def test_errors_are_those_of_all_ratings_together(watcher: Watcher) -> None:
    found = {one.given: one for one in watcher.errors()}
    assert set(found) == set(GIVEN)
    mine, theirs = np.array(list(off(watcher, 20))).T
    one = found[20]
    assert one.rmse == pytest.approx(np.sqrt(np.mean(mine**2)))
    assert one.guess_rmse == pytest.approx(np.sqrt(np.mean(theirs**2)))
    assert one.mae == pytest.approx(np.abs(mine).mean())
    assert one.guess_mae == pytest.approx(np.abs(theirs).mean())
    part, low, high = one.better
    assert part == pytest.approx(1 - one.rmse / one.guess_rmse)
    assert 0 < low < part < high


def test_what_is_said_is_what_comes(watcher: Watcher) -> None:
    for one in watcher.errors():
        assert one.shown == 1
        assert one.stated == pytest.approx(one.shown_mae, rel=0.15)


def test_the_guess_has_the_damping_that_suits_the_number_of_ratings() -> None:
    """Where some love and others hate everything, a single rating tells a lot; by chance it tells nothing."""

    def by_level(rng: np.random.Generator, number: int, rows: np.ndarray) -> np.ndarray:
        return (1.0 if number % 2 else 4.5) + rng.normal(0, 0.2, len(rows))

    def by_movie(rng: np.random.Generator, number: int, rows: np.ndarray) -> np.ndarray:
        return 1.0 + rows % 4 + rng.normal(0, 0.8, len(rows))

    assert tuned_guesses(world(by_level), [3], 0)[3].for_person == 3
    assert tuned_guesses(world(by_movie), [3], 0)[3].for_person == 9


def test_the_guess_learns_from_the_whole_community() -> None:
    whole = world(by_taste)
    assert tuned_guesses(whole, [3], 0)[3].mean == pytest.approx(float(whole.ratings.stars.mean()))


def test_models_without_stars_have_none() -> None:
    judge = StarJudge()
    compare(world(by_taste), {"popular": popular}, given=(3,), seeds=(1,), people=40, on_fitted=judge)
    assert judge.errors() == []
