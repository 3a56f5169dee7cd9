"""Titles of which one source has a part only: ``Star Wars`` of ``Star Wars: Episode IV - A New Hope``."""

import re
from collections.abc import Iterable, Iterator

from recommender.catalogue import Movie
from recommender.datasets.matching import by_key, name_keys

_CUT = re.compile(r":\s+|\s+[-–—]\s+")
_OWNER = re.compile(r"[^:]{2,30}?['’]s\s+")
_SHORTEST = 4


class PartIndex:
    """Movies by parts of their titles: before and behind a colon, or without whose it is in front.

    A part tells little, so that it counts together with the very same year only.

    Parameters
    ----------
    movies : iterable of Movie
    """

    def __init__(self, movies: Iterable[Movie]) -> None:
        names = [
            (name, movie.movie_id)
            for movie in movies
            if movie.year is not None
            for name in (movie.title, *movie.aliases)
        ]
        self._whole = by_key(names)
        self._parts = by_key((part, movie_id) for name, movie_id in names for part in _parts(name))

    def named(self, titles: Iterable[str]) -> set[int]:
        """Ids of the movies of which one of these is a part of the title, or the other way round."""
        found: set[int] = set()
        for title in titles:
            for key in name_keys([title]):
                found.update(self._parts.get(key, ()))
            for key in name_keys(_parts(title)):
                found.update(self._whole.get(key, ()))
        return found


def _parts(title: str) -> Iterator[str]:
    for cut in _CUT.finditer(title):
        yield from (part for part in (title[: cut.start()], title[cut.end() :]) if len(part) >= _SHORTEST)
    owner = _OWNER.match(title)
    if owner and len(title) - owner.end() >= _SHORTEST:
        yield title[owner.end() :]
