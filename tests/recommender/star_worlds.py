"""Worlds in which it is known how people give stars."""

from collections.abc import Callable

import numpy as np

from recommender.catalogue import Catalogue, Movie
from recommender.datasets import Dataset, Ratings
from recommender.stars import halves
from recommender.training import TrainingOptions

MOVIES = 200
PEOPLE = 240
QUICK = TrainingOptions(seed=1, models=1, dims=4, cuts=2, epochs=1, content_fans=0, threads=1)

HowStars = Callable[[np.random.Generator, int, np.ndarray], np.ndarray]


def world(stars: HowStars, people: int = PEOPLE) -> Dataset:
    """Movie i is a Western if i is even and a Musical otherwise; everybody rates 50 of them."""
    rng = np.random.default_rng(5)
    catalogue = Catalogue(
        Movie(row + 1, f"Movie {row}", 1950 + row % 60, ("Musical" if row % 2 else "Western",))
        for row in range(MOVIES)
    )
    chosen = [rng.choice(MOVIES, 50, replace=False) for _ in range(people)]
    given = [halves(stars(rng, number, rows)) for number, rows in enumerate(chosen)]
    rows = np.concatenate(chosen)
    return Dataset(
        "made up",
        catalogue,
        Ratings(
            np.repeat(np.arange(people), 50),
            rows.astype(np.int64) + 1,
            np.concatenate(given).astype(np.float32),
            np.zeros(len(rows), np.int64),
        ),
    )


def by_taste(rng: np.random.Generator, number: int, rows: np.ndarray) -> np.ndarray:
    """Every other person loves Westerns and the others Musicals; every third one is harsh."""
    liked = np.where(rows % 2 == number % 2, 1.0, -1.0)
    return 3.5 - (number % 3 == 0) + liked + rng.normal(0, 0.5, len(rows))


def by_chance(rng: np.random.Generator, number: int, rows: np.ndarray) -> np.ndarray:
    return rng.integers(1, 11, len(rows)) / 2
