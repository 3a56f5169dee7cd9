"""Title search on the titles of MovieLens, with its aliases, remakes and ratings."""

import random
import string
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from recommender import load_dataset
from recommender.catalogue import Movie
from recommender.titles import TitleIndex, fold
from recommender.titles.folding import spellings

Counted = list[tuple[Movie, int]]


@pytest.fixture(scope="module")
def counted(ml_latest_small_zip: Path) -> Counted:
    """The movies of ml-latest-small with their number of ratings, those with the most first."""
    dataset = load_dataset(ml_latest_small_zip)
    ids, counts = np.unique(dataset.ratings.movie_ids, return_counts=True)
    count_of = dict(zip(ids.tolist(), counts.tolist(), strict=True))
    found = [(movie, count_of.get(movie.movie_id, 0)) for movie in dataset.catalogue]
    return sorted(found, key=lambda one: -one[1])


@pytest.fixture(scope="module")
def movies(counted: Counted) -> list[Movie]:
    return [movie for movie, _ in counted]


def index_of(counted: Counted) -> TitleIndex:
    return TitleIndex([movie for movie, _ in counted], [count for _, count in counted])


@pytest.fixture(scope="module")
def index(counted: Counted) -> TitleIndex:
    return index_of(counted)


def test_every_movie_is_taken_by_its_title_and_year(movies: list[Movie], index: TitleIndex) -> None:
    for movie in [movie for movie in movies if movie.year is not None]:
        found = index.find(movie.name)
        assert movie in found.movies, movie.name
        # A few share title and year; nothing else may be offered.
        assert found.kind in ("one", "several"), movie.name
        assert all(other.year == movie.year for other in found.movies)


def test_every_movie_is_taken_or_asked_about_by_its_bare_title(
    movies: list[Movie], index: TitleIndex
) -> None:
    same = defaultdict[str, list[Movie]](list)
    for movie in movies:
        same[fold(movie.title)].append(movie)
    for movie in movies:
        found = index.find(movie.title)
        best = same[fold(movie.title)][:3]
        if movie in best:
            assert movie in (*found.movies, *found.others)[:3], movie.name
        assert movie in (*found.movies, *found.others), movie.name


def test_a_movie_that_is_missing_is_never_taken_for_another(counted: Counted) -> None:
    parts = 12
    for part in range(0, parts, 4):
        index = index_of([one for place, one in enumerate(counted) if place % parts != part])
        for movie, _ in counted[part::parts]:
            dated = index.find(movie.name)
            if dated.kind == "one" and movie.year is not None:
                # Two films of one title and year cannot be told apart by them.
                assert fold(dated.movies[0].name) == fold(movie.name)
            bare = index.find(movie.title)
            if bare.kind == "one":
                assert fold(bare.movies[0].title) == fold(movie.title)


def test_every_movie_is_found_by_its_aliases(movies: list[Movie], index: TitleIndex) -> None:
    for movie in movies:
        for alias in movie.aliases:
            found = index.find(alias)
            assert movie in (*found.movies, *found.others), alias


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The Matrix", "The Matrix (1999)"),
        ("Matrix, The (1999)", "The Matrix (1999)"),
        ("Postman, The (Postino, Il) (1994)", "The Postman (1994)"),
        ("seven", "Seven (1995)"),
        ("alien", "Alien (1979)"),
        ("heat", "Heat (1995)"),
        ("titanic", "Titanic (1997)"),
        ("spiderman 2", "Spider-Man 2 (2004)"),
        ("the godfather part 2", "The Godfather: Part II (1974)"),
        ("blade runner", "Blade Runner (1982)"),
        ("2001: a space odyssey", "2001: A Space Odyssey (1968)"),
        ("dune 1984", "Dune (1984)"),
    ],
)
def test_what_is_taken_at_once(text: str, name: str, index: TitleIndex) -> None:
    found = index.find(text)
    assert ([movie.name for movie in found.movies], found.kind) == ([name], "one")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("matrix", "The Matrix (1999)"),
        ("il postino", "The Postman (1994)"),
        ("la cite des enfants perdus", "The City of Lost Children (1995)"),
        ("godfather part 2", "The Godfather: Part II (1974)"),
        ("dune", "Dune (1984)"),
        ("ghost in the shell", "Ghost in the Shell (1995)"),
        ("ocean's eleven", "Ocean's Eleven (2001)"),
        ("Shawshenk Redemtion", "The Shawshank Redemption (1994)"),
        ("Interstelar", "Interstellar (2014)"),
    ],
)
def test_what_is_asked_about_first(text: str, name: str, index: TitleIndex) -> None:
    found = index.find(text)
    assert found.kind in ("several", "close")
    assert found.movies[0].name == name


def test_typos_in_well_known_titles_are_asked_about(movies: list[Movie], index: TitleIndex) -> None:
    rng = random.Random(5)
    known = [movie for movie in movies[:600] if len(movie.title) >= 8]
    missed = 0
    for movie in known:
        at = rng.randrange(1, len(movie.title) - 1)
        letter = rng.choice(string.ascii_lowercase)
        text = movie.title[:at] + rng.choice(("", letter)) + movie.title[at + 1 :]
        found = index.find(text)
        if found.kind == "one":
            assert not spellings(found.movies[0].title).isdisjoint(spellings(text)), text
        missed += movie not in found.movies[:3]
    assert missed <= 0.01 * len(known)


def test_a_well_known_movie_is_offered_soon(movies: list[Movie], index: TitleIndex) -> None:
    for movie in movies[:200]:
        typed = movie.title.removeprefix("The ")[:10].rstrip()
        assert movie in index.suggest(typed), typed
