"""Single cells of other people's tables: titles, years, numbers of movies, times."""

import re
from datetime import UTC, datetime

from recommender.datasets.title import one_line

LONGEST_TITLE = 300
LONGEST_CELL = 100
MOST_ID = 2**31 - 1

_YEAR = re.compile(r"\(?((?:18|19|20)\d\d)(?:\.0+)?\)?(?:\s*[-–—].{0,6})?")
_IMDB = re.compile(r"^(?:tt)?(\d{1,10})(?:\.0+)?$|tt(\d{5,10})(?:\D|$)", re.IGNORECASE)
_NUMBER = re.compile(r"(\d{1,10})(?:\.0+)?")
_ISO = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:[T ]+(\d\d?):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?(?: ?(Z|UTC)|([+-]\d\d):?(\d\d))?"
)
_DOTTED = re.compile(r"(\d\d?)([./])(\d\d?)\2(\d{4})(?:,?\s+(\d\d?):(\d\d)(?::(\d\d))?)?")
_SPELT = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d\d?) (\d\d):(\d\d):(\d\d) (\d{4})")
_EPOCH = re.compile(r"\d{9,10}|\d{12,13}")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


def title(cell: str) -> str:
    """A title on one line; empty if there is none, or far too much for one."""
    text = one_line(cell[: 4 * LONGEST_TITLE])
    return text if len(text) <= LONGEST_TITLE else ""


def year(cell: str) -> int | None:
    """A year: ``1999``, ``(1999)``, ``1999.0``, ``1999–2003``."""
    found = _YEAR.fullmatch(cell.strip()) if len(cell) <= LONGEST_CELL else None
    return int(found[1]) if found else None


def imdb_id(cell: str) -> int | None:
    """The number in ``tt0133093``, ``133093`` or an address with it."""
    found = _IMDB.search(cell.strip()) if len(cell) <= 4 * LONGEST_CELL else None
    return _id(found[1] or found[2]) if found else None


def tmdb_id(cell: str) -> int | None:
    """A movie's number at TMDB."""
    found = _NUMBER.fullmatch(cell.strip()) if len(cell) <= LONGEST_CELL else None
    return _id(found[1]) if found else None


def moment(cell: str) -> datetime | None:
    """A time in one of the ways in which such files write it; None if it is not certain.

    ``05/04/2017`` may be in April or in May, so it is no time. What lies before there were such sites
    is none either.
    """
    text = cell.strip()
    if not text or len(text) > LONGEST_CELL:
        return None
    try:
        found = _moment(text)
    except (ValueError, OverflowError, OSError):
        return None
    return found if found is not None and _FIRST_YEAR <= found.year < _LAST_YEAR else None


def _moment(text: str) -> datetime | None:
    if found := _ISO.fullmatch(text):
        date = [int(part or 0) for part in found.groups()[:6]]
        zone = "+00:00" if found[8] is None else f"{found[8]}:{found[9]}"
        written = f"{date[0]:04}-{date[1]:02}-{date[2]:02}T{date[3]:02}:{date[4]:02}:{date[5]:02}"
        return datetime.fromisoformat(f"{written}{zone}").astimezone(UTC)
    if found := _DOTTED.fullmatch(text):
        first, second, of_year = int(found[1]), int(found[3]), int(found[4])
        day, month = (second, first) if second > 12 else (first, second)
        if found[2] == "/" and first <= 12 and second <= 12 and first != second:
            return None
        hours = [int(part or 0) for part in found.groups()[4:]]
        return datetime(of_year, month, day, *hours, tzinfo=UTC)
    if found := _SPELT.fullmatch(text):
        month = _MONTHS.index(str(found[1])) + 1
        day, hour, minute, second, of_year = (int(found[place]) for place in (2, 3, 4, 5, 6))
        return datetime(of_year, month, day, hour, minute, second, tzinfo=UTC)
    if _EPOCH.fullmatch(text):
        number = int(text)
        return datetime.fromtimestamp(number / 1000 if len(text) > 10 else number, UTC)
    return None


def _id(digits: str) -> int | None:
    number = int(digits)
    return number if 0 < number <= MOST_ID else None
