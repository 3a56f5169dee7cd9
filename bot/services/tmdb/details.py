"""What The Movie Database answers about one movie, taken apart with care: it may be anything."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

IMAGES = "https://image.tmdb.org/t/p/w342"
LONGEST_OVERVIEW = 2000
LONGEST_NAME = 80
MOST_OFFERS = 12
LONGEST_MOVIE = 1000
"""In minutes; what claims to be longer is a mistake in the data."""

_POSTER = re.compile(r"/[A-Za-z0-9_-]{1,100}\.(?:jpg|png)")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LINK = re.compile(r"https://www\.themoviedb\.org/[\x21-\x7e]{1,300}")


class Garbage(ValueError):
    """An answer that is not one."""


@dataclass(frozen=True, slots=True)
class Offers:
    """Where a movie can be watched in one country: names of the services, and the page that lists them."""

    streamed: tuple[str, ...]
    free: tuple[str, ...]
    rented: tuple[str, ...]
    bought: tuple[str, ...]
    link: str


@dataclass(frozen=True, slots=True)
class Details:
    """A movie at The Movie Database.

    Attributes
    ----------
    overview : str
        Empty where there is none.
    runtime : int or None
        In minutes.
    poster : str
        Address of a picture; empty where there is none.
    offers : mapping of country to Offers
        By ISO 3166-1 code.
    """

    overview: str
    runtime: int | None
    poster: str
    offers: Mapping[str, Offers]


def read_details(answer: object) -> Details:
    """Take an answer apart.

    Raises
    ------
    Garbage
        If it is no movie.
    """
    movie = mapping(answer)
    if not isinstance(movie.get("id"), int):
        raise Garbage("the answer is no movie")
    poster, runtime = movie.get("poster_path"), movie.get("runtime")
    providers = mapping(mapping(movie.get("watch/providers")).get("results"))
    return Details(
        overview=text(movie.get("overview"), LONGEST_OVERVIEW),
        runtime=runtime if isinstance(runtime, int) and 0 < runtime < LONGEST_MOVIE else None,
        poster=IMAGES + poster if isinstance(poster, str) and _POSTER.fullmatch(poster) else "",
        offers={
            country: _offers(mapping(found))
            for country, found in providers.items()
            if _COUNTRY.fullmatch(country)
        },
    )


def _offers(found: Mapping[str, Any]) -> Offers:
    link = found.get("link")
    return Offers(
        _names(found.get("flatrate")),
        _names(found.get("free")) + _names(found.get("ads")),
        _names(found.get("rent")),
        _names(found.get("buy")),
        link if isinstance(link, str) and _LINK.fullmatch(link) else "",
    )


def _names(found: object) -> tuple[str, ...]:
    if not isinstance(found, list):
        return ()
    names = (text(mapping(one).get("provider_name"), LONGEST_NAME) for one in cast(list[object], found))
    return tuple(dict.fromkeys(name for name in names if name))[:MOST_OFFERS]


def mapping(found: object) -> Mapping[str, Any]:
    """What is one, or an empty one."""
    return cast(Mapping[str, Any], found) if isinstance(found, dict) else {}


def text(found: object, limit: int) -> str:
    """What is one, on one line and not too long, or an empty one."""
    return " ".join(found.split())[:limit] if isinstance(found, str) else ""
