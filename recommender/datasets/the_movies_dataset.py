"""The Movies Dataset of Kaggle: films of TMDB, and ratings of MovieLens that are joined to them."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from recommender.catalogue import Catalogue, Movie
from recommender.datasets.archive import Files
from recommender.datasets.community import UNKNOWN, read_ratings, renumbered
from recommender.datasets.dataset import Dataset, DatasetError, Ratings
from recommender.datasets.editions import ACKNOWLEDGEMENT as MOVIELENS
from recommender.datasets.tables import CSV, LINKS, MIB, MOVIES, RATINGS, TAGS, Source, Table, whole
from recommender.datasets.tmdb import FILES, metadata_in, read_facts

NAME = "the-movies-dataset"
ACKNOWLEDGEMENT = (
    "The Movies Dataset of Rounak Banik (https://www.kaggle.com/datasets/rounakbanik/the-movies-dataset), "
    "made with the TMDB API but not endorsed or certified by TMDB (https://www.themoviedb.org)."
)
LINKS_SMALL = Table("links_small", LINKS.columns, 64 * MIB)
RATINGS_SMALL = Table("ratings_small", RATINGS.columns, 1024 * MIB)
WANTED = {**FILES, **{table.stem + CSV: table.most_bytes for table in (LINKS_SMALL, RATINGS_SMALL)}}
"""Most bytes of each file that only this set has, by its name."""

UNLINKABLE = "ratings: no links.csv that says which movies are meant"
UNLINKED = 1_000_000_000
"""Added to TMDB's number where ``links.csv`` has no MovieLens number for a movie."""


@dataclass(slots=True)
class _Links:
    """What the links say: the numbers of each movie, and which of them are the same one."""

    movies: dict[int, Movie] = field(default_factory=dict[int, Movie])
    same: dict[int, int] = field(default_factory=dict[int, int])


def folders_of(files: Files) -> list[str]:
    """The folders with this set's files: metadata, or links and ratings but not MovieLens' films."""
    return [folder for folder, names in files.folders.items() if _is_one(names)]


def load_the_movies_dataset(files: Files, folder: str) -> Dataset:
    """Read whatever there is of The Movies Dataset in one folder.

    A movie has the ``movieId`` of MovieLens where the links name it, so that ratings and features meet
    through ``links.csv`` alone: ``movieId`` and TMDB's ``id`` are different numbers for nearly every film.
    A movie that has no link is kept under ``UNLINKED`` plus its TMDB number, and under that number itself
    where there are no links at all. Without metadata a movie is called by its IMDb number. The whole files
    count before the small ones; without links the ratings cannot be used.

    Raises
    ------
    DatasetError
        If a file cannot be read or nothing usable is in them.
    """
    dropped: Counter[str] = Counter()
    source = Source(files, folder, CSV)
    facts = read_facts(files, folder, dropped)
    table = next((table for table in (LINKS, LINKS_SMALL) if source.has(table)), None)
    links = _read_links(source, table, facts, dropped) if table else _Links()
    linked = {movie.tmdb_id for movie in links.movies.values()}
    shift = UNLINKED if table else 0
    rest = (
        movie._replace(movie_id=shift + number) for number, movie in facts.items() if number not in linked
    )
    movies = [*links.movies.values(), *rest]
    if not movies:
        raise DatasetError(f"{files.place} has no readable movie")
    ratings = _read_ratings(source, links, dropped)
    acknowledgement = f"{ACKNOWLEDGEMENT} {MOVIELENS}" if len(ratings) else ACKNOWLEDGEMENT
    return Dataset(NAME, Catalogue(movies), ratings, acknowledgement, dict(+dropped))


def _is_one(names: set[str]) -> bool:
    if metadata_in(names):
        return True
    links = {LINKS.stem + CSV, LINKS_SMALL.stem + CSV} & names
    ratings = {RATINGS.stem + CSV, RATINGS_SMALL.stem + CSV} & names
    return bool(links and ratings) and not {MOVIES.stem + CSV, TAGS.stem + CSV} & names


def _read_links(source: Source, table: Table, facts: dict[int, Movie], dropped: Counter[str]) -> _Links:
    """Give the movies their MovieLens numbers; of several for one movie the first counts."""
    found = _Links()
    by_imdb = {movie.imdb_id: movie for movie in facts.values() if movie.imdb_id is not None}
    numbered: dict[int, int] = {}
    for row in source.rows(table):
        movie_id = whole(row[0]) if len(row) == len(table.columns) else None
        if not movie_id or movie_id >= UNLINKED:
            dropped[f"{table.stem}: row cannot be read"] += 1
            continue
        if movie_id in found.movies or movie_id in found.same:
            dropped[f"{table.stem}: movieId is already taken"] += 1
            continue
        imdb_id, tmdb_id = whole(row[1]) or None, whole(row[2]) or None
        movie = facts.get(tmdb_id) if tmdb_id else by_imdb.get(imdb_id or 0)
        if movie is None and not facts and imdb_id:
            movie = Movie(0, f"tt{imdb_id:07}", imdb_id=imdb_id, tmdb_id=tmdb_id)
        if movie is None:
            dropped[f"{table.stem}: movie is not in the catalogue"] += 1
            continue
        number = movie.tmdb_id
        if number is not None and number in numbered:
            dropped[f"{table.stem}: movie has another movieId (its ratings are kept)"] += 1
            found.same[movie_id] = numbered[number]
            continue
        if number is not None:
            numbered[number] = movie_id
        found.movies[movie_id] = movie._replace(movie_id=movie_id)
    return found


def _read_ratings(source: Source, links: _Links, dropped: Counter[str]) -> Ratings:
    table = next((table for table in (RATINGS, RATINGS_SMALL) if source.has(table)), None)
    if table is None:
        return Ratings.empty()
    if not links.movies:
        linked = source.has(LINKS) or source.has(LINKS_SMALL)
        with source.files.open(source.folder, table.stem + CSV) as stream:
            rows = sum(1 for _ in stream) - 1
        dropped[UNKNOWN if linked else UNLINKABLE] += max(rows, 0)
        return Ratings.empty()
    known = np.array([*links.movies, *links.same], np.int64)
    return renumbered(read_ratings(source, known, dropped, table), links.same, dropped)
