"""Dates such as 5/4/2020: whether the month or the day comes first is seen in the whole table alone."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from bot.services.imports.cells import LONGEST_CELL
from bot.services.imports.reading import Table

_UNKNOWN = "dates such as {} may be month/day or day/month, so that time is unknown"
_SLASHED = re.compile(r"(\d\d?)/(\d\d?)/(\d{4})(?:,? +(\d\d?:\d\d(?::\d\d)?))?")


class _Date(NamedTuple):
    first: int
    second: int
    year: str
    time: str

    @property
    def ambiguous(self) -> bool:
        return self.first != self.second and max(self.first, self.second) <= 12

    def __str__(self) -> str:
        return f"{self.first}/{self.second}/{self.year}"

    def iso(self, month_first: bool) -> str:
        month, day = (self.first, self.second) if month_first else (self.second, self.first)
        return f"{self.year}-{month:02}-{day:02} {self.time}".rstrip()


def settled(table: Table) -> tuple[Table, str]:
    """Write the dates of a table so that they can be read one by one, and say how they were understood.

    A spreadsheet that saves a table anew writes all dates of it in the order of its country. One date
    with a day above twelve tells which that is; where none or where both orders are found, the dates stay.

    Returns
    -------
    Table
        With dates such as 2020-05-04, in the columns that hold mostly dates with slashes.
    str
        A line about them; empty if there are none.
    """
    columns = {place: dates for place in range(len(table.header)) if (dates := _dates(table, place))}
    found = [date for dates in columns.values() for date in dates.values()]
    if not found:
        return table, ""
    fitting = [month_first for month_first in (True, False) if _fits(found, month_first)]
    if len(fitting) != 1:
        return table, next((_UNKNOWN.format(date) for date in found if date.ambiguous), "")
    rows = [[*row] for row in table.rows]
    for place, dates in columns.items():
        for number, date in dates.items():
            rows[number][place] = date.iso(fitting[0])
    order = "month/day/year" if fitting[0] else "day/month/year"
    example = next(date for date in found if max(date.first, date.second) > 12)
    return replace(table, rows=rows), f"dates such as {example} were read as {order}"


def _dates(table: Table, place: int) -> dict[int, _Date]:
    """The dates of a column by the number of their row; none if most of it is something else."""
    cells = {number: cell for number, row in enumerate(table.rows) if (cell := row[place].strip())}
    dates = {number: date for number, cell in cells.items() if (date := _date(cell)) is not None}
    return dates if 2 * len(dates) > len(cells) else {}


def _date(cell: str) -> _Date | None:
    match = _SLASHED.fullmatch(cell) if len(cell) <= LONGEST_CELL else None
    if match is None or not all(0 < int(part) <= 31 for part in match.group(1, 2)):
        return None
    return _Date(int(match[1]), int(match[2]), match[3], match[4] or "")


def _fits(dates: Iterable[_Date], month_first: bool) -> bool:
    return all((date.first if month_first else date.second) <= 12 for date in dates)
