"""Movies and the collection of them that a model and a bot work on."""

import json
import zipfile
import zlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple, cast, overload

import numpy as np
import numpy.typing as npt

from recommender.columns import Codes, Lists, Rows, Texts, check_starts
from recommender.storage import read_arrays

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
IMAX = "IMAX"
"""How a film was shown, which MovieLens has among its genres.

Models learn from it: without it NDCG@10 of held-out friends was 0.8 % lower at ten ratings told. Nobody is
shown it as a genre.
"""

FORMAT = 4
CATALOGUE_FILE = "catalogue.npz"
BEFORE_FILE = "catalogue.json"
"""What the file was until format 3; a host's data set saved in it stays of use."""

ORIGINAL = "original"
SEEN_VOTES = 10
"""With fewer votes a film of this year may not be out yet."""

_LISTS = ("genres", "aliases", "directors", "cast", "keywords", "writers", "alias_languages")
_SINGLES = ("title", "language", "collection")
_NUMBERS = ("year", "imdb_id", "tmdb_id", "runtime", "votes")
_NOTHING = np.iinfo(np.int32).min
_KEPT = 4096
"""Movies that are kept once they were asked for."""
_DAMAGED = (OSError, ValueError, KeyError, TypeError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)


class CatalogueError(ValueError):
    """A saved catalogue that is not one, or of another format."""


class Movie(NamedTuple):
    """One movie, as facts. (A tuple, because a catalogue can make hundreds of thousands of them.)

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
    writers : tuple of str
    votes : int or None
        How many people voted on it at IMDb; 0 if it is there and nobody did, None if that is not known.
    mean_vote : float or None
        Mean of these votes, 1 to 10.
    alias_languages : tuple of str
        Of each alias, in the same order: the ISO 639-1 code of its language, `ORIGINAL` for the original
        title, empty where that is not known. Empty altogether if it is known of none.
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
    writers: tuple[str, ...] = ()
    votes: int | None = None
    mean_vote: float | None = None
    alias_languages: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Title with the year behind it, as people tell remakes apart: ``Dune (1984)``."""
        return self.title if self.year is None else f"{self.title} ({self.year})"

    @property
    def shown_genres(self) -> tuple[str, ...]:
        """The genres that people are shown: all but `IMAX`."""
        return tuple(genre for genre in self.genres if genre != IMAX)

    def is_released(self, today: date) -> bool:
        """Whether it can have been seen: False for a film of a year to come.

        So it is for one of this year, or of no year, that IMDb knows but next to nobody voted on.
        """
        if self.year is not None and self.year != today.year:
            return self.year < today.year
        return self.votes is None or self.votes >= SEEN_VOTES


