"""Autocomplete on 86,000 movies: 99 of 100 answers in less than 15 ms, and an index that is soon there."""

import random
from time import process_time

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from recommender.catalogue import Movie
from recommender.titles import TitleIndex

from .catalogues import big_catalogue

TYPISTS = 200
HOSTILE = (
    "x" * 500,
    "the " * 100,
    "🎬" * 100,
    "a b c d e f g h i j k l m n o p q r s t u v w x y z",
    "of the and in my love man night day " * 5,
    "'; DROP TABLE movies; --",
)


def misspelt(title: str, rng: random.Random) -> str:
    at = rng.randrange(1, max(2, len(title) - 1))
    swapped = title[at : at + 2][::-1]
    return rng.choice(
        (title[:at] + title[at + 1 :], title[:at] + swapped + title[at + 2 :], f"{title[:at]}x{title[at:]}")
    )


def keystrokes(movies: list[Movie]) -> list[str]:
    """Everything an option is asked for while people type titles, half of them with a typo."""
    rng = random.Random(2)
    texts = list(HOSTILE)
    for movie in rng.sample(movies, TYPISTS):
        text = (movie.name if rng.random() < 0.2 else movie.title).lower()
        if rng.random() < 0.5:
            text = misspelt(text, rng)
        texts += [text[:length] for length in range(1, len(text) + 1)]
    return texts


@pytest.fixture(scope="module")
def catalogue() -> tuple[list[Movie], list[float]]:
    return big_catalogue()


def test_autocomplete(benchmark: BenchmarkFixture, catalogue: tuple[list[Movie], list[float]]) -> None:
    movies, popularity = catalogue
    index = TitleIndex(movies, popularity)
    texts = keystrokes(movies)
    if benchmark.disabled:
        texts = texts[:100]
    # Processor time: it is what one core needs, whatever else the machine is doing.
    seconds: list[float] = []

    def type_everything() -> None:
        for text in texts:
            start = process_time()
            index.suggest(text)
            seconds.append(process_time() - start)

    benchmark.pedantic(type_everything, rounds=1)
    p50, p99 = np.quantile(seconds, [0.5, 0.99]) * 1000
    benchmark.extra_info.update(keystrokes=len(seconds), p50_ms=p50, p99_ms=p99)
    assert benchmark.disabled or p99 < 15, f"p99 {p99:.1f} ms, p50 {p50:.1f} ms"


@pytest.mark.benchmark(timer=process_time)
def test_building_the_index(benchmark: BenchmarkFixture, catalogue: tuple[list[Movie], list[float]]) -> None:
    movies, popularity = catalogue
    if benchmark.disabled:
        movies, popularity = movies[:1000], popularity[:1000]
    benchmark.pedantic(TitleIndex, args=(movies, popularity), rounds=5)
    # Half of what a bot may take from its start until it is ready.
    assert benchmark.disabled or benchmark.stats.stats.min < 1.5
