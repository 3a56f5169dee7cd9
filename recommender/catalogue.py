"""Movies and the collection of them that a model and a bot work on."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

GENRES: tuple[str, ...] = (
    "Action",
    "Adventure",
    "Animation",
    "Children",
    "Comedy",
    "Crime",
    "Documentary",
    "Drama",
    "Fantasy",
    "Film-Noir",
    "Horror",
    "IMAX",
    "Musical",
    "Mystery",
    "Romance",
    "Sci-Fi",
    "Thriller",
    "War",
    "Western",
)
"""The genre names of MovieLens, which every data set is mapped to."""

FORMAT = 3
FORMAT_BEFORE = 2
"""The same without collections and runtimes; a host's data set saved in it stays of use."""

_LISTS = ("genres", "aliases", "directors", "cast", "keywords")


class CatalogueError(ValueError):
    """A saved catalogue that is not one, or of another format."""


class Movie(NamedTuple):
    """One movie, as facts. (A tuple, because a catalogue makes 86,000 of them when a bot starts.)

    Attributes
    ----------
    movie_id : int
        Identifier within the catalogue (MovieLens' ``movieId`` where the data is MovieLens').
    title : str
        Title as shown, article in front and without the year: ``The Matrix``.
    year : int or None
        Year of first release.
    genres : tuple of str
        Names from `GENRES`, main one first where the source says so; empty when unknown.
    aliases : tuple of str
        Alternative and original titles.
    directors, cast, keywords : tuple of str
        Empty where the data does not have them. `cast` holds the leads only.
    language : str or None
        ISO 639-1 code of the original language.
    imdb_id, tmdb_id : int or None
        Numbers at IMDb (without ``tt``) and TMDB.
    collection : str or None
        The series it belongs to: ``Toy Story Collection``.
    runtime : int or None
        In minutes.
    """

    movie_id: int
    title: str
    year: int | None = None
    genres: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    directors: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    language: str | None = None
    imdb_id: int | None = None
    tmdb_id: int | None = None
    collection: str | None = None
    runtime: int | None = None

    @property
    def name(self) -> str:
        """Title with the year behind it, as people tell remakes apart: ``Dune (1984)``."""
        return self.title if self.year is None else f"{self.title} ({self.year})"


class Catalogue:
    """An ordered, immutable set of movies, found by id.

    Raises
    ------
    ValueError
        If two movies share an id.
    """

    def __init__(self, movies: Iterable[Movie]) -> None:
        self.movies: tuple[Movie, ...] = tuple(movies)
        self._by_id: dict[int, Movie] = {movie.movie_id: movie for movie in self.movies}
        if len(self._by_id) != len(self.movies):
            raise ValueError("two movies of a catalogue share an id")

    def __len__(self) -> int:
        return len(self.movies)

    def __iter__(self) -> Iterator[Movie]:
        return iter(self.movies)

    def __contains__(self, movie_id: object) -> bool:
        return movie_id in self._by_id

    def __getitem__(self, movie_id: int) -> Movie:
        return self._by_id[movie_id]

    def get(self, movie_id: int) -> Movie | None:
        """The movie with this id, or None."""
        return self._by_id.get(movie_id)

    def save(self, path: Path) -> None:
        """Write the catalogue as JSON, readable by `load`."""
        columns = dict(zip(Movie._fields, zip(*self.movies, strict=True), strict=True)) if self.movies else {}
        document = {"format": FORMAT, "columns": columns}
        path.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Catalogue":
        """Read what `save` wrote.

        Raises
        ------
        CatalogueError
            If the file is not a catalogue of this format.
        OSError
            If it cannot be read.
        """
        try:
            document: Any = json.loads(path.read_text(encoding="utf-8"))
            columns: dict[str, list[Any]] = document["columns"]
            if document["format"] == FORMAT_BEFORE and columns:
                unknown = [None] * len(columns["movie_id"])
                columns |= {"collection": unknown, "runtime": unknown}
            elif document["format"] != FORMAT:
                raise CatalogueError(f"{path} is a catalogue of another format")
            if columns and list(columns) != list(Movie._fields):
                raise CatalogueError(f"{path} is a catalogue of another format")
            # By column, because what Python does for each movie is what a start waits for.
            for name in _LISTS:
                columns[name] = list(map(tuple, columns.get(name, [])))
            return cls(map(Movie._make, zip(*(columns.get(name, []) for name in Movie._fields), strict=True)))
        except CatalogueError:
            raise
        except (ValueError, KeyError, TypeError) as error:
            raise CatalogueError(f"{path} is not a catalogue: {error}") from error
