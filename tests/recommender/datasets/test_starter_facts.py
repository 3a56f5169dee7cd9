"""The starter set's facts: complete, of the whole world, and in accord with MovieLens."""

import csv
import io
import re
import unicodedata
import zipfile
from collections import Counter, defaultdict
from pathlib import Path
from statistics import mean

import pytest

from recommender.catalogue import GENRES

DATA = Path(__file__).parents[3] / "data"
ARTICLE_BEHIND = re.compile(r"^(?P<title>.+), (?P<article>The|A|An)$")
TITLE_AND_YEAR = re.compile(r"^(?P<titles>.+?)\s*\((?P<year>\d{4})\)\s*$")
NEWER_THAN_MOVIELENS = 2018  # ml-latest-small ends in that year

FAVOURITE_GENRES = {
    "Ana": {"Western", "War"},
    "Ben": {"Sci-Fi", "Mystery"},
    "Chiara": {"Romance", "Musical"},
    "Dev": {"Horror"},
    "Elif": {"Animation", "Children"},
    "Farid": {"Drama"},
    "Greta": {"Crime", "Film-Noir"},
    "Hugo": {"Action", "Documentary"},
}

Row = dict[str, str]


def read(name: str) -> list[Row]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def films() -> list[Row]:
    return read("films.csv")


@pytest.fixture(scope="module")
def friends() -> dict[str, list[Row]]:
    ratings: defaultdict[str, list[Row]] = defaultdict(list)
    for row in read("friends.csv"):
        ratings[row["friend"]].append(row)
    return dict(ratings)


def folded(title: str) -> str:
    """The title without case, accents, punctuation and the place of its article."""
    behind = ARTICLE_BEHIND.match(title)
    if behind:
        title = f"{behind['article']} {behind['title']}"
    letters = unicodedata.normalize("NFKD", title.replace("&", "and")).casefold()
    return " ".join(
        "".join(c if c.isalnum() else " " for c in letters if not unicodedata.combining(c)).split()
    )


def years_in_movielens(path: Path) -> dict[str, set[int]]:
    """The years of each title; alternative titles in parentheses are left out."""
    years: defaultdict[str, set[int]] = defaultdict(set)
    with zipfile.ZipFile(path) as archive, archive.open("ml-latest-small/movies.csv") as file:
        for row in csv.DictReader(io.TextIOWrapper(file, "utf-8")):
            match = TITLE_AND_YEAR.match(row["title"])
            if match:
                years[folded(match["titles"].split(" (")[0])].add(int(match["year"]))
    return years


def test_years_agree_with_movielens(films: list[Row], ml_latest_small_zip: Path) -> None:
    known = years_in_movielens(ml_latest_small_zip)
    compared = [
        (film["title"], int(film["year"]), known[folded(film["title"])])
        for film in films
        if int(film["year"]) < NEWER_THAN_MOVIELENS and folded(film["title"]) in known
    ]
    apart = [
        f"{title} ({year}), MovieLens {sorted(theirs)}"
        for title, year, theirs in compared
        if all(abs(year - other) > 1 for other in theirs)
    ]
    assert len(compared) > 1000, "hardly any film was found: the titles are read wrongly"
    assert len(apart) <= 0.03 * len(compared), "\n".join(apart)


def test_there_are_a_thousand_films_of_every_decade(films: list[Row]) -> None:
    assert len(films) >= 1000
    decades = {int(film["year"]) // 10 * 10 for film in films}
    assert decades >= set(range(1920, 2030, 10))


def test_every_genre_of_movielens_is_there(films: list[Row]) -> None:
    genres = {genre for film in films for genre in film["genres"].split("|")}
    assert genres == set(GENRES) - {"IMAX"}


def test_films_come_from_many_languages(films: list[Row]) -> None:
    assert len({film["language"] for film in films}) >= 20


def test_ids_are_unique_and_so_are_titles_with_their_years(films: list[Row]) -> None:
    assert len({film["movie_id"] for film in films}) == len(films)
    assert len({(folded(film["title"]), film["year"]) for film in films}) == len(films)


def test_every_keyword_is_shared_by_films(films: list[Row]) -> None:
    films_with = Counter(keyword for film in films for keyword in film["keywords"].split("|"))
    assert [keyword for keyword, count in films_with.items() if count == 1] == []


def test_friends_rate_25_to_40_films_of_the_catalogue(
    films: list[Row], friends: dict[str, list[Row]]
) -> None:
    known = {(film["title"], film["year"]) for film in films}
    assert set(friends) == set(FAVOURITE_GENRES)
    for friend, ratings in friends.items():
        rated = [(row["title"], row["year"]) for row in ratings]
        assert 25 <= len(rated) <= 40, friend
        assert len(set(rated)) == len(rated), friend
        assert set(rated) <= known, f"{friend}: {set(rated) - known}"
        assert {float(row["stars"]) * 2 for row in ratings} <= set(range(1, 11)), friend


@pytest.mark.parametrize("friend", FAVOURITE_GENRES)
def test_friends_like_their_genres_clearly_better(
    friend: str, films: list[Row], friends: dict[str, list[Row]]
) -> None:
    genres = {(film["title"], film["year"]): set(film["genres"].split("|")) for film in films}
    favourite: list[float] = []
    other: list[float] = []
    for row in friends[friend]:
        liked = genres[row["title"], row["year"]] & FAVOURITE_GENRES[friend]
        (favourite if liked else other).append(float(row["stars"]))
    assert len(favourite) >= 10
    assert len(other) >= 5
    assert mean(favourite) > mean(other) + 1


def test_friends_disagree_about_films_that_several_have_seen(friends: dict[str, list[Row]]) -> None:
    stars: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for ratings in friends.values():
        for row in ratings:
            stars[row["title"], row["year"]].append(float(row["stars"]))
    common = [given for given in stars.values() if len(given) >= 3]
    assert len(common) >= 10
    assert sum(max(given) - min(given) >= 1.5 for given in common) >= len(common) / 2
