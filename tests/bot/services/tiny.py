"""A tiny world for the services: a catalogue with four tastes, a community that has them, a home on disk."""

from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from bot.services.fit_run import Fitter
from bot.services.membership import NoAnswer
from bot.services.ratings import RatingBook
from bot.services.shelf import Shelf, load_serving
from bot.services.training import Training
from bot.services.versions import Versions
from bot.store import Store, movies, people, ratings
from recommender.catalogue import Catalogue, Movie
from recommender.datasets.dataset import Dataset, Ratings

TASTES = ("Western", "Sci-Fi", "Musical", "Horror")
MOVIES = 120
QUICK: dict[str, Any] = {"models": 1, "dims": 8, "cuts": 4, "epochs": 2, "content_fans": 50, "threads": 1}
"""Options with which a fit takes a few tenths of a second."""

COPYING = """
import json, shutil, sys
shutil.copytree(sys.argv[1], sys.argv[2] + "/model")
print(json.dumps({"progress": {"stage": "fitting", "done": 1, "total": 1}}), flush=True)
people = [0.5] * 40
outcome = {"friend_ratings": 0, "community_ratings": 3900, "new": people, "running": people,
    "warm": False, "why": "it was asked for"}
print(json.dumps({"outcome": outcome}), flush=True)
"""
"""A child that needs no time: it brings the same ready model whenever it is asked."""


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **time: float) -> None:
        self.now += timedelta(**time)


def tiny_catalogue(movies: int = MOVIES) -> Catalogue:
    """Movie i has genre ``TASTES[i % 4]`` and Drama or Comedy; ids from 1."""
    return Catalogue(
        Movie(
            i + 1,
            f"{TASTES[i % 4]} Number {i + 1}",
            1950 + i % 70,
            (TASTES[i % 4], "Drama" if i % 8 < 4 else "Comedy"),
        )
        for i in range(movies)
    )


def tiny_dataset(users: int = 160, *, name: str = "tiny", movies: int = MOVIES) -> Dataset:
    """User u loves the movies of taste ``u % 4`` and nothing else; movies with low ids are rated most."""
    rng = np.random.default_rng(7)
    rows: list[tuple[int, int, float]] = []
    weights = 1 / np.arange(1, movies + 1) ** 0.5
    for user in range(users):
        for movie in rng.choice(movies, min(30, movies), replace=False, p=weights / weights.sum()):
            liked = movie % 4 == user % 4
            rows.append((user + 1, int(movie) + 1, 4.5 if liked else 2.0))
    table = np.array(rows).reshape(-1, 3)
    ratings = Ratings(
        table[:, 0].astype(np.int64),
        table[:, 1].astype(np.int64),
        table[:, 2].astype(np.float32),
        np.full(len(table), 1_000_000_000, np.int64),
    )
    return Dataset(name, tiny_catalogue(movies), ratings, acknowledgement="Thanks to nobody.")


@dataclass
class Guilds:
    """Servers of which a test decides who is on them.

    Attributes
    ----------
    members : dict
        Names by user id, by guild id.
    silent : set of int
        Servers that cannot be asked, though nobody knew before.
    down : set of int
        Servers that are known to be unavailable.
    asked : list
        Every question: the server and the people.
    """

    members: dict[int, dict[int, str]]
    silent: set[int] = field(default_factory=set)
    down: set[int] = field(default_factory=set)
    asked: list[tuple[int, set[int]]] = field(default_factory=list)

    def servers(self) -> dict[int, bool]:
        return {guild_id: guild_id not in self.down for guild_id in self.members}

    async def among(self, guild_id: int, user_ids: Collection[int]) -> dict[int, str]:
        self.asked.append((guild_id, set(user_ids)))
        if guild_id in self.silent | self.down:
            raise NoAnswer
        here = self.members.get(guild_id, {})
        return {one: here[one] for one in user_ids if one in here}


@dataclass
class World:
    """Services on a home on disk."""

    home: Path
    store: Store
    shelf: Shelf
    clock: FakeClock
    ratings: RatingBook
    copying: tuple[str, ...]
    closing: list[Training] = field(default_factory=list)

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, home: Path, community: Dataset, copying: tuple[str, ...]
    ) -> AsyncGenerator["World"]:
        """Services on a home to which a data set is given, without a model; closed at the end."""
        async with Store.open(home) as store:
            clock = FakeClock()
            community.save(home / "datasets" / community.name)
            shelf = Shelf(load_serving(home / "datasets" / community.name))
            world = cls(home, store, shelf, clock, RatingBook(store, shelf, clock), copying)
            try:
                yield world
            finally:
                for training in world.closing:
                    await training.close()

    def training(self, **changes: Any) -> Training:
        """A training service with real, quick fits; `changes` are those of `Fitter`."""
        facts: dict[str, Any] = {"options": QUICK} | changes
        versions = Versions(self.store, self.home / "models")
        training = Training(Fitter(self.store, self.shelf, versions, self.home, self.clock, **facts))
        self.closing.append(training)
        return training

    def quick_training(self) -> Training:
        """A training service whose fits bring a ready model."""
        return self.training(command=self.copying)

    async def rate(self, user_id: int, *movies: int, stars: float = 4.5) -> None:
        """Have a friend rate some movies."""
        for movie_id in movies:
            await self.ratings.rate(user_id, f"friend {user_id}", movie_id, stars)

    async def rate_all(self, user_id: int) -> None:
        """Have a friend rate every movie of the catalogue, in one transaction."""
        async with self.store.write() as db:
            await people.remember(db, user_id, f"friend {user_id}")
            for movie in self.shelf.current.catalogue:
                stored = await movies.remember(db, movie)
                await ratings.put(db, user_id, stored.movie_key, 4.0, self.clock.now)

    def use(self, dataset: Dataset) -> None:
        """Put a data set into the home and its catalogue on the shelf."""
        dataset.save(self.home / "datasets" / dataset.name)
        self.shelf.swap(load_serving(self.home / "datasets" / dataset.name))
