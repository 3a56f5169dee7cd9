"""Movies that came out after a data set was made, beside those of the data set."""

from collections.abc import Sequence

from recommender.catalogue import Catalogue, Movie
from recommender.datasets.matching import MovieIndex, match

FIRST_ID = 2_000_000_000
"""Their ids begin here, above those of the data sets, which reach a little beyond the half of it.

A database's whole numbers reach somewhat farther.
"""


def id_of(tmdb_id: int) -> int:
    """The id that such a movie has in every catalogue."""
    return FIRST_ID + tmdb_id


def is_newer(movie: Movie) -> bool:
    """Whether a movie of a catalogue is one of these."""
    return movie.movie_id >= FIRST_ID


def lacking(catalogue: Catalogue, newer: Sequence[Movie]) -> list[Movie]:
    """Those of these movies that a data set's catalogue does not have under a number of its own."""
    if not newer:
        return []
    tmdb, imdb = {movie.tmdb_id for movie in newer}, {movie.imdb_id for movie in newer} - {None}
    years = {year + off for movie in newer if (year := movie.year) is not None for off in (-1, 0, 1)}
    # To fold the titles of a large catalogue takes seconds; few of its movies come into question.
    close = [one for one in catalogue if one.year in years or one.tmdb_id in tmdb or one.imdb_id in imdb]
    index = MovieIndex(close)
    return [movie for movie in newer if match(movie, index) is None]
