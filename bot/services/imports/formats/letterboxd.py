"""Letterboxd's export: ``ratings``, ``watched``, ``watchlist``, ``diary``, ``reviews``, and lists."""

from bot.services.imports.entries import Kind, Wishes
from bot.services.imports.intake import Intake
from bot.services.imports.reading import Table

NAME = "Letterboxd"

_WEIGHTS = {"ratings": 3, "diary": 2, "reviews": 1}
"""Which file's rating counts where several are of the same day: ``ratings`` has what stands now."""


def fits(table: Table) -> bool:
    """Whether a table is one of Letterboxd's, by its header."""
    return table.has("name", "year", "letterboxduri") or table.has("position", "name", "year", "url")


def read(table: Table, intake: Intake, wishes: Wishes) -> None:
    """Hand in the rows of a table."""
    rated = table.has("rating")
    logged = table.has("watcheddate")
    weight = _WEIGHTS["reviews" if table.has("review") else "diary" if logged else "ratings"]
    unrated: Kind | None = "seen" if logged else _kind(table.file) or wishes.kind
    for row in table.rows:
        rating = table.cell(row, "rating").strip()
        # A diary says of a movie that it was seen, also where it was not rated.
        kind: Kind | None = "rating" if rated and (rating or not logged) else unrated
        intake.take(
            kind,
            table.cell(row, "name"),
            year=table.cell(row, "year"),
            rating=rating,
            at=table.cell(row, "date"),
            watched=table.cell(row, "watcheddate"),
            weight=weight,
        )


def _kind(file: str) -> Kind | None:
    """What the name of a file without ratings says of it; the headers are the same."""
    if "watchlist" in file:
        return "watchlist"
    return "seen" if "watched" in file else None
