"""Title search on the titles of MovieLens, with its aliases, remakes and ratings."""

import random
import string
from pathlib import Path

import numpy as np
import pytest

from recommender import load_dataset
from recommender.catalogue import Movie
from recommender.titles import TitleIndex


@pytest.fixture(scope="module")
def movies(ml_latest_small_zip: Path) -> list[Movie]:
    """The movies of ml-latest-small, those with the most ratings first."""
    dataset = load_dataset(ml_latest_small_zip)
    ids, counts = np.unique(dataset.ratings.movie_ids, return_counts=True)
    count_of = dict(zip(ids.tolist(), counts.tolist(), strict=True))
    return sorted(dataset.catalogue, key=lambda movie: -count_of.get(movie.movie_id, 0))


@pytest.fixture(scope="module")
def index(movies: list[Movie]) -> TitleIndex:
    return TitleIndex(movies)


def test_every_movie_is_found_by_its_name(movies: list[Movie], index: TitleIndex) -> None:
    for movie in movies:
        found = index.find(movie.name, limit=40)
        assert movie in found.movies, movie.name
        # A few have the title of another movie of that year; nothing else may be offered.
        assert found.kind in ("one", "several"), movie.name
        assert all(abs((other.year or 0) - (movie.year or 0)) <= 1 for other in found.movies)


def test_every_movie_is_found_by_its_aliases(movies: list[Movie], index: TitleIndex) -> None:
    for movie in movies:
        for alias in movie.aliases:
            assert movie in index.find(alias, limit=40).movies, alias


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("matrix", "The Matrix (1999)"),
        ("Matrix, The (1999)", "The Matrix (1999)"),
        ("Postman, The (Postino, Il) (1994)", "The Postman (1994)"),
        ("il postino", "The Postman (1994)"),
        ("la cite des enfants perdus", "The City of Lost Children (1995)"),
        ("se7en", "Seven (1995)"),
        ("alien", "Alien (1979)"),
        ("heat", "Heat (1995)"),
        ("rocky 2", "Rocky II (1979)"),
        ("godfather 2", None),
        ("godfather part 2", "The Godfather: Part II (1974)"),
        ("blade runner 2049", "Blade Runner 2049 (2017)"),
        ("2001: a space odyssey", "2001: A Space Odyssey (1968)"),
        ("dune", None),
        ("dune 1984", "Dune (1984)"),
        ("ghost in the shell", None),
        ("ocean's eleven", None),
        ("Shawshenk Redemtion", "The Shawshank Redemption (1994)"),
        ("Interstelar", "Interstellar (2014)"),
    ],
)
def test_what_people_write(text: str, name: str | None, index: TitleIndex) -> None:
    found = index.find(text)
    if name is None:
        assert found.kind in ("several", "close")
        assert len(found.movies) > 1
    else:
        assert ([movie.name for movie in found.movies], found.kind) == ([name], "one")


def test_typos_in_well_known_titles(movies: list[Movie], index: TitleIndex) -> None:
    rng = random.Random(5)
    known = [movie for movie in movies[:600] if len(movie.title) >= 8]
    wrong: list[str] = []
    missed = 0
    for movie in known:
        at = rng.randrange(1, len(movie.title) - 1)
        letter = rng.choice(string.ascii_lowercase)
        text = movie.title[:at] + rng.choice(("", letter)) + movie.title[at + 1 :]
        found = index.find(text)
        if found.kind == "one" and found.movies[0].title != movie.title:
            wrong.append(f"{text}: {found.movies[0].name}")
        missed += movie not in found.movies
    assert len(wrong) <= 0.005 * len(known), wrong
    assert missed <= 0.01 * len(known)


def test_a_well_known_movie_is_offered_soon(movies: list[Movie], index: TitleIndex) -> None:
    for movie in movies[:200]:
        typed = movie.title.removeprefix("The ")[:10].rstrip()
        assert movie in index.suggest(typed), typed
