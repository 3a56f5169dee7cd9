"""IMDb's exports of ratings, watchlists and lists, in the forms they have had since 2017."""

import re

from bot.services.imports.entries import Wishes
from bot.services.imports.intake import NO_MOVIE, Intake
from bot.services.imports.reading import Table

NAME = "IMDb"

_NO_MOVIE = re.compile(r"serie|episod|game|video|podcast", re.IGNORECASE)


def fits(table: Table) -> bool:
    """Whether a table is one of IMDb's, by its header."""
    return table.has("const", "title")


def read(table: Table, intake: Intake, wishes: Wishes) -> None:  # noqa: ARG001 - a form like the others
    """Hand in the rows of a table: those with a rating as that, others as of the watchlist."""
    listed = table.has("position")
    for row in table.rows:
        if _NO_MOVIE.search(table.cell(row, "titletype")):
            intake.skip(NO_MOVIE)
            continue
        rating = table.cell(row, "yourrating", "yourated").strip()
        rated = rating or not listed or table.has("yourated")
        intake.take(
            "rating" if rated else "watchlist",
            table.cell(row, "title"),
            year=table.cell(row, "year"),
            rating=rating,
            most=10,
            at=table.cell(row, "daterated", "created") if rated else table.cell(row, "created"),
            imdb=table.cell(row, "const"),
            aliases=(table.cell(row, "originaltitle"),),
        )
