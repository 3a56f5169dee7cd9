"""The starter set: films and invented friends that come with the program.

``python -m recommender.datasets.starter`` checks it. A film's ``movie_id`` is fixed for good: a new film gets
the next free number.
"""

import csv
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from recommender.catalogue import GENRES, Catalogue, Movie
from recommender.datasets.dataset import Dataset, DatasetError, Ratings

STARTER = Path(__file__).resolve().parents[2] / "data"
FILMS = "films.csv"
FRIENDS = "friends.csv"
NAME = "starter"

_COLUMNS = [
    "movie_id",
    "title",
    "year",
    "genres",
    "director",
    "cast",
    "keywords",
    "language",
    "original_title",
]
_FRIEND_COLUMNS = ["friend", "title", "year", "stars"]
_LEAST_FILMS = 1000
_KEYWORDS = range(3, 7)
_FRIEND_RATINGS = range(25, 41)
_YEARS = range(1895, 2031)
_DECADES = range(1920, 2030, 10)


def load_starter(folder: Path = STARTER) -> Dataset:
    """The starter catalogue, without ratings.

    Raises
    ------
    DatasetError
        If the file is missing or not of the expected form.
    """
    try:
        catalogue = Catalogue(_movie(row) for row in _rows(folder / FILMS, _COLUMNS))
    except DatasetError:
        raise
    except ValueError as error:
        raise DatasetError(f"{folder / FILMS} is not a catalogue: {error}") from error
    return Dataset(NAME, catalogue, Ratings.empty())


def load_friends(folder: Path = STARTER) -> dict[str, dict[int, float]]:
    """Stars of the invented friends, by name and movie id of the starter catalogue.

    Raises
    ------
    DatasetError
        If a file is missing, or a rating is of a film that the catalogue lacks.
    """
    id_of = {(movie.title, movie.year): movie.movie_id for movie in load_starter(folder).catalogue}
    friends: dict[str, dict[int, float]] = {}
    try:
        for row in _rows(folder / FRIENDS, _FRIEND_COLUMNS):
            movie_id = id_of[row["title"], int(row["year"])]
            friends.setdefault(row["friend"], {})[movie_id] = float(row["stars"])
    except (KeyError, ValueError) as error:
        raise DatasetError(f"{folder / FRIENDS} has a rating that cannot be read: {error}") from error
    return friends


def check_starter(folder: Path = STARTER) -> list[str]:
    """What is wrong with the starter set, a line each; empty if nothing."""
    problems: list[str] = []
    try:
        films = list(_rows(folder / FILMS, _COLUMNS))
        load_starter(folder)
        problems += [*_film_problems(films), *_set_problems(films)]
        load_friends(folder)
        problems += _friend_problems(list(_rows(folder / FRIENDS, _FRIEND_COLUMNS)))
    except DatasetError as error:
        problems.append(str(error))
    return problems


def _rows(file: Path, columns: Sequence[str]) -> Iterator[dict[str, str]]:
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            if list(reader.fieldnames or ()) != list(columns):
                raise DatasetError(f"{file} must have the columns {', '.join(columns)}")
            for row in reader:
                if None in row or None in row.values():
                    raise DatasetError(f"{file}, line {reader.line_num}: not {len(columns)} fields")
                yield row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"{file} cannot be read: {error}") from error


def _movie(row: dict[str, str]) -> Movie:
    return Movie(
        int(row["movie_id"]),
        row["title"],
        int(row["year"]),
        _parts(row["genres"]),
        aliases=_parts(row["original_title"]),
        directors=_parts(row["director"]),
        cast=_parts(row["cast"]),
        keywords=_parts(row["keywords"]),
        language=row["language"] or None,
    )


def _parts(field: str) -> tuple[str, ...]:
    return tuple(part for part in field.split("|") if part)


def _film_problems(films: list[dict[str, str]]) -> Iterator[str]:
    for row in films:
        name = f"{row['title']} ({row['year']})"
        genres, keywords = _parts(row["genres"]), _parts(row["keywords"])
        if not row["title"] or any(field != field.strip() for field in row.values()):
            yield f"{name}: a title is missing, or a field begins or ends with a space"
        if "\N{REPLACEMENT CHARACTER}" in "".join(row.values()):
            yield f"{name}: a character was lost in an encoding"
        if int(row["year"]) not in _YEARS:
            yield f"{name}: the year is not plausible"
        if not genres or not set(genres) <= set(GENRES) or len(set(genres)) < len(genres):
            yield f"{name}: genres must be MovieLens' names, each once: {row['genres']!r}"
        if len(keywords) not in _KEYWORDS or len(set(keywords)) < len(keywords):
            yield f"{name}: three to six different keywords, not {row['keywords']!r}"
        if not row["director"] or len(_parts(row["cast"])) > 3:
            yield f"{name}: a director, and at most three leads"
        if len(row["language"]) != 2 or not row["language"].islower():
            yield f"{name}: {row['language']!r} is no ISO 639-1 code"


def _set_problems(films: list[dict[str, str]]) -> Iterator[str]:
    if len(films) < _LEAST_FILMS:
        yield f"only {len(films)} films; there must be {_LEAST_FILMS}"
    for (title, year), count in Counter((row["title"].casefold(), row["year"]) for row in films).items():
        if count > 1:
            yield f"{title} ({year}) is there {count} times"
    decades = {int(row["year"]) // 10 * 10 for row in films}
    for decade in _DECADES:
        if decade not in decades:
            yield f"no film of the {decade}s"
    genres = {genre for row in films for genre in _parts(row["genres"])}
    for genre in GENRES:
        if genre not in genres and genre != "IMAX":  # a format, not a kind of film
            yield f"no film of the genre {genre}"


def _friend_problems(ratings: list[dict[str, str]]) -> Iterator[str]:
    for friend, count in Counter(row["friend"] for row in ratings).items():
        if count not in _FRIEND_RATINGS:
            yield f"{friend} has {count} ratings; 25 to 40 are wanted"
    pairs = Counter((row["friend"], row["title"], row["year"]) for row in ratings)
    for (friend, title, year), count in pairs.items():
        if count > 1:
            yield f"{friend} rated {title} ({year}) {count} times"
    for row in ratings:
        if float(row["stars"]) * 2 not in range(1, 11):
            yield f"{row['friend']} gave {row['title']} {row['stars']}; half stars from 0.5 to 5"


def main() -> int:
    """Print what is wrong with the starter set; 1 if anything is."""
    problems = check_starter()
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
