"""Made-up data of the shape of MovieLens 32M, of any size, in the files of an edition.

    python -m tests.benchmarks.scale OUT --ratings 32000000

What is kept of the real one: 160 ratings a person (at least 20, usually 70, at most 0.38 of all movies), the
long tail (the usual movie has a handful of ratings, the first one half of the people's), tastes (people rate,
and like, what their two tastes have in common with a movie), and the order of the file. A smaller edition has
people in proportion to its ratings and movies by the square root, as a part of a community knows fewer of the
rare ones.
"""

import argparse
import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import numpy.typing as npt

from recommender.catalogue import GENRES

from .catalogues import big_catalogue

RATINGS, PEOPLE, MOVIES, TAGS = 32_000_000, 200_948, 87_585, 2_000_000
FEWEST, USUAL, SPREAD, MOST = 20, 53, 1.39, 0.38
"""Ratings per person: FEWEST and a log-normal of this median and spread, at most this part of the movies."""
USUAL_POPULARITY, HIGHEST = 5, 1.3
"""Ratings of a movie: a log-normal of this median, at most this part of the people (before repetitions)."""
TASTES, LATENT = 40, 6
MIX = (0.5, 0.3, 0.2)
"""How often somebody picks by their first taste, their second, and by what everybody sees."""
MANY = 400
"""People with more ratings are drawn exactly, the others by draws of which repetitions are struck."""
BLOCK = 2_000
GENRE_SHARES = (9, 5, 6, 5, 23, 7, 10, 34, 4, 1, 9, 1, 2, 4, 10, 5, 12, 3, 2)

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shape:
    """How large an edition is."""

    ratings: int
    people: int
    movies: int
    tags: int


def shape_of(ratings: int) -> Shape:
    """The shape of an edition with about so many ratings."""
    part = ratings / RATINGS
    return Shape(ratings, max(int(PEOPLE * part), 50), max(int(MOVIES * part**0.5), 200), int(TAGS * part))


@dataclass(frozen=True, slots=True)
class World:
    """What the ratings are drawn from.

    Attributes
    ----------
    ids : int64, shape (n_movies,)
        Movie ids, ascending, with gaps.
    genres : list of list of int
        Columns of `recommender.catalogue.GENRES` for each movie.
    chances : float64, shape (TASTES + 1, n_movies)
        How likely a movie is to be picked by each taste; the last row is everybody's.
    appeal : float64, shape (TASTES, n_movies)
        How much a taste likes a movie.
    quality : float64, shape (n_movies,)
        How good everybody finds a movie.
    """

    ids: Integers
    genres: list[list[int]]
    chances: Floats
    appeal: Floats
    quality: Floats


