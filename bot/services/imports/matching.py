"""Which movie an entry means: surely, or as something that has to be shown before it is believed."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from bot.services.imports.entries import Entry
from bot.store.movies import MovieRef
from recommender.catalogue import Movie
from recommender.datasets.matching import MovieIndex
from recommender.datasets.title_parts import PartIndex
from recommender.titles import fold

MOST_CANDIDATES = 5


class How(Enum):
    """By what a movie was found; all but the first two are shown in the preview."""

    NUMBER = "its number"
    NAME = "title and year"
    YEAR_OFF = "the year is one off"
    PART = "a part of the title is the same"
    TITLE = "no year, and only one movie of that title"


@dataclass(frozen=True, slots=True)
class NewFilm:
    """A movie that no catalogue has and nobody has rows of yet, by its place in one file."""

    place: int


Film = int | MovieRef | NewFilm
"""What names a movie of a file: its number in the active catalogue, its name in people's rows, or neither."""


class Found(NamedTuple):
    """What an entry was found to be.

    Attributes
    ----------
    movie : Movie or None
    film : int, MovieRef, NewFilm or None
        What names the movie.
    how : How or None
        None without a movie.
    candidates : tuple of Movie
        Where it may be one of several.
    """

    movie: Movie | None
    film: Film | None = None
    how: How | None = None
    candidates: tuple[Movie, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether nobody has to look at it first."""
        return self.how in (How.NUMBER, How.NAME)


class Matcher:
    """Finds the movies of entries; never changes, so threads may share it.

    Parameters
    ----------
    movies : iterable of Movie
        Those of the catalogue.
    """

    def __init__(self, movies: Iterable[Movie]) -> None:
        self._movies = {movie.movie_id: movie for movie in movies}
        self._index = MovieIndex(self._movies.values())
        self._parts = PartIndex(self._movies.values())

    def find(self, entry: Entry) -> Found:
        """The movie of an entry: by its number at IMDb or TMDB, by title and year, or as far as it goes.

        A title has to be somebody's alone: what may be two movies is no match but candidates.
        """
        wanted = Movie(
            0,
            entry.title,
            entry.year,
            aliases=entry.aliases,
            imdb_id=entry.imdb_id,
            tmdb_id=entry.tmdb_id,
        )
        by_number = self._index.by_number(wanted)
        if by_number is not None and not _contradicts(wanted, self._movies[by_number]):
            return Found(self._movies[by_number], by_number, How.NUMBER)
        named = [self._movies[movie_id] for movie_id in self._index.named(wanted)]
        how = How.NAME
        if entry.year is None:
            how = How.TITLE
        elif named and named[0].year != entry.year:
            # With another year the article counts: The Fear of 1995 is not Fear of 1996.
            how, named = How.YEAR_OFF, [movie for movie in named if _same_words(wanted, movie)]
        if not named and entry.year is not None:
            how, named = How.PART, self._by_part(wanted)
        if len(named) == 1:
            return Found(named[0], named[0].movie_id, how)
        return Found(None, candidates=tuple(named[:MOST_CANDIDATES]))

    def _by_part(self, wanted: Movie) -> list[Movie]:
        ids = self._parts.named((wanted.title, *wanted.aliases))
        movies = [self._movies[movie_id] for movie_id in sorted(ids)]
        return [movie for movie in movies if movie.year == wanted.year and not _contradicts(wanted, movie)]


def _contradicts(one: Movie, other: Movie) -> bool:
    """Whether two movies have numbers that make them two."""
    if None not in (one.imdb_id, other.imdb_id):
        return one.imdb_id != other.imdb_id
    return None not in (one.tmdb_id, other.tmdb_id) and one.tmdb_id != other.tmdb_id


def _same_words(one: Movie, other: Movie) -> bool:
    mine = {fold(name) for name in (one.title, *one.aliases)}
    return not mine.isdisjoint(fold(name) for name in (other.title, *other.aliases))
