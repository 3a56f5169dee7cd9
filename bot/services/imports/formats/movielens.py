"""What movielens.org gives its users: their ratings and their wishlist, in half stars."""

from bot.services.imports.entries import Kind, Wishes
from bot.services.imports.intake import Intake
from bot.services.imports.reading import Table
from recommender.datasets.title import parse_title

NAME = "MovieLens"


def fits(table: Table) -> bool:
    """Whether a table is one of MovieLens', by its header."""
    return table.has("movieid", "title") and (table.has("averagerating") or table.has("imdbid", "rating"))


def read(table: Table, intake: Intake, wishes: Wishes) -> None:
    """Hand in the rows of a table."""
    unrated: Kind | None = "watchlist" if "wish" in table.file else wishes.kind
    for row in table.rows:
        title = parse_title(table.cell(row, "title")[:1000])
        intake.take(
            "rating" if table.has("rating") else unrated,
            title.title,
            year=title.year,
            rating=table.cell(row, "rating"),
            at=table.cell(row, "timestamp", "date"),
            imdb=table.cell(row, "imdbid"),
            tmdb=table.cell(row, "tmdbid"),
            aliases=title.aliases,
        )
