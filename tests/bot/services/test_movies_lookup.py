"""Which movie somebody means."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.services.answers import Filters
from bot.services.filters import Facets, nothing_fits
from bot.services.movies import Movies, find_among, reference, referred
from bot.services.shelf import Serving, Shelf
from bot.store.movies import MovieRef
from recommender.catalogue import Catalogue, Movie
from recommender.titles import Lookup, TitleIndex

MOVIES = [
    Movie(1, "Alien", 1979),
    Movie(2, "Dune", 1984),
    Movie(3, "Dune", 2021),
    Movie(603, "The Matrix", 1999),
]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(Serving(None, None, Catalogue(MOVIES), TitleIndex(MOVIES)))


@pytest.fixture
def movies(shelf: Shelf) -> Movies:
    return Movies(shelf)


def test_a_title_is_looked_up(movies: Movies):
    assert movies.find("alien") == Lookup((MOVIES[0],), "one")
    assert movies.find("  the   matrix\n") == Lookup((MOVIES[3],), "one")
    remakes = movies.find("Dune")
    assert remakes.kind == "several"
    assert set(remakes.movies) == {MOVIES[1], MOVIES[2]}
    assert len(movies.find("Dune", limit=1).movies) == 1


def test_typing_is_completed(movies: Movies):
    assert movies.suggest("ali") == [MOVIES[0]]
    assert len(movies.suggest("")) == 4
    assert len(movies.suggest("", limit=2)) == 2
    assert movies.suggest("x" * 500) == []


def test_a_reference_is_exactly_that_movie(movies: Movies):
    for movie in MOVIES:
        assert movies.find(reference(movie)) == Lookup((movie,), "one")
        assert movies.suggest(f" {reference(movie)} ") == [movie]
    assert reference(MOVIES[3]) == "movie:603"
    assert referred(reference(MovieRef(5))) == MovieRef(5)


def test_a_reference_to_nothing(movies: Movies):
    assert movies.suggest("movie:404") == []
    for text in ("movie:404", "movie:0"):
        with pytest.raises(UserError, match="look it up by its title"):
            movies.find(text)


@pytest.mark.parametrize(
    "text",
    [
        "movie:",
        "movie:x",
        "movie:1x",
        "movie:-1",
        "own:",
        "own:-1",
        "movie:²",
        "movie:" + "9" * 50,
        "603",
        "a movie:1",
    ],
)
def test_what_only_looks_like_a_reference_is_a_title(movies: Movies, text: str):
    assert referred(text) is None
    movies.find(text)
    movies.suggest(text)


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_no_title(movies: Movies, text: str):
    with pytest.raises(UserError, match="say the title"):
        movies.find(text)


def test_a_title_of_500_characters(movies: Movies):
    with pytest.raises(UserError, match="it has 500 characters, 400 are the most"):
        movies.find("x" * 500)
    movies.find("x" * 200)


def test_the_movie_with_an_id(movies: Movies):
    assert movies.get(603) == MOVIES[3]
    with pytest.raises(UserError, match="look it up by its title"):
        movies.get(604)


def test_an_exchanged_catalogue_is_used_at_once(movies: Movies, shelf: Shelf):
    new = [Movie(1, "Casablanca", 1942)]
    shelf.swap(Serving(None, None, Catalogue(new), TitleIndex(new)))
    assert movies.get(1) == new[0]
    assert movies.find("Casablanca").movies == (new[0],)
    assert movies.find("Alien").kind != "one"


def test_an_empty_catalogue_has_nothing():
    movies = Movies(Shelf(Serving.nothing()))
    assert movies.suggest("Alien") == []


@given(st.text(st.characters(exclude_categories=[]), max_size=250))
def test_any_text_is_answered(text: str):
    movies = Movies(Shelf(Serving(None, None, Catalogue(MOVIES), TitleIndex(MOVIES))))
    assert set(movies.suggest(text)) <= set(MOVIES)
    try:
        lookup = movies.find(text)
    except UserError as error:
        assert "\n" not in str(error)  # noqa: PT017 - both ways are fine here
    else:
        assert set(lookup.movies) <= set(MOVIES)


def test_the_last_word_of_a_line_is_the_stars(movies: Movies):
    assert movies.title_and_stars("alien 4.5") == ("alien", 4.5)
    assert movies.title_and_stars("Dune (1984) ★★★") == ("Dune (1984)", 3.0)
    assert movies.title_and_stars("alien ★★★") == ("alien", 3.0)


def test_a_line_that_is_a_movie_itself_is_asked_about(shelf: Shelf):
    series = [Movie(1, "Toy Story", 1995), Movie(2, "Toy Story 3", 2010), Movie(3, "Rocky II", 1979)]
    movies = Movies(Shelf(Serving(None, None, Catalogue(series), TitleIndex(series))))
    for line in ("Toy Story 3", "rocky 2"):
        with pytest.raises(UserError, match="is a movie too"):
            movies.title_and_stars(line)
    assert movies.title_and_stars("Toy Story 3 3") == ("Toy Story 3", 3.0)
    assert movies.title_and_stars("Toy Story (1995) 3") == ("Toy Story (1995)", 3.0)


def test_a_catalogue_that_could_not_be_read_is_named_as_the_reason():
    empty = Movies(Shelf(Serving.nothing()))
    with pytest.raises(UserError, match="no catalogue that can be read"):
        empty.find("Alien")
    facets = Facets.of(Catalogue([]))
    assert "no catalogue" in str(nothing_fits(facets, Filters(), np.zeros(0, np.bool_)))


@pytest.mark.parametrize("text", ["https://boxd.it/2a9q", "https://example.org/the-matrix"])
def test_an_address_that_names_no_film_is_told_so(movies: Movies, text: str):
    with pytest.raises(UserError, match="does not say which film"):
        movies.find(text)


async def test_addresses_are_titles_wherever_one_is_taken():
    matrix = Movie(603, "The Matrix", 1999, imdb_id=133093)
    page = "https://www.imdb.com/title/tt0133093/"
    catalogue = Catalogue([*MOVIES[:3], matrix])
    movies = Movies(Shelf(Serving(None, None, catalogue, TitleIndex(catalogue))))
    assert movies.find(page) == Lookup((matrix,), "one")
    own = [(MovieRef(key), movie) for key, movie in enumerate(catalogue, 1)]
    assert await find_among(own, page) == Lookup((matrix._replace(movie_id=4),), "one")
    for name in ("own:4", "movie:603"):
        assert await find_among(own, name) == Lookup((matrix._replace(movie_id=4),), "one")
    for name in ("own:5", "own:603", "movie:4"):
        assert await find_among(own, name) == Lookup((), "none")
    assert movies.suggest(page) == [matrix]
    title, stars = movies.title_and_stars(f"{page} 4.5")
    assert (movies.find(title).movies, stars) == ((matrix,), 4.5)