class Columns(NamedTuple):
    """The facts of the movies of a catalogue by kind. Texts are numbers in `texts`, -1 for none.

    Attributes
    ----------
    texts : Texts
        All titles, names, genres, keywords and languages.
    movie_id : int64, shape (n_movies,)
    mean_vote : float64, shape (n_movies,)
        NaN where unknown.
    numbers : int32, shape (5, n_movies)
        Year, numbers at IMDb and TMDB, runtime and votes, by row; the least int32 where unknown.
    singles : int32, shape (3, n_movies)
        Title, language and collection.
    lists : tuple of Lists
        Genres, aliases, directors, cast, keywords, writers and the languages of the aliases.
    """

    texts: Texts
    movie_id: Rows
    mean_vote: npt.NDArray[np.float64]
    numbers: Codes
    singles: Codes
    lists: tuple[Lists, ...]

    @classmethod
    def of(cls, movies: Iterable[Movie]) -> "Columns":
        """The facts of some movies."""
        listed = list(movies)
        code_of: dict[str, int] = {}

        def code(text: str) -> int:
            return code_of.setdefault(text, len(code_of))

        singles = [
            [-1 if (text := getattr(movie, name)) is None else code(text) for movie in listed]
            for name in _SINGLES
        ]
        lists: list[Lists] = []
        for name in _LISTS:
            found: list[tuple[str, ...]] = [getattr(movie, name) for movie in listed]
            counts = np.fromiter(map(len, found), np.int64, len(found))
            values = np.array([code(text) for texts in found for text in texts], np.int32)
            lists.append(Lists.of(np.repeat(np.arange(len(found)), counts), values, len(found)))
        numbers = [
            [_NOTHING if (number := getattr(movie, name)) is None else number for movie in listed]
            for name in _NUMBERS
        ]
        votes = [np.nan if movie.mean_vote is None else movie.mean_vote for movie in listed]
        return cls(
            Texts.of(code_of),
            np.array([movie.movie_id for movie in listed], np.int64),
            np.array(votes, np.float64),
            np.array(numbers, np.int32).reshape(len(_NUMBERS), -1),
            np.array(singles, np.int32).reshape(len(_SINGLES), -1),
            tuple(lists),
        )

    @staticmethod
    def lists_of(lists: Mapping[str, Lists], movies: int) -> tuple[Lists, ...]:
        """The lists by the name of their fact in their order; those that are not given are empty."""
        return tuple(lists.get(name) or Lists.empty(movies) for name in _LISTS)

    def take(self, rows: Rows) -> "Columns":
        """The facts of some of the movies, in this order, without the texts that only others have."""
        singles, lists = self.singles[:, rows], [one.take(rows) for one in self.lists]
        used = np.unique(np.concatenate([singles.ravel(), *(one.values for one in lists)]))
        used = used[used >= 0]
        new = np.full(len(self.texts) + 1, -1, np.int32)  # the last one is what -1 picks
        new[used] = np.arange(len(used), dtype=np.int32)
        return Columns(
            self.texts.take(used.astype(np.int64)),
            self.movie_id[rows],
            self.mean_vote[rows],
            self.numbers[:, rows],
            new[singles],
            tuple(Lists(one.starts, new[one.values]) for one in lists),
        )

    def joined(self, other: "Columns") -> "Columns":
        """The facts of these movies, then those of the other ones."""
        shift = len(self.texts)
        singles = np.where(other.singles < 0, -1, other.singles + np.int32(shift))
        return Columns(
            self.texts.joined(other.texts),
            np.concatenate([self.movie_id, other.movie_id]),
            np.concatenate([self.mean_vote, other.mean_vote]),
            np.concatenate([self.numbers, other.numbers], axis=1),
            np.concatenate([self.singles, singles], axis=1),
            tuple(mine.joined(others, shift) for mine, others in zip(self.lists, other.lists, strict=True)),
        )

    def check(self) -> None:
        """Refuse arrays that do not fit each other.

        Raises
        ------
        ValueError
        """
        movies, texts = len(self.movie_id), len(self.texts)
        self.texts.check()
        shapes = [(self.mean_vote, (movies,)), (self.numbers, (len(_NUMBERS), movies))]
        shapes += [
            (self.singles, (len(_SINGLES), movies)),
            *((one.starts, (movies + 1,)) for one in self.lists),
        ]
        if self.movie_id.ndim != 1 or any(array.shape != shape for array, shape in shapes):
            raise ValueError("the arrays differ in length")
        for one in self.lists:
            check_starts(one.starts, len(one.values))
        for codes, least in (
            (self.singles[0], 0),
            (self.singles, -1),
            *((one.values, 0) for one in self.lists),
        ):
            if codes.size and not least <= codes.min() <= codes.max() < texts:
                raise ValueError("a text is missing")


