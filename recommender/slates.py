"""A list in which each member of a group finds something."""

import numpy as np
import numpy.typing as npt

from recommender.features import FloatArray, IntArray

# HALF and FIRST were chosen on held-out groups of people whom the published comparison does not ask.
NEAR = 200
"""So many of each member's best candidates are looked at; below them nobody finds anything."""

HALF = 10.0
"""Rank among a member's candidates at which the chance that they like a movie is half of the first one's."""

FIRST = 0.3
"""The chance that a member likes the first of their candidates."""


def fair(
    places: FloatArray, allowed: npt.NDArray[np.bool_], k: int, franchises: IntArray | None = None
) -> IntArray:
    """A slate by greedy fair aggregation (GFAR).

    Each next movie is the one that adds most to the expected number of members who find at least one movie
    to their liking, ``sum over u of 1 - prod over i in the slate of (1 - p(u, i))``. So whoever has been
    served weighs less in the next choice. Kaya, Bridge and Tintarev, Ensuring Fairness in Group
    Recommendations by Rank-Sensitive Balancing of Relevance, RecSys 2020; there p comes from Borda counts,
    here it falls with the member's rank, ``FIRST * HALF / (HALF + rank)``.

    Parameters
    ----------
    places : float32, shape (n_members, n_movies)
        Percentiles.
    allowed : bool, shape (n_movies,)
    k : int
    franchises : int64, shape (n_movies,), optional
        At most one movie of each, if given.

    Returns
    -------
    int64, shape (at most k,)
        Rows in the order of choice.
    """
    rows = np.flatnonzero(allowed)
    own = places[:, rows]
    near = min(max(NEAR, 3 * k), len(rows))
    if not near:
        return rows
    least = np.partition(own, len(rows) - near, axis=1)[:, len(rows) - near, None]
    short = np.flatnonzero((own >= least).any(axis=0))
    rows, own = rows[short], own[:, short]
    # Ranks among what is left; equal places share the best rank, so that the order of rows does not matter.
    better = np.empty(own.shape, np.int64)
    for above, mine in zip(better, own, strict=True):
        above[:] = len(rows) - np.searchsorted(np.sort(mine), mine, "right")
    chance = FIRST * HALF / (HALF + better)
    unserved = np.ones(len(places))
    open_ = np.ones(len(rows), np.bool_)
    chosen: list[int] = []
    while len(chosen) < k and open_.any():
        # Rounded, so that the order of the members, in which they are summed up, does not matter.
        gains = np.where(open_, np.round(unserved @ chance, 9), -1)
        best = int(gains.argmax())
        chosen.append(best)
        unserved *= 1 - chance[:, best]
        open_[best] = False
        if franchises is not None:
            open_ &= franchises[rows] != franchises[rows[best]]
    return rows[chosen]
