"""Autocomplete on 86,000 and on 300,000 movies: 99 of 100 answers in less than 15 ms; and a swift index."""

import random
from time import process_time

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from recommender.catalogue import Catalogue, Movie
from recommender.titles import TitleIndex

from .catalogues import ALL_MOVIES, NAMES_EACH, big_catalogue

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


def type_all(benchmark: BenchmarkFixture, index: TitleIndex, texts: list[str]) -> None:
    """Ask for completions of all of these; 99 of 100 answers have to be there in 15 ms."""
    texts = texts[:100] if benchmark.disabled else texts
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


@pytest.fixture(scope="module")
def catalogue() -> tuple[list[Movie], list[float]]:
    return big_catalogue()


def test_autocomplete(benchmark: BenchmarkFixture, catalogue: tuple[list[Movie], list[float]]) -> None:
    movies, popularity = catalogue
    type_all(benchmark, TitleIndex(movies, popularity), keystrokes(movies))


def test_autocomplete_among_all_movies_there_are(benchmark: BenchmarkFixture) -> None:
    """300,000 movies with 1.5 million names, a third of them in other scripts."""
    count = 1000 if benchmark.disabled else ALL_MOVIES
    movies, popularity = big_catalogue(count, names_each=NAMES_EACH)
    rng = random.Random(3)
    # People type any of the names.
    typed = [movie._replace(title=rng.choice((movie.title, *movie.aliases))) for movie in movies]
    index = TitleIndex(Catalogue(movies), popularity)
    del movies
    type_all(benchmark, index, keystrokes(typed))


@pytest.mark.benchmark(timer=process_time)
def test_building_the_index(benchmark: BenchmarkFixture, catalogue: tuple[list[Movie], list[float]]) -> None:
    movies, popularity = catalogue
    if benchmark.disabled:
        movies, popularity = movies[:1000], popularity[:1000]
    benchmark.pedantic(TitleIndex, args=(Catalogue(movies), popularity), rounds=5)
    # Half of what a bot may take from its start until it is ready.
    assert benchmark.disabled or benchmark.stats.stats.min < 1.5
