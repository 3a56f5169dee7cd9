"""A small world of films for the tests in Discord: four tastes, remakes, titles that want to break out."""

import numpy as np

from recommender.catalogue import Catalogue, Movie
from recommender.datasets.dataset import Dataset, Ratings

WILD_TITLES = (
    "**bold** _and_ `code` ||spoiler|| ~~struck~~",
    "@everyone <@123456789012345678> <#5> </rate:5>",
    "[free](https://example.com/nitro) https://example.com",
    "שלום עולם",
    "😀" * 120,
    "A title that does not want to end " * 9,
    "```\nrm -rf /\n```",
    "'; DROP TABLE ratings; --",
    "\u202eevil\u202d",
    "# heading\n> quote",
)

_FILMS: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("Contact", 1997, ("Drama", "Sci-Fi")),
    ("Arrival", 2016, ("Drama", "Sci-Fi")),
    ("Alien", 1979, ("Horror", "Sci-Fi")),
    ("Blade Runner", 1982, ("Sci-Fi", "Thriller")),
    ("Dune", 1984, ("Adventure", "Sci-Fi")),
    ("Dune", 2021, ("Adventure", "Sci-Fi")),
    ("Gattaca", 1997, ("Drama", "Sci-Fi")),
    ("Moon", 2009, ("Drama", "Sci-Fi")),
    ("Solaris", 1972, ("Drama", "Sci-Fi")),
    ("Interstellar", 2014, ("Adventure", "Sci-Fi")),
    ("The Searchers", 1956, ("Western",)),
    ("High Noon", 1952, ("Drama", "Western")),
    ("Rio Bravo", 1959, ("Western",)),
    ("Unforgiven", 1992, ("Drama", "Western")),
    ("Stagecoach", 1939, ("Western",)),
    ("Shane", 1953, ("Drama", "Western")),
    ("Red River", 1948, ("Western",)),
    ("Tombstone", 1993, ("Action", "Western")),
    ("The Shining", 1980, ("Horror",)),
    ("Halloween", 1978, ("Horror",)),
    ("Suspiria", 1977, ("Horror",)),
    ("The Fly", 1986, ("Horror", "Sci-Fi")),
    ("Ringu", 1998, ("Horror", "Mystery")),
    ("Psycho", 1960, ("Crime", "Horror")),
    ("Nosferatu", 1922, ("Horror",)),
    ("Nosferatu", 2024, ("Horror",)),
    ("Singin' in the Rain", 1952, ("Comedy", "Musical")),
    ("Cabaret", 1972, ("Drama", "Musical")),
    ("Grease", 1978, ("Comedy", "Musical")),
    ("West Side Story", 1961, ("Drama", "Musical")),
    ("Top Hat", 1935, ("Comedy", "Musical")),
    ("Chicago", 2002, ("Crime", "Musical")),
    ("Amélie", 2001, ("Comedy", "Romance")),
    ("Casablanca", 1942, ("Drama", "Romance")),
    ("Notorious", 1946, ("Romance", "Thriller")),
    ("Brazil", 1985, ("Fantasy", "Sci-Fi")),
)
_TASTES = ("Sci-Fi", "Western", "Horror", "Musical")
_USERS = 120


def film_dataset() -> Dataset:
    """The films, filled up to a hundred; user u loves the films of taste ``u % 4``."""
    movies = [
        Movie(
            number,
            title,
            year,
            genres,
            directors=(f"Director {number % 7}",),
            keywords=(f"keyword {number % 5}",),
        )
        for number, (title, year, genres) in enumerate(_FILMS, 1)
    ]
    movies += [
        Movie(201 + number, title, 1999, (_TASTES[number % 4],)) for number, title in enumerate(WILD_TITLES)
    ]
    movies += [
        Movie(301 + number, f"{_TASTES[number % 4]} Story {number}", 1950 + number, (_TASTES[number % 4],))
        for number in range(60)
    ]
    rng = np.random.default_rng(11)
    weights = 1 / np.arange(1, len(movies) + 1) ** 0.4
    rows: list[tuple[int, int, float]] = []
    for user in range(1, _USERS + 1):
        for place in rng.choice(len(movies), 30, replace=False, p=weights / weights.sum()):
            loved = _TASTES[user % 4] in movies[place].genres
            rows.append((user, movies[place].movie_id, 4.5 if loved else 2.0))
    table = np.array(rows)
    ratings = Ratings(
        table[:, 0].astype(np.int64),
        table[:, 1].astype(np.int64),
        table[:, 2].astype(np.float32),
        np.full(len(table), 1_000_000_000, np.int64),
    )
    return Dataset("films", Catalogue(movies), ratings, acknowledgement="Thanks to *nobody* for the data.")
