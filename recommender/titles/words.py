"""Words of names, sorted, each with the movies that have it."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import count

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from recommender.titles.names import LAST_CHARACTER, Ranks, distinct
from recommender.titles.signatures import Sieve

_SHORTEST_BEGINNING = 4
# Sorts before every word, and stands for the beginning of a line.
_LINE = "\x00"


class Words:
    """An inverted index whose postings lie in the order of the words, so that a prefix is one slice of them.

    Parameters
    ----------
    lines : sequence of str, length n
        Words separated by blanks.
    ranks : int, shape (n,)
        Which movie each line belongs to, 0 being the most popular.
    """

    def __init__(self, lines: Sequence[str], ranks: Ranks) -> None:
        flat = f" {_LINE} ".join(["", *lines]).split()
        numbers: dict[str, int] = defaultdict(count().__next__)
        words = np.fromiter(map(numbers.__getitem__, flat), np.int64, len(flat))
        self._words = sorted(numbers)
        order = np.zeros(len(numbers), np.int64)
        order[[numbers[word] for word in self._words]] = np.arange(len(numbers))
        words = order[words]
        is_word = words > 0
        movies = int(ranks.max(initial=0)) + 1
        pairs = words * movies + ranks.astype(np.int64)[np.cumsum(~is_word) - 1]
        pairs = distinct(pairs[is_word])
        self._postings: Ranks = (pairs % movies).astype(np.int32)
        self._starts = np.searchsorted(pairs, np.arange(len(self._words) + 1) * movies)
        self._sieve = Sieve(self._words)

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __contains__(self, word: str) -> bool:
        first = bisect_left(self._words, word)
        return first < len(self._words) and self._words[first] == word

    def having(self, word: str) -> Ranks:
        """Ranks of the movies with this word, ascending."""
        first = bisect_left(self._words, word)
        known = first < len(self._words) and self._words[first] == word
        return self._between(first, first + known)

    def beginning(self, word: str) -> Ranks:
        """Ranks of the movies with a word that begins like this; in no order, some twice."""
        first = bisect_left(self._words, word)
        return self._between(first, bisect_left(self._words, word + LAST_CHARACTER, first))

    def near(self, word: str) -> Ranks:
        """Ranks of the movies with a word that this may be a typo of; in no order, some twice."""
        edits = _tolerated(word)
        if not edits:
            return self._postings[:0]
        positions: list[int] = self._sieve.near(word, edits).tolist()
        words = [self._words[position] for position in positions]
        found = process.extract(word, words, scorer=OSA.distance, score_cutoff=edits, limit=None)
        return self._together(positions[index] for _, _, index in found)

    def near_beginning(self, word: str) -> Ranks:
        """Ranks of the movies with a word whose beginning this may be a typo of; in no order, some twice.

        The first letter has to be right: a wrong one would make every word a candidate.
        """
        if len(word) < _SHORTEST_BEGINNING or word.isdigit():
            return self._postings[:0]
        first = bisect_left(self._words, word[0])
        last = bisect_left(self._words, word[0] + LAST_CHARACTER, first)
        positions: list[int] = self._sieve.holding(word, 1, first, last).tolist()
        near: set[int] = set()
        for length in (len(word) - 1, len(word), len(word) + 1):
            beginnings = [self._words[position][:length] for position in positions]
            found = process.extract(word, beginnings, scorer=OSA.distance, score_cutoff=1, limit=None)
            near.update(positions[index] for _, _, index in found)
        return self._together(near)

    def _between(self, first: int, last: int) -> Ranks:
        return self._postings[self._starts[first] : self._starts[last]]

    def _together(self, positions: Iterable[int]) -> Ranks:
        slices = [self._between(position, position + 1) for position in positions]
        return np.concatenate(slices) if slices else self._postings[:0]


def _tolerated(word: str) -> int:
    if len(word) < 3 or word.isdigit():
        return 0
    return 1 if len(word) < 8 else 2
