"""Names of movies, sorted, so that exact ones and beginnings are found by bisection."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from recommender.titles.signatures import Sieve

Ranks = npt.NDArray[np.int32]
LAST_CHARACTER = "\U0010ffff"

_MOST_COMPARED = 4000
_MOST_NEAR = 100


Integer = TypeVar("Integer", bound=np.integer[Any])


def distinct(values: npt.NDArray[Integer]) -> npt.NDArray[Integer]:
    """The different values, ascending."""
    ordered = np.sort(values)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))] if len(ordered) else ordered


class Names:
    """Keys (words run together) and the movies they name.

    Movies are known by rank: 0 is the most popular one, so ascending ranks are best first.

    Parameters
    ----------
    keys : sequence of str, length n
        None of them empty.
    ranks : sequence of int, length n
    """

    def __init__(self, keys: Sequence[str], ranks: Sequence[int] | Ranks) -> None:
        order = sorted(range(len(keys)), key=keys.__getitem__)
        self._keys = [keys[index] for index in order]
        self._ranks: Ranks = np.asarray(ranks, np.int32)[order] if keys else np.zeros(0, np.int32)

    def exactly(self, key: str) -> Ranks:
        """Ranks of the movies with this name, ascending."""
        first = bisect_left(self._keys, key)
        return distinct(self._ranks[first : bisect_right(self._keys, key, first)])

    def beginning(self, key: str) -> Ranks:
        """Ranks of the movies with a name that begins like this, ascending."""
        first = bisect_left(self._keys, key)
        return distinct(self._ranks[first : bisect_left(self._keys, key + LAST_CHARACTER, first)])


class Near(NamedTuple):
    """A name that is near: number of typos, rank of the movie, key of the name."""

    typos: int
    rank: int
    key: str


class NearNames(Names):
    """Names that are also found by something near them."""

    def __init__(self, keys: Sequence[str], ranks: Sequence[int] | Ranks) -> None:
        super().__init__(keys, ranks)
        self._sieve = Sieve(self._keys)

    def near(self, key: str, edits: int) -> list[Near]:
        """The names within so many typos, nearest and then best first; the hundred best of them.

        A typo is a letter too many, too few, wrong, or swapped with its neighbour.
        """
        if edits < 1:
            return []
        positions = self._sieve.near(key, edits)
        if len(positions) > _MOST_COMPARED:
            best = np.argpartition(self._ranks[positions], _MOST_COMPARED)[:_MOST_COMPARED]
            positions = positions[best]
        ranks: list[int] = self._ranks[positions].tolist()
        names = [self._keys[position] for position in cast(list[int], positions.tolist())]
        found = process.extract(key, names, scorer=OSA.distance, score_cutoff=edits, limit=None)
        nearest = sorted((distance, ranks[index], name) for name, distance, index in found)
        return [Near(*name) for name in nearest[:_MOST_NEAR]]
