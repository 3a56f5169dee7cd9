"""A dozen movies for a newcomer to rate: well known, and of many kinds."""

import numpy as np
import numpy.typing as npt

from bot.services.filters import Facets, Mask

DOZEN = 12
WELL_KNOWN = 200
"""Movies are taken from so many of the most rated ones."""

GENRE_SEEN = 0.5
DECADE_SEEN = 0.4
"""What a movie loses when one of its genre or decade is chosen, where popularity goes from 0 to 1."""

_DECADE = 10
_OLD, _NEW = 1930, 2020


def most_rated(facets: Facets, popularity: npt.NDArray[np.float32], free: Mask, size: int) -> list[int]:
    """Rows of the most rated movies, and when these run out, a mix of what nobody rated.

    Parameters are those of `well_known_and_diverse`.
    """
    rated = np.flatnonzero(free & (popularity > 0))
    best: list[int] = rated[np.argsort(-popularity[rated], kind="stable")][:size].tolist()
    return best + well_known_and_diverse(facets, popularity, free & (popularity == 0), size - len(best))


def well_known_and_diverse(
    facets: Facets, popularity: npt.NDArray[np.float32], free: Mask, size: int = DOZEN
) -> list[int]:
    """Rows of movies, chosen one by one: popular, but of other genres and decades than those before.

    Where hardly anything is rated, newer movies are taken to be better known.

    Parameters
    ----------
    facets : Facets
    popularity : float32, shape (n_movies,)
    free : bool, shape (n_movies,)
        What may be chosen.
    size : int
        At most so many.

    Returns
    -------
    list of int
        The same for the same arguments.
    """
    rows = np.flatnonzero(free)
    # A few friends' ratings do not make their movies the well-known ones, and the rest unknown.
    if 2 * np.count_nonzero(popularity[rows]) >= min(2 * WELL_KNOWN, len(rows)):
        rows = rows[np.argsort(-popularity[rows], kind="stable")][:WELL_KNOWN]
        known = np.log1p(popularity[rows])
    else:
        known = ((np.clip(facets.years[rows], _OLD, _NEW) - _OLD) / (_NEW - _OLD)).astype(np.float32)
    worth = known / max(float(known.max(initial=0)), 1.0)
    genres = facets.genres[rows] / np.maximum(facets.genres[rows].sum(axis=1, keepdims=True), 1)
    decades = facets.years[rows] // _DECADE
    chosen: list[int] = []
    for _ in range(min(size, len(rows))):
        best = int(np.argmax(worth))
        chosen.append(int(rows[best]))
        worth -= GENRE_SEEN * (genres @ genres[best])
        worth -= DECADE_SEEN * (decades == decades[best])
        worth[best] = -np.inf
    return chosen
