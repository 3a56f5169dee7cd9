"""Names of movies, sorted, so that exact ones and beginnings are found by bisection."""

from bisect import bisect_left
from typing import Any, NamedTuple, Self, TypeVar, cast

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from recommender.columns import Texts
from recommender.titles.blocks import in_order
from recommender.titles.signatures import Sieve

Ranks = npt.NDArray[np.int32]

_MOST_COMPARED = 4000
_MOST_NEAR = 100
_BEYOND = b"\xff"
"""Comes after every character."""

Integer = TypeVar("Integer", bound=np.integer[Any])


def distinct(values: npt.NDArray[Integer]) -> npt.NDArray[Integer]:
    """The different values, ascending."""
    ordered = np.sort(values)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))] if len(ordered) else ordered


class SortedTexts:
    """Texts in the order of their characters.

    Parameters
    ----------
    texts : Texts
        In this order; a text may be there more than once.
    """

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self._bytes, self._starts = texts.buffer.data, texts.starts.data

    def exactly(self, text: str) -> slice:
        """The places of this very text."""
        key = text.encode("utf-8", "surrogatepass")
        # No character but this one, which is nowhere, comes before all others.
        return slice(self._before(key), self._before(key + b"\x00"))

    def beginning(self, text: str) -> slice:
        """The places of the texts that begin like this."""
        key = text.encode("utf-8", "surrogatepass")
        return slice(self._before(key), self._before(key + _BEYOND))

    def _before(self, key: bytes) -> int:
        """How many texts come before this one."""

        def text(place: int) -> bytes:
            return bytes(self._bytes[self._starts[place] : self._starts[place + 1]])

        return bisect_left(range(len(self.texts)), key, key=text)


class Names:
    """Keys (words run together) and the movies they name.

    Movies are known by rank: 0 is the most popular one, so ascending ranks are best first.

    Parameters
    ----------
    keys : Texts, length n
        Sorted; none of them empty.
    ranks : int32, shape (n,)
    """

    def __init__(self, keys: Texts, ranks: Ranks) -> None:
        self.keys = SortedTexts(keys)
        self.ranks = ranks

    @classmethod
    def of(cls, keys: Texts, ranks: Ranks) -> Self:
        """Names from keys in any order."""
        order, is_new = in_order(keys)
        # A movie that has the same name twice, but for accents or case, needs it once.
        pairs = (np.cumsum(is_new) << 32) + ranks[order]
        again = np.argsort(pairs, kind="stable")
        pairs = pairs[again]
        kept = order[again[np.concatenate([[True], pairs[1:] != pairs[:-1]])]] if len(pairs) else order
        return cls(keys.take(kept), ranks[kept])

    def exactly(self, key: str) -> Ranks:
        """Ranks of the movies with this name, ascending."""
        return self.ranks[self.keys.exactly(key)]

    def beginning(self, key: str) -> Ranks:
        """Ranks of the movies with a name that begins like this; in no order, some twice."""
        return self.ranks[self.keys.beginning(key)]


class Near(NamedTuple):
    """A name that is near: number of typos, rank of the movie, key of the name."""

    typos: int
    rank: int
    key: str


class NearNames(Names):
    """Names that are also found by something near them."""

    def __init__(self, keys: Texts, ranks: Ranks) -> None:
        super().__init__(keys, ranks)
        self._sieve = Sieve(self.keys.texts)

    def near(self, key: str, edits: int) -> list[Near]:
        """The names within so many typos, nearest and then best first; the hundred best of them.

        A typo is a letter too many, too few, wrong, or swapped with its neighbour.
        """
        if edits < 1:
            return []
        positions = self._sieve.near(key, edits)
        if len(positions) > _MOST_COMPARED:
            best = np.argpartition(self.ranks[positions], _MOST_COMPARED)[:_MOST_COMPARED]
            positions = positions[best]
        ranks: list[int] = self.ranks[positions].tolist()
        names = [self.keys.texts[position] for position in cast(list[int], positions.tolist())]
        found = process.extract(key, names, scorer=OSA.distance, score_cutoff=edits, limit=None)
        nearest = sorted((distance, ranks[index], name) for name, distance, index in found)
        return [Near(*name) for name in nearest[:_MOST_NEAR]]
