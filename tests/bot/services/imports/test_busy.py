"""A large import holds the right to write for seconds, in one transaction; others wait, and lose nothing."""

import asyncio
from pathlib import Path

from recommender.catalogue import Movie
from tests.bot.services.imports import files
from tests.bot.services.imports.conftest import ANA, BEN, Library, opened
from tests.bot.services.imports.files import Film

ROWS = 4_000
FILMS = [Film(f"Film Number {n}", 1950 + n % 70, 3.0) for n in range(ROWS)]
MOVIES = [Movie(n + 1, film.title, film.year) for n, film in enumerate(FILMS)]


async def rate_meanwhile(library: Library, batch_id: int) -> list[str]:
    """Confirm an import, and rate in the middle of it; answers what happened in which order."""
    order: list[str] = []
    storing = asyncio.Event()

    def on_progress(stage: str, done: int, _total: int) -> None:
        if stage == "storing" and done > 0:
            storing.set()

    async def confirm() -> None:
        await library.imports.confirm(ANA, "Ana", batch_id, on_progress)
        order.append("imported")

    async def rate(user_id: int, movie_id: int, stars: float) -> None:
        await storing.wait()
        order.append("asked")
        # Nobody who only looks has to wait, and nobody sees half an import.
        assert await library.stars(ANA) == {}
        order.append("looked")
        await library.rate(movie_id, stars, user_id)
        order.append("rated")

    library.clock.advance(seconds=1)
    await asyncio.gather(confirm(), rate(BEN, 5, 1.5), rate(ANA, 7, 5.0))
    return order


async def test_a_rating_in_the_middle_of_an_import_waits_and_stays(tmp_path: Path) -> None:
    async with opened(tmp_path, *MOVIES) as library:
        preview = await library.begin(files.letterboxd_ratings(FILMS))
        order = await rate_meanwhile(library, preview.batch_id)
        assert order.index("looked") < order.index("imported") < order.index("rated")
        assert await library.stars(BEN) == {"Film Number 4": 1.5}
        mine = await library.stars(ANA)
        assert len(mine) == ROWS
        assert mine["Film Number 6"] == 5.0
        # It is newer than the import, so taking that back leaves it.
        undone = await library.imports.undo(ANA, preview.batch_id)
        assert (undone.ratings, undone.kept) == (ROWS - 1, 1)
        assert await library.stars(ANA) == {"Film Number 6": 5.0}
