"""The facts of TMDB as The Movies Dataset has them: ``movies_metadata``, ``keywords`` and ``credits``."""

import ast
import csv
import io
import re
import warnings
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, cast

from recommender.catalogue import GENRES, Movie
from recommender.datasets.archive import Files
from recommender.datasets.dataset import DatasetError
from recommender.datasets.tables import MIB, whole
from recommender.datasets.title import one_line

METADATA, KEYWORDS, CREDITS = "movies_metadata", "keywords", "credits"
FILES = {
    "movies_metadata.csv": 512 * MIB,
    "movies_metadata.first2996.csv": 512 * MIB,
    "keywords.csv": 256 * MIB,
    "credits.csv": 2048 * MIB,
}
"""Names of the files, each with the most bytes it may have. The second is the beginning of the first."""

MOST_KEYWORDS, MOST_CAST = 10, 4
MOST_CELL = 1 << 17
"""Characters of a cell that are read: the most that `csv` allows."""

OUR_GENRES = {genre: genre for genre in GENRES} | {
    "Science Fiction": "Sci-Fi",
    "Family": "Children",
    "Music": "Musical",
}
"""What TMDB calls a genre, and what it is here."""
_WITHOUT_COUNTERPART = frozenset({"History", "Foreign", "TV Movie"})
LANGUAGES = {"cn": "zh", "xx": None}
"""TMDB's own codes, and what they are elsewhere."""
NOTES = frozenset({"duringcreditsstinger", "aftercreditsstinger"})
_DATE = re.compile(r"((?:18|19|20)\d\d)-\d\d-\d\d")
_RUNTIME = re.compile(r"([1-9]\d{0,3})(?:\.\d+)?")
_IMDB = re.compile(r"tt(\d{5,9})")
_LONGEST_NAME = 1000

_NEEDED = {
    METADATA: (
        "belongs_to_collection",
        "genres",
        "id",
        "imdb_id",
        "original_language",
        "original_title",
        "release_date",
        "runtime",
        "title",
    ),
    KEYWORDS: ("id", "keywords"),
    CREDITS: ("id", "cast", "crew"),
}

Row = dict[str, str]


def metadata_in(names: set[str]) -> str | None:
    """The file of metadata among these, the whole one before its beginning."""
    return next((name for name in FILES if name.startswith(METADATA) and name in names), None)


def read_facts(files: Files, folder: str, dropped: Counter[str]) -> dict[int, Movie]:
    """The movies of the metadata, by TMDB's number, which is their `Movie.movie_id` too.

    TMDB's *Science Fiction*, *Family* and *Music* are MovieLens' Sci-Fi, Children and Musical; *History*,
    *Foreign* and *TV Movie* have no counterpart and are left out. A movie keeps the ten of its keywords that
    most movies have, and the first four of its cast.

    Parameters
    ----------
    files : Files
    folder : str
        The folder in them that has the metadata.
    dropped : Counter
        The number of rows left out is added here, by reason.

    Raises
    ------
    DatasetError
        If a file cannot be read or lacks a column.
    """
    names = files.folders[folder]
    metadata = metadata_in(names)
    if metadata is None:
        return {}
    movies: dict[int, Movie] = {}
    with _without_warnings():
        for tmdb_id, row in _rows(files, folder, metadata, METADATA, dropped):
            if tmdb_id in movies:
                dropped[f"{METADATA}: id is already taken"] += 1
            elif (movie := _movie(tmdb_id, row, dropped)) is not None:
                movies[tmdb_id] = movie
        if f"{KEYWORDS}.csv" in names:
            _add_keywords(files, folder, movies, dropped)
        if f"{CREDITS}.csv" in names:
            _add_people(files, folder, movies, dropped)
    return movies


def literal(cell: str) -> list[dict[str, Any]] | None:
    """The dictionaries that a cell holds as a Python literal: a list of them, or one; None for anything else.

    Nothing is ever executed: `ast.literal_eval` knows constants and containers only.
    """
    if len(cell) > MOST_CELL:
        return None
    try:
        value: object = ast.literal_eval(cell)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None
    found = cast(list[object], value) if isinstance(value, list) else [value]
    return cast(list[dict[str, Any]], found) if all(isinstance(one, dict) for one in found) else None


def _rows(
    files: Files, folder: str, file: str, kind: str, dropped: Counter[str]
) -> Iterator[tuple[int, Row]]:
    """TMDB's number and the needed cells of each sound row."""
    with files.open(folder, file) as stream, io.TextIOWrapper(stream, "utf-8-sig", newline="") as text:
        reader = csv.reader(text)
        try:
            header = next(reader, list[str]())
            missing = [column for column in _NEEDED[kind] if column not in header]
            if missing:
                raise DatasetError(f"{file} of {files.place} lacks the column {missing[0]}")
            places = [(column, header.index(column)) for column in _NEEDED[kind]]
            for row in _readable(reader, kind, dropped):
                if len(row) != len(header):
                    dropped[f"{kind}: row has too few or too many fields"] += 1
                    continue
                cells = {column: row[place].strip() for column, place in places}
                tmdb_id = whole(cells["id"])
                if tmdb_id:
                    yield tmdb_id, cells
                else:
                    dropped[f"{kind}: id is not a number"] += 1
        except UnicodeDecodeError as error:
            raise DatasetError(f"{file} of {files.place} is not text in UTF-8") from error


