"""The rows that found no movie: handed back as a table that can be corrected and uploaded again."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime

from bot.services.imports import cells
from bot.services.imports.entries import KINDS, Kind, Wishes
from bot.services.imports.intake import Intake
from bot.services.imports.reading import Table

NAME = "corrected rows"
HEADER = ("Matinée row", "Kind", "Title", "Year", "imdbID", "tmdbID", "Rating", "Date", "Why")


def fits(table: Table) -> bool:
    """Whether a table is one that was handed back, by its header."""
    return table.has("matinéerow", "kind", "title")


def read(table: Table, intake: Intake, wishes: Wishes) -> None:  # noqa: ARG001 - a form like the others
    """Hand in the rows of a table."""
    kinds: dict[str, Kind] = {kind: kind for kind in KINDS}
    for row in table.rows:
        batch, _, line = table.cell(row, "matinéerow").strip().partition("-")
        number = cells.tmdb_id(batch), cells.tmdb_id(line)
        intake.take(
            kinds.get(table.cell(row, "kind").strip().casefold(), "rating"),
            table.cell(row, "title"),
            year=table.cell(row, "year"),
            rating=table.cell(row, "rating"),
            at=table.cell(row, "date"),
            imdb=table.cell(row, "imdbid"),
            tmdb=table.cell(row, "tmdbid"),
            replaces=None if number[0] is None or number[1] is None else (number[0], number[1]),
        )


def write(
    rows: Iterable[
        tuple[int, int, Kind, str, int | None, int | None, int | None, float | None, datetime | None, str]
    ],
) -> bytes:
    """The table of some rows.

    Parameters
    ----------
    rows : iterable of tuples
        Import, line, kind, title, year, numbers at IMDb and TMDB, stars, time, and why there is no movie.
    """
    text = io.StringIO(newline="")
    out = csv.writer(text)
    out.writerow(HEADER)
    for batch, line, kind, title, year, imdb, tmdb, stars, at, why in rows:
        out.writerow(
            (
                f"{batch}-{line}",
                kind,
                title,
                year,
                "" if imdb is None else f"tt{imdb:07}",
                tmdb,
                stars,
                "" if at is None else at.isoformat(),
                why,
            )
        )
    # With a mark, because the spreadsheet that most people open it with takes it for cp1252 else.
    return text.getvalue().encode("utf-8-sig")
