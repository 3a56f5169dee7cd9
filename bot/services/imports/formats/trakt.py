"""Trakt's JSON: ratings, history, watched movies and the watchlist."""

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, cast

from bot.services.imports.entries import Kind, Wishes
from bot.services.imports.intake import NO_MOVIE, Intake
from bot.services.imports.scale import Amount

NAME = "Trakt"
UNKNOWN = "not an entry about a movie"


def fits(document: Any) -> bool:
    """Whether a document is one of Trakt's: entries that have a movie or a show inside."""
    return any("movie" in one or "show" in one for one in _objects(document))


def read(file: str, document: Any, intake: Intake, wishes: Wishes) -> None:
    """Hand in the entries of a document.

    Parameters
    ----------
    file : str
        Its name, which tells the watchlist from other lists.
    document : list or dict
        The entries, or several lists of them by name.
    """
    if isinstance(document, dict):
        for name, part in cast(dict[str, Any], document).items():
            _read_list(f"{file} {name}".casefold(), part, intake, wishes)
    else:
        _read_list(file.casefold(), document, intake, wishes)


def _read_list(name: str, part: Any, intake: Intake, wishes: Wishes) -> None:
    for one in _objects(part):
        movie = one.get("movie")
        if not isinstance(movie, dict):
            intake.skip(NO_MOVIE if "show" in one or "episode" in one else UNKNOWN)
            continue
        movie = cast(dict[str, Any], movie)
        ids = movie.get("ids")
        numbers = cast(dict[str, Any], ids) if isinstance(ids, dict) else {}
        kind, time = _kind(one, name, wishes)
        intake.take(
            kind,
            _text(movie.get("title")),
            year=_text(movie.get("year")),
            rating=_amount(one.get("rating")) if kind == "rating" else None,
            most=10,
            at=_text(one.get(time)),
            imdb=_text(numbers.get("imdb")),
            tmdb=_text(numbers.get("tmdb")),
        )


def _kind(one: Mapping[str, Any], name: str, wishes: Wishes) -> tuple[Kind | None, str]:
    """What an entry says of its movie, and which of its keys says when."""
    if "rated_at" in one or "rating" in one:
        return "rating", "rated_at"
    for time in ("watched_at", "last_watched_at"):
        if time in one:
            return "seen", time
    # Lists of all kinds have the same entries as the watchlist.
    return ("watchlist" if "watchlist" in name else wishes.kind), "listed_at"


def _objects(document: Any) -> Iterator[dict[str, Any]]:
    """The objects in a list, or in the lists of an object."""
    parts: list[Any] = [document]
    if isinstance(document, dict):
        parts = list(cast(dict[str, Any], document).values())
    for part in parts:
        if isinstance(part, list):
            yield from (cast(dict[str, Any], one) for one in cast(list[Any], part) if isinstance(one, dict))


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _amount(value: Any) -> Amount | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return Amount(Fraction(value), 10)
