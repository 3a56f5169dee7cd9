"""Invented numbers for pictures."""

from datetime import UTC, datetime, timedelta

import numpy as np

from bot.services.answers import RatedMovie
from bot.services.taste.answers import Comparison, Shared, Taste
from bot.services.taste.tastes import periods
from recommender.catalogue import GENRES, Catalogue, Movie
from recommender.datasets.averages import Averages
from recommender.taste import match, portrait

START = datetime(2024, 1, 15, tzinfo=UTC)
MOVIES = Catalogue(
    Movie(number, f"Movie {number} for $5", 1930 + number % 90, (GENRES[number % 9], GENRES[number * 5 % 13]))
    for number in range(1, 301)
)


def community() -> Averages:
    """Everybody gives every movie 3.5 stars, more or less."""
    ids = np.array([movie.movie_id for movie in MOVIES], np.int64)
    counts = 20 + ids % 40
    return Averages(ids, counts, counts * 3.5, counts * (3.5**2 + 1))


def stars(seed: int, loved: str, disliked: str) -> dict[int, float]:
    """Somebody's ratings: one genre is loved and one is not."""
    rng = np.random.default_rng(seed)
    found: dict[int, float] = {}
    for movie in MOVIES:
        if rng.random() < 0.4:
            taste = 1.5 * (loved in movie.genres) - 1.5 * (disliked in movie.genres)
            found[movie.movie_id] = float(
                np.clip(np.round(2 * (3.3 + taste + rng.normal(0, 0.7))) / 2, 0.5, 5)
            )
    return found


def taste(name: str = "Ana") -> Taste:
    """Of somebody who loves Comedy and cannot stand Action."""
    mine = stars(7, "Comedy", "Action")
    rated = [
        RatedMovie(MOVIES[movie_id], given, START + timedelta(days=3.5 * number))
        for number, (movie_id, given) in enumerate(mine.items())
    ]
    found = portrait(mine, MOVIES, community())
    unusual = None if found.unusual is None else MOVIES[found.unusual.movie_id]
    return Taste(name, len(mine), found, unusual, periods(rated), START)


def comparison(mine: str = "Ana", theirs: str = "Ben") -> Comparison:
    """Of two people who agree on some."""
    one, other = stars(7, "Comedy", "Action"), stars(8, "Comedy", "Drama")
    common = [
        Shared(MOVIES[movie_id], one[movie_id], other[movie_id]) for movie_id in one if movie_id in other
    ]
    far = max(common, key=lambda shared: abs(shared.mine - shared.theirs))
    return Comparison(
        mine, theirs, match(one, other, community()), tuple(common), tuple(common[:2]), far, None, None
    )
