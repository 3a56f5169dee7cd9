"""Which movie a row means, and that it is never guessed."""

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest

from bot.services.imports.entries import Entry
from bot.services.imports.matching import How, Matcher
from bot.services.imports.parsing import parse
from recommender.catalogue import Catalogue
from recommender.datasets import load_dataset
from tests.bot.services.imports import files
from tests.bot.services.imports.conftest import MOVIES
from tests.bot.services.imports.files import Film

MATCHER = Matcher(MOVIES)


def row(title: str, year: int | None = None, imdb: int | None = None, tmdb: int | None = None) -> Entry:
    return Entry(1, "seen", title, year, imdb_id=imdb, tmdb_id=tmdb)


@pytest.mark.parametrize(
    ("entry", "movie_id", "how"),
    [
        (row("whatever it is called", 1900, imdb=78748), 1, How.NUMBER),
        (row("x", None, tmdb=603), 9, How.NUMBER),
        (row("Emma", 1996, imdb=118308), 6, How.NUMBER),
        (row("Alien", 1979), 1, How.NAME),
        (row("amelie", 2001), 2, How.NAME),
        (row("Le Fabuleux Destin d’Amélie Poulain", 2001), 2, How.NAME),
        (row("Matrix", 1999), 9, How.NAME),
        (row("Se7en", 1995), 12, How.NAME),
        (row("Alien", 1980), 1, How.YEAR_OFF),
        (row("The Matrix", 1998), 9, How.YEAR_OFF),
        (row("Dune", 2020), 4, How.YEAR_OFF),
        (row("Casablanca"), 10, How.TITLE),
        (row("Star Wars", 1977), 7, How.PART),
        (row("Life of Brian", 1979), 11, How.PART),
        (row("Seven: The Whole Story", 1995), 12, How.PART),
        # A number that the catalogue does not know is not held against a movie without one.
        (row("Casablanca", 1942, imdb=34583), 10, How.NAME),
    ],
)
def test_a_row_finds_its_movie(entry: Entry, movie_id: int, how: How) -> None:
    found = MATCHER.find(entry)
    assert found.movie is not None
    assert (found.movie.movie_id, found.how) == (movie_id, how)


@pytest.mark.parametrize(
    "entry",
    [
        row("Aliens", 1986),
        row("Alien", 1981),
        row("Alien", 1979, imdb=999),
        row("The Fear", 1995),
        row("Star Wars", 1978),
        row("Star", 1977),
        row("???", 1999),
        row("Nothing"),
        row("Alien Number", 1979),
    ],
)
def test_a_row_that_is_none_of_them_finds_none(entry: Entry) -> None:
    found = MATCHER.find(entry)
    assert found.movie is None
    assert found.candidates == ()


@pytest.mark.parametrize(("entry", "ids"), [(row("Emma", 1996), [5, 6]), (row("Dune"), [3, 4])])
def test_a_row_that_may_be_two_is_asked_about(entry: Entry, ids: list[int]) -> None:
    found = MATCHER.find(entry)
    assert found.movie is None
    assert [movie.movie_id for movie in found.candidates] == ids


def test_numbers_that_contradict_each_other_are_no_match() -> None:
    assert MATCHER.find(row("The Matrix", 1999, imdb=78, tmdb=603)).movie is None


def counted(catalogue: Catalogue, entries: list[tuple[Entry, int]]) -> Counter[str]:
    """How many rows found the right movie, a wrong one, or none."""
    matcher = Matcher(catalogue)
    result: Counter[str] = Counter()
    for entry, movie_id in entries:
        movie = matcher.find(entry).movie
        result["none" if movie is None else "right" if movie.movie_id == movie_id else "wrong"] += 1
    return result


def test_a_letterboxd_file_of_movies_of_movielens(ml_latest_small_zip: Path) -> None:
    catalogue = load_dataset(ml_latest_small_zip).catalogue
    films = [Film(movie.title, movie.year or 0) for movie in catalogue]
    parsed = parse("ratings.csv", files.letterboxd_ratings(films).encode())
    ids = [movie.movie_id for movie in catalogue]
    assert len(parsed.entries) == len(ids)
    result = counted(catalogue, list(zip(parsed.entries, ids, strict=True)))
    assert result["wrong"] == 0
    assert result["right"] >= 0.98 * len(ids), result


def test_a_letterboxd_file_with_the_titles_of_tmdb(
    ml_latest_small_zip: Path, the_movies_dataset: Path
) -> None:
    """Letterboxd has titles and years from TMDB, which differ from MovieLens' in many ways."""
    catalogue = load_dataset(ml_latest_small_zip).catalogue
    by_tmdb = {movie.tmdb_id: movie.movie_id for movie in catalogue}
    metadata = next(iter(sorted(the_movies_dataset.glob("movies_metadata*.csv"))), None)
    if metadata is None:
        pytest.skip("The Movies Dataset is there without its metadata")
    text = metadata.read_text(encoding="utf-8")
    facts = [
        (line["title"], int(line["release_date"][:4]), by_tmdb.get(int(line["id"])))
        for line in csv.DictReader(io.StringIO(text, newline=""))
        if line["id"].isdigit() and line["release_date"][:4].isdigit()
    ]
    known = [(title, year, movie_id) for title, year, movie_id in facts if movie_id is not None]
    assert len(known) > 2000
    films = [Film(title, year) for title, year, _ in known]
    parsed = parse("ratings.csv", files.letterboxd_ratings(films).encode())
    ids = [movie_id for *_, movie_id in known]
    result = counted(catalogue, list(zip(parsed.entries, ids, strict=True)))
    assert result["wrong"] == 0
    assert result["right"] >= 0.98 * len(known), result
    # What is not in the catalogue is hardly ever taken for something that is.
    strangers = [(row(title, year), -1) for title, year, movie_id in facts if movie_id is None]
    assert counted(catalogue, strangers)["wrong"] <= 0.005 * len(strangers)


def test_trakt_numbers_find_everything(ml_latest_small_zip: Path) -> None:
    catalogue = load_dataset(ml_latest_small_zip).catalogue
    films = [
        Film(f"not its title {movie.movie_id}", 1900, imdb=f"tt{movie.imdb_id:07}") for movie in catalogue
    ]
    entries = [files.trakt_movie(film, rating=8, rated_at="2020-01-01T00:00:00.000Z") for film in films]
    parsed = parse("ratings.json", json.dumps(entries).encode())
    ids = [movie.movie_id for movie in catalogue]
    assert counted(catalogue, list(zip(parsed.entries, ids, strict=True))) == {"right": len(ids)}
