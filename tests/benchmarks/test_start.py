"""A start on 86,000 movies, model on disk: ready in less than 3 s; and a bot that stays small."""

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import time
from typing import NamedTuple

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bot.services.shelf import TITLES_FILE
from bot.services.versions import Fitted, Versions
from bot.settings import Settings
from bot.store import Store, meta
from recommender import TrainingOptions, load_dataset, train
from recommender.datasets.dataset import Dataset, Ratings

from .catalogues import ALL_MOVIES, MOVIES, NAMES_EACH
from .test_serving import big_model

ROOT = Path(__file__).parents[2]
ROUNDS = 5
START = """
import asyncio, re, sys, time
from pathlib import Path
import discord, bot.app
from bot.services.app import Services
from bot.settings import Settings

async def main():
    async with Services.open(Settings()) as services:
        ready = time.time()
        about = await services.about()
        assert about.model is not None
        await services.recommending.recommend(1)
        # Not getrusage: its maximum counts what the parent held before this program was started.
        size = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]
        services.movies.suggest("the")
        found = time.time()
        await asyncio.to_thread(services._shelf.current.prepare)
        resident = re.search(r"VmRSS:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]
        print(ready, found, about.movies, size, resident)

asyncio.run(main())
"""


async def settle(home: Path, dataset: Dataset, model: Path) -> None:
    """A home that serves this data set with this model."""
    settings = Settings(home=home)
    dataset.save(settings.datasets / dataset.name)
    fitted = Fitted(datetime(2026, 5, 1, tzinfo=UTC), dataset.name, 0, len(dataset.ratings), 0.4, 1.5, 0)
    async with Store.open(home) as store:
        async with store.write() as db:
            await meta.put(db, meta.ACTIVE_DATASET, dataset.name)
        await Versions(store, settings.models).adopt(fitted, model)


class Start(NamedTuple):
    """Seconds until a bot is ready, and until it completes a title; its movies; sizes of its process in KiB.

    The largest size is that up to the first list, the resident one what it stays at.
    """

    ready: float
    found: float
    movies: int
    largest: int
    resident: int


def start(home: Path) -> Start:
    """Start a bot in a process of its own."""
    environment = os.environ | {"MATINEE_HOME": str(home), "PYTHONPATH": str(ROOT)}
    environment["OPENBLAS_NUM_THREADS"] = "1"
    begin = time()
    ended = subprocess.run(
        [sys.executable, "-c", START], env=environment, capture_output=True, text=True, check=True
    )
    ready, found, movies, largest, resident = ended.stdout.split()
    return Start(float(ready) - begin, float(found) - begin, int(movies), int(largest), int(resident))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the size from Linux' /proc")
def test_start_to_ready(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    movies = 1000 if benchmark.disabled else MOVIES
    model = big_model(movies)
    model.save(tmp_path / "model")
    home = tmp_path / "home"
    asyncio.run(settle(home, Dataset("big", model.catalogue, Ratings.empty()), tmp_path / "model"))
    assert start(home).movies == movies
    seconds = [start(home).ready for _ in range(ROUNDS)] if benchmark.enabled else []
    benchmark.pedantic(lambda: start(home), rounds=1)
    benchmark.extra_info.update(seconds=float(np.median(seconds or [0.0])))
    assert benchmark.disabled or np.median(seconds) < 3, seconds


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the size from Linux' /proc")
def test_a_bot_on_movielens_stays_under_300_mb(
    benchmark: BenchmarkFixture, ml_latest_small_zip: Path, tmp_path: Path
) -> None:
    if benchmark.disabled:
        pytest.skip("a full fit takes half a minute: run with --benchmark-enable")
    dataset = load_dataset(ml_latest_small_zip)
    train(dataset, TrainingOptions(models=2, epochs=1)).save(tmp_path / "model")
    home = tmp_path / "home"
    asyncio.run(settle(home, dataset, tmp_path / "model"))
    found = benchmark.pedantic(lambda: start(home), rounds=1)
    benchmark.extra_info.update(movies=found.movies, size_mb=found.largest / 1024)
    assert found.largest / 1024 < 300


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the size from Linux' /proc")
def test_a_start_on_all_movies_there_are(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """300,000 movies with 1.5 million names, of which a community has rated 10,000; started a second time."""
    movies = 6000 if benchmark.disabled else ALL_MOVIES
    model = big_model(movies, NAMES_EACH, min(10_000, movies))
    model.save(tmp_path / "model")
    home = tmp_path / "home"
    asyncio.run(settle(home, Dataset("whole", model.catalogue, Ratings.empty()), tmp_path / "model"))
    first = start(home)
    again = benchmark.pedantic(lambda: start(home), rounds=1)
    assert again.movies == movies
    assert (Settings(home=home).datasets / "whole" / TITLES_FILE).exists()
    benchmark.extra_info.update(first=first._asdict(), again=again._asdict())
    assert benchmark.disabled or again.ready < 5, again