class Catalogue:
    """An ordered, immutable set of movies, found by id.

    The facts are held by column (`Columns`), and a `Movie` is made when it is asked for: 300,000 of them with
    all their names would take most of a gigabyte.

    Parameters
    ----------
    movies : iterable of Movie, or Columns

    Raises
    ------
    ValueError
        If two movies share an id.
    """

    def __init__(self, movies: "Iterable[Movie] | Columns") -> None:
        self.columns = movies if isinstance(movies, Columns) else Columns.of(movies)
        self.movie_ids: Rows = self.columns.movie_id
        order = np.argsort(self.movie_ids, kind="stable")
        ordered = self.movie_ids[order]
        if (ordered[1:] == ordered[:-1]).any():
            raise ValueError("two movies of a catalogue share an id")
        self._ordered, self._order = ordered.data, order.data
        self._views = _Views(self.columns)
        self._kept = lru_cache(_KEPT)(self._views.movie)

    def __len__(self) -> int:
        return len(self.movie_ids)

    def __iter__(self) -> Iterator[Movie]:
        return map(self._views.movie, range(len(self)))

    def __contains__(self, movie_id: object) -> bool:
        return isinstance(movie_id, int) and self.row(movie_id) is not None

    def __getitem__(self, movie_id: int) -> Movie:
        row = self.row(movie_id)
        if row is None:
            raise KeyError(movie_id)
        return self._kept(row)

    def get(self, movie_id: int) -> Movie | None:
        """The movie with this id, or None."""
        row = self.row(movie_id)
        return None if row is None else self._kept(row)

    def row(self, movie_id: int) -> int | None:
        """Place of the movie with this id, or None."""
        place = bisect_left(self._ordered, movie_id)
        found = place < len(self._ordered) and self._ordered[place] == movie_id
        return self._order[place] if found else None

    def rows(self, movie_ids: Rows) -> Rows:
        """Places of the movies with these ids, -1 for one that is not there: int64, shape (n_ids,)."""
        ordered, order = np.asarray(self._ordered), np.asarray(self._order)
        if not len(ordered):
            return np.full(len(movie_ids), -1, np.int64)
        places = np.minimum(np.searchsorted(ordered, movie_ids), len(ordered) - 1)
        return np.where(ordered[places] == movie_ids, order[places], -1)

    @property
    def movies(self) -> "Movies":
        """The movies by their place."""
        return Movies(self._kept, range(len(self)))

    def number(self, fact: str, unknown: int = 0) -> Rows:
        """A fact of each movie that is a number.

        Parameters
        ----------
        fact : str
            ``year``, ``imdb_id``, ``tmdb_id``, ``runtime`` or ``votes``.
        unknown : int
            What stands where it is not known.

        Returns
        -------
        int64, shape (n_movies,)
        """
        found = self.columns.numbers[_NUMBERS.index(fact)].astype(np.int64)
        return np.where(found == _NOTHING, unknown, found)

    def names(self, rows: Rows) -> tuple[Texts, Rows]:
        """Title and aliases of some movies, those of one after those of another.

        Parameters
        ----------
        rows : int64, shape (n,)

        Returns
        -------
        names : Texts
        counts : int64, shape (n,)
            How many of them each movie has, its title first.
        """
        aliases = self.columns.lists[_LISTS.index("aliases")].take(rows)
        titles = self.columns.singles[_SINGLES.index("title"), rows]
        codes = np.insert(aliases.values, aliases.starts[:-1], titles)
        return self.columns.texts.take(codes.astype(np.int64)), np.diff(aliases.starts).astype(np.int64) + 1

    def released(self, today: date) -> npt.NDArray[np.bool_]:
        """Which movies are released, as `Movie.is_released` says of one.

        Returns
        -------
        bool, shape (n_movies,)
        """
        year, votes = self.number("year", today.year), self.number("votes", SEEN_VOTES)
        return np.where(year != today.year, year < today.year, votes >= SEEN_VOTES)

    @cached_property
    def genres(self) -> Lists:
        """The numbers in `GENRES` of each movie's genres."""
        starts, codes = self.columns.lists[_LISTS.index("genres")]
        used, places = np.unique(codes, return_inverse=True)
        numbers = [GENRES.index(self.columns.texts[code]) for code in used.tolist()]
        return Lists(starts, np.array(numbers, np.int32)[places])

    @property
    def people(self) -> tuple[Lists, Lists, Lists]:
        """Directors, leads and writers of each movie, as numbers of texts."""
        directors, leads, writers = (
            self.columns.lists[_LISTS.index(name)] for name in ("directors", "cast", "writers")
        )
        return directors, leads, writers

    @property
    def languages(self) -> tuple[tuple[str, ...], Codes]:
        """The original languages of its movies, and the number of each movie's among them, -1 for none."""
        used, numbers = np.unique(self.columns.singles[_SINGLES.index("language")], return_inverse=True)
        known = used[used >= 0]
        names = tuple(self.columns.texts[code] for code in known.tolist())
        return names, (numbers - (len(used) - len(known))).astype(np.int32)

    def take(self, rows: Sequence[int] | Rows) -> "Catalogue":
        """Some of the movies, by their places."""
        return Catalogue(self.columns.take(np.asarray(rows, np.int64)))

    def joined(self, other: "Catalogue") -> "Catalogue":
        """These movies, then the other ones.

        Raises
        ------
        ValueError
            If two movies share an id.
        """
        return Catalogue(self.columns.joined(other.columns))

    def save(self, path: Path) -> None:
        """Write the catalogue to a file that `load` reads."""
        columns = self.columns
        values = [one.values for one in columns.lists]
        arrays: dict[str, npt.NDArray[Any]] = {
            "format": np.array(FORMAT),
            "texts": columns.texts.buffer,
            "texts_starts": columns.texts.starts,
            "movie_id": columns.movie_id,
            "mean_vote": columns.mean_vote,
            "numbers": columns.numbers,
            "singles": columns.singles,
            "list_starts": np.stack([one.starts for one in columns.lists]),
            "list_values": np.concatenate(values),
            "list_ends": np.cumsum([len(one) for one in values]),
        }
        with path.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)

    @classmethod
    def load(cls, path: Path) -> "Catalogue":
        """Read what `save` wrote, or the program of an earlier version.

        Raises
        ------
        CatalogueError
            If the file is not a catalogue of this format.
        OSError
            If it cannot be read.
        """
        try:
            if path.name == BEFORE_FILE:
                return cls(_movies_of_before(json.loads(path.read_text(encoding="utf-8"))))
            arrays = read_arrays(path)
            if arrays["format"] != FORMAT:
                raise CatalogueError(f"{path} is a catalogue of another format")
            columns = Columns(
                Texts(arrays["texts"], arrays["texts_starts"]),
                arrays["movie_id"].astype(np.int64, copy=False),
                arrays["mean_vote"].astype(np.float64, copy=False),
                arrays["numbers"].astype(np.int32, copy=False),
                arrays["singles"].astype(np.int32, copy=False),
                _lists(arrays["list_starts"], arrays["list_values"], arrays["list_ends"]),
            )
            columns.check()
            return cls(columns)
        except (CatalogueError, OSError):
            raise
        except _DAMAGED as error:
            raise CatalogueError(f"{path} is not a catalogue: {error}") from error


