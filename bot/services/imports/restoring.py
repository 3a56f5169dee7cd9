"""What this bot's own export has besides ratings: their history, and what somebody is not interested in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from bot.services.imports import cells
from bot.services.imports.entries import KINDS, Entry, Kind
from bot.services.imports.formats.own import is_rating, rows, text, when, whole
from bot.services.imports.matching import Film
from bot.services.imports.planning import Find
from bot.services.imports.rest import Rest, read_rest
from recommender.catalogue import Movie


class PastChange(NamedTuple):
    """One change of a rating as it was exported; `number` and `undoes` are those of the other bot."""

    number: int
    stars: float | None
    previous: float | None
    previous_at: datetime | None
    at: datetime
    undoes: int | None


class Waiting(NamedTuple):
    """What found no movie, why, and its import, its line and what corrected it, as the other bot has them."""

    entry: Entry
    why: str
    batch: int | None
    line: int | None
    replaced_by: int | None


@dataclass(slots=True)
class History:
    """The past of a person's ratings, and their dismissals.

    Attributes
    ----------
    changes : dict
        Of each rating that ever was, by film, oldest first.
    dismissed : dict
        When, by film.
    movies : dict
        All movies of these, by film.
    waiting : list of Waiting
        What found no movie there already.
    rest : Rest
    """

    changes: dict[Film, list[PastChange]] = field(default_factory=dict[Film, list[PastChange]])
    dismissed: dict[Film, datetime] = field(default_factory=dict[Film, datetime])
    movies: dict[Film, Movie] = field(default_factory=dict[Film, Movie])
    waiting: list[Waiting] = field(default_factory=list[Waiting])
    rest: Rest = field(default_factory=Rest)


def read_history(document: Mapping[str, Any], find: Find) -> History:
    """The history in an export. Rows that make no sense are passed over. To be run in a thread."""
    history = History()
    for film, movie, row in _with_movies(document, "rating_changes", find):
        number, at = whole(row, "change_id"), when(row, "changed_at")
        stars, previous = row.get("stars"), row.get("previous")
        if number is None or at is None or not is_rating(stars) or not is_rating(previous):
            continue
        change = PastChange(number, stars, previous, when(row, "previous_at"), at, whole(row, "undoes"))
        history.movies[film] = movie
        history.changes.setdefault(film, []).append(change)
    for changes in history.changes.values():
        changes.sort(key=lambda change: change.number)
    for film, movie, row in _with_movies(document, "dismissals", find):
        at = when(row, "dismissed_at")
        if at is not None:
            history.movies[film] = movie
            history.dismissed.setdefault(film, at)
    history.waiting = [*_waiting(document)]
    history.rest = read_rest(document, find)
    return history


def _waiting(document: Mapping[str, Any]) -> Iterator[Waiting]:
    kinds: dict[str, Kind] = {kind: kind for kind in KINDS}
    for line, row in enumerate(rows(document, "import_waiting"), 1):
        kind, title, stars = kinds.get(text(row, "kind")), cells.title(text(row, "title")), row.get("stars")
        if row.get("found_key") is not None:
            # A rating by now, of which its person was only not told yet.
            continue
        if kind is None or not title or not is_rating(stars) or (stars is None) == (kind == "rating"):
            continue
        entry = Entry(
            line=line,
            kind=kind,
            title=title,
            year=whole(row, "year"),
            stars=stars,
            at=when(row, "noted_at"),
            imdb_id=whole(row, "imdb_id"),
            tmdb_id=whole(row, "tmdb_id"),
            aliases=tuple(filter(None, map(cells.title, text(row, "aliases").split("\n")))),
        )
        why, numbers = cells.title(text(row, "why")), ("batch_id", "line", "replaced_by")
        yield Waiting(entry, why, *(whole(row, number) for number in numbers))


def _with_movies(
    document: Mapping[str, Any], name: str, find: Find
) -> Iterator[tuple[Film, Movie, dict[str, Any]]]:
    """The rows of a part of an export that name a movie, with it."""
    for row in rows(document, name):
        title = cells.title(text(row, "title"))
        if not title:
            continue
        imdb_id, tmdb_id = whole(row, "imdb_id"), whole(row, "tmdb_id")
        entry = Entry(0, "seen", title, whole(row, "year"), imdb_id=imdb_id, tmdb_id=tmdb_id)
        found = find(entry)
        if found.movie is not None and found.film is not None:
            yield found.film, found.movie, row
