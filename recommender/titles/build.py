"""From movies to the names and words under which they are found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recommender.catalogue import Movie
from recommender.titles.folding import fold_all, is_loose, loosened, words_and_keys
from recommender.titles.names import Names, NearNames
from recommender.titles.words import Words

_CUT = re.compile(r"(?:,? or)?:\s|\s-\s|\s?\(|\)")
# Only articles that no English title begins with in earnest: "Die Hard" is not "Hard".
_FOREIGN_ARTICLES = frozenset(
    {
        "le",
        "la",
        "les",
        "l",
        "el",
        "los",
        "las",
        "il",
        "gli",
        "der",
        "das",
        "det",
        "une",
        "una",
        "ein",
        "eine",
    }
)
_NOT_A_NAME = frozenset({"part", "episode", "chapter", "volume", "vol", "movie", "film"})


@dataclass(frozen=True, slots=True)
class Tables:
    """What titles are looked up in; movies are known by rank, 0 being the most popular.

    Attributes
    ----------
    names : NearNames
        Titles and aliases.
    loose : Names
        The same with numbers in digits, or without a foreign article, where that differs.
    segments : Names
        Main titles and subtitles of two-part titles: ``The Empire Strikes Back``.
    words : Words
        All words of titles and aliases.
    """

    names: NearNames
    loose: Names
    segments: Names
    words: Words


class _Collected:
    """Keys and ranks on their way into `Names`."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.ranks: list[int] = []

    def add(self, words: Sequence[str], rank: int) -> None:
        key = "".join(words)
        if key:
            self.keys.append(key)
            self.ranks.append(rank)

    def names(self) -> Names:
        return Names(self.keys, self.ranks)


def build(movies: Sequence[Movie]) -> Tables:
    """Build the tables of movies that are sorted by popularity, the most popular one first.

    Whatever is done to each of 86,000 titles is done to all in one go; only the few that have numbers,
    foreign articles or parts are looked at one by one.
    """
    texts: list[str] = []
    starts = [0]
    for movie in movies:
        texts.append(movie.title)
        texts.extend(movie.aliases)
        starts.append(len(texts))
    ranks = np.repeat(np.arange(len(movies), dtype=np.int32), np.diff(starts))
    lines, keys = words_and_keys(fold_all(texts))
    named = [index for index, key in enumerate(keys) if key]
    names = NearNames([keys[index] for index in named], ranks[named])
    words = Words(lines, ranks)
    return Tables(names, _loose(lines, starts, words), _segments(texts, ranks.tolist()), words)


def _loose(lines: Sequence[str], starts: Sequence[int], words: Words) -> Names:
    loose = _Collected()
    concerned = [word for word in words if word in _FOREIGN_ARTICLES or is_loose(word)]
    ranks = set[int]().union(*(words.having(word).tolist() for word in concerned))
    for rank in sorted(ranks):
        for line in lines[starts[rank] : starts[rank + 1]]:
            own = line.split()
            if own and own[0] in _FOREIGN_ARTICLES:
                loose.add(own[1:], rank)
            other = loosened(own)
            if other != own:
                loose.add(other, rank)
    return loose.names()


def _segments(texts: Sequence[str], ranks: Sequence[int]) -> Names:
    parts: list[str] = []
    origins: list[tuple[int, bool]] = []
    for index in [index for index, text in enumerate(texts) if ": " in text or " - " in text or "(" in text]:
        pieces = _CUT.split(texts[index])
        parts += pieces
        origins += [(ranks[index], number == 0) for number in range(len(pieces))]
        for length in range(2, len(pieces)):
            # "Star Wars: Episode V" of "Star Wars: Episode V - The Empire Strikes Back".
            parts.append(" ".join(pieces[:length]))
            origins.append((ranks[index], True))
    collected = _Collected()
    for (rank, is_main), line in zip(origins, words_and_keys(fold_all(parts))[0], strict=True):
        words = loosened(line.split())
        # A main title may be one word or a number (2001), a subtitle of one word tells too little.
        if is_main or len([word for word in words if word not in _NOT_A_NAME and not word.isdigit()]) > 1:
            collected.add(words, rank)
    return collected.names()
