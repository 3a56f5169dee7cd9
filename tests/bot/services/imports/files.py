"""Files as the sites export them, written from their forms: whatever a test needs of each generation."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple


class Film(NamedTuple):
    """A film and what somebody thinks of it."""

    title: str
    year: int
    stars: float = 4.0
    date: str = "2023-05-01"
    imdb: str = ""
    tmdb: str = ""


ALIEN = Film("Alien", 1979, 4.5, imdb="tt0078748", tmdb="348")
AMELIE = Film("Amélie", 2001, 3.5, imdb="tt0211915", tmdb="194")
MATRIX = Film("The Matrix", 1999, 5.0, imdb="tt0133093", tmdb="603")
SHORT_CUT = Film('The "Short" Cut, Part II; or: So', 1999, 2.0)


def table(
    header: Sequence[str], rows: Iterable[Sequence[Any]], *, delimiter: str = ",", end: str = "\n"
) -> str:
    """A table as text."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def letterboxd_ratings(films: Iterable[Film], **form: Any) -> str:
    rows = [(f.date, f.title, f.year, "https://boxd.it/29MQ", f"{f.stars:g}") for f in films]
    return table(("Date", "Name", "Year", "Letterboxd URI", "Rating"), rows, **form)


def letterboxd_plain(films: Iterable[Film], **form: Any) -> str:
    """``watched.csv`` and ``watchlist.csv`` look the same."""
    rows = [(f.date, f.title, f.year, "https://boxd.it/29MQ") for f in films]
    return table(("Date", "Name", "Year", "Letterboxd URI"), rows, **form)


def letterboxd_diary(rows: Iterable[tuple[Film, str, str]], **form: Any) -> str:
    """Film, rating as it stands there, and the day it was watched."""
    header = ("Date", "Name", "Year", "Letterboxd URI", "Rating", "Rewatch", "Tags", "Watched Date")
    lines = [
        (film.date, film.title, film.year, "https://boxd.it/x", rating, "Yes", "cinema, home", day)
        for film, rating, day in rows
    ]
    return table(header, lines, **form)


def letterboxd_reviews(rows: Iterable[tuple[Film, str]], **form: Any) -> str:
    header = ("Date", "Name", "Year", "Letterboxd URI", "Rating", "Rewatch", "Review", "Tags", "Watched Date")
    lines = [
        (film.date, film.title, film.year, "https://boxd.it/x", f"{film.stars:g}", "", review, "", film.date)
        for film, review in rows
    ]
    return table(header, lines, **form)


def letterboxd_list(films: Iterable[Film]) -> str:
    """A list: about itself, an empty line, its films."""
    about = table(
        ("Date", "Name", "Tags", "URL", "Description"), [("2020-01-01", "Best", "", "https://boxd.it/l", "")]
    )
    rows = [(n, f.title, f.year, "https://boxd.it/x", "") for n, f in enumerate(films, 1)]
    return f"Letterboxd list export v7\n{about}\n" + table(
        ("Position", "Name", "Year", "URL", "Description"), rows
    )


def imdb_2017(films: Iterable[Film], kind: str = "Feature Film") -> str:
    header = (
        *("position", "const", "created", "modified", "description", "Title", "Title type", "Directors"),
        *("You rated", "IMDb Rating", "Runtime (mins)", "Year", "Genres", "Num. Votes"),
        *("Release Date (month/day/year)", "URL"),
    )
    rows = [
        (
            n,
            f.imdb,
            "Sun Jan 29 00:00:00 2017",
            "",
            "",
            f.title,
            kind,
            "X",
            int(f.stars * 2),
            8.5,
            117,
            f.year,
            "horror, sci_fi",
            500000,
            f"{f.year}-05-25",
            f"http://www.imdb.com/title/{f.imdb}/",
        )
        for n, f in enumerate(films, 1)
    ]
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([header, *rows])
    return text.getvalue()


def imdb_2021(films: Iterable[Film], kind: str = "movie") -> str:
    header = (
        *("Const", "Your Rating", "Date Rated", "Title", "URL", "Title Type", "IMDb Rating"),
        *("Runtime (mins)", "Year", "Genres", "Num Votes", "Release Date", "Directors"),
    )
    rows = [
        (
            f.imdb,
            int(f.stars * 2),
            f.date,
            f.title,
            f"https://www.imdb.com/title/{f.imdb}/",
            kind,
            8.5,
            117,
            f.year,
            "Horror, Sci-Fi",
            900000,
            f"{f.year}-05-25",
            "X",
        )
        for f in films
    ]
    return table(header, rows)


def imdb_newest(films: Iterable[Film], kind: str = "Movie", original: str | None = None) -> str:
    header = (
        *("Const", "Your Rating", "Date Rated", "Title", "Original Title", "URL", "Title Type"),
        *("IMDb Rating", "Runtime (mins)", "Year", "Genres", "Num Votes", "Release Date", "Directors"),
    )
    rows = [
        (
            f.imdb,
            int(f.stars * 2),
            f.date,
            f.title,
            original or f.title,
            f"https://www.imdb.com/title/{f.imdb}",
            kind,
            8.5,
            117,
            f.year,
            "Horror",
            900000,
            "1979-05-25",
            "X",
        )
        for f in films
    ]
    return table(header, rows)


def imdb_watchlist(films: Iterable[Film], kind: str = "Movie", rating: str = "") -> str:
    header = (
        *("Position", "Const", "Created", "Modified", "Description", "Title", "Original Title", "URL"),
        *("Title Type", "IMDb Rating", "Runtime (mins)", "Year", "Genres", "Num Votes", "Release Date"),
        *("Directors", "Your Rating", "Date Rated"),
    )
    rows = [
        (
            n,
            f.imdb,
            f.date,
            f.date,
            "",
            f.title,
            f.title,
            f"https://www.imdb.com/title/{f.imdb}",
            kind,
            8.5,
            117,
            f.year,
            "Horror",
            900000,
            "1979-05-25",
            "X",
            rating,
            f.date if rating else "",
        )
        for n, f in enumerate(films, 1)
    ]
    return table(header, rows)


def trakt_movie(film: Film, **entry: Any) -> dict[str, Any]:
    ids = {
        "trakt": 295,
        "slug": "x",
        "imdb": film.imdb or None,
        "tmdb": int(film.tmdb) if film.tmdb else None,
    }
    return {**entry, "type": "movie", "movie": {"title": film.title, "year": film.year, "ids": ids}}


def trakt_ratings(films: Iterable[Film]) -> str:
    time = "2014-09-01T09:10:11.000Z"
    return json.dumps([trakt_movie(f, rated_at=time, rating=int(f.stars * 2)) for f in films])


def movielens_ratings(films: Iterable[Film]) -> str:
    header = ("movie_id", "imdb_id", "tmdb_id", "rating", "average_rating", "title")
    rows = [(9, f.imdb.removeprefix("tt"), f.tmdb, f.stars, 3.91, f"{f.title} ({f.year})") for f in films]
    return table(header, rows)


def kinopoisk(films: Iterable[Film]) -> str:
    header = ("русскоязычное название", "оригинальное название", "год", "моя оценка", "рейтинг IMDb")
    rows = [("Чужой", f.title, f.year, int(f.stars * 2), 8.4) for f in films]
    return table(header, rows, delimiter=";", end="\r\n")


def archive(files: Mapping[str, str | bytes]) -> bytes:
    """A ZIP archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()
