"""The ways in which a reading of a text can fit movies, from exact to far-fetched."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from rapidfuzz.distance import OSA

from recommender.catalogue import Catalogue
from recommender.columns import Rows
from recommender.titles.blocks import Mask, folded
from recommender.titles.folding import fold, loosened, same_number, spellings, words_of
from recommender.titles.kept import tables_of
from recommender.titles.names import Near, Ranks, distinct
from recommender.titles.query import Reading

_MOST_RANKED = 150
_MOST_TYPOS = 3
_LETTERS_PER_TYPO = 4
_LEAST_SHARE = 0.6
_FEW = 16


class Search:
    """Looks readings up; every method answers with ranks, of which 0 is the most popular movie's.

    Parameters
    ----------
    catalogue : Catalogue
    order : int64, shape (n_movies,)
        Places in the catalogue by rank.
    file : Path, optional
        See `recommender.titles.kept.tables_of`.
    """

    def __init__(self, catalogue: Catalogue, order: Rows, file: Path | None = None) -> None:
        self._catalogue = catalogue
        self._order = order
        self._years = catalogue.number("year", -1)[order].astype(np.int32)
        self._tables = tables_of(catalogue, order, file)

    def in_years(self, ranks: Ranks, reading: Reading) -> Ranks:
        """Those of the ranks whose year the reading names; all if it names none."""
        if reading.years is None:
            return ranks
        years = self._years[ranks]
        return ranks[(years >= reading.years[0]) & (years <= reading.years[1])]

    def is_titled(self, rank: int, reading: Reading) -> bool:
        """Whether the reading is this movie's title, and not merely like it."""
        title, *others = self._names(rank)
        if reading.also and all(reading.also.isdisjoint(spellings(name)) for name in others):
            return False
        return not reading.spellings.isdisjoint(spellings(title))

    def has_alias(self, rank: int, reading: Reading) -> bool:
        """Whether the reading is one of the other titles of this movie."""
        return any(not reading.spellings.isdisjoint(spellings(name)) for name in self._names(rank)[1:])

    def exactly(self, reading: Reading) -> Ranks:
        """Movies with this very title or alias."""
        return self._tables.names.exactly(reading.key)

    def loosely(self, reading: Reading) -> Ranks:
        """Movies with this title when all numbers are written in digits, and foreign articles left out."""
        key = "".join(loosened(reading.words))
        tables = [self._tables.names, self._tables.loose]
        return distinct(
            np.concatenate([names.exactly(way) for names in tables for way in (key, reading.key)])
        )

    def by_part(self, reading: Reading) -> Ranks:
        """Movies of whose two-part title this is one part.

        A single word is too little if other titles have it too: that may be the one that is meant.
        """
        ranks = self._tables.segments.exactly("".join(loosened(reading.words)))
        if len(reading.words) == 1 and len(distinct(self._having(reading.words[0]))) > len(ranks):
            return ranks[:0]
        return ranks

    def beginning(self, reading: Reading) -> Ranks:
        """Movies with a title that begins like this."""
        return self._ascending(self._tables.names.beginning(reading.key))

    def by_initials(self, reading: Reading) -> Ranks:
        """Well-known movies of whose title, or of a part of it, these are the initials."""
        return self._tables.initials.titles.exactly(reading.key)

    def in_series(self, reading: Reading) -> Ranks:
        """The films of a series by its initials and a number, the one of that number first."""
        return self._tables.initials.in_series(reading.key, self._years)

    def beginning_or_initials(self, reading: Reading) -> Ranks:
        """Movies with a title that begins like this, or has these initials."""
        return distinct(np.concatenate([self.beginning(reading), self.by_initials(reading)]))

    def with_whole_words(self, reading: Reading) -> Ranks:
        """Movies with all these words."""
        return self._with_all([self._having(word) for word in reading.words])

    def with_words(self, reading: Reading) -> Ranks:
        """Movies with all these words, the last one possibly unfinished; else all of them unfinished."""
        *complete, last = reading.words
        begun = self._begun(last)
        ranks = self._with_all([*(self._having(word) for word in complete), begun])
        if not len(ranks) and complete:
            ranks = self._with_all([*(self._begun(word) for word in complete), begun])
        return ranks

    def near_names(self, reading: Reading) -> list[Near]:
        """Titles and aliases that are nearly this one, of movies of these years; nearest first."""
        edits = 0 if reading.key.isdigit() else min(_MOST_TYPOS, len(reading.key) // _LETTERS_PER_TYPO)
        near = self._tables.names.near(reading.key, edits)
        ranks = np.array([name.rank for name in near], np.int32)
        allowed = set(self.in_years(ranks, reading).tolist())
        return [name for name in near if name.rank in allowed]

    def misspelt(self, reading: Reading, near_names: Iterable[Near]) -> list[int]:
        """Movies with these words if some are misspelt, and those of `near_names`; nearest first."""
        *complete, last = reading.words
        words = self._tables.words
        known = [*(self._having(word) for word in complete), self._begun(last)]

        def near(place: int) -> Ranks:
            word = reading.words[place]
            found = words.near(word)
            return found if place < len(complete) else np.concatenate([found, words.near_beginning(word)])

        unknown = {place: near(place) for place, ranks in enumerate(known) if not len(ranks)}
        ranks = self._with_all([unknown.get(place, ranks) for place, ranks in enumerate(known)])
        if not len(ranks) and len(unknown) < len(known):
            ranks = self._with_all(
                [
                    np.concatenate([ranks, unknown.get(place, near(place))])
                    for place, ranks in enumerate(known)
                ]
            )
        candidates = {
            *self.in_years(ranks, reading)[:_MOST_RANKED].tolist(),
            *(name.rank for name in near_names),
        }
        typos = self._typos(reading.key, sorted(candidates))
        return sorted(candidates, key=lambda rank: (typos[rank], rank))

    def with_most_words(self, reading: Reading, limit: int) -> list[int]:
        """Movies with most of these words, or whose whole title is a third of them; best first.

        A rare word counts for more than a common one.
        """
        movies = len(self._order)
        if len(reading.words) < 2 or not movies:
            return []
        scores = np.zeros(movies, np.float32)
        total = 0.0
        for word in dict.fromkeys(reading.words):
            ranks = self._having(word)
            if not len(ranks):
                ranks = distinct(self._tables.words.near(word))
            weight = float(np.log1p(movies / max(1, len(ranks))))
            scores[ranks] += weight
            total += weight
        ranks = self.in_years(np.flatnonzero(scores).astype(np.int32), reading)
        best: list[int] = ranks[np.argsort(-scores[ranks], kind="stable")][:_MOST_RANKED].tolist()
        wanted = set(reading.words)
        return [
            rank
            for rank in best
            if scores[rank] >= _LEAST_SHARE * total
            or any(3 * len(name) >= len(wanted) and wanted.issuperset(name) for name in self._worded(rank))
        ][:limit]

    def knows(self, word: str) -> bool:
        """Whether any title has this word."""
        return word in self._tables.words

    def _names(self, rank: int) -> list[str]:
        """Title and aliases of a movie."""
        names, _ = self._catalogue.names(self._order[rank : rank + 1])
        return [names[number] for number in range(len(names))]

    def _worded(self, rank: int) -> list[list[str]]:
        """The same, each as words without articles."""
        return [words_of(fold(name)) for name in self._names(rank)]

    def _having(self, word: str) -> Ranks:
        return self._united([self._tables.words.having(way) for way in same_number(word)])

    def _begun(self, word: str) -> Ranks:
        _, *others = ways = same_number(word)
        numbers = [self._tables.words.having(way) for way in ways] if others else []
        return self._united([self._tables.words.beginning(word), *numbers])

    @staticmethod
    def _united(sets: list[Ranks]) -> Ranks:
        return np.concatenate(sets) if len(sets) > 1 else sets[0]

    def _with_all(self, sets: Iterable[Ranks]) -> Ranks:
        ordered = sorted(sets, key=len)
        common = self._ascending(ordered[0])
        for ranks in ordered[1:]:
            if not len(common):
                break
            common = common[self._mask(ranks)[common]]
        return common

    def _ascending(self, ranks: Ranks) -> Ranks:
        """The different ranks, ascending."""
        # To sort a few is quicker than to walk over all movies, and many the other way round.
        if len(ranks) * _FEW < len(self._order):
            return distinct(ranks)
        return np.flatnonzero(self._mask(ranks)).astype(np.int32)

    def _mask(self, ranks: Ranks) -> Mask:
        mask = np.zeros(len(self._order), np.bool_)
        mask[ranks] = True
        return mask

    def _typos(self, key: str, ranks: Sequence[int]) -> dict[int, int]:
        """Least number of typos between a key and the names, or the beginnings of the names, of movies."""
        names, counts = self._catalogue.names(self._order[np.array(ranks, np.int64)])
        lines = folded(names)
        owners = np.repeat(np.array(ranks, np.int64), counts)[lines.origins]
        keys = lines.keys()
        typos: dict[int, int] = {}
        for rank, number in zip(owners.tolist(), range(len(keys)), strict=True):
            name = keys[number]
            fewest = min(OSA.distance(key, name), OSA.distance(key, name[: len(key)]))
            typos[rank] = min(fewest, typos.get(rank, fewest))
        return typos
