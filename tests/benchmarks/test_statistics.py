"""/stats of a server: after a year of weekly nights, and of five thousand members with a million ratings.

A year of nights is asked about twice: the first answer foresees the stars of everybody who was there, which
is what each answer took before that was kept.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from sqlalchemy import insert

from bot.services.nights.answers import Actor
from bot.services.privacy import Privacy
from bot.services.shelf import Serving, Shelf
from bot.services.taste.evenings import PastEvenings
from bot.services.taste.servers import Servers
from bot.store import Store
from bot.store.bulk import each
from bot.store.night_tables import night_hosts, night_presence, nights
from bot.store.tables import movies, ratings, users
from recommender.model import Model
from recommender.titles import TitleIndex

from .stalls import longest_stall
from .test_serving import big_model

GUILD = 9_000_000_000_000_001
FIRST = 10**17
START = datetime(2025, 1, 1, 20, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Size:
    """How many people with how many ratings each, of how many movies, and how many nights they had."""

    people: int
    ratings: int
    movies: int
    nights: int


YEAR = Size(50, 1_000, 20_000, 52)
CROWD = Size(5_000, 200, 20_000, 52)
SMALL = Size(6, 20, 300, 3)
ATTENDED = 50


async def fill(store: Store, size: Size) -> None:
    """Members, their ratings, and nights at which up to fifty of them rated the movie."""
    rng = np.random.default_rng(5)
    watched = range(size.nights)
    people = range(FIRST, FIRST + size.people)
    some = range(FIRST, FIRST + min(size.people, ATTENDED))
    async with store.write() as db:
        await each(db, insert(users), [{"user_id": one, "name": f"member {one}"} for one in people])
        rows = [
            {"movie_key": key, "title": f"Film {key}", "year": 1950 + key % 70, "catalogue_id": key}
            for key in range(1, size.movies + 1)
        ]
        await each(db, insert(movies), rows)
        for one in people:
            chosen = rng.choice(np.arange(size.nights, size.movies), size.ratings, False, popularity_of(size))
            keys = [*(chosen + 1).tolist(), *(night + 1 for night in watched if one in some)]
            stars = (rng.integers(1, 11, len(keys)) / 2).tolist()
            rows = [
                {"user_id": one, "movie_key": key, "stars": given, "rated_at": START}
                for key, given in zip(keys, stars, strict=True)
            ]
            await each(db, insert(ratings), rows)
        plain = {"guild_id": GUILD, "channel_id": 1, "state": "over", "wishes": "{}"}
        plain |= {"vote_kind": "approval", "quorum": 1, "nominations_each": 1, "carry_over": False}
        plain |= {"created_at": START, "attended": len(some), "event_told": "", "revision": 1, "shown": 1}
        for night in watched:
            at = START + timedelta(weeks=night)
            facts = plain | {"night_id": night + 1, "winner_key": night + 1, "starts_at": at, "trouble": ""}
            await db.execute(insert(nights).values(facts))
            await db.execute(
                insert(night_hosts).values(night_id=night + 1, user_id=FIRST + night % len(some))
            )
            there = [
                {"night_id": night + 1, "user_id": one, "answer": "in", "answered_at": at} for one in some
            ]
            await each(db, insert(night_presence), there)


def popularity_of(size: Size) -> np.ndarray:
    """How likely each movie is to be rated, the first few, which the nights watch, aside."""
    chances = 1 / (np.arange(size.nights, size.movies) + 20) ** 0.8
    return chances / chances.sum()


ASKER = Actor(FIRST, "member", GUILD, frozenset({1}))


async def measure(home: Path, size: Size, model: Model, rounds: int) -> dict[str, list[float]]:
    """Seconds of the answers, by what they are of."""
    seconds: dict[str, list[float]] = {name: [] for name in ("first_cpu", "cpu", "wall", "stall")}
    async with Store.open(home) as store:
        await fill(store, size)
        shelf = Shelf(Serving(None, model, model.catalogue, TitleIndex([])))
        members = {one: f"member {one}" for one in range(FIRST, FIRST + size.people)}
        servers, evenings = Servers(store, Privacy(store)), PastEvenings(store, shelf)
        start = process_time()
        await evenings.of(ASKER)
        if evenings._going_on is not None:
            await evenings._going_on
        seconds["first_cpu"].append(process_time() - start)
        for _ in range(rounds):
            async with longest_stall() as stall:
                cpu, wall = process_time(), perf_counter()
                stats, found = await servers.stats(members), await evenings.of(ASKER)
                seconds["cpu"].append(process_time() - cpu)
                seconds["wall"].append(perf_counter() - wall)
            seconds["stall"].append(stall[0])
            assert stats.raters == size.people
            assert (found.nights, found.best is not None) == (size.nights, True)
    return seconds


@pytest.mark.parametrize(("size", "most"), [(YEAR, 0.5), (CROWD, 2.0)], ids=["year", "crowd"])
def test_stats(benchmark: BenchmarkFixture, tmp_path: Path, size: Size, most: float) -> None:
    size = size if benchmark.enabled else SMALL
    found: list[dict[str, list[float]]] = []

    def once() -> None:
        found.append(
            asyncio.run(measure(tmp_path, size, big_model(size.movies), rounds=5 if benchmark.enabled else 1))
        )

    benchmark.pedantic(once, rounds=1)
    medians = {name: float(np.median(seconds)) for name, seconds in found[0].items()}
    benchmark.extra_info.update(medians)
    assert benchmark.disabled or medians["cpu"] < most, medians
    assert benchmark.disabled or medians["stall"] < 0.1, medians
