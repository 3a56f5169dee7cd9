"""The ids of movies that no edition of MovieLens numbers: the same ones in every catalogue, for good.

====================  =========================================================
id                    movie
====================  =========================================================
below 10,000,000      MovieLens' ``movieId``
10,000,001 on         the starter set's own number
100,000,000 on        its number at IMDb follows
1,000,000,000 on      its number at TMDB follows; it has none at IMDb
====================  =========================================================

A movie keeps such an id whatever it is joined with and however often that is renewed, until an edition
numbers it. All of them fit 31 bits, which is what tables of ratings have.
"""

import numpy as np

from recommender.catalogue import Catalogue
from recommender.columns import Rows

IMDB_FIRST = 100_000_000
TMDB_FIRST = 1_000_000_000
_MOST_IMDB = TMDB_FIRST - IMDB_FIRST - 1
_MOST_TMDB = 999_999_999


def own_ids(catalogue: Catalogue) -> Rows:
    """The ids that movies have beside an edition that lacks them.

    Returns
    -------
    int64, shape (n_movies,)
        In the catalogue's order; two movies of one number at IMDb get the same.
    """
    imdb, tmdb = catalogue.number("imdb_id"), catalogue.number("tmdb_id")
    with_tmdb = np.where((tmdb > 0) & (tmdb <= _MOST_TMDB), TMDB_FIRST + tmdb, catalogue.movie_ids)
    return np.where((imdb > 0) & (imdb <= _MOST_IMDB), IMDB_FIRST + imdb, with_tmdb)
