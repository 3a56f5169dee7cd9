"""Twenty thousand rows: how long an import takes, and how long the event loop is kept waiting by it."""

import asyncio
import time
from pathlib import Path

import numpy as np
from pytest_benchmark.fixture import BenchmarkFixture

from recommender.catalogue import Movie
from tests.bot.services.imports import files
from tests.bot.services.imports.conftest import ANA, opened
from tests.bot.services.imports.files import Film

ROWS = 20_000


async def bring(home: Path, rows: int) -> tuple[float, float, float, float]:
    """Bring the rows and take them back: seconds of preview, import, undo, and the loop's longest wait."""
    films = [Film(f"Film Number {n}", 1950 + n % 70, (1 + n % 10) / 2) for n in range(rows)]
    data = files.letterboxd_ratings(films)
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.01)
            longest = max(longest, time.perf_counter() - before - 0.01)

    movies = (Movie(n + 1, film.title, film.year) for n, film in enumerate(films))
    async with opened(home, *movies) as library:
        watcher = asyncio.create_task(watch())
        start = time.perf_counter()
        preview = await library.begin(data)
        shown = time.perf_counter()
        done = await library.imports.confirm(ANA, "Ana", preview.batch_id)
        stored = time.perf_counter()
        undone = await library.imports.undo(ANA, preview.batch_id)
        end = time.perf_counter()
        watcher.cancel()
    assert (done.new, undone.ratings) == (rows, rows)
    return shown - start, stored - shown, end - stored, longest


def test_twenty_thousand_rows(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    rounds: list[tuple[float, float, float, float]] = []

    def once() -> None:
        rows = ROWS if benchmark.enabled else ROWS // 10
        rounds.append(asyncio.run(bring(tmp_path / str(len(rounds)), rows)))

    benchmark.pedantic(once, rounds=3 if benchmark.enabled else 1)
    preview, stored, undo, longest = np.median(rounds, axis=0)
    benchmark.extra_info.update(preview_s=preview, import_s=stored, undo_s=undo, longest_wait_s=longest)
    assert benchmark.disabled or preview + stored < 10
    assert benchmark.disabled or longest < 0.5
