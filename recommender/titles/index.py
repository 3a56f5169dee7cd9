"""The index of titles: what to offer while somebody types, and which movie they mean."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple, cast

import numpy as np
from rapidfuzz.distance import OSA

from recommender.catalogue import Movie
from recommender.titles.folding import loosened
from recommender.titles.names import Near, Ranks
from recommender.titles.query import Reading, readings
from recommender.titles.search import Search

_ENOUGH = 5
_SHORTEST_TYPO = 5
_LONG = 10
_NUMBER = re.compile(r"\d+")


Kind = Literal["one", "several", "close", "none"]


class Lookup(NamedTuple):
    """Which movies a text means.

    Attributes
    ----------
    movies : tuple of Movie
        Best first.
    kind : str
        ``one``: exactly one movie fits (also a typo with one clear winner), act on it. ``several``:
        several fit equally, such as remakes, ask. ``close``: none fits but these are near, ask.
        ``none``: nothing is near.
    """

    movies: tuple[Movie, ...]
    kind: Kind


class TitleIndex:
    """Finds movies by title; never changes, so threads may share it.

    Parameters
    ----------
    movies : iterable of Movie
    popularity : sequence of float, same length, optional
        The larger, the earlier among equally good hits; between equals the given order decides.
    """

    def __init__(self, movies: Iterable[Movie], popularity: Sequence[float] | None = None) -> None:
        ordered: list[Movie] = list(movies)
        self._popularity = np.zeros(len(ordered))
        if popularity is not None:
            self._popularity = np.asarray(popularity, np.float64)
            order = np.argsort(-self._popularity, kind="stable")
            self._popularity = self._popularity[order]
            ordered = [ordered[index] for index in cast(list[int], order.tolist())]
        self._movies = ordered
        self._search = Search(ordered)

    def __len__(self) -> int:
        return len(self._movies)

    def suggest(self, text: str, limit: int = 25) -> list[Movie]:
        """Complete what somebody is typing; the most popular movies if that is nothing yet.

        Exact titles come first, then titles that begin like the text, titles with all its words and,
        if these are few, titles that are near; the most popular ones first within each.
        """
        ways = readings(text)
        if not ways:
            return self._movies[:limit]
        # "lord of t" may be on its way to "lord of the rings", and articles are not in the index.
        ways += [
            replace(way, words=way.words[:-1])
            for way in ways
            if len(way.words) > 1 and way.words[-1] in ("t", "th")
        ]
        search, found = self._search, dict[int, None]()
        for way in ways:
            for stage in (search.exactly, search.loosely, search.beginning, search.with_words):
                if len(found) < limit:
                    found.update(dict.fromkeys(search.in_years(stage(way), way)[:limit].tolist()))
        if len(found) < _ENOUGH:
            for way in ways:
                found.update(dict.fromkeys(search.misspelt(way, search.near_names(way))))
        return [self._movies[rank] for rank in list(found)[:limit]]

    def find(self, text: str, limit: int = 10) -> Lookup:
        """Find the movie that a title means; a year may stand behind it, also in parentheses.

        Parameters
        ----------
        text : str
            What a person wrote, a whole title rather than the beginning of one. Anything is accepted.
        limit : int
            At most so many movies are returned.
        """
        ways = [way for way in readings(text) if way.years is None or way.has_whole_year]
        search = self._search
        other_years: list[int] = []
        found = self._find_literally(ways, other_years, limit)
        if found is None and not other_years:
            # "Tge Mask" and "TheTerminal": only now, as nothing has that very title.
            mistaken = [repaired for way in ways if (repaired := self._with_article(way)) is not None]
            found = self._find_literally(mistaken, other_years, limit)
            ways += mistaken
        if found is not None:
            return found
        near = [search.near_names(way) for way in ways]
        if not other_years:
            for way, names in zip(ways, near, strict=True):
                meant = self._clear_typo(way, names)
                if meant is not None:
                    return self._answer([meant], "one", limit)
        close = [*other_years, *(name.rank for names in near for name in names)]
        for way, names in zip(ways, near, strict=True):
            for stage in (search.with_whole_words, search.with_words):
                close += search.in_years(stage(way), way)[:limit].tolist()
            close += search.misspelt(way, names)
        if not close:
            close = [rank for way in ways for rank in search.with_most_words(way, limit)]
        return self._answer(close, "close" if close else "none", limit)

    def _find_literally(self, ways: Sequence[Reading], other_years: list[int], limit: int) -> Lookup | None:
        """The movies with this title, or this part of one; those of another year go to `other_years`."""
        for stage in (self._exactly, self._search.by_part):
            for way in ways:
                ranks = stage(way)
                fitting = self._search.in_years(ranks, way)
                if not len(fitting):
                    fitting = self._search.a_year_off(ranks, way)
                if len(fitting):
                    return self._answer(fitting.tolist(), "one" if len(fitting) == 1 else "several", limit)
                other_years += ranks.tolist()
        return None

    def _with_article(self, way: Reading) -> Reading | None:
        """The reading with the article in front of it put right, or None if that is not misspelt."""
        first, *rest = way.words
        if self._search.knows(first):
            return None
        if rest and OSA.distance(first, "the") <= 1:
            words = rest
        elif len(first) > len("the") + 1 and first.startswith("the"):
            words = [first.removeprefix("the"), *rest]
        else:
            return None
        return replace(way, text=f"the {' '.join(words)}", words=words)

    def _answer(self, ranks: Sequence[int], kind: Kind, limit: int) -> Lookup:
        return Lookup(tuple(self._movies[rank] for rank in list(dict.fromkeys(ranks))[:limit]), kind)

    def _exactly(self, way: Reading) -> Ranks:
        """Movies of this title, as it was typed if that tells them apart.

        Articles and the way to write numbers are optional, but whoever types "The Killer" does not mean
        "Killer". Whoever types "Matrix" may well mean "The Matrix" even if there is some "Matrix": the
        literal title is taken alone only if none of the others is more popular.
        """
        ranks = self._search.in_years(self._search.loosely(way), way)
        if len(ranks) < 2:
            return self._search.loosely(way)
        literal = [rank for rank in ranks.tolist() if way.text in self._search.folded_names(rank)]
        has_article = way.text.split() != way.words
        if literal and (has_article or self._popularity[literal[0]] >= self._popularity[ranks[0]]):
            return np.array(literal, np.int32)
        return ranks

    def _clear_typo(self, way: Reading, near: Sequence[Near]) -> int | None:
        """The movie of which this is a misspelt title beyond doubt.

        There must be no other movie as near, and the difference must not be one that tells movies apart:
        another number (Rocky 2, Rocky 3), a plural (Alien, Aliens), a known word in place of another.
        """
        if len(way.key) < _SHORTEST_TYPO or not near or all(map(self._search.knows, way.words)):
            return None
        typos, rank, key = near[0]
        if typos > (1 if len(way.key) < _LONG else 2):
            return None
        if any(other.typos == typos and other.rank != rank for other in near):
            return None
        numbers = _NUMBER.findall(" ".join(loosened(way.words)))
        for words in self._search.names_of(rank):
            same_numbers = _NUMBER.findall(" ".join(loosened(words))) == numbers
            if "".join(words) == key and same_numbers and key + "s" != way.key and way.key + "s" != key:
                return rank
        return None
