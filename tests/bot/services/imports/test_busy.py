"""A large import holds the right to write for seconds, in one transaction; others wait, and lose nothing."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.services.imports.applying import Application
from recommender.catalogue import Movie
from tests.bot.services.imports import files
from tests.bot.services.imports.conftest import ANA, BEN, opened
from tests.bot.services.imports.files import Film

ROWS = 4_000
FILMS = [Film(f"Film Number {n}", 1950 + n % 70, 3.0) for n in range(ROWS)]
MOVIES = [Movie(n + 1, film.title, film.year) for n, film in enumerate(FILMS)]


async def test_a_rating_in_the_middle_of_an_import_waits_and_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    halfway, looked = asyncio.Event(), asyncio.Barrier(3)
    put = Application._put

    async def put_and_wait(self: Application, *args: Any) -> None:
        await put(self, *args)
        if not halfway.is_set():
            halfway.set()
            await looked.wait()

    monkeypatch.setattr(Application, "_put", put_and_wait)
    async with opened(tmp_path, *MOVIES) as library:

        async def rate_meanwhile(user_id: int, movie_id: int, stars: float) -> None:
            await halfway.wait()
            # Nobody who only looks has to wait, and nobody sees half an import.
            assert await library.stars(ANA) == {}
            await looked.wait()
            await library.rate(movie_id, stars, user_id)
            assert len(await library.stars(ANA)) == ROWS

        preview = await library.begin(files.letterboxd_ratings(FILMS))
        library.clock.advance(seconds=1)
        async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
            tasks.create_task(library.imports.confirm(ANA, "Ana", preview.batch_id))
            tasks.create_task(rate_meanwhile(BEN, 5, 1.5))
            tasks.create_task(rate_meanwhile(ANA, 7, 5.0))
        assert await library.stars(BEN) == {"Film Number 4": 1.5}
        mine = await library.stars(ANA)
        assert len(mine) == ROWS
        assert mine["Film Number 6"] == 5.0
        # It is newer than the import, so taking that back leaves it.
        undone = await library.imports.undo(ANA, preview.batch_id)
        assert (undone.ratings, undone.kept) == (ROWS - 1, 1)
        assert await library.stars(ANA) == {"Film Number 6": 5.0}
