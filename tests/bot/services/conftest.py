"""Fixtures of the tiny world."""

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.services.ratings import RatingBook
from bot.services.shelf import Shelf, load_serving
from bot.store import Store
from recommender.datasets.dataset import Dataset
from recommender.options import TrainingOptions
from recommender.training import train
from tests.bot.services.tiny import COPYING, QUICK, FakeClock, World, tiny_dataset


@pytest.fixture(scope="session")
def community() -> Dataset:
    """The tiny data set, made once."""
    return tiny_dataset()


@pytest.fixture(scope="session")
def ready_model(community: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a model that was fitted on the tiny data set, once."""
    folder = tmp_path_factory.mktemp("ready") / "model"
    train(community, TrainingOptions(**QUICK)).save(folder)
    return folder


@pytest.fixture(scope="session")
def copying(ready_model: Path) -> tuple[str, ...]:
    """The command of a child that needs no time."""
    script = ready_model.parent / "copying.py"
    script.write_text(COPYING, encoding="utf-8")
    return (sys.executable, "-I", "-S", str(script), str(ready_model))


@pytest.fixture
async def world(tmp_path: Path, community: Dataset, copying: tuple[str, ...]) -> AsyncIterator[World]:
    """Services on the tiny data set, without a model."""
    async with Store.open(tmp_path / "home") as store:
        clock = FakeClock()
        community.save(tmp_path / "home" / "datasets" / community.name)
        shelf = Shelf(load_serving(tmp_path / "home" / "datasets" / community.name))
        world = World(tmp_path / "home", store, shelf, clock, RatingBook(store, shelf, clock), copying)
        yield world
        for training in world.closing:
            await training.close()


@pytest.fixture
def clock(world: World) -> Iterator[FakeClock]:
    """The world's clock."""
    return world.clock
