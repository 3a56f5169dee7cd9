"""Addresses of films at IMDb, TMDB and Letterboxd, which people paste in place of a title."""

import re
from typing import Literal, NamedTuple

_ADDRESS = re.compile(
    r"<?(?:https?://)?(?:[a-z0-9-]+\.)*(?P<site>[a-z0-9-]+\.[a-z]{2,})/(?P<path>[^\s>]*)>?", re.I
)
_NUMBER_AT_IMDB = re.compile(r"tt(\d{5,9})", re.I)
# A language may stand in front, and anything behind.
_IMDB = re.compile(r"(?:[a-z]{2}(?:-[a-z]{2})?/)?title/tt(\d{1,9})(?:[/?#].*)?", re.I)
_TMDB = re.compile(r"movie/(\d{1,9})(?:[-/?#].*)?", re.I)
_LETTERBOXD = re.compile(r"(?:[\w-]+/)?film/([\w-]+)(?:[/?#].*)?", re.I)

Fact = Literal["imdb_id", "tmdb_id"]


class Link(NamedTuple):
    """What an address says of a film.

    Attributes
    ----------
    fact : str or None
        Of what the film has this number: ``imdb_id`` or ``tmdb_id``.
    number : int
    title : str
        Without a number: its title, perhaps with the year behind it.
    """

    fact: Fact | None
    number: int = 0
    title: str = ""


def is_address(text: str) -> bool:
    """Whether a text is the address of a page: at one of the three sites, or with ``https://`` in front."""
    found = _ADDRESS.fullmatch(text.strip())
    sites = ("imdb.com", "themoviedb.org", "letterboxd.com", "boxd.it")
    return found is not None and ("://" in text or found["site"].lower() in sites)


def link(text: str) -> Link | None:
    """The film that an address, or a number such as ``tt0133093``, names; None if it names none.

    Letterboxd's addresses have no number, but the title without its punctuation, and with the year where
    another film had the title before: ``letterboxd.com/film/parasite-2019/``.
    """
    number = _NUMBER_AT_IMDB.fullmatch(text.strip())
    if number:
        return Link("imdb_id", int(number[1]))
    address = _ADDRESS.fullmatch(text.strip())
    if address is None:
        return None
    site, path = address["site"].lower(), address["path"]
    if site == "imdb.com" and (found := _IMDB.fullmatch(path)):
        return Link("imdb_id", int(found[1]))
    if site == "themoviedb.org" and (found := _TMDB.fullmatch(path)):
        return Link("tmdb_id", int(found[1]))
    if site == "letterboxd.com" and (found := _LETTERBOXD.fullmatch(path)):
        return Link(None, title=found[1].replace("-", " "))
    return None
