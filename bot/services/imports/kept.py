"""Entries that found no movie, as they are kept until there is one."""

from datetime import datetime

from bot.services.imports.entries import KINDS, Entry, Kind
from bot.services.imports.planning import Plan
from bot.services.wording import listed
from bot.store.imports import StoredWaiting
from recommender.catalogue import Movie

_KINDS: dict[str, Kind] = {kind: kind for kind in KINDS}


def as_entry(row: StoredWaiting) -> Entry:
    """A row that waits, as it was read."""
    return Entry(
        line=row.line or 0,
        kind=_KINDS[row.kind],
        title=row.title,
        year=row.year,
        stars=row.stars,
        at=row.noted_at,
        imdb_id=row.imdb_id,
        tmdb_id=row.tmdb_id,
        aliases=tuple(filter(None, row.aliases.split("\n"))),
    )


def as_rows(plan: Plan, user_id: int, batch_id: int, now: datetime) -> list[StoredWaiting]:
    """The entries of a plan that found no movie, as they are kept."""
    reasons = [(entry, "no movie of that title and year") for entry in plan.unknown]
    reasons += [
        (entry, f"may be {listed([_told(movie) for movie in candidates])}")
        for entry, candidates in plan.ambiguous
    ]
    rows = [as_row(entry, why, user_id, batch_id, now) for entry, why in reasons]
    return sorted(rows, key=lambda row: row.line or 0)


def _told(movie: Movie) -> str:
    """A movie with the number that tells it from another one of its name."""
    if movie.imdb_id is not None:
        return f"{movie.name}, imdbID tt{movie.imdb_id:07}"
    return movie.name if movie.tmdb_id is None else f"{movie.name}, tmdbID {movie.tmdb_id}"


def as_row(entry: Entry, why: str, user_id: int, batch_id: int, now: datetime) -> StoredWaiting:
    """An entry as it is kept while it waits."""
    return StoredWaiting(
        user_id=user_id,
        batch_id=batch_id,
        line=entry.line,
        kind=entry.kind or "seen",
        title=entry.title,
        year=entry.year,
        imdb_id=entry.imdb_id,
        tmdb_id=entry.tmdb_id,
        stars=entry.stars,
        noted_at=moment_of(entry, now),
        aliases="\n".join(entry.aliases),
        why=why,
    )


def moment_of(entry: Entry, now: datetime) -> datetime:
    """When something was rated or seen, as the file says, but not in the future; else now."""
    return min(entry.at or entry.watched or now, now)
