"""Everything about a person as one archive: for them to keep, to take elsewhere, or to bring back."""

import asyncio
import io
import json
import re
import zipfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import __version__
from bot.errors import UserError
from bot.services.clock import Clock, utc_now
from bot.services.imports.formats import own
from bot.services.pictures.painter import Picture
from bot.services.sheets import as_csv
from bot.services.wording import counted
from bot.store import Store, brought
from bot.store.personal import PERSON

Tables = Mapping[str, Sequence[Mapping[str, Any]]]

PARTS = {
    "users": "the name you went by last",
    "ratings": "your ratings as they stand, 0.5 to 5 stars",
    "rating_changes": "every change of a rating: the stars after it and before it; undoes is the number"
    " (change_id) of the change that it took back",
    "dismissals": "movies you are not interested in",
    "seen": "movies you have seen without giving them stars, by imports and movie nights",
    "watchlist": "movies you want to see",
    "import_batches": "files you imported: when, from where, and what you corrected",
    "import_entries": "what each import changed, so that it can be undone",
    "import_waiting": "rows that found no movie and wait for it, imported or typed (then without a line), or"
    " were corrected by the import replaced_by and wait again if that is undone",
    "hidden_ratings": "since when you hide your ratings, if you do",
    "departures": "when everything is deleted because you left the last server shared with the bot",
    "sightings": "the servers on which the bot saw you last",
    "night_hosts": "the movie nights you planned",
    "night_guests": "the movie nights to which you were invited by name",
    "night_texts": "what you wrote for movie nights: themes, and why one was cancelled",
    "night_presence": "whether you said that you come",
    "night_marks": "the dates that you said suit you",
    "night_nominations": "movies you put up for a vote",
    "night_ballots": "the votes you took part in",
    "night_votes": "what you voted for",
    "night_acts": "what you did in movie nights within the last hour, counted so that nobody overdoes it",
    "night_forecasts": "the stars that the model foresaw of you for the movie of a night; null is none",
}
"""What each part of the document is, by the name of its table."""

_OMITTED = {"import_batches": "content"}
"""A file that was uploaded and not confirmed is the person's own already."""

_BROUGHT = "brought_records"
"""What an export of another bot told of its movie nights goes on as rows of those parts."""

_README = """\
{name}: exported from Matinée {version} on {date}

Bring this archive to any Matinée with /import, and it is as it was here: ratings with their history,
watchlist, what you have seen, what you are not interested in, past imports with their undo, and that your
ratings are hidden if they are. A movie night belongs to its server: what is told here of yours is kept and
exported again, and counts nowhere else. What stays behind: an import that was not confirmed, where you were
seen, what you did within the last hour, and a date of deletion.

ratings.csv    your ratings, as https://letterboxd.com/import/ takes them
watchlist.csv  your watchlist, for the same place
pictures/      your taste as /taste shows it, once there are enough ratings
{file}   everything that is kept about you, as JSON:

  format, version   "{format}", {number}: whoever reads it should look at these first
  exported_at       when; all times are ISO 8601 with their distance from UTC
  name              what you are called
{parts}

Each of the lists has one object for each row. Where a row is about a movie, it has the title, the year and
the numbers at IMDb and TMDB, as far as they are known; movie_key is the bot's own number of the movie.
null is "none": stars of null in rating_changes mean that there was no rating.
"""


@dataclass(frozen=True, slots=True)
class Export:
    """An archive, and what is in it in a line."""

    file: str
    data: bytes
    summary: str


Paint = Callable[[int, str], Awaitable[Sequence[Picture]]]
"""Makes the pictures of a person, by number and name."""


class Exports:
    """Packs what is kept about people."""

    def __init__(self, store: Store, paint: Paint, clock: Clock = utc_now) -> None:
        self._store = store
        self._clock = clock
        self._paint = paint

    async def export(self, user_id: int, name: str) -> Export:
        """Everything about a person.

        Raises
        ------
        UserError
            If nothing is kept about them.
        """
        tables = await self._store.export_person(user_id)
        async with self._store.read() as db:
            elsewhere = await brought.of_person(db, user_id)
        if not any(tables.values()):
            raise UserError("nothing is kept about you, so there is nothing to export")
        now = self._clock()
        document = {
            "format": own.FORMAT,
            "version": own.VERSION,
            "exported_at": now.isoformat(),
            "name": name,
            **_own_rows(tables, elsewhere),
        }
        plain = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "export"
        pictures = await self._paint(user_id, name)
        data = await asyncio.to_thread(_packed, document, pictures)
        parts = [
            counted(len(tables["ratings"]), "rating"),
            f"{len(tables['watchlist']):,} on the watchlist",
            f"{len(tables['seen']):,} seen without stars",
        ]
        return Export(f"matinee-{plain[:40]}-{now:%Y-%m-%d}.zip", data, ", ".join(parts))


def _own_rows(tables: Tables, elsewhere: Tables) -> dict[str, list[Mapping[str, Any]]]:
    """The tables without what says nothing to their person, and with what they brought of other bots."""
    return {
        table: [
            {key: value for key, value in row.items() if key not in (PERSON, _OMITTED.get(table))}
            for row in rows
        ]
        + [*elsewhere.get(table, ())]
        for table, rows in tables.items()
        if table != _BROUGHT
    }


def _packed(document: Mapping[str, Any], pictures: Sequence[Picture]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _readme(document))
        archive.writestr(own.FILE, json.dumps(document, ensure_ascii=False, indent=1))
        for part in ("ratings", "watchlist"):
            archive.writestr(f"{part}.csv", letterboxd_table(document.get(part, [])))
        for picture in pictures:
            archive.writestr(f"pictures/{picture.name}", picture.png)
    return target.getvalue()


def letterboxd_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows about movies as Letterboxd imports them; it finds them by number, else by title and year."""
    rated = any("stars" in row for row in rows)
    return as_csv(
        ("imdbID", "tmdbID", "Title", "Year", *(["Rating"] if rated else [])),
        (
            (
                "" if row["imdb_id"] is None else f"tt{row['imdb_id']:07}",
                row["tmdb_id"],
                row["title"],
                row["year"],
                *([f"{row['stars']:g}"] if rated else []),
            )
            for row in rows
        ),
    )


def _readme(document: Mapping[str, Any]) -> str:
    parts = [f"  {part:<17} {told}" for part, told in PARTS.items() if part in document]
    return _README.format(
        name=document["name"],
        version=__version__,
        date=document["exported_at"][:10],
        file=own.FILE,
        format=own.FORMAT,
        number=own.VERSION,
        parts="\n".join(parts),
    )
