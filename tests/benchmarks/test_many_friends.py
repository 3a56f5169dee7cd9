"""A bot for many: a million ratings by 20,000 friends stall nothing, and are no long work for a retrain."""

import asyncio
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from time import perf_counter, thread_time
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from sqlalchemy import select

from bot.services.clock import utc_now
from bot.services.fit_job import FitJob, FitOutcome
from bot.services.fit_run import Fitter
from bot.services.fit_worker import fit
from bot.services.shelf import Shelf, load_serving
from bot.services.training import Training
from bot.services.versions import Fitted, Versions
from bot.store import Store, tables
from recommender import Dataset, Model, load_dataset
from recommender.datasets.dataset import Ratings

from .test_retrain import longest_stall

FRIENDS, EACH = 20_000, 50
FEW = 100
"""Friends where only the benchmark itself is tried."""
BEARABLE = 2_000
"""Friends for what costs each of them as much as there are friends."""
NO_FIT = (sys.executable, "-c", "raise SystemExit(1)")


def friends_of(dataset: Dataset, friends: int) -> Ratings:
    """Made-up friends, each of whom rates as many movies of a data set, mostly well-known ones."""
    rng = np.random.default_rng(1)
    known, counts = np.unique(dataset.ratings.movie_ids, return_counts=True)
    by_fame = np.log(counts + 1)
    chosen = [
        known[np.argsort(rng.standard_exponential(len(known)) / by_fame)[:EACH]] for _ in range(friends)
    ]
    number = friends * EACH
    stars = rng.choice(np.arange(1, 11, dtype=np.float32) / 2, number)
    people = np.repeat(np.arange(1, friends + 1, dtype=np.int64), EACH)
    return Ratings(people, np.concatenate(chosen), stars, np.full(number, 10**9, np.int64))


def put(database: Path, given: Ratings) -> None:
    """Have the friends' ratings in a database, each with its change."""
    people, known = np.unique(given.user_ids).tolist(), np.unique(given.movie_ids).tolist()
    places = np.searchsorted(np.array(known), given.movie_ids) + 1
    at = "2026-05-01 20:00:00.000000"
    rows = list(zip(given.user_ids.tolist(), places.tolist(), given.stars.tolist(), strict=True))
    with closing(sqlite3.connect(database)) as db, db:
        db.executemany("INSERT INTO users VALUES (?, ?)", ((one, f"friend {one}") for one in people))
        db.executemany(
            "INSERT INTO movies (movie_key, title, catalogue_id) VALUES (?, ?, ?)",
            ((key, f"movie {one}", one) for key, one in enumerate(known, 1)),
        )
        db.executemany(f"INSERT INTO ratings VALUES (?, ?, ?, '{at}')", rows)
        db.executemany(
            f"INSERT INTO rating_changes (user_id, movie_key, stars, changed_at) VALUES (?, ?, ?, '{at}')",
            rows,
        )


class Cost(NamedTuple):
    """In milliseconds: all of it; the processor's time of its longest turn in the event loop; and the longest
    wait for a turn that others had meanwhile, for which other programs on the machine may be to blame.
    """

    whole: float
    turn: float
    wait: float


async def turns_of(what: Callable[[], Awaitable[object]]) -> Cost:
    """What something costs the event loop."""
    longest = 0.0
    run = asyncio.events.Handle._run

    def timed(handle: asyncio.Handle) -> None:
        nonlocal longest
        begin = thread_time()
        run(handle)
        longest = max(longest, thread_time() - begin)

    done = asyncio.Event()
    watching = asyncio.create_task(longest_stall(done))
    await asyncio.sleep(0.05)
    begin = perf_counter()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio.events.Handle, "_run", timed)
        await what()
        # Its last turn has to end to be counted.
        await asyncio.sleep(0)
    seconds = perf_counter() - begin
    done.set()
    return Cost(round(seconds * 1000), round(longest * 1000, 1), round(await watching * 1000, 1))


