"""Shorthands of well-known titles, by their initials: LOTR, ESB, T2, BTTF, HP3."""

import re
from typing import NamedTuple

import numpy as np

from recommender.catalogue import Catalogue
from recommender.columns import Rows, Texts
from recommender.titles.folding import ARTICLES, CUT, fold, loosened
from recommender.titles.names import Names, Ranks

WELL_KNOWN = 20_000
"""So many movies have shorthands: nobody has made one for the others."""

_HERO = re.compile(r"(\S+ \S+) (?:and|&) the ", re.IGNORECASE)
_NUMBERED = re.compile(r"([a-z]{2,})(\d{1,2})")
_LONGEST = 10


class Initials(NamedTuple):
    """Shorthands and the movies they may stand for.

    Attributes
    ----------
    titles : Names
        Of whole titles and of their parts: ``bttf``, ``esb``, ``t2``.
    series : Names
        Of what several titles begin with, ``lotr`` and ``hp``: a number behind it counts the films.
    """

    titles: Names
    series: Names

    def in_series(self, key: str, years: Ranks) -> Ranks:
        """The films of a series, the one of that number first: ``hp3``.

        Parameters
        ----------
        key : str
        years : int32, shape (n_movies,)
            Of each rank.
        """
        found = _NUMBERED.fullmatch(key)
        ranks = self.series.exactly(found[1] if found else "")
        number = int(found[2]) if found else 0
        if not 1 <= number <= len(ranks):
            return ranks[:0]
        wanted = ranks[np.argsort(years[ranks], kind="stable")[number - 1]]
        return np.concatenate([[wanted], ranks[ranks != wanted]]).astype(np.int32)


def shorthands(catalogue: Catalogue, order: Rows) -> Initials:
    """The shorthands of the movies of a catalogue, given by their places in it, the best known one first."""
    columns = catalogue.columns
    titles = [columns.texts[code] for code in columns.singles[0, order[:WELL_KNOWN]].tolist()]
    of_titles: dict[tuple[str, int], None] = {}
    of_series: dict[tuple[str, int], None] = {}
    for rank, title in enumerate(titles):
        main, *others = CUT.split(title)
        hero = _HERO.match(title)
        for part in (title, *([main, *others] if others else ())):
            of_titles.update(((key, rank), None) for key in _shorthands(part))
        for part in ([main] if others else []) + ([hero[1]] if hero else []):
            of_series.update(((key, rank), None) for key in _shorthands(part))
    return Initials(_names(of_titles | of_series), _names(of_series))


def _names(found: dict[tuple[str, int], None]) -> Names:
    ranks = np.array([rank for _, rank in found], np.int32)
    return Names.of(Texts.of([key for key, _ in found]), ranks)


def _shorthands(name: str) -> list[str]:
    """First letters of all words, numbers whole, with and without the article in front."""
    words = loosened(fold(name).split())
    ways = [words, words[1:]] if words and words[0] in ARTICLES else [words]
    keys = ["".join(word if word.isdigit() else word[0] for word in way) for way in ways if len(way) > 1]
    return [key for key in keys if len(key) <= _LONGEST]
