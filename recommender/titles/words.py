"""Words of names, sorted, each with the movies that have it."""

from collections.abc import Iterable, Sequence
from typing import Self

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from recommender.columns import Codes, Texts
from recommender.titles.blocks import in_order
from recommender.titles.names import Ranks, SortedTexts, distinct
from recommender.titles.signatures import Sieve

_SHORTEST_BEGINNING = 4


class Words:
    """An inverted index whose postings lie in the order of the words, so that a prefix is one slice of them.

    Parameters
    ----------
    words : Texts, length n
        Sorted; each of them once, none of them empty.
    starts : int32, shape (n + 1,)
        Word i is in names of the movies ``postings[starts[i]:starts[i + 1]]``.
    postings : int32
        Ranks of movies, ascending for each word.
    """

    def __init__(self, words: Texts, starts: Codes, postings: Ranks) -> None:
        self.words = SortedTexts(words)
        self.starts = starts
        self.postings = postings
        self._sieve = Sieve(words)

    @classmethod
    def of(cls, parts: Sequence[tuple[Texts, Codes, Ranks]]) -> Self:
        """An index of parts, each of some words and of pairs: the number of a word, the rank of a movie."""
        texts = Texts.together([words for words, _, _ in parts])
        order, is_new = in_order(texts)
        numbers = np.empty(len(texts), np.int64)
        numbers[order] = np.cumsum(is_new) - 1
        distinct_words = texts.take(order[is_new])
        pairs = np.empty(sum(len(ranks) for _, _, ranks in parts), np.int64)
        place = word = 0
        for words, mine, ranks in parts:
            pairs[place : place + len(mine)] = (numbers[word : word + len(words)][mine] << 32) + ranks
            place, word = place + len(mine), word + len(words)
        pairs.sort()
        postings: Ranks = (pairs & 0xFFFFFFFF).astype(np.int32)
        pairs >>= 32
        starts = np.searchsorted(pairs, np.arange(len(distinct_words) + 1)).astype(np.int32)
        return cls(distinct_words, starts, postings)

    def __contains__(self, word: str) -> bool:
        found = self.words.exactly(word)
        return found.start < found.stop

    def having(self, word: str) -> Ranks:
        """Ranks of the movies with this word, ascending."""
        return self._between(self.words.exactly(word))

    def beginning(self, word: str) -> Ranks:
        """Ranks of the movies with a word that begins like this; in no order, some twice."""
        return self._between(self.words.beginning(word))

    def near(self, word: str) -> Ranks:
        """Ranks of the movies with a word that this may be a typo of; in no order, some twice."""
        edits = _tolerated(word)
        if not edits:
            return self.postings[:0]
        positions: list[int] = self._sieve.near(word, edits).tolist()
        words = [self.words.texts[position] for position in positions]
        found = process.extract(word, words, scorer=OSA.distance, score_cutoff=edits, limit=None)
        return self._together(positions[index] for _, _, index in found)

    def near_beginning(self, word: str) -> Ranks:
        """Ranks of the movies with a word whose beginning this may be a typo of; in no order, some twice.

        The first letter has to be right: a wrong one would make every word a candidate.
        """
        if len(word) < _SHORTEST_BEGINNING or word.isdigit():
            return self.postings[:0]
        same = self.words.beginning(word[0])
        positions: list[int] = self._sieve.holding(word, 1, same.start, same.stop).tolist()
        known = [self.words.texts[position] for position in positions]
        near: set[int] = set()
        for length in (len(word) - 1, len(word), len(word) + 1):
            beginnings = [one[:length] for one in known]
            found = process.extract(word, beginnings, scorer=OSA.distance, score_cutoff=1, limit=None)
            near.update(positions[index] for _, _, index in found)
        return self._together(near)

    def _between(self, words: slice) -> Ranks:
        return self.postings[self.starts[words.start] : self.starts[words.stop]]

    def _together(self, positions: Iterable[int]) -> Ranks:
        slices = [self._between(slice(position, position + 1)) for position in positions]
        return np.concatenate(slices) if slices else self.postings[:0]


def postings(words: Texts, ranks: Ranks) -> tuple[Texts, Codes, Ranks]:
    """Words of some movies, each of them once, and who has which; a part of `Words`.

    Parameters
    ----------
    words : Texts, length n
    ranks : int32, shape (n,)
    """
    order, is_new = in_order(words)
    pairs = distinct((np.cumsum(is_new) - 1 << 32) + ranks[order])
    return words.take(order[is_new]), (pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32)


def _tolerated(word: str) -> int:
    if len(word) < 3 or word.isdigit():
        return 0
    return 1 if len(word) < 8 else 2
