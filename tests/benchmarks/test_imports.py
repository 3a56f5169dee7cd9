"""Large imports: how long one takes, and how long it keeps others and the event loop waiting.

Somebody imports 20,000 rows that are movies, as many that are none, which is the most that is kept, and
99,000 that are none, which are refused after all the work of reading them. Another person rates meanwhile.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bot.errors import UserError
from recommender.catalogue import Movie
from tests.bot.services.imports import files
from tests.bot.services.imports.conftest import ANA, BEN, Library, opened
from tests.bot.services.imports.files import Film

from .catalogues import big_catalogue
from .stalls import longest_stall

ROWS = 20_000
CATALOGUE = 60_000
HOSTILE = 99_000
PAUSE = 0.05


@cache
def catalogue(size: int) -> list[Movie]:
    return big_catalogue(size)[0]


@asynccontextmanager
async def another(library: Library) -> AsyncIterator[list[float]]:
    """Somebody else rates again and again; the seconds until each of their ratings was on disk."""
    seconds: list[float] = []

    async def rate() -> None:
        number = 0
        while True:
            start = time.perf_counter()
            await library.rate(1 + number % 100, 0.5 + number % 10 / 2, BEN)
            seconds.append(time.perf_counter() - start)
            number += 1
            await asyncio.sleep(PAUSE)

    rating = asyncio.create_task(rate())
    try:
        yield seconds
    finally:
        rating.cancel()
        await asyncio.wait([rating])


async def bring(home: Path, films: list[Film], movies: list[Movie], *, refused: bool) -> dict[str, float]:
    """Import films and take them back: seconds of each part, and how long others waited at most."""
    found: dict[str, float] = {}
    data = files.letterboxd_ratings(films)
    async with opened(home, *movies) as library:
        # The first import makes the index of the catalogue, which the next ones share.
        await library.begin(files.letterboxd_ratings(films[:1]), user=BEN)
        async with longest_stall() as stall, another(library) as waits:
            start = time.perf_counter()
            preview = await library.begin(data)
            found["preview"] = time.perf_counter() - start
            start = time.perf_counter()
            if refused:
                with pytest.raises(UserError):
                    await library.imports.confirm(ANA, "Ana", preview.batch_id)
            else:
                await library.imports.confirm(ANA, "Ana", preview.batch_id)
            found["import"] = time.perf_counter() - start
            start = time.perf_counter()
            if not refused:
                await library.imports.undo(ANA, preview.batch_id)
            found["undo"] = time.perf_counter() - start
        found["stall"], found["another"] = stall[0], max(waits, default=0.0)
    return found


KINDS = {"known": (ROWS, True, False), "kept": (ROWS, False, False), "refused": (HOSTILE, False, True)}


@pytest.mark.parametrize("kind", KINDS)
def test_others_while_somebody_imports(benchmark: BenchmarkFixture, tmp_path: Path, kind: str) -> None:
    rows, known, refused = KINDS[kind]
    if benchmark.disabled:
        rows, refused = rows // 50, False
    movies = catalogue(CATALOGUE if benchmark.enabled else 500)
    films = [Film(movie.title, movie.year or 2000, 3.5) for movie in movies[:rows]]
    if not known:
        films = [Film(f"Nobody's Number {number}", 1950 + number % 70, 3.5) for number in range(rows)]
    rounds: list[dict[str, float]] = []

    def once() -> None:
        rounds.append(asyncio.run(bring(tmp_path / str(len(rounds)), films, movies, refused=refused)))

    benchmark.pedantic(once, rounds=3 if benchmark.enabled else 1)
    medians = {name: float(np.median([one[name] for one in rounds])) for name in rounds[0]}
    benchmark.extra_info.update(medians)
    assert benchmark.disabled or medians["stall"] < 0.1, medians
    assert benchmark.disabled or medians["another"] < 0.25, medians
    assert benchmark.disabled or medians["preview"] + medians["import"] < 30, medians
