"""Retrains on ml-latest-small: a full one takes less than 60 s, one after a few new ratings less than 10 s.

The event loop never stands still for 50 ms.
"""

import asyncio
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
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
from recommender import Dataset, TrainingOptions, load_dataset
from recommender.evaluation.peers.own import Matinee
from recommender.evaluation.tuning import Validation
from recommender.training import train, train_on

TICK = 0.001
FRIENDS = 8
WARM = 3


async def longest_stall(running: asyncio.Event) -> float:
    """The longest time for which nothing else got its turn, until the event is set; in seconds."""
    longest = 0.0
    while not running.is_set():
        start = perf_counter()
        await asyncio.sleep(TICK)
        longest = max(longest, perf_counter() - start - TICK)
    return longest


async def retrain(home: Path, name: str) -> tuple[list[RetrainResult], float]:
    """Retrain twice, so that a model is compared and replaced, then warm after a few ratings more each time.

    The results but for the first, and the longest stall during the second.
    """
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
        results = [await training.retrain(full=True)]
        done.set()
        for turn in range(WARM):
            for movie in shelf.current.catalogue.movies[turn : 20 * 10 : 20]:
                await book.rate(FRIENDS + 1, "newcomer", movie.movie_id, 4.5)
            results.append(await training.retrain())
        return results, await watching


def test_retrains(benchmark: BenchmarkFixture, ml_latest_small_zip: Path, tmp_path: Path) -> None:
    if benchmark.disabled:
        pytest.skip("two full retrains take a minute or two: run with --benchmark-enable")
    dataset = load_dataset(ml_latest_small_zip)
    dataset.save(tmp_path / "datasets" / dataset.name)
    (full, *warm), stall = benchmark.pedantic(lambda: asyncio.run(retrain(tmp_path, dataset.name)), rounds=1)
    seconds = median(result.version.seconds for result in warm)
    benchmark.extra_info.update(
        seconds=full.version.seconds,
        stall_ms=stall * 1000,
        ndcg=full.after,
        warm_seconds=seconds,
        warm_ndcg=[result.after for result in warm],
    )
    assert full.adopted, full.message
    assert full.after == pytest.approx(full.before), "same data, same seed, same model"
    for result in warm:
        assert (result.adopted, result.version.way) == (True, "warm"), result.message
        assert result.after is not None
        assert full.after is not None
        assert result.after > 0.97 * full.after, "sixty people at one number of ratings: a coarse look"
    assert full.version.seconds < 60, full.message
    assert seconds < 10, warm[0].message
    assert stall < 0.050, f"the event loop stood still for {stall * 1000:.0f} ms"


def test_quality_of_a_warm_fit(
    benchmark: BenchmarkFixture, ml_latest_small_zip: Path, tmp_path: Path
) -> None:
    """With all ratings from the beginning, or warm after one person in twenty came: within 1 %."""
    if benchmark.disabled:
        pytest.skip("two fits of three seeds and their quality take minutes: run with --benchmark-enable")
    validation = Validation(load_dataset(ml_latest_small_zip))

    def full(community: Dataset, seed: int) -> Matinee:
        return Matinee(train(community, TrainingOptions(seed=seed)))

    def warm(community: Dataset, seed: int) -> Matinee:
        options, ratings = TrainingOptions(seed=seed), community.ratings
        people = np.unique(ratings.user_ids)
        come = np.random.default_rng(seed).choice(people, len(people) // 20, replace=False)
        before, after = tmp_path / f"{seed}-before", tmp_path / f"{seed}-after"
        train(
            replace(community, ratings=ratings.where(~np.isin(ratings.user_ids, come))), options, state=before
        )
        return Matinee(train_on(community, before, options, worths=(), state=after))

    from_all = validation.ndcg(full)
    gone_on = benchmark.pedantic(lambda: validation.ndcg(warm), rounds=1)
    benchmark.extra_info.update(full=from_all.tolist(), warm=gone_on.tolist())
    assert gone_on.mean() > 0.99 * from_all.mean()
