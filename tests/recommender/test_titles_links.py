"""Addresses of films are titles too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.catalogue import Movie
from recommender.titles import Lookup, TitleIndex, is_address, link

MATRIX = Movie(1, "The Matrix", 1999, imdb_id=133093, tmdb_id=603)
PARASITE = Movie(2, "Parasite", 2019, imdb_id=6751668, tmdb_id=496243)
WORM = Movie(3, "Parasite", 1982, imdb_id=84472, tmdb_id=48311)
RUNNER = Movie(4, "Blade Runner 2049", 2017, imdb_id=1856101, tmdb_id=335984)
INDEX = TitleIndex([MATRIX, PARASITE, WORM, RUNNER], ratings=[400, 300, 200, 100])


@pytest.mark.parametrize(
    ("text", "movie"),
    [
        ("tt0133093", MATRIX),
        ("TT0133093", MATRIX),
        ("https://www.imdb.com/title/tt0133093/", MATRIX),
        ("http://imdb.com/title/tt0133093", MATRIX),
        ("imdb.com/title/tt0133093", MATRIX),
        ("https://m.imdb.com/title/tt0133093/?ref_=nv_sr_srsg_0", MATRIX),
        ("<https://www.imdb.com/title/tt0133093/fullcredits>", MATRIX),
        ("https://www.imdb.com/de/title/tt0133093/", MATRIX),
        ("https://www.imdb.com/es-es/title/tt0133093/", MATRIX),
        ("https://www.imdb.com/title/tt6751668#cast", PARASITE),
        ("https://www.themoviedb.org/movie/603", MATRIX),
        ("https://www.themoviedb.org/movie/603-the-matrix?language=de-DE", MATRIX),
        ("themoviedb.org/movie/496243/cast", PARASITE),
        ("https://letterboxd.com/film/parasite-2019/", PARASITE),
        ("https://letterboxd.com/film/the-matrix", MATRIX),
        ("letterboxd.com/ana/film/the-matrix/1/", MATRIX),
        ("https://letterboxd.com/film/parasite-1982/reviews/", WORM),
        ("https://letterboxd.com/film/blade-runner-2049/", RUNNER),
    ],
)
def test_an_address_is_its_film(text: str, movie: Movie) -> None:
    assert INDEX.find(text) == Lookup((movie,), "one")
    assert INDEX.suggest(f" {text} ")[0] == movie


def test_an_address_without_a_year_is_asked_about_like_a_title() -> None:
    found = INDEX.find("https://letterboxd.com/film/parasite/")
    assert (found.kind, found.movies) == ("several", (PARASITE, WORM))


@pytest.mark.parametrize(
    "text", ["tt9999999", "https://www.imdb.com/title/tt9999999/", "https://www.themoviedb.org/movie/7"]
)
def test_an_address_of_a_film_that_is_not_known_is_no_other_film(text: str) -> None:
    assert link(text) is not None
    assert INDEX.find(text) == Lookup((), "none")
    assert INDEX.suggest(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "https://boxd.it/2a9q",
        "boxd.it/2a9q",
        "https://www.imdb.com/name/nm0000206/",
        "https://www.themoviedb.org/tv/1396-breaking-bad",
        "https://letterboxd.com/ana/",
        "https://example.org/title/tt0133093/",
        "https://notimdb.com/title/tt0133093/",
    ],
)
def test_other_addresses_name_no_film(text: str) -> None:
    assert is_address(text)
    assert link(text) is None


@pytest.mark.parametrize(
    "text", ["tt12", "Frost/Nixon", "Face/Off", "M*A*S*H", "imdb.com", "Fahrenheit 9/11"]
)
def test_titles_are_no_addresses(text: str) -> None:
    assert not is_address(text)
    assert link(text) is None


@given(st.text() | st.from_regex(r"(https://)?(www\.)?(imdb\.com|themoviedb\.org)/\S*"))
def test_any_text_may_be_pasted(text: str) -> None:
    link(text)
    INDEX.find(text)
