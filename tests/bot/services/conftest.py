"""Fixtures of the tiny world."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.services.answers import ModelVersion
from bot.services.shelf import Serving, load_serving
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
def served(community: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Serving:
    """What is served: a model fitted well enough to know the four tastes."""
    folder = tmp_path_factory.mktemp("served")
    community.save(folder / "tiny")
    train(community, TrainingOptions(**QUICK | {"epochs": 10, "dims": 16})).save(folder / "model")
    version = ModelVersion(1, FakeClock().now, "current", "tiny", 0, len(community.ratings), None, 1.0)
    return load_serving(folder / "tiny", (folder / "model", version))


@pytest.fixture(scope="session")
def copying(ready_model: Path) -> tuple[str, ...]:
    """The command of a child that needs no time."""
    script = ready_model.parent / "copying.py"
    script.write_text(COPYING, encoding="utf-8")
    return (sys.executable, "-I", "-S", str(script), str(ready_model))


@pytest.fixture(scope="session")
def new_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose database has its tables, made once: to make them takes longer than most tests."""
    home = tmp_path_factory.mktemp("new") / "home"

    async def make() -> None:
        async with Store.open(home):
            pass

    asyncio.run(make())
    return home


@pytest.fixture
def home(tmp_path: Path, new_home: Path) -> Path:
    """A home of its own for one test, in which nothing has happened yet."""
    return shutil.copytree(new_home, tmp_path / "home")


@pytest.fixture
async def world(home: Path, community: Dataset, copying: tuple[str, ...]) -> AsyncIterator[World]:
    """Services on the tiny data set, without a model."""
    async with World.opened(home, community, copying) as world:
        yield world


@pytest.fixture
def clock(world: World) -> Iterator[FakeClock]:
    """The world's clock."""
    return world.clock