def write(folder: Path, shape: Shape, seed: int = 1) -> int:
    """Write the four files of an edition; the number of its ratings, which is a little below the shape's."""
    folder.mkdir(parents=True, exist_ok=True)
    world = _world(shape, np.random.default_rng((seed, 0)))
    _write_movies(folder, world, seed)
    written = 0
    tag_rng = np.random.default_rng((seed, 1))
    vocabulary = _vocabulary(max(shape.tags // 13, 50), tag_rng)
    with (
        (folder / "ratings.csv").open("wb") as ratings,
        (folder / "tags.csv").open("w", newline="", encoding="utf-8") as tags,
    ):
        ratings.write(b"userId,movieId,rating,timestamp\n")
        tag_writer = csv.writer(tags, lineterminator="\n")
        tag_writer.writerow(("userId", "movieId", "tag", "timestamp"))
        for users, movies, halves, times in _ratings(shape, world, seed):
            ratings.write(_lines(users, world.ids[movies], halves, times))
            written += len(users)
            some = tag_rng.integers(len(users), size=len(users) * shape.tags // shape.ratings)
            for place in np.sort(some).tolist():
                tag = vocabulary[_tag(world, int(movies[place]), len(vocabulary), tag_rng)]
                tag_writer.writerow((users[place], world.ids[movies[place]], tag, times[place]))
    return written


def _world(shape: Shape, rng: np.random.Generator) -> World:
    movies = shape.movies
    ids = np.sort(rng.choice(np.arange(1, int(movies * 3.3)), movies, replace=False))
    frequency = np.array(GENRE_SHARES) / sum(GENRE_SHARES)
    numbers: list[int] = rng.choice([1, 2, 3, 4], movies, p=(0.4, 0.33, 0.2, 0.07)).tolist()
    genres: list[list[int]] = [
        sorted(rng.choice(len(GENRES), count, replace=False, p=frequency).tolist()) for count in numbers
    ]
    of_genre = np.zeros((movies, len(GENRES)))
    for movie, columns in enumerate(genres):
        of_genre[movie, columns] = len(columns) ** -0.5
    traits = np.hstack([of_genre * 1.5, rng.normal(size=(movies, LATENT)) * LATENT**-0.5])
    appeal = rng.normal(size=(TASTES, traits.shape[1])) @ traits.T
    appeal = (appeal - appeal.mean(axis=1, keepdims=True)) / appeal.std(axis=1, keepdims=True)
    popularity = _popularity(shape, rng)
    chances = np.vstack([popularity * np.exp(appeal), popularity])
    chances /= chances.sum(axis=1, keepdims=True)
    order = np.argsort(np.argsort(popularity)) / movies
    return World(ids, genres, chances, appeal, 0.5 * (order - 0.9) + rng.normal(0, 0.35, movies))


def _popularity(shape: Shape, rng: np.random.Generator) -> Floats:
    """Log-normal around the usual popularity, as wide as brings the mean to what it must be."""
    z = rng.standard_normal(shape.movies)
    narrow, wide = 0.0, 10.0
    for _ in range(60):
        middle = (narrow + wide) / 2
        drawn = np.minimum(USUAL_POPULARITY * np.exp(middle * z), HIGHEST * shape.people)
        narrow, wide = (middle, wide) if drawn.sum() < shape.ratings else (narrow, middle)
    return np.minimum(USUAL_POPULARITY * np.exp(narrow * z), HIGHEST * shape.people)


def _counts(shape: Shape, rng: np.random.Generator) -> Integers:
    most = int(MOST * shape.movies)
    beyond = USUAL * np.exp(SPREAD * rng.standard_normal(shape.people))
    for _ in range(20):
        beyond = np.minimum(beyond, most - FEWEST)
        beyond *= max(shape.ratings - FEWEST * shape.people, 1) / beyond.sum()
    return np.clip(np.rint(FEWEST + beyond), FEWEST, most).astype(np.int64)


def _ratings(
    shape: Shape, world: World, seed: int
) -> Iterator[tuple[Integers, Integers, Integers, Integers]]:
    """User ids, rows of movies, stars in halves and times, some people at once; sorted as GroupLens does."""
    counts = _counts(shape, np.random.default_rng((seed, 2)))
    sums = np.cumsum(world.chances, axis=1)
    for start in range(0, shape.people, BLOCK):
        rng = np.random.default_rng((seed, 3, start))
        wanted = counts[start : start + BLOCK]
        tastes = rng.integers(TASTES, size=(len(wanted), 2))
        person, movies = _picked(world, sums, wanted, tastes, rng)
        order = np.argsort(person * len(world.ids) + movies)
        person, movies = person[order], movies[order]
        appeal = (
            0.65 * world.appeal[tastes[person, 0], movies] + 0.35 * world.appeal[tastes[person, 1], movies]
        )
        mean = rng.normal(3.55, 0.42, len(wanted))
        stars = mean[person] + world.quality[movies] + 0.5 * appeal + rng.normal(0, 0.9, len(person))
        halves = np.clip(np.rint(stars * 2), 1, 10).astype(np.int64)
        first = rng.integers(830_000_000, 1_690_000_000, len(wanted))
        times = first[person] + rng.integers(0, 30 * np.maximum(wanted, 1))[person] * rng.integers(
            1, 20, len(person)
        )
        yield start + 1 + person, movies, halves, times


def _picked(
    world: World, sums: Floats, wanted: Integers, tastes: Integers, rng: np.random.Generator
) -> tuple[Integers, Integers]:
    """Who rated which movies: positions of people and of movies, without repetitions."""
    movies = len(world.ids)
    few = np.flatnonzero(wanted <= min(MANY, movies // 4))
    owner = np.repeat(few, 3 * wanted[few] + 20)
    kind = rng.choice(3, size=len(owner), p=MIX)
    taste = np.where(kind == 2, TASTES, tastes[owner, np.minimum(kind, 1)])
    drawn = np.empty(len(owner), np.int64)
    draws = rng.random(len(owner))
    for number in range(TASTES + 1):
        mine = taste == number
        drawn[mine] = np.searchsorted(sums[number], draws[mine] * sums[number, -1])
    pairs, first = np.unique(owner * movies + drawn, return_index=True)
    owner, drawn = pairs // movies, pairs % movies
    order = np.lexsort((first, owner))
    owner, drawn = owner[order], drawn[order]
    begins = np.searchsorted(owner, owner)
    kept = np.arange(len(owner)) - begins < wanted[owner]
    people, rows = [owner[kept]], [drawn[kept]]
    for person in np.setdiff1d(np.arange(len(wanted)), few).tolist():
        one, two = tastes[person]
        chance = MIX[0] * world.chances[one] + MIX[1] * world.chances[two] + MIX[2] * world.chances[-1]
        count = int(wanted[person])
        rows.append(np.argpartition(rng.standard_exponential(movies) / chance, count)[:count])
        people.append(np.full(count, person))
    return np.concatenate(people), np.concatenate(rows)


def _lines(users: Integers, movie_ids: Integers, halves: Integers, times: Integers) -> bytes:
    """The lines of ratings.csv: all digits side by side, then those that are needed."""
    columns: list[npt.NDArray[np.uint8]] = []
    needed: list[npt.NDArray[np.bool_]] = []
    always = np.ones(len(users), np.bool_)

    def literal(character: str) -> None:
        columns.append(np.full(len(users), ord(character), np.uint8))
        needed.append(always)

    def number(values: Integers, digits: int) -> None:
        for power in range(digits - 1, -1, -1):
            columns.append((values // 10**power % 10 + ord("0")).astype(np.uint8))
            needed.append(always if power == 0 else values >= 10**power)

    for values, digits, end in ((users, 6, ","), (movie_ids, 6, ","), (halves // 2, 1, ".")):
        number(values, digits)
        literal(end)
    number(halves % 2 * 5, 1)
    literal(",")
    number(times, 10)
    literal("\n")
    return np.stack(columns, axis=1)[np.stack(needed, axis=1)].tobytes()


def _vocabulary(count: int, rng: np.random.Generator) -> list[str]:
    sounds = [a + b for a in "bcdfghjklmnprstvwz" for b in "aeiou"]
    picks: list[list[int]] = rng.integers(len(sounds), size=(count, 4)).tolist()
    lengths = rng.integers(2, 5, count).tolist()
    return ["".join(sounds[s] for s in pick[:length]) for pick, length in zip(picks, lengths, strict=True)]


def _tag(world: World, movie: int, words: int, rng: np.random.Generator) -> int:
    """A word: one of the movie's own four, one usual for its first genre, or any, early ones more often."""
    kind = rng.random()
    if kind < 0.4:
        return (movie * 31 + int(rng.integers(4))) % words
    if kind < 0.7:
        return (world.genres[movie][0] * 25 + int(rng.integers(25))) % words
    return int(words * rng.random() ** 4)


def _write_movies(folder: Path, world: World, seed: int) -> None:
    films, _ = big_catalogue(len(world.ids), seed)
    imdb = np.random.default_rng((seed, 4)).permutation(10 * len(films))[: len(films)] + 1
    with (
        (folder / "movies.csv").open("w", newline="", encoding="utf-8") as movies,
        (folder / "links.csv").open("w", newline="", encoding="utf-8") as links,
    ):
        movie_writer, link_writer = (csv.writer(file, lineterminator="\n") for file in (movies, links))
        movie_writer.writerow(("movieId", "title", "genres"))
        link_writer.writerow(("movieId", "imdbId", "tmdbId"))
        for row, film in enumerate(films):
            genres = "|".join(GENRES[column] for column in world.genres[row])
            movie_writer.writerow((world.ids[row], f"{film.title} ({film.year})", genres))
            link_writer.writerow((world.ids[row], f"{imdb[row]:07d}", imdb[row] // 3 + 1))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write made-up data of the shape of MovieLens 32M.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ratings", type=int, default=RATINGS)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    begin = perf_counter()
    shape = shape_of(given.ratings)
    written = write(given.folder, shape, given.seed)
    print(
        f"{written:,} ratings by {shape.people:,} people, {shape.movies:,} movies: "
        f"{perf_counter() - begin:.0f} s",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
