"""The rows that found no movie: handed back as a table that can be corrected and uploaded again."""

import re
from collections.abc import Iterable

from bot.services.imports.entries import KINDS, Kind, Wishes
from bot.services.imports.intake import Intake
from bot.services.imports.reading import Table
from bot.services.sheets import as_csv
from bot.store.imports import StoredWaiting

NAME = "corrected rows"
HEADER = ("Matinée row", "Kind", "Title", "Year", "imdbID", "tmdbID", "Rating", "Date", "Why")

# Spelt out, as spreadsheets take "3-12" for the third of December. Older files have that form.
_MARK = re.compile(r"(?:import )?(\d{1,10})(?:-| row )(\d{1,10})")


def fits(table: Table) -> bool:
    """Whether a table is one that was handed back, by its header."""
    return table.has("matinéerow", "kind", "title")


def read(table: Table, intake: Intake, wishes: Wishes) -> None:  # noqa: ARG001 - a form like the others
    """Hand in the rows of a table."""
    kinds: dict[str, Kind] = {kind: kind for kind in KINDS}
    for row in table.rows:
        mark = _MARK.fullmatch(table.cell(row, "matinéerow").strip())
        intake.take(
            kinds.get(table.cell(row, "kind").strip().casefold(), "rating"),
            table.cell(row, "title"),
            year=table.cell(row, "year"),
            rating=table.cell(row, "rating"),
            at=table.cell(row, "date"),
            imdb=table.cell(row, "imdbid"),
            tmdb=table.cell(row, "tmdbid"),
            replaces=None if mark is None else (int(mark[1]), int(mark[2])),
        )


def write(rows: Iterable[StoredWaiting]) -> bytes:
    """The table of some rows."""
    text = as_csv(
        HEADER,
        (
            (
                "" if row.line is None else f"import {row.batch_id} row {row.line}",
                row.kind,
                row.title,
                row.year,
                "" if row.imdb_id is None else f"tt{row.imdb_id:07}",
                row.tmdb_id,
                row.stars,
                row.noted_at.isoformat(),
                row.why,
            )
            for row in rows
        ),
    )
    # With a mark, because the spreadsheet that most people open it with takes it for cp1252 else.
    return text.encode("utf-8-sig")
