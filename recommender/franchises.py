"""Which movies belong together as one franchise: sequels, series, remakes of one name.

Movies of one collection are one franchise where the data names collections. Else the titles tell, and only
what two titles bear out is believed. A numbered title (``Toy Story 2``, ``The Godfather: Part II``, ``Alien
3``) belongs with the others of its stem. A subtitle's stem (``Star Wars: Episode IV``) counts from two words
on; one word (``Batman: Year One``) only if it is numbered somewhere, or is the whole title of another movie
and has two subtitles, so that ``Mission`` ties nothing together. A hero (``Harry Potter and the ...``) is
who has three movies. Movies of exactly the same title are one franchise: they are mostly remakes, and a list
of ten needs one of them.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from recommender.catalogue import Catalogue, Movie
from recommender.features import IntArray

LEAST_HEROES = 3

_LOW = "2|3|4|ii|iii|iv|two|three|four|eleven|twelve|thirteen"
_HIGH = "[5-9]|1[0-9]|v|vi|vii|viii|ix|five|six|seven|eight"
_NUMBERED = re.compile(
    rf"(?:\W+(?:part|chapter|episode|vol|volume|book)\W+(?P<part>1|i|one|x|{_LOW}|{_HIGH})"
    rf"|\s(?:(?P<low>{_LOW})|(?P<high>{_HIGH})))(?=$|\W+\s|:)"
)
_AGAIN = re.compile(r" (?:returns|forever|begins|reloaded|revolutions|resurrection|rises|salvation)$")
_SUBTITLE = re.compile(r": | - ")
_HERO = re.compile(r"(\S+ \S+) (?:and|&) the ")
_WORDS = re.compile(r"[\w']+")
_POWERS = str.maketrans({"²": " 2", "³": " 3", "⁴": " 4"})


def franchises(catalogue: Catalogue) -> IntArray:
    """The franchise of each movie.

    Returns
    -------
    int64, shape (n_movies,)
        In the catalogue's order; the row of the franchise's first movie, so a movie that belongs to none has
        a number of its own.
    """
    return _Titles(catalogue.movies).groups()


def one_of_each(ranked: IntArray, groups: IntArray, k: int) -> IntArray:
    """The first movie of each franchise in a ranked list, in the list's order.

    Parameters
    ----------
    ranked : int64, shape (n_ranked,)
        Rows, best first.
    groups : int64, shape (n_movies,)
        From `franchises`.
    k : int
        At most so many.
    """
    seen: set[int] = set()
    kept: list[int] = []
    for place, group in enumerate(groups[ranked].tolist()):
        if len(kept) == k:
            break
        if group not in seen:
            seen.add(group)
            kept.append(place)
    return ranked[kept]


class _Titles:
    """Every way in which a title hints at a franchise, collected by stem."""

    def __init__(self, movies: Sequence[Movie]) -> None:
        self._size = len(movies)
        self._whole: dict[str, list[int]] = defaultdict(list)
        self._bare: dict[str, list[int]] = defaultdict(list)
        self._numbered: dict[str, list[int]] = defaultdict(list)
        self._subtitled: dict[str, list[int]] = defaultdict(list)
        self._heroes: dict[str, list[int]] = defaultdict(list)
        self._sure: set[str] = set()
        self._collections: dict[str, list[int]] = defaultdict(list)
        for row, movie in enumerate(movies):
            if movie.collection is not None:
                self._collections[movie.collection].append(row)
            self._read(row, _plain(movie.title))
            for alias in movie.aliases:
                self._read_number(row, _plain(alias))

    def _read(self, row: int, title: str) -> None:
        key = _key(title)
        self._whole[key].append(row)
        self._bare[_bare(key)].append(row)
        self._read_number(row, title)
        for cut in _SUBTITLE.finditer(title):
            self._subtitled[_key(title[: cut.start()])].append(row)
        hero = _HERO.match(title) if " the " in title else None
        if hero:
            self._heroes[hero[1]].append(row)

    def _read_number(self, row: int, title: str) -> None:
        numbered = _NUMBERED.search(title, 1)
        match = numbered or _AGAIN.search(title)
        if match:
            stem = _bare(_key(title[: match.start()]))
            self._numbered[stem].append(row)
            if numbered is None or numbered["high"] is None:
                self._sure.add(stem)

    def groups(self) -> IntArray:
        """Movies with a believed stem in common, also over a third one, are one franchise."""
        leader: dict[int, int] = {}

        def find(row: int) -> int:
            while (above := leader.get(row, row)) != row:
                row = above
            return row

        for members in self._believed():
            first = find(members[0])
            for row in members[1:]:
                other = find(row)
                leader[max(first, other)] = first = min(first, other)
        groups = np.arange(self._size, dtype=np.int64)
        for row in leader:
            groups[row] = find(row)
        return groups

    def _believed(self) -> list[list[int]]:
        found = [rows for rows in self._whole.values() if len(rows) > 1]
        found += self._collections.values()
        found += [rows for rows in self._heroes.values() if len(rows) >= LEAST_HEROES]
        found += [
            [*rows, *self._bare.get(stem, ()), *self._subtitled.get(stem, ())]
            for stem, rows in self._numbered.items()
            # A high number alone, as in Apollo 13 or District 9, makes no sequel.
            if stem in self._sure
        ]
        for stem, rows in self._subtitled.items():
            whole = self._whole.get(stem, ())
            if " " in stem or (whole and len(rows) > 1):
                found.append([*rows, *whole])
        return found


def _plain(title: str) -> str:
    return title.casefold() if title.isascii() else title.casefold().translate(_POWERS)


def _bare(key: str) -> str:
    """The words without an article in front."""
    return key[4:] if key.startswith("the ") else key[2:] if key.startswith("a ") else key


def _key(title: str) -> str:
    """The words alone, however they are joined."""
    return " ".join(_WORDS.findall(title.replace("&", "and")))
