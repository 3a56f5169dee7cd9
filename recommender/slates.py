"""A list in which each member of a group finds something."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recommender.features import FloatArray, IntArray

POOL = 100
"""A slate is made of so many movies that are best for the group on average: to be fair to one member is no
reason to show what the others cannot bear."""

HALF = 10.0
"""Rank within the pool at which the chance that a member likes a movie is half of their first one's."""

FIRST = 0.3
"""The chance that a member likes the first of the pool. These three were chosen on held-out groups of people
whom the published comparison does not ask."""

MORE = 1.25
"""A movie is chosen for those members who add to its choice so many times what members add on average."""


class Slate(NamedTuple):
    """What was chosen, in order, and for whom.

    Attributes
    ----------
    columns : int64, shape (n_chosen,)
        Columns of the places.
    chosen_for : bool, shape (n_chosen, n_members)
        Whom each was chosen for more than for others; nobody where all gain about alike.
    """

    columns: IntArray
    chosen_for: npt.NDArray[np.bool_]


def fair(places: FloatArray, k: int) -> Slate:
    """A slate by greedy fair aggregation (GFAR).

    Each next movie is the one that adds most to the expected number of members who find at least one movie
    to their liking, ``sum over u of 1 - prod over i in the slate of (1 - p(u, i))``. So whoever has been
    served weighs less in the next choice, and of two camps each gets about its share. Kaya, Bridge and
    Tintarev, Ensuring Fairness in Group Recommendations by Rank-Sensitive Balancing of Relevance, RecSys
    2020; there p comes from Borda counts, here it falls with the member's rank,
    ``FIRST * HALF / (HALF + rank)``.

    Parameters
    ----------
    places : float32, shape (n_members, n_pool)
        How high each member places the movies of the pool.
    k : int

    Returns
    -------
    Slate
        At most `k`; of equals the first.
    """
    better = np.empty(places.shape, np.int64)
    for above, mine in zip(better, places, strict=True):
        # Equal places share the best rank.
        above[:] = len(mine) - np.searchsorted(np.sort(mine), mine, "right")
    chance = FIRST * HALF / (HALF + better)
    unserved = np.ones(len(places))
    left = np.ones(places.shape[1], np.bool_)
    chosen: list[int] = []
    chosen_for: list[npt.NDArray[np.bool_]] = []
    while len(chosen) < k and left.any():
        # Rounded, so that the order of the members, in which they are summed up, does not matter.
        gains = np.where(left, np.round(unserved @ chance, 9), -1)
        best = int(gains.argmax())
        chosen.append(best)
        added = unserved * chance[:, best]
        chosen_for.append(added >= MORE * added.mean())
        unserved *= 1 - chance[:, best]
        left[best] = False
    return Slate(np.array(chosen, np.int64), np.array(chosen_for, np.bool_).reshape(-1, len(places)))
