"""The same movie in another catalogue."""

import pytest

from recommender.catalogue import Movie
from recommender.datasets.matching import MovieIndex, match

INDEX = MovieIndex(
    [
        Movie(1, "The Matrix", 1999, imdb_id=133093, tmdb_id=603),
        Movie(2, "Dune", 1984),
        Movie(3, "Dune", 2021, tmdb_id=438631),
        Movie(4, "The Postman", 1994, aliases=("Il Postino",)),
        Movie(5, "The Postman", 1997),
        Movie(6, "Emma", 1996),
        Movie(7, "Emma", 1996),
        Movie(8, "Rocky II", 1979),
        Movie(9, "Babylon 5", None),
        Movie(10, "Amélie", 2001, aliases=("Le Fabuleux Destin d'Amélie Poulain",)),
        Movie(11, "Nine", 2009),
        Movie(12, "Nosferatu", 1922),
        Movie(13, "Nosferatu", 1923),
        Movie(15, "Faust", 1926),
        Movie(16, "Faust", 1928),
        Movie(14, "Postino", 1950, aliases=("The Postman",)),
    ]
)


@pytest.mark.parametrize(
    ("movie", "movie_id"),
    [
        # The number at IMDb decides, whatever the title; then the one at TMDB.
        (Movie(90, "La Matrice", 1998, imdb_id=133093), 1),
        (Movie(90, "Matrix", 1999, imdb_id=133093, tmdb_id=438631), 1),
        (Movie(90, "Dune: Part One", 2021, imdb_id=1160419, tmdb_id=438631), 3),
        # Title and year, in whatever way they are written.
        (Movie(90, "Matrix, The", 1999), 1),
        (Movie(90, "DUNE", 1984), 2),
        (Movie(90, "Rocky 2", 1979), 8),
        (Movie(90, "Amelie", 2001), 10),
        (Movie(90, "9", 2009), 11),
        # Aliases on either side.
        (Movie(90, "Il postino", 1994), 4),
        (Movie(90, "Der Postmann", 1994, aliases=("The Postman",)), 4),
        (Movie(90, "The Fabulous Destiny", 2001, aliases=("Le fabuleux destin d'Amélie Poulain",)), 10),
        # One year off, if there is only one such.
        (Movie(90, "Dune", 1985), 2),
        (Movie(90, "The Postman", 1996), 5),
        (Movie(90, "Nosferatu", 1924), 13),
        (Movie(90, "Faust", 1927), None),
        # The exact year goes before.
        (Movie(90, "Nosferatu", 1922), 12),
        # Two years off is another movie, and so is another number.
        (Movie(90, "Dune", 1986), None),
        (Movie(90, "The Matrix", 1999, imdb_id=1), None),
        (Movie(90, "Dune", 2021, tmdb_id=1), None),
        # Two movies that cannot be told apart are no match.
        (Movie(90, "Emma", 1996), None),
        # Without a year the title has to be nobody else's.
        (Movie(90, "Babylon 5", 1994), 9),
        (Movie(90, "Rocky II"), 8),
        (Movie(90, "Dune"), None),
        (Movie(90, "Solaris", 1972), None),
        (Movie(90, "", 1972), None),
        (Movie(90, "🎬", None), None),
    ],
)
def test_match(movie: Movie, movie_id: int | None) -> None:
    assert match(movie, INDEX) == movie_id


def test_a_movie_matches_itself_in_its_own_catalogue() -> None:
    movies = [Movie(number, f"Film {number}", 1950 + number % 60, imdb_id=number) for number in range(1, 300)]
    index = MovieIndex(movies)
    assert [match(movie, index) for movie in movies] == [movie.movie_id for movie in movies]
    without_numbers = [movie._replace(imdb_id=None) for movie in movies]
    assert [match(movie, index) for movie in without_numbers] == [movie.movie_id for movie in movies]


def test_an_empty_catalogue_matches_nothing() -> None:
    assert match(Movie(1, "Dune", 1984, imdb_id=87182), MovieIndex([])) is None
