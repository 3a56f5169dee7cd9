"""The movies that anybody ever rated or dismissed, in our own numbering."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Integer, Row, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import UserError
from bot.store.tables import movies
from recommender.catalogue import Movie


@dataclass(frozen=True, slots=True)
class MovieRef:
    """The name of a movie in people's rows: the same whatever catalogue is active, and if none has it.

    A plain number, wherever a movie is named, is the one it has in the active catalogue.
    """

    key: int


class StoredMovie(NamedTuple):
    """A movie as it was when it was first rated.

    Attributes
    ----------
    movie_key : int
        Our number, which never changes.
    catalogue_id : int or None
        Number in the active catalogue; None if that lacks the movie.
    """

    movie_key: int
    title: str
    year: int | None
    imdb_id: int | None
    tmdb_id: int | None
    catalogue_id: int | None

    @property
    def ref(self) -> MovieRef:
        """The name that it has for good."""
        return MovieRef(self.movie_key)


COLUMNS = [movies.c[name] for name in StoredMovie._fields]


def stored_movie(row: Row[Any]) -> StoredMovie:
    """The movie of a row that begins with `COLUMNS`."""
    return StoredMovie(*row[: len(COLUMNS)])


def as_movie(stored: StoredMovie) -> Movie:
    """A stored movie as one that can be looked for in a catalogue."""
    return Movie(stored.movie_key, stored.title, stored.year, imdb_id=stored.imdb_id, tmdb_id=stored.tmdb_id)


def is_still(stored: StoredMovie, movie: Movie) -> bool:
    """Whether what has a stored movie's number in a catalogue is that movie, by number at IMDb or name."""
    if stored.imdb_id is not None and movie.imdb_id is not None:
        return stored.imdb_id == movie.imdb_id
    return (stored.title, stored.year) == (movie.title, movie.year)


async def remember(db: AsyncConnection, movie: Movie) -> StoredMovie:
    """A movie of the active catalogue as it is stored; it is noted if it is new.

    Raises
    ------
    UserError
        If the movie's number is another movie's by now: the catalogue was exchanged after it was looked up.
    """
    found = select(*COLUMNS).where(movies.c.catalogue_id == movie.movie_id).order_by(movies.c.movie_key)
    row = (await db.execute(found.limit(1))).first()
    if row is not None:
        stored = stored_movie(row)
        same_at_tmdb = stored.tmdb_id is not None and stored.tmdb_id == movie.tmdb_id
        if not same_at_tmdb and None not in (stored.imdb_id, movie.imdb_id) and not is_still(stored, movie):
            raise UserError("the catalogue has just been exchanged for another one: try again")
        return stored
    result = await db.execute(
        insert(movies)
        .values(
            title=movie.title,
            year=movie.year,
            imdb_id=movie.imdb_id,
            tmdb_id=movie.tmdb_id,
            catalogue_id=movie.movie_id,
        )
        .returning(*COLUMNS)
    )
    return stored_movie(result.one())


async def by_key(db: AsyncConnection, movie_key: int) -> StoredMovie | None:
    """The movie with this key, or None."""
    row = (await db.execute(select(*COLUMNS).where(movies.c.movie_key == movie_key))).first()
    return None if row is None else stored_movie(row)


async def everything(db: AsyncConnection) -> list[StoredMovie]:
    """All movies, by key."""
    rows = await db.execute(select(*COLUMNS).order_by(movies.c.movie_key))
    return [stored_movie(row) for row in rows]


async def rematch(db: AsyncConnection, matches: Mapping[int, Movie | None]) -> None:
    """Say what each movie is in a catalogue that becomes the active one.

    Parameters
    ----------
    db : AsyncConnection
    matches : mapping
        From movie key to the catalogue's movie, or to None. A key that is not in it has none. Numbers
        at IMDb and TMDB that are new are learned.
    """
    await db.execute(update(movies).values(catalogue_id=None))
    await note_matches(db, {key: movie for key, movie in matches.items() if movie is not None})


async def note_matches(db: AsyncConnection, matches: Mapping[int, Movie]) -> None:
    """Say of some movies, by key, what they are in the active catalogue."""
    found = [
        {"key": key, "catalogue": movie.movie_id, "imdb": movie.imdb_id, "tmdb": movie.tmdb_id}
        for key, movie in matches.items()
    ]
    if found:
        await db.execute(
            update(movies)
            .where(movies.c.movie_key == bindparam("key"))
            .values(
                catalogue_id=bindparam("catalogue"),
                imdb_id=func.coalesce(bindparam("imdb", type_=Integer), movies.c.imdb_id),
                tmdb_id=func.coalesce(bindparam("tmdb", type_=Integer), movies.c.tmdb_id),
            ),
            found,
        )
