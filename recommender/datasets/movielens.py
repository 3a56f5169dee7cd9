"""MovieLens: any edition as GroupLens publishes it, as a folder or as the zip archive."""

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from recommender.catalogue import GENRES, Catalogue, Movie
from recommender.datasets import starter
from recommender.datasets.archive import Files
from recommender.datasets.community import read_ratings
from recommender.datasets.dataset import Dataset, DatasetError
from recommender.datasets.editions import ACKNOWLEDGEMENT, edition_of
from recommender.datasets.keywords import Tags
from recommender.datasets.tables import CSV, DAT, LINKS, MOVIES, RATINGS, TAGS, Source, Table, whole
from recommender.datasets.title import parse_title

_GENRES = {genre.casefold(): genre for genre in GENRES} | {"children's": "Children"}
_NO_GENRES = "(no genres listed)"
_UNFIT = re.compile(r"[^a-z0-9._-]+")
_LONGEST_NAME = 64
_LONGEST_TITLE = 1000


def load_movielens(files: Files) -> Dataset:
    """Read an edition of MovieLens.

    Raises
    ------
    DatasetError
        If there is none, more than one, or it cannot be read.
    """
    source = _find(files)
    dropped: Counter[str] = Counter()
    movies = _read_movies(source, dropped)
    if not movies:
        raise DatasetError(f"{MOVIES.stem}{source.suffix} of {files.place} has no readable movie")
    if source.has(LINKS):
        _add_links(source, movies, dropped)
    if source.has(TAGS):
        _add_keywords(source, movies, dropped)
    ratings = read_ratings(source, np.fromiter(movies, np.int64), dropped)
    newest = int(ratings.rated_at.max(initial=0))
    until = datetime.fromtimestamp(newest, UTC).date() if newest else None
    return Dataset(_name(source), Catalogue(movies.values()), ratings, ACKNOWLEDGEMENT, dict(+dropped), until)


def _find(files: Files) -> Source:
    found = [
        Source(files, folder, suffix)
        for folder, names in files.folders.items()
        for suffix in (CSV, DAT)
        if {MOVIES.stem + suffix, RATINGS.stem + suffix} <= names
    ]
    # What lies in the place itself is meant, whatever its subfolders have.
    found = [source for source in found if not source.folder] or found
    if not found:
        there = sorted({name for names in files.folders.values() for name in names})
        raise DatasetError(
            f"{files.place} has no data set: movies.csv and ratings.csv of MovieLens belong in one folder"
            + (f", there is only {', '.join(there)}" if there else "")
        )
    if len(found) > 1:
        raise DatasetError(f"{files.place} has more than one data set: give the path of one of them alone")
    return found[0]


def _name(source: Source) -> str:
    """Name of the source, or of the folder or archive that it came in."""
    place = source.files.place.resolve()
    names = [
        name for name in (Path(source.folder).name, place.stem if place.is_file() else place.name) if name
    ]
    known = [found.name for found in map(edition_of, names) if found is not None]
    name = _UNFIT.sub("-", (known or names or [""])[0].lower())[:_LONGEST_NAME].strip(".-_")
    return name if name not in ("", starter.NAME) else "movielens"


def _read_movies(source: Source, dropped: Counter[str]) -> dict[int, Movie]:
    movies: dict[int, Movie] = {}
    for row in source.rows(MOVIES):
        movie_id = whole(row[0])
        sound = len(row) == len(MOVIES.columns) and len(row[1]) <= _LONGEST_TITLE
        title = parse_title(row[1]) if sound else None
        if movie_id is None or title is None or not title.title:
            dropped["movies: row cannot be read"] += 1
        elif movie_id in movies:
            dropped["movies: id is already taken"] += 1
        else:
            genres = _genres(row[2], dropped)
            movies[movie_id] = Movie(movie_id, title.title, title.year, genres, title.aliases)
    return movies


def _genres(text: str, dropped: Counter[str]) -> tuple[str, ...]:
    genres: dict[str, None] = {}
    for name in text.split("|"):
        name = name.strip()
        genre = _GENRES.get(name.casefold())
        if genre is not None:
            genres[genre] = None
        elif name and name != _NO_GENRES:
            dropped["movies: genre is unknown (the movie is kept)"] += 1
    return tuple(genres)


def _add_links(source: Source, movies: dict[int, Movie], dropped: Counter[str]) -> None:
    for row in source.rows(LINKS):
        movie_id = _movie_of(row, 0, LINKS, movies, dropped)
        if movie_id is not None:
            imdb_id, tmdb_id = whole(row[1]) or None, whole(row[2]) or None
            movies[movie_id] = movies[movie_id]._replace(imdb_id=imdb_id, tmdb_id=tmdb_id)


def _add_keywords(source: Source, movies: dict[int, Movie], dropped: Counter[str]) -> None:
    tags = Tags()
    for row in source.rows(TAGS):
        movie_id = _movie_of(row, 1, TAGS, movies, dropped)
        if movie_id is None:
            continue
        user_id = whole(row[0])
        if user_id is None:
            dropped[f"{TAGS.stem}: row cannot be read"] += 1
        else:
            tags.add(user_id, movie_id, row[2])
    for movie_id, keywords in tags.keywords(movies).items():
        movies[movie_id] = movies[movie_id]._replace(keywords=keywords)


def _movie_of(
    row: list[str], column: int, table: Table, movies: dict[int, Movie], dropped: Counter[str]
) -> int | None:
    """Id of the movie of a row; None, and counted, if the row cannot be read or the movie is not known."""
    movie_id = whole(row[column]) if len(row) == len(table.columns) else None
    if movie_id is None:
        dropped[f"{table.stem}: row cannot be read"] += 1
        return None
    if movie_id not in movies:
        dropped[f"{table.stem}: movie is not in the catalogue"] += 1
        return None
    return movie_id
