"""A full retrain on ml-latest-small: less than 60 s, and the event loop never stands still for 50 ms."""

import asyncio
from pathlib import Path
from time import perf_counter

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bot.services.answers import RetrainResult
from bot.services.clock import utc_now
from bot.services.fit_run import Fitter
from bot.services.ratings import RatingBook
from bot.services.shelf import Shelf, load_serving
from bot.services.training import Training
from bot.services.versions import Versions
from bot.store import Store
from recommender import load_dataset

TICK = 0.001
FRIENDS = 8


async def longest_stall(running: asyncio.Event) -> float:
    """The longest time for which nothing else got its turn, until the event is set; in seconds."""
    longest = 0.0
    while not running.is_set():
        start = perf_counter()
        await asyncio.sleep(TICK)
        longest = max(longest, perf_counter() - start - TICK)
    return longest


async def retrain(home: Path, name: str) -> tuple[RetrainResult, float]:
    """Retrain twice, so that a model is compared and replaced; the second result and the longest stall."""
    async with Store.open(home) as store:
        shelf = Shelf(await asyncio.to_thread(load_serving, home / "datasets" / name))
        book = RatingBook(store, shelf)
        for friend in range(FRIENDS):
            for movie in shelf.current.catalogue.movies[friend : 25 * 40 : 40]:
                await book.rate(friend + 1, f"friend {friend}", movie.movie_id, 4.0 if friend % 2 else 2.5)
        training = Training(Fitter(store, shelf, Versions(store, home / "models"), home, utc_now))
        await training.retrain()
        done = asyncio.Event()
        watching = asyncio.create_task(longest_stall(done))
        result = await training.retrain()
        done.set()
        return result, await watching


def test_full_retrain(benchmark: BenchmarkFixture, ml_latest_small_zip: Path, tmp_path: Path) -> None:
    if benchmark.disabled:
        pytest.skip("two full retrains take a minute or two: run with --benchmark-enable")
    dataset = load_dataset(ml_latest_small_zip)
    dataset.save(tmp_path / "datasets" / dataset.name)
    result, stall = benchmark.pedantic(lambda: asyncio.run(retrain(tmp_path, dataset.name)), rounds=1)
    benchmark.extra_info.update(seconds=result.version.seconds, stall_ms=stall * 1000, ndcg=result.after)
    assert result.adopted, result.message
    assert result.after == pytest.approx(result.before), "same data, same seed, same model"
    assert result.version.seconds < 60, result.message
    assert stall < 0.050, f"the event loop stood still for {stall * 1000:.0f} ms"
