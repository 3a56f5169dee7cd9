"""Any other table with columns that can be recognised; what was understood is shown and can be corrected."""

import re

from bot.services.imports import scale
from bot.services.imports.entries import FIELDS, BadImport, Columns, Kind, Wishes
from bot.services.imports.intake import Intake
from bot.services.imports.reading import Table
from recommender.datasets.title import parse_title

NAME = "a table"

_NAMES = {
    "title": "title name film movie movietitle filmtitle moviename filmname название русскоязычноеназвание "
    "titel filmtitel titre titulo título titolo tytuł",
    "original": "originaltitle originalname оригинальноеназвание originaltitel titreoriginal títulooriginal "
    "tytułoryginalny",
    "year": "year releaseyear yearreleased год jahr année annee año ano anno rok",
    "rating": "yourrating yourated myrating userrating rating stars score myscore мояоценка оценка bewertung "
    "wertung note noteperso nota voto ocena grade vote",
    "date": "daterated rateddate ratedat ratedon datewatched watcheddate watchedat watchedon date created "
    "createdat timestamp дата датаоценки датапросмотра dateadded datum fecha data",
    "imdb": "imdbid imdb imdburl imdblink const tconst",
    "tmdb": "tmdbid tmdb themoviedbid",
}
_RATING = re.compile(r"(?:my|your|user)?(?:rating|score|stars|оценка)(?:outof)?(?:1?\d{0,2}0|5|15|110|1100)")
_KINDS: dict[str, Kind] = {
    "watchlist": "watchlist",
    "wish": "watchlist",
    "watched": "seen",
    "seen": "seen",
    "history": "seen",
}


def read(table: Table, intake: Intake, wishes: Wishes) -> Columns:
    """Hand in the rows of a table, and answer how it was understood.

    Raises
    ------
    BadImport
        If no column can be recognised.
    """
    found = _recognised(table)
    if not found and not wishes.columns:
        names = ", ".join(name for name in table.header if name)[:150]
        raise BadImport(
            f"{table.file} has no column that can be recognised among: {names}; "
            "name them Title, Year and Rating"
        )
    found |= {name: place for name, place in wishes.columns.items() if name in FIELDS}
    found = {name: found[name] for name in FIELDS if 0 <= found.get(name, -1) < len(table.header)}
    if "original" in found and "title" not in found:
        found = {"title": found["original"], **found}
    most: int | None = None
    if "rating" in found:
        place = found["rating"]
        amounts = (scale.read(row[place]) for row in table.rows)
        most = wishes.scale or scale.guess(
            table.header[place], (amount for amount in amounts if amount is not None)
        )
    if not found.keys().isdisjoint(("title", "imdb", "tmdb")):
        _hand_in(table, intake, wishes, found, most)
    return Columns(table.header, found, most)


def _hand_in(table: Table, intake: Intake, wishes: Wishes, found: dict[str, int], most: int | None) -> None:
    told: list[Kind] = [kind for word, kind in _KINDS.items() if word in table.file]
    unrated = wishes.kind or (told[0] if told else None)

    def cell(row: list[str], name: str) -> str:
        return row[found[name]] if name in found else ""

    kind: Kind | None = unrated if most is None else "rating"
    for row in table.rows:
        title, year = cell(row, "title"), cell(row, "year")
        aliases = (cell(row, "original"),)
        if "year" not in found:
            # Then it may stand behind the title, as MovieLens has it.
            parsed = parse_title(title[:1000])
            if parsed.year is not None:
                title, year, aliases = parsed.title, str(parsed.year), (*aliases, *parsed.aliases)
        intake.take(
            kind,
            title,
            year=year,
            rating=cell(row, "rating"),
            most=most or scale.SCALES[0],
            at=cell(row, "date"),
            imdb=cell(row, "imdb"),
            tmdb=cell(row, "tmdb"),
            aliases=aliases,
        )


def _recognised(table: Table) -> dict[str, int]:
    found: dict[str, int] = {}
    for field, known in _NAMES.items():
        place = table.place(*known.split())
        if place is not None:
            found[field] = place
    if "rating" not in found:
        place = next((place for name, place in table.places.items() if _RATING.fullmatch(name)), None)
        if place is not None:
            found["rating"] = place
    if "imdb" not in found:
        place = table.place("url", "link")
        if place is not None and any("imdb.com/title/tt" in row[place] for row in table.rows[:20]):
            found["imdb"] = place
    return found