async def all_rows(store: Store) -> int:
    """How the ratings were counted before."""
    wanted = select(
        tables.ratings.c.user_id,
        tables.movies.c.catalogue_id,
        tables.ratings.c.stars,
        tables.ratings.c.rated_at,
    )
    async with store.read() as db:
        rows = list(await db.execute(wanted.join_from(tables.ratings, tables.movies)))
    return len({(row.user_id, row.catalogue_id): row for row in rows})


async def measured(home: Path, name: str, given: Ratings) -> dict[str, Cost]:
    """What the loop, the status and a retrain cost the bot itself."""
    async with Store.open(home) as store:
        await asyncio.to_thread(put, home / "matinee.db", given)
        shelf = Shelf(await asyncio.to_thread(load_serving, home / "datasets" / name))
        versions = Versions(store, home / "models")
        # The schedule has a fit to compare with, and nothing to do.
        fit_before = Fitted(utc_now(), name, len(given), 0, None, 0, last_change=len(given))
        await versions.note(fit_before, "failed", "it never was")
        training = Training(Fitter(store, shelf, versions, home, utc_now, command=NO_FIT))
        return {
            "before": await turns_of(lambda: all_rows(store)),
            "loop": await turns_of(training.retrain_if_due),
            "status": await turns_of(training.status),
            "retrain": await turns_of(training.retrain),
        }


def test_a_million_ratings_stall_nothing(
    benchmark: BenchmarkFixture, ml_latest_small_zip: Path, tmp_path: Path
) -> None:
    dataset = load_dataset(ml_latest_small_zip)
    dataset.save(tmp_path / "datasets" / dataset.name)
    given = friends_of(dataset, FRIENDS if benchmark.enabled else FEW)
    found = benchmark.pedantic(lambda: asyncio.run(measured(tmp_path, dataset.name, given)), rounds=1)
    benchmark.extra_info.update({what: cost._asdict() for what, cost in found.items()})
    if benchmark.enabled:
        assert found["loop"].turn < 20, found
        assert found["status"].turn < 20, found
        assert found["retrain"].turn < 50, found


def fitted(data: Path, folder: Path, friends: Ratings) -> tuple[FitOutcome, float]:
    """What a fit leads to, and how many seconds it takes."""
    folder.mkdir()
    begin = perf_counter()
    outcome = fit(FitJob(data, friends), folder, lambda *_: None)
    return outcome, perf_counter() - begin


def scored_each(model: Model, friends: Ratings) -> float:
    """How long it took before to see that everybody gets numbers: all ratings and movies for each friend."""
    begin = perf_counter()
    for one in np.unique(friends.user_ids):
        own = friends.where(friends.user_ids == one)
        scores: npt.NDArray[np.float32] = model.scores(
            dict(zip(own.movie_ids.tolist(), own.stars.tolist(), strict=True))
        )
        assert np.isfinite(scores).all()
    return perf_counter() - begin


def test_many_friends_are_no_long_work(
    benchmark: BenchmarkFixture, ml_latest_small_zip: Path, tmp_path: Path
) -> None:
    if benchmark.disabled:
        pytest.skip("three full fits take minutes: run with --benchmark-enable")
    dataset = load_dataset(ml_latest_small_zip)
    data = tmp_path / "data"
    dataset.save(data)
    _, nobody = fitted(data, tmp_path / "nobody", Ratings.empty())
    some = friends_of(dataset, BEARABLE)
    _, few = fitted(data, tmp_path / "few", some)
    before = scored_each(Model.load(tmp_path / "few" / "model"), some)
    many = friends_of(dataset, FRIENDS)
    (outcome, seconds) = benchmark.pedantic(lambda: fitted(data, tmp_path / "many", many), rounds=1)
    benchmark.extra_info.update(
        nobody_s=nobody, few_s=few, few_scored_each_s=before, many_s=seconds, people=len(outcome.new)
    )
    assert seconds - nobody < 20, f"{FRIENDS:,} friends add {seconds - nobody:.0f} s to {nobody:.0f} s"
