"""Stars as people write them and as they are shown."""

import re

from bot.errors import UserError
from bot.services.foreign import short

LEAST = 0.5
MOST = 5.0

_FULL = "★⭐🌟"
_EMPTY = "☆✩"
_SCALES = (5, 10)
_QUOTES = "\"'“”„‘’«»`"

_DECIMAL = re.compile(r"[+-]?(\d+(?:[.,]\d*)?|[.,]\d+)")
_HALF = re.compile(r"(\d*)½")
_MIXED = re.compile(r"(\d+) (?:1/2|½)")
_FRACTION = re.compile(r"(\d+(?:[.,]\d+)?)/(\d{1,2})")
_ROW = re.compile(f"([{_FULL}]*)(½?)[{_EMPTY}]*")
_UNIT = re.compile(rf"^[{_FULL}]\s*(?=[\d.,])|(?<=[\d.,½])\s*(?:[{_FULL}]|stars?)$", re.IGNORECASE)

_HOW = "stars go from 0.5 to 5 in halves, like 4.5"


def valid_stars(stars: float) -> float:
    """The stars, if they are some.

    Raises
    ------
    UserError
        If they are not 0.5 to 5 in halves.
    """
    if not LEAST <= stars <= MOST or stars * 2 != int(stars * 2):
        raise UserError(f"{stars:g} is no number of stars: {_HOW}")
    return float(stars)


def parse_stars(text: str) -> float:
    """Read ``4.5``, ``4,5``, ``4½``, ``4 1/2``, ``9/10``, ``4/5``, ``★★★★½``, ``4.5★`` or ``4.5 stars``.

    Raises
    ------
    UserError
        If it is none of these, or not 0.5 to 5 in halves.
    """
    stars = _number(_tidy(text))
    if stars is None:
        raise UserError(f"“{short(text)}” is no number of stars: {_HOW}")
    return _checked(stars, text)


def format_stars(stars: float) -> str:
    """Four and a half stars as ``★★★★½``."""
    return "★" * int(stars) + ("½" if stars % 1 else "")


def split_rating(text: str) -> tuple[str, float]:
    """Take ``Blade Runner 4.5`` apart into the title and the stars, which stand at the end.

    The stars are the last word in any form of `parse_stars`, or the last two: ``4 1/2``, ``4 stars``.
    So a title may end in a number (``1917 4``, ``Se7en 4 1/2``) as long as the stars follow it.

    Raises
    ------
    UserError
        If the title or the stars are missing, or the stars are not 0.5 to 5 in halves.
    """
    words = text.split()
    if not words:
        raise UserError("say which movie and how many stars, like: Blade Runner 4.5")
    for count in (2, 1):
        stars = _number(_tidy(" ".join(words[-count:]))) if len(words) >= count else None
        if stars is None:
            continue
        title = " ".join(words[:-count]).strip(_QUOTES).strip()
        if not title:
            raise UserError(f"say the title before the stars, like: {short(text)} 4.5")
        return title, _checked(stars, " ".join(words[-count:]), text)
    raise UserError(
        f"no stars at the end of “{short(text)}”: write them behind the title, like: Blade Runner 4.5"
    )


def _tidy(text: str) -> str:
    # Emoji come with a mark (U+FE0F) that says "in colour".
    plain = " ".join(text.replace("\ufe0f", "").split())
    return _UNIT.sub("", plain)


def _number(text: str) -> float | None:
    """The number that is written, in whatever form; None if it is none."""
    if not text:
        return None
    if match := _MIXED.fullmatch(text):
        return float(match[1]) + 0.5
    if match := _HALF.fullmatch(text):
        return float(match[1] or 0) + 0.5
    if text == "1/2":
        return 0.5
    if match := _FRACTION.fullmatch(text):
        scale = int(match[2])
        return float(match[1].replace(",", ".")) * MOST / scale if scale in _SCALES else None
    if _DECIMAL.fullmatch(text):
        return float(text.replace(",", "."))
    if match := _ROW.fullmatch(text):
        return len(match[1]) + (0.5 if match[2] else 0)
    return None


def _checked(stars: float, written: str, whole: str = "") -> float:
    if LEAST <= stars <= MOST and stars * 2 == int(stars * 2):
        return stars
    advice = ""
    if whole and stars > MOST:
        advice = f"; if {short(written)} belongs to the title, write the stars behind it: {short(whole)} 4.5"
    raise UserError(f"{short(written)} is no number of stars: {_HOW}{advice}")
