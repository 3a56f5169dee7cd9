"""Invented numbers for pictures."""

from datetime import UTC, datetime, timedelta

import numpy as np

from bot.services.answers import ModelVersion, RatedMovie
from bot.services.taste.answers import (
    Comparison,
    Divided,
    GroupMap,
    MapMovie,
    MapPerson,
    ServerStats,
    Shared,
    Taste,
)
from bot.services.taste.tastes import periods
from bot.store.movies import MovieRef
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
        RatedMovie(MOVIES[movie_id], given, START + timedelta(days=3.5 * number), MovieRef(movie_id))
        for number, (movie_id, given) in enumerate(mine.items())
    ]
    found = portrait(mine, MOVIES, community())
    unusual = None if found.unusual is None else MOVIES[found.unusual.movie_id]
    return Taste(name, len(mine), found, unusual, periods(rated), START)


def versions() -> list[ModelVersion]:
    """Twelve models, of which one failed, one was rejected and the last is serving."""
    states = ["removed"] * 4 + ["rejected", "kept", "kept", "failed", "kept", "rejected", "kept", "current"]
    return [
        ModelVersion(
            number,
            START,
            state,
            "films",
            12,
            3600,
            None if state == "failed" else 0.5 + 0.003 * (number % 7),
            20,
        )
        for number, state in enumerate(states, 1)
    ][::-1]


def stats() -> ServerStats:
    """Of a server of four."""

    def movie(number: int, title: str, mean: float, least: float, most: float) -> Divided:
        return Divided(Movie(-number, title, 1990), 2 + number % 3, mean, least, most)

    loved = [
        movie(number, f"Loved Movie Number {number}", 4.9 - number / 5, 4 - number / 5, 5)
        for number in range(5)
    ]
    divided = [
        movie(10 + number, f"Movie That Divides {number}", 2.5 + number / 5, 0.5, 5) for number in range(4)
    ]
    return ServerStats(4, 120, 90, 3.6, tuple(loved), (*divided, loved[-1]))


def group_map() -> GroupMap:
    """Three people among a dozen movies."""

    def movie(number: int) -> Movie:
        return Movie(number, f"Movie on the Map {number}", 1990)

    def place(number: int) -> tuple[float, float]:
        return float(np.cos(number * 2.4) * number / 8), float(np.sin(number * 2.4) * number / 8)

    movies = [MapMovie(movie(number), *place(number), number % 4) for number in range(1, 13)]
    people = [
        MapPerson(name, across, up, (movie(1), movie(2), movie(3)))
        for name, across, up in (("Ana", -0.8, 0.3), ("Ben", 0.4, -0.5), ("Cara", 0.45, -0.45))
    ]
    return GroupMap(
        tuple(movies), tuple(people), ("Western",), ("Sci-Fi", "newer"), ("Comedy",), ("Drama", "older")
    )


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
