"""This bot's own export."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, cast

from bot.services.imports import cells
from bot.services.imports.entries import BadImport, Kind
from bot.services.imports.intake import NO_NUMBER, Intake
from bot.services.imports.scale import read as read_amount
from bot.services.stars import LEAST, MOST

NAME = "Matinée"
FORMAT, VERSION = "matinee-export", 1
FILE = "matinee.json"

_TABLES: dict[str, tuple[Kind, str]] = {
    "ratings": ("rating", "rated_at"),
    "seen": ("seen", "seen_at"),
    "watchlist": ("watchlist", "added_at"),
}
"""What the rows of each part are, and which of their columns says when."""


def fits(document: Any) -> bool:
    """Whether a document is such an export."""
    return isinstance(document, dict) and cast(dict[str, Any], document).get("format") == FORMAT


def read(document: Mapping[str, Any], intake: Intake) -> None:
    """Hand in the ratings, what was seen, and the watchlist of an export.

    Raises
    ------
    BadImport
        If it is of a newer version.
    """
    if document.get("version") != VERSION:
        raise BadImport("that export is of another version of the bot: update this one first")
    for name, (kind, time) in _TABLES.items():
        for row in rows(document, name):
            stars = row.get("stars")
            amount = read_amount(str(stars)) if isinstance(stars, int | float) else None
            if kind == "rating" and amount is None:
                intake.skip(NO_NUMBER)
                continue
            intake.take(
                kind,
                text(row, "title"),
                year=whole(row, "year"),
                rating=amount,
                at=when(row, time),
                imdb=whole(row, "imdb_id"),
                tmdb=whole(row, "tmdb_id"),
            )


def rows(document: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """The rows of a part of an export; those that are none are passed over."""
    part = document.get(name)
    if isinstance(part, list):
        yield from (cast(dict[str, Any], row) for row in cast(list[Any], part) if isinstance(row, dict))


def text(row: Mapping[str, Any], name: str) -> str:
    """A text of a row; empty if it has none."""
    value = row.get(name)
    return value if isinstance(value, str) else ""


def whole(row: Mapping[str, Any], name: str) -> int | None:
    """A number of a row, if it is one that a database can hold."""
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= cells.MOST_ID:
        return None
    return value


def when(row: Mapping[str, Any], name: str) -> datetime | None:
    """A time of a row, to the microsecond."""
    try:
        found = datetime.fromisoformat(text(row, name)[: cells.LONGEST_CELL])
    except ValueError:
        return None
    return found if found.tzinfo is not None and 1990 <= found.year < 2100 else None


def is_rating(value: Any) -> bool:
    """Whether a value is stars, or none."""
    if value is None:
        return True
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and LEAST <= value <= MOST and value * 2 == int(value * 2)
