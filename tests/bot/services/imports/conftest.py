"""A small catalogue with the titles that make matching hard, and imports on it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.services.imports.service import Imports, Preview
from bot.services.ratings import RatingBook
from bot.services.shelf import Serving, Shelf
from bot.store import Store
from recommender.catalogue import Catalogue, Movie
from recommender.titles import TitleIndex
from tests.bot.services.tiny import FakeClock

ANA, BEN = 11, 22

MOVIES = (
    Movie(1, "Alien", 1979, imdb_id=78748, tmdb_id=348),
    Movie(2, "Amélie", 2001, aliases=("Le fabuleux destin d'Amélie Poulain",), imdb_id=211915, tmdb_id=194),
    Movie(3, "Dune", 1984),
    Movie(4, "Dune", 2021),
    Movie(5, "Emma", 1996, imdb_id=116191),
    Movie(6, "Emma", 1996, imdb_id=118308),
    Movie(7, "Star Wars: Episode IV - A New Hope", 1977),
    Movie(8, "Fear", 1996),
    Movie(9, "The Matrix", 1999, imdb_id=133093, tmdb_id=603),
    Movie(10, "Casablanca", 1942),
    Movie(11, "Monty Python's Life of Brian", 1979),
    Movie(12, "Seven", 1995, aliases=("Se7en",)),
)


@dataclass
class Library:
    """Imports and ratings on one store."""

    store: Store
    shelf: Shelf
    clock: FakeClock
    imports: Imports
    ratings: RatingBook

    def use(self, *movies: Movie) -> None:
        """Put a catalogue on the shelf."""
        self.shelf.swap(Serving(None, None, Catalogue(movies), TitleIndex(movies)))

    async def begin(self, data: str | bytes, name: str = "ratings.csv", user: int = ANA) -> Preview:
        content = data.encode() if isinstance(data, str) else data
        return await self.imports.begin(user, f"user {user}", name, content)

    async def bring(self, data: str | bytes, name: str = "ratings.csv", user: int = ANA) -> int:
        """Import a file as it is; answers the number of the import."""
        preview = await self.begin(data, name, user)
        await self.imports.confirm(user, f"user {user}", preview.batch_id)
        return preview.batch_id

    async def rate(self, movie_id: int, stars: float, user: int = ANA) -> None:
        await self.ratings.rate(user, f"user {user}", movie_id, stars)

    async def state(self, user: int = ANA) -> dict[str, dict[str, float | None]]:
        """What is stored of a person: stars by title, and what they have seen and want to see."""
        tables = await self.store.export_person(user)
        return {
            "ratings": {row["title"]: row["stars"] for row in tables["ratings"]},
            "seen": {row["title"]: None for row in tables["seen"]},
            "watchlist": {row["title"]: None for row in tables["watchlist"]},
        }

    async def stars(self, user: int = ANA) -> dict[str, float | None]:
        return (await self.state(user))["ratings"]


@asynccontextmanager
async def opened(home: Path, *movies: Movie) -> AsyncIterator[Library]:
    """A library in a folder."""
    async with Store.open(home) as store:
        clock, shelf = FakeClock(), Shelf(Serving.nothing())
        library = Library(store, shelf, clock, Imports(store, shelf, clock), RatingBook(store, shelf, clock))
        library.use(*movies)
        yield library


@pytest.fixture
async def library(home: Path) -> AsyncIterator[Library]:
    """A library with the small catalogue."""
    async with opened(home, *MOVIES) as library:
        yield library
