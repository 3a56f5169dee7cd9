"""CSV files that people open in a spreadsheet, which must not take a title for a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""How a cell begins that a spreadsheet may work out, or that has been defused before."""


def as_csv(header: Sequence[str], rows: Iterable[Sequence[str | float | None]]) -> str:
    """A table as text; every text that may be a formula begins with an apostrophe more than it has.

    `original` takes that one away again, so that what is read is what was written. Numbers stay numbers.
    """
    text = io.StringIO(newline="")
    out = csv.writer(text)
    out.writerow(header)
    out.writerows([_defused(cell) for cell in row] for row in rows)
    return text.getvalue()


def original(cell: str) -> str:
    """A cell as it was before `as_csv`, or another program that does the same, defused it."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _defused(cell: str | float | None) -> str | float | None:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell
