"""From other people's scales to stars, without hiding what was done."""

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from bot.services.wording import listed, stars_number

SCALES = (5, 10, 100)
"""What the best rating may be called, where a file does not say it in each cell."""

_FULL, _EMPTY = "★⭐🌟*", "☆✩"
_AMOUNT = re.compile(r"(\d{1,6})(?:[.,](\d{0,12}))?(½?)|(½)")
_OF = re.compile(r"(.+?)\s*(?:/|\bof\b|\bout of\b)\s*(\d{1,4})(?:\.0+)?", re.IGNORECASE)
_ROW = re.compile(f"([{re.escape(_FULL)}]{{0,10}})(½?)[{_EMPTY}]{{0,10}}")
_UNIT = re.compile(r"\s*(?:stars?|points?|pts?|★|⭐)$", re.IGNORECASE)
_NAMED = re.compile(r"(?<!\d)(10{1,2}|5)(?!\d)")
_LONGEST = 60


class Amount(NamedTuple):
    """A rating as it stands in a cell; `most` is what the best one is, where the cell says so."""

    value: Fraction
    most: int | None


def read(cell: str) -> Amount | None:
    """Read ``4.5``, ``4,5``, ``4½``, ``8/10``, ``2 of 5``, ``85 %`` or ``★★★½``; None if it is no rating."""
    text = cell.strip()
    if not text or len(text) > _LONGEST:
        return None
    row = _ROW.fullmatch(text)
    if row and (row[1] or row[2]):
        return Amount(len(row[1]) + Fraction(bool(row[2]), 2), 5)
    most: int | None = None
    if text.endswith("%"):
        text, most = text[:-1], 100
    elif found := _OF.fullmatch(text):
        text, most = found[1], int(found[2])
        if most == 0:
            return None
    value = _value(_UNIT.sub("", text).strip())
    return None if value is None else Amount(value, most)


def plain(value: Fraction) -> str:
    """A rating as people write it: ``85`` or ``4.25``."""
    return f"{float(value):g}"


def examples(most: int) -> str:
    """What three ratings of a scale become: ``10 is ★5, 8 is ★4 and 1 is ★½``."""
    shown = {value: stars(Amount(Fraction(value), most), most) for value in (most, most * 4 // 5, 1)}
    return listed([f"{value} is ★{stars_number(found[0])}" for value, found in shown.items() if found])


def guess(header: str, amounts: Iterable[Amount]) -> int:
    """The scale of a column: what its header names, else the smallest one that has room for all of it."""
    named = _NAMED.findall(header)
    if len(set(named)) == 1:
        return int(named[0])
    largest = max((amount.value for amount in amounts if amount.most is None), default=Fraction(0))
    return next((scale for scale in SCALES if largest <= scale), SCALES[-1])


def stars(amount: Amount, scale: int) -> tuple[float, bool] | None:
    """The stars of a rating, and whether they had to be brought to the nearest half.

    What lies in the middle goes up: 85 of 100 are 4.25 and become 4.5. The least rating there is is half
    a star. None for 0, which these sites use for "not rated", and for what is beyond the scale.
    """
    most = amount.most or scale
    if not 0 < amount.value <= most:
        return None
    halves = amount.value * 10 / most
    nearest = max(int(halves + Fraction(1, 2)), 1)
    return nearest / 2, nearest != halves


def _value(text: str) -> Fraction | None:
    found = _AMOUNT.fullmatch(text)
    if found is None:
        return None
    if found[4]:
        return Fraction(1, 2)
    whole, decimals = int(found[1]), found[2] or ""
    return whole + Fraction(int(decimals or 0), 10 ** len(decimals)) + Fraction(bool(found[3]), 2)
