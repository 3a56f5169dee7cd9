"""Twenty thousand rows: how long an import takes, and how long the event loop is kept waiting by it."""

import asyncio
import time
from pathlib import Path

from recommender.catalogue import Movie
from tests.bot.services.imports import files
from tests.bot.services.imports.conftest import ANA, opened
from tests.bot.services.imports.files import Film

ROWS = 20_000


async def test_twenty_thousand_rows(tmp_path: Path) -> None:
    films = [Film(f"Film Number {n}", 1950 + n % 70, (1 + n % 10) / 2) for n in range(ROWS)]
    data = files.letterboxd_ratings(films)
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.01)
            longest = max(longest, time.perf_counter() - before - 0.01)

    movies = (Movie(n + 1, film.title, film.year) for n, film in enumerate(films))
    async with opened(tmp_path, *movies) as library:
        watcher = asyncio.create_task(watch())
        start = time.perf_counter()
        preview = await library.begin(data)
        shown = time.perf_counter()
        done = await library.imports.confirm(ANA, "Ana", preview.batch_id)
        stored = time.perf_counter()
        undone = await library.imports.undo(ANA, preview.batch_id)
        end = time.perf_counter()
        watcher.cancel()
    print(
        f"\npreview {shown - start:.1f} s, import {stored - shown:.1f} s, undo {end - stored:.1f} s, "
        f"longest wait of the event loop {longest * 1000:.0f} ms"
    )
    assert (done.new, undone.ratings) == (ROWS, ROWS)
    assert stored - start < 10
    assert longest < 0.5
