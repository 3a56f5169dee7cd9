"""Movies that came out after a data set was made, beside those of the data set."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

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


def bare(movie: Movie) -> Movie:
    """What may be kept of such a movie for good: that it exists, its title, year and numbers."""
    return Movie(movie.movie_id, movie.title, movie.year, imdb_id=movie.imdb_id, tmdb_id=movie.tmdb_id)


def bare_of(catalogue: Catalogue) -> npt.NDArray[np.bool_]:
    """Which movies of a catalogue are such, of which nothing else is kept: bool, shape (n_movies,).

    They can be found and rated, and are not recommended: nothing says to whom.
    """
    return (catalogue.movie_ids >= FIRST_ID) & (np.diff(catalogue.genres.starts) == 0)


def newer_of(catalogue: Catalogue) -> tuple[Movie, ...]:
    """These movies of a catalogue, in its order."""
    return tuple(catalogue.movies[row] for row in np.flatnonzero(catalogue.movie_ids >= FIRST_ID).tolist())


def lacking(catalogue: Catalogue, newer: Sequence[Movie]) -> list[Movie]:
    """Those of these movies that a data set's catalogue does not have under a number of its own."""
    if not newer:
        return []
    index = index_for(newer, catalogue)
    return [movie for movie in newer if match(movie, index) is None]


def index_for(movies: Sequence[Movie], catalogue: Catalogue) -> MovieIndex:
    """An index of a catalogue in which each of some movies is found or not, as in one of all its movies.

    To fold the titles of a large catalogue takes seconds; few of its movies come into question.
    """
    close = np.zeros(len(catalogue), np.bool_)
    told = np.zeros(len(movies), np.bool_)
    for fact in ("imdb_id", "tmdb_id"):
        theirs = catalogue.number(fact)
        wanted = np.array([getattr(movie, fact) or 0 for movie in movies], np.int64)
        wanted_there = np.isin(wanted, theirs[theirs > 0])
        close |= (theirs > 0) & np.isin(theirs, wanted)
        told |= wanted_there
    unsure = [movie for movie, known in zip(movies, told.tolist(), strict=True) if not known]
    if any(movie.year is None for movie in unsure):
        close[:] = True
    elif unsure:
        years = catalogue.number("year", -1)
        close |= (years == -1) | np.isin(
            years, [(movie.year or 0) + off for movie in unsure for off in (-1, 0, 1)]
        )
    return MovieIndex(catalogue.movies[row] for row in np.flatnonzero(close).tolist())
