"""A catalogue of 180,000 movies is exchanged for next week's while it is served, and nobody waits for it."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from pytest_benchmark.fixture import BenchmarkFixture

from bot.services.answers import ModelVersion
from bot.services.shelf import Serving, load_serving, renewed
from recommender.catalogue import Catalogue, Movie
from recommender.columns import Rows
from recommender.datasets.dataset import Dataset, Ratings

from .stalls import longest_stall
from .test_serving import big_model

MOVIES, NEW = 180_000, 500
LONGEST_STALL = 0.25


def next_week(catalogue: Catalogue, new: int) -> Catalogue:
    """The same movies with more votes, then new ones."""
    columns = catalogue.columns
    numbers = columns.numbers.copy()
    numbers[-1] = np.arange(len(catalogue), dtype=np.int32)
    first = int(catalogue.movie_ids.max()) + 1
    more = [
        Movie(first + i, f"Brand New {i}", 2026, ("Drama",), imdb_id=10**7 + i, votes=50) for i in range(new)
    ]
    return Catalogue(columns._replace(numbers=numbers)).joined(Catalogue(more))


def with_numbers(catalogue: Catalogue) -> Catalogue:
    """The movies with numbers at IMDb, as films of its files have them."""
    numbers = catalogue.columns.numbers.copy()
    numbers[1] = np.arange(1, len(catalogue) + 1, dtype=np.int32)
    return Catalogue(catalogue.columns._replace(numbers=numbers))


def test_an_exchange_while_serving(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    movies = 2000 if benchmark.disabled else MOVIES
    model = big_model(movies)
    catalogue = with_numbers(model.catalogue)
    model.catalogue = catalogue
    model.save(tmp_path / "model")
    folder = tmp_path / "all-imdb"
    Dataset("all-imdb", catalogue, Ratings.empty()).save(folder)
    version = ModelVersion(1, datetime(2026, 5, 1, tzinfo=UTC), "current", "all-imdb", 0, 0, None, 1.0)
    before = load_serving(folder, (tmp_path / "model", version))
    before.prepare()
    newer = next_week(catalogue, NEW)
    Dataset("all-imdb", newer, Ratings.empty()).save(folder)
    stalls: list[float] = []

    async def exchange() -> Serving:
        async with longest_stall() as longest:
            after = await asyncio.to_thread(renewed, before, folder)
        stalls.append(longest[0])
        return after

    after = benchmark.pedantic(lambda: asyncio.run(exchange()), rounds=1 if benchmark.disabled else 3)
    benchmark.extra_info.update(longest_stall=float(np.median(stalls)))
    assert len(after.catalogue) == movies + NEW
    assert after.model is not None
    kept: Rows = after.catalogue.movie_ids[:movies]
    assert kept.tolist() == before.catalogue.movie_ids.tolist()
    assert after.titles.find("Brand New 7").movies[0].votes == 50
    assert benchmark.disabled or np.median(stalls) < LONGEST_STALL, stalls