def _readable(reader: Iterator[list[str]], kind: str, dropped: Counter[str]) -> Iterator[list[str]]:
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a field beyond all bounds; what follows it can be read again
            dropped[f"{kind}: row cannot be read"] += 1
            continue
        if row:
            yield row


def _movie(tmdb_id: int, row: Row, dropped: Counter[str]) -> Movie | None:
    title = _name(row["title"])
    if title in ("", "NaN", "nan"):
        dropped[f"{METADATA}: title is missing"] += 1
        return None
    original = _name(row["original_title"])
    date, runtime = _DATE.fullmatch(row["release_date"]), _RUNTIME.fullmatch(row["runtime"])
    if date is None:
        dropped[f"{METADATA}: release date is missing (the movie is kept)"] += 1
    imdb = _IMDB.fullmatch(row["imdb_id"])
    series = _dictionaries(row, "belongs_to_collection", METADATA, dropped)
    language = row["original_language"]
    return Movie(
        tmdb_id,
        title,
        int(date[1]) if date else None,
        _genres(row, dropped),
        (original,) if original.casefold() not in ("", "nan", title.casefold()) else (),
        language=LANGUAGES.get(language, language if re.fullmatch(r"[a-z]{2}", language) else None),
        imdb_id=int(imdb[1]) if imdb else None,
        tmdb_id=tmdb_id,
        collection=next(iter(_names(series)), None),
        runtime=int(runtime[1]) if runtime else None,
    )


def _genres(row: Row, dropped: Counter[str]) -> tuple[str, ...]:
    genres: dict[str, None] = {}
    for name in _names(_dictionaries(row, "genres", METADATA, dropped)):
        if name in OUR_GENRES:
            genres[OUR_GENRES[name]] = None
        elif name not in _WITHOUT_COUNTERPART:
            dropped[f"{METADATA}: genre is unknown (the movie is kept)"] += 1
    return tuple(genres)


def _add_keywords(files: Files, folder: str, movies: dict[int, Movie], dropped: Counter[str]) -> None:
    found: dict[int, list[str]] = {}
    for tmdb_id, row in _of_movies(files, folder, KEYWORDS, movies, dropped):
        names = [name.lower() for name in _names(_dictionaries(row, "keywords", KEYWORDS, dropped))]
        found[tmdb_id] = [name for name in dict.fromkeys(names) if name not in NOTES]
    counts = Counter(name for names in found.values() for name in names)
    for tmdb_id, names in found.items():
        names.sort(key=lambda name: -counts[name])
        movies[tmdb_id] = movies[tmdb_id]._replace(keywords=tuple(names[:MOST_KEYWORDS]))


def _add_people(files: Files, folder: str, movies: dict[int, Movie], dropped: Counter[str]) -> None:
    for tmdb_id, row in _of_movies(files, folder, CREDITS, movies, dropped):
        crew = _dictionaries(row, "crew", CREDITS, dropped)
        cast_of = _dictionaries(row, "cast", CREDITS, dropped)
        places = [one.get("order") for one in cast_of]
        if all(isinstance(place, int) for place in places):
            cast_of = sorted(cast_of, key=lambda one: one["order"])
        directors = _names([one for one in crew if one.get("job") == "Director"])
        movies[tmdb_id] = movies[tmdb_id]._replace(
            directors=tuple(directors), cast=tuple(_names(cast_of)[:MOST_CAST])
        )


def _of_movies(
    files: Files, folder: str, kind: str, movies: dict[int, Movie], dropped: Counter[str]
) -> Iterator[tuple[int, Row]]:
    """The first row of each movie that the metadata has."""
    seen: set[int] = set()
    for tmdb_id, row in _rows(files, folder, f"{kind}.csv", kind, dropped):
        if tmdb_id not in movies:
            dropped[f"{kind}: movie is not in the catalogue"] += 1
        elif tmdb_id in seen:
            dropped[f"{kind}: id is already taken"] += 1
        else:
            seen.add(tmdb_id)
            yield tmdb_id, row


def _dictionaries(row: Row, column: str, kind: str, dropped: Counter[str]) -> list[dict[str, Any]]:
    if row[column] in ("", "NaN", "nan"):
        return []
    found = literal(row[column])
    if found is None:
        dropped[f"{kind}: {column} cannot be read (the movie is kept)"] += 1
    return found or []


def _names(found: list[dict[str, Any]]) -> list[str]:
    names = [_name(one["name"]) for one in found if isinstance(one.get("name"), str)]
    return [name for name in dict.fromkeys(names) if name]


def _name(text: str) -> str:
    return one_line(text)[:_LONGEST_NAME].strip()


@contextmanager
def _without_warnings() -> Generator[None]:
    """A backslash in a name makes Python warn of the literal; that helps nobody."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        yield
