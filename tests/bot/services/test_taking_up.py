"""A retrain that a restart interrupts goes on where it was."""

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.errors import UserError
from bot.services.answers import Progress, RetrainResult
from bot.services.fit_job import FitJob
from bot.services.training import Training
from recommender.datasets.dataset import Ratings
from recommender.model import Model
from tests.bot.services.tiny import QUICK, World

EPOCHS = 40
SLOW = QUICK | {"models": 4, "epochs": EPOCHS}
"""Options with which there is time to interrupt a fit between two sub-models."""


FRIENDS = Ratings(
    np.array([0, 0, 1, 1]),
    np.array([1, 2, 1, 3]),
    np.array([4, 5, 4, 1], np.float32),
    np.array([10, 11, 12, 13]),
)


async def interrupt(world: World) -> int:
    """Shut down in the middle of a retrain; the number of sub-models that are done."""
    training = world.training(options=SLOW)
    halfway = asyncio.Event()

    def look(step: Progress) -> None:
        if step.stage == "fitting" and step.done > EPOCHS:
            halfway.set()

    running = asyncio.create_task(training.retrain(look))
    await halfway.wait()
    await training.close()
    with pytest.raises(UserError, match="shutting down"):
        await running
    done = len(list(kept(world)))
    assert 1 <= done < 4
    return done


def kept(world: World) -> list[Path]:
    return list((world.home / "job" / "checkpoints").glob("*/sub-model-*.npz"))


async def restarted(world: World) -> Training:
    training = world.training(options=SLOW)
    await training.start()
    return training


async def taken_up(world: World) -> tuple[RetrainResult, int]:
    """What a bot does by itself after it was started again; and how many epochs were done when it began."""
    told: list[Progress] = []
    training = await restarted(world)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "retrain", partial(training.retrain, told.append))
        result = await training.retrain_if_due()
    assert result is not None
    assert not (world.home / "job").exists()
    return result, next(step.done for step in told if step.stage == "fitting" and step.done)


def serving(world: World) -> Model:
    model = world.shelf.current.model
    assert model is not None
    return model


async def test_an_interrupted_retrain_goes_on_by_itself_to_the_same_model(world: World):
    await world.rate(1, 1, 5, 9)
    whole = await world.training(options=SLOW).retrain()
    expected = serving(world).parameters
    assert await (await restarted(world)).retrain_if_due() is None, "it is not due otherwise"

    done = await interrupt(world)
    result, first = await taken_up(world)
    assert first >= done * EPOCHS, "sub-models that were done are not fitted again"
    assert result.adopted
    assert result.version.friend_ratings == 3
    assert result.after == whole.after
    for name in ("vectors", "biases", "profile_vectors", "mean_profile"):
        assert np.array_equal(getattr(serving(world).parameters, name), getattr(expected, name)), name
    assert await (await restarted(world)).retrain_if_due() is None, "once is enough"


async def test_ratings_that_were_added_since_are_the_next_ones(world: World):
    await world.rate(1, 1, 5, 9)
    done = await interrupt(world)
    await world.rate(1, 2)
    result, first = await taken_up(world)
    assert first >= done * EPOCHS
    assert result.version.friend_ratings == 3
    assert (await world.training().status()).new_ratings == 1


async def test_nothing_is_learned_from_a_rating_that_was_taken_back(world: World):
    await world.rate(1, 1, 5, 9)
    await interrupt(world)
    await world.ratings.unrate(1, 5)
    result, first = await taken_up(world)
    assert first < EPOCHS
    assert result.version.friend_ratings == 2
    assert serving(world).popularity.sum() == 2 + 130 * 30


async def test_nothing_of_an_interrupted_retrain_is_left_when_somebody_is_deleted(world: World):
    await world.rate(1, 1, 5, 9)
    await interrupt(world)
    training = await restarted(world)
    assert (world.home / "job" / "friends.npz").exists()
    await training.forget()
    assert not (world.home / "job").exists()
    assert not (await restarted(world))._fitter.interrupted
    assert (await training.retrain()).adopted


@pytest.mark.parametrize("early", [True, False], ids=["before it reads them", "while it fits"])
async def test_a_running_retrain_loses_the_ratings_when_somebody_is_deleted(world: World, early: bool):
    await world.rate(1, 1, 5, 9)
    training = world.training(options=SLOW)
    fits = asyncio.Event()
    running = asyncio.create_task(
        training.retrain(lambda step: fits.set() if step.stage == "fitting" else None)
    )
    if early:
        await asyncio.sleep(0)
        await training.forget()
    await fits.wait()
    if not early:
        await training.forget()
    assert not (world.home / "job" / "friends.npz").exists()
    await training.close()
    with pytest.raises(UserError, match="shutting down"):
        await running
    assert (world.home / "job").exists(), "as after a kill"
    await restarted(world)
    assert not (world.home / "job").exists()


def job(**changes: Any) -> FitJob:
    """A job with four ratings of two friends, but for the changes."""
    facts = {
        "dataset": Path("tiny"),
        "friends": FRIENDS,
        "options": {"models": 4},
        "last_change": 7,
    } | changes
    return FitJob(**facts)


def test_a_job_is_taken_up_with_its_own_ratings(tmp_path: Path):
    job().write(tmp_path)
    one = np.array([0])
    more = FRIENDS.joined(Ratings(one, one + 9, np.array([3], np.float32), one + 20))
    new = job(friends=more, last_change=8, running=Path("model"), niceness=3)
    found = new.taken_up(tmp_path)
    assert (len(found.friends), found.last_change) == (4, 7)
    assert (found.running, found.niceness) == (Path("model"), 3)
    renumbered = Ratings(1 - FRIENDS.user_ids, FRIENDS.movie_ids, FRIENDS.stars, FRIENDS.rated_at)
    assert np.array_equal(job(friends=renumbered).taken_up(tmp_path).friends.user_ids, FRIENDS.user_ids)


@pytest.mark.parametrize(
    "changes",
    [
        {"friends": FRIENDS.where(np.array([True, True, True, False]))},
        {"friends": Ratings(FRIENDS.user_ids, FRIENDS.movie_ids, FRIENDS.stars - 0.5, FRIENDS.rated_at)},
        {"friends": Ratings(FRIENDS.user_ids, FRIENDS.movie_ids, FRIENDS.stars, FRIENDS.rated_at + 1)},
        {"options": {"models": 5}},
        {"dataset": Path("other")},
    ],
    ids=["taken back", "other stars", "rated again", "other options", "other data"],
)
def test_a_job_that_is_another_one_begins_anew(tmp_path: Path, changes: dict[str, Any]):
    job().write(tmp_path)
    new = job(**changes)
    assert new.taken_up(tmp_path) is new


@pytest.mark.parametrize("file", ["job.json", "friends.npz"])
@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"{}", b"PK\3\4 broken"])
def test_a_damaged_job_begins_anew(tmp_path: Path, file: str, content: bytes | None):
    job().write(tmp_path)
    (tmp_path / file).unlink() if content is None else (tmp_path / file).write_bytes(content)
    new = job()
    assert new.taken_up(tmp_path) is new
