"""Small worlds on which a model's behaviour is known beforehand."""

import numpy as np
import pytest

from recommender import Model, TrainingOptions, train
from recommender.catalogue import Catalogue, Movie
from recommender.datasets import Dataset, Ratings

QUICK = TrainingOptions(seed=3, models=2, dims=8, cuts=12, epochs=4, content_fans=0, threads=1)
GENRES = (("Western",), ("Sci-Fi",), ("Horror", "Thriller"), ("Comedy", "Romance"))


def two_camps(users: int = 60, movies: int = 40, seed: int = 1) -> Dataset:
    """A checker-board: even users love even movies and hate odd ones, odd users the other way round."""
    rng = np.random.default_rng(seed)
    catalogue = Catalogue(
        Movie(
            100 + row,
            f"Movie {row}",
            1950 + row,
            GENRES[row % 2 + 2 * (row % 4 // 2)],
            keywords=("desert",) if row % 2 == 0 else ("space", "robot"),
            directors=(f"Director {row % 5}",),
            language="en" if row % 3 else "fr",
            collection=f"Series {row % 4}" if row % 3 == 1 else None,
        )
        for row in range(movies)
    )
    pairs = [(user, row) for user in range(users) for row in range(movies) if rng.random() < 0.6]
    stars = [5.0 if user % 2 == row % 2 else 1.5 for user, row in pairs]
    ids = np.array([user for user, _ in pairs], np.int64)
    movie_ids = np.array([100 + row for _, row in pairs], np.int64)
    return Dataset(
        "camps", catalogue, Ratings(ids, movie_ids, np.array(stars, np.float32), np.zeros_like(ids))
    )


@pytest.fixture(scope="session")
def camps() -> Dataset:
    return two_camps()


@pytest.fixture(scope="session")
def model(camps: Dataset) -> Model:
    return train(camps, QUICK)