class Movies(Sequence[Movie]):
    """The movies of a catalogue, or some of them, each made when it is asked for."""

    def __init__(self, make: Any, rows: range) -> None:
        self._make = make
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int, /) -> Movie: ...
    @overload
    def __getitem__(self, place: slice, /) -> "Movies": ...
    def __getitem__(self, place: int | slice, /) -> "Movie | Movies":
        if isinstance(place, slice):
            return Movies(self._make, self._rows[place])
        return self._make(self._rows[place])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Movies | tuple | list):
            return NotImplemented
        others = cast("Sequence[object]", other)
        return len(self) == len(others) and all(map(Movie.__eq__, self, others))


class _Views:
    """Makes movies of columns, by views that give Python's own numbers without numpy's detour."""

    def __init__(self, columns: Columns) -> None:
        self._texts = columns.texts
        self._ids, self._means = columns.movie_id.data, columns.mean_vote.data
        self._numbers = [np.ascontiguousarray(row).data for row in columns.numbers]
        self._singles = [np.ascontiguousarray(row).data for row in columns.singles]
        self._lists = [
            (np.ascontiguousarray(one.starts).data, np.ascontiguousarray(one.values).data)
            for one in columns.lists
        ]

    def movie(self, row: int) -> Movie:
        texts = self._texts.__getitem__
        year, imdb_id, tmdb_id, runtime, votes = (
            None if (number := column[row]) == _NOTHING else number for column in self._numbers
        )
        title, language, collection = (
            None if (code := column[row]) < 0 else texts(code) for column in self._singles
        )
        genres, aliases, directors, leads, keywords, writers, alias_languages = (
            tuple(map(texts, values[starts[row] : starts[row + 1]])) for starts, values in self._lists
        )
        mean = self._means[row]
        return Movie(
            self._ids[row],
            title or "",
            year,
            genres,
            aliases,
            directors,
            leads,
            keywords,
            language,
            imdb_id,
            tmdb_id,
            collection,
            runtime,
            writers,
            votes,
            None if mean != mean else mean,
            alias_languages,
        )


def catalogue_in(folder: Path) -> Path:
    """The catalogue in the folder of a data set or a model: also one that an earlier version saved."""
    before = folder / BEFORE_FILE
    now = folder / CATALOGUE_FILE
    return before if before.exists() and not now.exists() else now


def _lists(starts: Codes, values: Codes, ends: Rows) -> tuple[Lists, ...]:
    """The lists of all kinds, which were saved as one."""
    if len(ends) != len(_LISTS) or len(starts) != len(_LISTS) or ends[-1] != len(values):
        raise ValueError("the lists do not fit")
    parts = np.split(values.astype(np.int32, copy=False), ends[:-1])
    return tuple(
        Lists(one.astype(np.int32, copy=False), part) for one, part in zip(starts, parts, strict=True)
    )


def _movies_of_before(document: Any) -> list[Movie]:
    """The movies of a catalogue saved in format 3, or in 2, which had no collections and runtimes."""
    columns: dict[str, list[Any]] = document["columns"]
    if document["format"] not in (2, 3):
        raise CatalogueError("the catalogue is of another format")
    if not columns:
        return []
    unknown = [None] * len(columns["movie_id"])
    columns = {"collection": unknown, "runtime": unknown} | columns
    names = Movie._fields[: Movie._fields.index("runtime") + 1]
    if set(columns) != set(names):
        raise CatalogueError("the catalogue is of another format")
    for name in ("genres", "aliases", "directors", "cast", "keywords"):
        columns[name] = list(map(tuple, columns[name]))
    return [Movie(*facts) for facts in zip(*(columns[name] for name in names), strict=True)]
