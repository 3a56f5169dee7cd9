"""Who judges a new model: people of the community, and of the friends where there are many."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.services.fit_job import FitJob, FitOutcome
from bot.services.fit_worker import divided, fit
from bot.services.gate import judge
from recommender import Dataset, Model, training
from recommender.datasets.dataset import Ratings
from tests.bot.services.tiny import MOVIES, QUICK

MANY = 300


def friends_of(number: int) -> Ratings:
    """Friends with tastes that the community does not have: friend f loves movies of quarter ``f % 4``."""
    rng = np.random.default_rng(3)
    movies = np.concatenate([rng.permutation(MOVIES)[:40] for _ in range(number)])
    people = np.repeat(np.arange(1, number + 1), 40)
    stars = np.where(movies * 4 // MOVIES == people % 4, 5.0, 1.0).astype(np.float32)
    return Ratings(people, movies + 1, stars, np.full(len(people), 10**9))


@pytest.mark.parametrize(("number", "judges"), [(8, 0), (149, 0), (150, 30), (MANY, 30), (500, 50)])
def test_a_tenth_of_many_friends_is_held_out(community: Dataset, number: int, judges: int) -> None:
    friends = friends_of(number)
    parts = divided(community, friends)
    assert len(np.unique(parts.judges.user_ids)) == judges
    assert len(parts.judges) + len(parts.friends) == len(friends)
    assert not np.isin(parts.judges.user_ids, parts.friends.user_ids).any()
    assert len(parts.dataset.ratings) == 130 * 30 + len(parts.friends)


def test_the_same_friends_are_held_out_when_others_come(community: Dataset) -> None:
    few, more = (set(divided(community, friends_of(n)).judges.user_ids.tolist()) for n in (MANY, MANY + 9))
    assert len(few & more) >= 28


def fitted(data: Path, folder: Path, friends: Ratings, running: Path | None = None) -> FitOutcome:
    folder.mkdir()
    return fit(FitJob(data, friends, running, QUICK, full=True), folder, lambda *_: None)


def test_a_model_that_is_bad_for_many_friends_is_not_adopted(
    community: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, friends = tmp_path / "data", friends_of(MANY)
    community.save(data)
    assert len(fitted(data, tmp_path / "good", friends).new) == 60
    train, learned = training.train, len(divided(community, friends).friends)

    def without_friends(dataset: Dataset, *others: Any, **more: Any) -> Model:
        kept = np.arange(len(dataset.ratings)) < len(dataset.ratings) - learned
        return train(replace(dataset, ratings=dataset.ratings.where(kept)), *others, **more)

    monkeypatch.setattr(training, "train", without_friends)
    outcome = fitted(data, tmp_path / "bad", friends, tmp_path / "good" / "model")
    assert outcome.running is not None
    new, running = np.array(outcome.new), np.array(outcome.running)
    assert len(new) == len(running) == 60
    assert "on the same 30 friends" in judge(new, running, outcome.friends).reason
    assert judge(new[30:], running[30:]).adopt, "the community alone would not see it"
    assert judge(new, running).adopt, "nor would everybody together"


def test_a_model_is_not_judged_by_friends_whom_it_learned_from(community: Dataset, tmp_path: Path) -> None:
    data, friends = tmp_path / "data", friends_of(149)
    community.save(data)
    assert len(fitted(data, tmp_path / "all", friends).new) == 30
    outcome = fitted(data, tmp_path / "later", friends_of(MANY), tmp_path / "all" / "model")
    assert outcome.running is not None
    assert len(outcome.new) == len(outcome.running) == 30
    again = fitted(data, tmp_path / "again", friends_of(MANY), tmp_path / "later" / "model")
    assert len(again.new) == 60
