"""Movies that came out after a data set was made, beside those of the data set."""

from collections.abc import Sequence

import numpy as np

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


def newer_of(catalogue: Catalogue) -> tuple[Movie, ...]:
    """These movies of a catalogue, in its order."""
    return tuple(catalogue.movies[row] for row in np.flatnonzero(catalogue.movie_ids >= FIRST_ID).tolist())


def lacking(catalogue: Catalogue, newer: Sequence[Movie]) -> list[Movie]:
    """Those of these movies that a data set's catalogue does not have under a number of its own."""
    if not newer:
        return []
    years = {year + off for movie in newer if (year := movie.year) is not None for off in (-1, 0, 1)}
    wanted = {"year": years, "tmdb_id": {movie.tmdb_id for movie in newer}}
    wanted["imdb_id"] = {movie.imdb_id for movie in newer}
    # To fold the titles of a large catalogue takes seconds; few of its movies come into question.
    close = np.zeros(len(catalogue), np.bool_)
    for fact, numbers in wanted.items():
        close |= np.isin(catalogue.number(fact, -1), [one for one in numbers if one is not None])
    index = MovieIndex(catalogue.movies[row] for row in np.flatnonzero(close).tolist())
    return [movie for movie in newer if match(movie, index) is None]
