"""Retrains that go on with the one before, with real child processes on a tiny community."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.services.answers import Progress
from bot.services.training import Training
from bot.services.wording import version_line
from bot.store import personal
from recommender.datasets.dataset import Dataset
from tests.bot.services.tiny import QUICK, World, tiny_dataset

FIVE = QUICK | {"models": 5}

Fitted = Callable[[World], Awaitable[Training]]


def states(world: World) -> set[str]:
    """The versions that a fit can go on with."""
    return {path.parent.name for path in (world.home / "models").glob("*/state")}


def leave_state(world: World, version: int) -> None:
    (world.home / "models" / str(version) / "state").mkdir()


@pytest.fixture(scope="module")
def first_fit(
    tmp_path_factory: pytest.TempPathFactory, new_home: Path, community: Dataset, copying: tuple[str, ...]
) -> Path:
    """Folder of a model that learned of three ratings, and of its state; fitted once."""
    home = shutil.copytree(new_home, tmp_path_factory.mktemp("first") / "home")

    async def fit() -> None:
        async with World.opened(home, community, copying) as world:
            await world.rate(1, 1, 5, 9)
            version = (await world.training(options=FIVE).retrain()).version
            assert (version.way, version.why) == ("full", "there is no earlier fit to go on with")
            assert states(world) == {"1"}

    asyncio.run(fit())
    return home / "models" / "1"


@pytest.fixture
def fitted(first_fit: Path, copying: tuple[str, ...]) -> Fitted:
    """Gives a world the first fit, and the three ratings that it learned of."""

    async def give(world: World) -> Training:
        await world.rate(1, 1, 5, 9)
        await world.training(options=FIVE, command=(*copying[:-1], str(first_fit))).retrain()
        assert states(world) == {"1"}
        return world.training(options=FIVE)

    return give


async def test_after_a_few_ratings_a_retrain_is_warm(world: World, fitted: Fitted):
    training = await fitted(world)
    await world.rate(2, 2, 6)
    told: list[Progress] = []
    result = await training.retrain(told.append)
    version = result.version
    assert result.adopted
    assert (version.way, version.why) == ("warm", "only 2 ratings were added")
    assert "(warm, because only 2 ratings were added)" in result.message
    assert {step.total for step in told if step.stage == "fitting"} == {2}, "two sub-models, one epoch each"
    assert version.friend_ratings == 5
    serving = world.shelf.current
    assert serving.version == version
    assert serving.model is not None
    assert serving.model.popularity.sum() == 5 + 130 * 30
    assert states(world) == {"2"}, "only the current model's fit is gone on with"
    assert not (world.home / "job").exists()

    newest, first = await training.history()
    assert (newest.way, first.way) == ("warm", "full")
    assert "warm, because only 2 ratings were added" in version_line(newest, world.clock())

    await world.rate(2, 10)
    assert (await training.retrain()).version.way == "warm"
    assert states(world) == {"3"}


async def test_the_schedule_decides_in_the_same_way(world: World, fitted: Fitted):
    training = await fitted(world)
    await world.rate(2, 2)
    world.clock.advance(hours=7)
    result = await training.retrain_if_due()
    assert result is not None
    assert result.version.way == "warm"


async def test_whoever_asks_for_a_full_one_gets_it(world: World, fitted: Fitted):
    training = await fitted(world)
    await world.rate(2, 2)
    result = await training.retrain(full=True)
    assert (result.version.way, result.version.why) == ("full", "it was asked for")


async def test_a_full_one_cannot_join_another(world: World):
    training = world.quick_training()
    running = asyncio.create_task(training.retrain())
    await asyncio.sleep(0)
    with pytest.raises(UserError, match="ask for a full one when it is done"):
        await training.retrain(full=True)
    await running
    full = [asyncio.create_task(training.retrain(full=True)) for _ in range(2)]
    assert await full[0] is await full[1]


async def test_a_rating_taken_back_is_forgotten(world: World, fitted: Fitted):
    training = await fitted(world)
    await world.rate(2, 2)
    await world.ratings.unrate(1, 5)
    version = (await training.retrain()).version
    assert (version.way, version.why) == ("full", "1 rating was changed, taken back or deleted")


async def test_a_changed_rating_is_forgotten(world: World, fitted: Fitted):
    training = await fitted(world)
    world.clock.advance(minutes=1)
    await world.rate(1, 5, stars=2.0)
    assert (await training.retrain()).version.way == "full"


async def test_a_deleted_person_is_forgotten_even_if_others_make_up_for_it(world: World, fitted: Fitted):
    training = await fitted(world)
    await world.rate(2, 2, 6, 10)
    async with world.store.write() as db:
        await personal.delete_person(db, 1)
    version = (await training.retrain()).version
    assert (version.way, version.why) == ("full", "3 ratings were changed, taken back or deleted")
    assert version.friend_ratings == 3


async def test_other_data_or_options_begin_anew(world: World, fitted: Fitted):
    training = await fitted(world)
    await world.rate(2, 2)
    other = world.training(options=FIVE | {"epochs": 3})
    version = (await other.retrain()).version
    assert (version.way, version.why) == ("full", "the data or the program is not that of the last fit")
    world.use(tiny_dataset(150))
    await world.rate(2, 6)
    assert (await training.retrain()).version.way == "full"


async def test_after_a_rejected_fit_the_next_is_full(world: World, fitted: Fitted):
    await fitted(world)
    await world.rate(2, 2)
    bad = world.training(options=FIVE | {"epochs": 1, "cuts": 1, "learning_rate": 0.0})
    assert (await bad.retrain()).version.state == "rejected"
    assert states(world) == {"1"}
    version = (await world.training(options=FIVE).retrain()).version
    assert (version.way, version.why) == ("full", "the last fit came to nothing")


@pytest.mark.parametrize("file", ["state.json", "learned.json", "sub-model-4.npz", "neighbours.npz"])
async def test_a_damaged_state_is_no_obstacle(world: World, fitted: Fitted, file: str):
    training = await fitted(world)
    await world.rate(2, 2)
    (world.home / "models" / "1" / "state" / file).write_bytes(b"damaged")
    result = await training.retrain()
    assert result.adopted
    assert (result.version.way, result.version.why) == ("full", "there is no earlier fit to go on with")


async def test_after_a_rollback_there_is_nothing_to_go_on_with(world: World, fitted: Fitted):
    training = await fitted(world)
    await world.rate(2, 2)
    await training.retrain()
    await training.rollback(1)
    assert states(world) == set()
    assert (await training.retrain()).version.way == "full"


async def test_an_interrupted_warm_fit_begins_anew(world: World, fitted: Fitted):
    training = await fitted(world)
    await world.rate(2, 2)
    fitting = asyncio.Event()
    running = asyncio.create_task(
        training.retrain(lambda step: fitting.set() if step.stage == "fitting" else None)
    )
    await fitting.wait()
    await training.close()
    with pytest.raises(UserError, match="shutting down"):
        await running
    again = world.training(options=FIVE)
    await again.start()
    result = await again.retrain_if_due()
    assert result is not None
    assert result.adopted
    assert result.version.way == "warm"
    assert states(world) == {"2"}


async def test_an_interrupted_full_fit_stays_one(world: World, fitted: Fitted):
    await fitted(world)
    await world.rate(2, 2)
    slow = world.training(options=FIVE | {"epochs": 40})
    fitting = asyncio.Event()
    running = asyncio.create_task(slow.retrain(lambda step: fitting.set() if step.done else None, full=True))
    await fitting.wait()
    await slow.close()
    with pytest.raises(UserError, match="shutting down"):
        await running
    again = world.training(options=FIVE | {"epochs": 40})
    await again.start()
    result = await again.retrain_if_due()
    assert result is not None
    assert (result.version.way, result.version.why) == ("full", "it was asked for")


async def test_what_a_crash_left_is_tidied_away(world: World, fitted: Fitted):
    training = await fitted(world)
    await world.rate(2, 2)
    await training.retrain()
    leave_state(world, 1)
    await world.training(options=FIVE).start()
    assert states(world) == {"2"}
