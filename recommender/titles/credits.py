"""The people that a catalogue names, found by what somebody types."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from recommender.columns import Codes, Lists, Texts
from recommender.titles.folding import fold, fold_all

Mask = npt.NDArray[np.bool_]

_MOST_ALIKE = 100
"""So many people of one name are found at most."""
_LIKE = 0.6


class Named(NamedTuple):
    """People whose name is what somebody typed.

    Attributes
    ----------
    name : str
        As the catalogue writes it.
    codes : int32, shape (n,)
        Their numbers among the texts of the catalogue.
    """

    name: str
    codes: Codes


class Credits:
    """Directors, writers and leads of the movies of a catalogue; never changes, so threads may share it.

    All names are one text, a line each, who is in most movies first: a Python object for each of 300,000
    names would take 40 MB.

    Parameters
    ----------
    texts : Texts
        Of a catalogue.
    people : sequence of Lists
        `recommender.catalogue.Catalogue.people`.
    """

    def __init__(self, texts: Texts, people: Sequence[Lists]) -> None:
        self._texts = texts
        self._lists = people
        found = np.concatenate([one.values for one in self._lists])
        codes, films = np.unique(found, return_counts=True)
        self._codes: Codes = codes[np.argsort(-films, kind="stable")]
        lines = [
            " ".join(line.split()) for line in fold_all([self._texts[code] for code in self._codes.tolist()])
        ]
        self._lines = "\n" + "\n".join(lines) + "\n"
        self._starts = np.cumsum([0, *(len(line) + 1 for line in lines)])

    def named(self, text: str) -> Named | None:
        """Who has this name, whatever the case and accents; the best known one if several write it apart."""
        wanted = fold(text)
        places = self._places(f"\n{wanted}\n", _MOST_ALIKE) if wanted else []
        return Named(self._name(places[0]), self._codes[places]) if places else None

    def suggest(self, text: str, limit: int) -> list[str]:
        """Names with a word that begins like what is being typed; who is in most movies comes first."""
        typed = fold(text)
        found = {place for begin in "\n " for place in self._places(f"{begin}{typed}", limit)}
        return list(dict.fromkeys(map(self._name, sorted(found))))[:limit]

    def near(self, text: str, limit: int = 3) -> list[str]:
        """Names that are nearly what somebody typed, nearest first."""
        if not len(self._codes) or not fold(text):
            return []
        lines = self._lines[1:-1].split("\n")
        found = process.extract(
            fold(text), lines, scorer=OSA.normalized_similarity, score_cutoff=_LIKE, limit=limit
        )
        return list(dict.fromkeys(self._name(place) for _, _, place in found))

    def movies_of(self, codes: Codes) -> Mask:
        """Which movies any of these people made or play in.

        Parameters
        ----------
        codes : int32, shape (n,)

        Returns
        -------
        bool, shape (n_movies,)
        """
        return self._any([np.isin(one.values, codes) for one in self._lists])

    def someone(self) -> Mask:
        """Of which movies at least one of these people is known: bool, shape (n_movies,)."""
        return self._any([np.ones(len(one.values), np.bool_) for one in self._lists])

    def _any(self, entries: list[Mask]) -> Mask:
        found = np.zeros(len(self._lists[0].starts) - 1, np.bool_)
        for one, wanted in zip(self._lists, entries, strict=True):
            rows = np.repeat(np.arange(len(found)), np.diff(one.starts))
            found[rows[wanted]] = True
        return found

    def _places(self, part: str, most: int) -> list[int]:
        """Places of the first names in whose lines a part stands, in their order."""
        places: list[int] = []
        at = self._lines.find(part)
        while at >= 0 and len(places) < most:
            # What begins with a line break belongs to the line behind it.
            places.append(int(np.searchsorted(self._starts, at, side="right")) - 1)
            at = self._lines.find(part, at + 1)
        return [place for place in places if place < len(self._codes)]

    def _name(self, place: int) -> str:
        return self._texts[int(self._codes[place])]
