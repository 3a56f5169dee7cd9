"""IMDb's files for personal and non-commercial use: which films there are, their names, makers and votes.

They have 11.5 million titles, 94 million credits and 52 million names, of which a few hundred thousand are
wanted. DuckDB reads them in a stream, within a limit of memory beyond which it goes to the disk. Polars takes
two thirds of the time to read them, but its installation is nearly three times as large, it has no such
limit, and it does not say which rows it passed over. DuckDB is imported when files are read: nothing else
needs it.
"""

import gzip
import tempfile
import zlib
from collections import Counter
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.catalogue import ORIGINAL, Catalogue, Columns
from recommender.columns import Lists, Texts, starts_of
from recommender.datasets import imdb_queries as queries
from recommender.datasets.dataset import Dataset, DatasetError, OnBytes, Ratings
from recommender.datasets.languages import CODES, REGIONS
from recommender.datasets.numbering import IMDB_FIRST
from recommender.datasets.patience import LOOK_UP

NAME = "imdb"
ACKNOWLEDGEMENT = "Information courtesy of IMDb (https://www.imdb.com). Used with permission."
LICENCE = (
    "For personal and non-commercial use, with acknowledgement; not to be passed on. "
    "See https://developer.imdb.com/non-commercial-datasets/."
)

TABLES = {
    "title.basics": (
        *("tconst", "titleType", "primaryTitle", "originalTitle", "isAdult"),
        *("startYear", "runtimeMinutes", "genres"),
    ),
    "title.ratings": ("tconst", "averageRating", "numVotes"),
    "title.akas": (
        *("titleId", "ordering", "title", "region", "language", "types", "isOriginalTitle"),
        "attributes",
    ),
    "title.crew": ("tconst", "directors", "writers"),
    "title.principals": ("tconst", "ordering", "nconst", "category"),
    "name.basics": ("nconst", "primaryName"),
}
"""The files, in the order in which they are read, each with the columns that are needed of it."""

_WITHOUT = {
    "title.ratings": "no votes, so every film for the cinema or television is taken",
    "title.akas": "no titles but the main and the original one",
    "title.crew": "no directors and writers",
    "title.principals": "no actors",
    "name.basics": "no people",
}
_PEOPLE = ("title.crew", "title.principals", "name.basics")

OUR_GENRES = {
    **{
        name: name for name in ("Action", "Adventure", "Animation", "Comedy", "Crime", "Documentary", "Drama")
    },
    **{name: name for name in ("Fantasy", "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi")},
    **{name: name for name in ("Thriller", "War", "Western")},
    "Family": "Children",
    "Music": "Musical",
}
"""What IMDb calls a genre, and what it is here."""
_WITHOUT_COUNTERPART = (
    *("Adult", "Biography", "Game-Show", "History", "News", "Reality-TV", "Short", "Sport", "Talk-Show"),
)

FILMS_AT_ONCE = 10_000
"""Films whose other titles are in memory as Python's texts at a time."""

_LONGEST_LINE = 1 << 16
_WEB_PAGE = ("<!doctype", "<html")
_DAMAGED = (OSError, EOFError, UnicodeDecodeError, zlib.error)


@dataclass(frozen=True, slots=True)
class ImdbOptions:
    """Which of IMDb's titles are films for a catalogue, and how much of them is kept.

    Attributes
    ----------
    films : tuple of str
        IMDb's types that are taken from `votes` votes on.
    small : tuple of str
        Types that are taken from `small_votes` votes on.
    votes, small_votes : int
    new_votes : int
        Enough for one of `films` that is not older than `new_months`; such a film is still being found.
    new_months : int
        IMDb tells years alone, so the whole year counts in which these months began.
    coming_years : int
        A year later than so many years from now is taken for a mistake.
    languages : tuple of str or None
        ISO 639-1 codes of the languages whose titles are kept, besides the main and the original title. None
        keeps all.
    names, directors, writers, leads : int
        At most so many of each film.
    memory : str
        What DuckDB may take; beyond it goes to the disk.
    """

    films: tuple[str, ...] = ("movie", "tvMovie", "video", "tvSpecial")
    small: tuple[str, ...] = ("short", "tvShort", "tvMiniSeries")
    votes: int = 100
    small_votes: int = 1000
    new_votes: int = 10
    new_months: int = 18
    coming_years: int = 15
    languages: tuple[str, ...] | None = ("en",)
    names: int = 40
    directors: int = 3
    writers: int = 3
    leads: int = 4
    memory: str = "1GB"


DEFAULT = ImdbOptions()


def files_in(folder: Path) -> dict[str, Path]:
    """IMDb's files in a folder by the name of their table, packed ones first; empty without title.basics."""
    found = {
        table: path
        for table in TABLES
        for path in (folder / f"{table}.tsv", folder / f"{table}.tsv.gz")
        if path.is_file()
    }
    return found if "title.basics" in found else {}


def load_imdb(
    folder: Path,
    options: ImdbOptions = DEFAULT,
    *,
    keep: Collection[int] = (),
    today: date | None = None,
    on_bytes: OnBytes | None = None,
) -> Dataset:
    """Read IMDb's films from a folder with its files; only ``title.basics`` has to be there.

    Parameters
    ----------
    folder : Path
        With the files as IMDb publishes them (``title.basics.tsv.gz``), or unpacked (``title.basics.tsv``).
    options : ImdbOptions
    keep : collection of int
        Numbers at IMDb of titles that are taken however few voted on them, and whatever they are.
    today : date, optional
        What counts as new depends on it.
    on_bytes : callable, optional
        Called several times a second with how much of the files is read, and how much there is; may raise.

    Returns
    -------
    Dataset
        Without ratings. Those with most votes come first; their ids are those of `own_ids`. It reaches to the
        day of the file of ``title.basics``, which a download keeps.

    Raises
    ------
    DatasetError
        With one line: a file is damaged, no table of IMDb, or lacks a column.
    """
    import duckdb

    files = files_in(folder)
    dropped: Counter[str] = Counter()
    for table, consequence in _WITHOUT.items():
        if table not in files:
            dropped[f"{table}: there is no such file, so there are {consequence}"] += 1
    places = {table: _columns(path, table) for table, path in files.items()}
    with (
        tempfile.TemporaryDirectory(prefix="matinee-imdb-") as scratch,
        duckdb.connect(
            ":memory:",
            config={
                "memory_limit": options.memory,
                "temp_directory": scratch,
                "preserve_insertion_order": "false",
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            },
        ) as database,
    ):
        reading = _Reading(database, files, places, dropped, on_bytes)
        try:
            reading.films(options, keep, today or date.today())  # noqa: DTZ011 - a day is nothing here
            reading.names(options)
            reading.people(options)
            catalogue = reading.catalogue()
        except duckdb.OutOfMemoryException as error:
            line = str(error).splitlines()[0]
            raise DatasetError(f"there is not enough room in {scratch} to read {folder} ({line})") from error
        except (duckdb.OperationalError, duckdb.DataError, duckdb.InvalidInputException) as error:
            line = str(error).splitlines()[0]
            where = files[reading.table or "title.basics"]
            raise DatasetError(f"{where} cannot be read ({line}); download it again") from error
    if not len(catalogue):
        raise DatasetError(f"{files['title.basics']} has no film with enough votes")
    published = datetime.fromtimestamp(files["title.basics"].stat().st_mtime, UTC).date()
    return Dataset(NAME, catalogue, Ratings.empty(), ACKNOWLEDGEMENT, dict(+dropped), published)


def _columns(path: Path, table: str) -> dict[str, int]:
    """Where each needed column of a file is, counted from 1, and under ``""`` how many there are."""
    try:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as stream:
            line = stream.readline(_LONGEST_LINE).decode("utf-8-sig").rstrip("\r\n")
    except _DAMAGED as error:
        raise DatasetError(f"{path} is damaged ({error}); download it again") from error
    if line.lstrip().casefold().startswith(_WEB_PAGE):
        raise DatasetError(f"{path} is a web page, not IMDb's {table}; download it again")
    header = line.split("\t")
    missing = [name for name in TABLES[table] if name not in header]
    if missing:
        raise DatasetError(f"{path} lacks the column {missing[0]}: it is not IMDb's {table}")
    return {name: header.index(name) + 1 for name in TABLES[table]} | {"": len(header)}


class _Reading:
    """One reading of the files, a table after the other, into a database in memory."""

    def __init__(
        self,
        database: Any,
        files: dict[str, Path],
        places: dict[str, dict[str, int]],
        dropped: Counter[str],
        on_bytes: OnBytes | None,
    ) -> None:
        self.table = ""
        self._database = database
        self._files = files
        self._places = places
        self._dropped = dropped
        self._on_bytes = on_bytes
        self._sizes = {table: path.stat().st_size for table, path in files.items()}
        self._done = 0
        self._cut = 0
        self._execute(queries.SETUP)

    def films(self, options: ImdbOptions, keep: Collection[int], today: date) -> None:
        """Choose the films."""
        voted = self._read("title.ratings", queries.VOTES, queries.NO_VOTES)
        months = today.year * 12 + today.month - 1 - options.new_months
        self._read(
            "title.basics",
            queries.BASICS,
            keep=sorted(keep),
            films=list(options.films),
            small=list(options.small),
            votes=options.votes,
            small_votes=options.small_votes,
            new_votes=options.new_votes,
            new=months // 12,
            latest=today.year + options.coming_years,
            voted=voted,
        )
        for why, count in self._rows(queries.REASONS):
            self._dropped[f"title.basics: {why}"] += count
        self._dropped["title.basics: year is not plausible (the film is kept)"] += self._rows(
            queries.STRANGE
        )[0][0]
        self._execute(queries.FILMS)
        self._dropped["title.basics: the film is there twice"] += self._rows(queries.AGAIN)[0][0]
        self._execute("drop table basics")

    def names(self, options: ImdbOptions) -> None:
        """Find what else the films are called."""
        self._read(
            "title.akas",
            queries.AKAS,
            queries.NO_AKAS,
            regions=list(REGIONS),
            region_languages=list(REGIONS.values()),
            codes=list(CODES),
            code_languages=list(CODES.values()),
            original=ORIGINAL,
            all_languages=options.languages is None,
            languages=list(options.languages or ()),
        )
        self._execute(queries.ALIASES, original=ORIGINAL, names=options.names)
        self._execute("drop table akas")

    def people(self, options: ImdbOptions) -> None:
        """Find who made the films."""
        self._read(
            "title.crew",
            queries.CREW,
            queries.NO_CREW,
            most_directors=options.directors,
            most_writers=options.writers,
        )
        self._read("title.principals", queries.LEADS, queries.NO_LEADS, leads=options.leads)
        self._execute(queries.CREDITS)
        self._read("name.basics", queries.NAMES, queries.NO_NAMES)

    def catalogue(self) -> Catalogue:
        """What was read, by column."""
        films = self._arrays(
            "select n, title, coalesce(year, $none) as year, coalesce(runtime, $none) as runtime,"
            " coalesce(votes, $none) as votes, coalesce(mean, 'nan'::double) as mean from films order by row",
            none=np.iinfo(np.int32).min,
        )
        people = self._arrays("select person, name from people order by person")
        texts = _Numbered()
        title = texts.add(films["title"])
        rows, alias, spoken = self._aliases(texts, len(title))
        person = texts.add(people["name"])
        count = len(title)
        genre_rows, genres = self._genres()
        makers = {
            part: self._makers(part, people["person"], person, count)
            for part in ("directors", "cast", "writers")
        }
        none = np.full(count, -1, np.int32)
        lists = {
            "genres": Lists.of(genre_rows, texts.add_few(genres), count),
            "aliases": Lists.of(rows, alias, count),
            "alias_languages": Lists.of(rows, spoken, count),
            **makers,
        }
        unknown = np.full(count, np.iinfo(np.int32).min, np.int32)
        numbers = films["year"], films["n"], unknown, films["runtime"], films["votes"]
        return Catalogue(
            Columns(
                texts.texts(),
                IMDB_FIRST + films["n"].astype(np.int64),
                films["mean"].astype(np.float64),
                np.stack([column.astype(np.int32) for column in numbers]),
                np.stack([title, none, none]),
                Columns.lists_of(lists, count),
            )
        )

    def _aliases(self, texts: "_Numbered", count: int) -> tuple[npt.NDArray[Any], ...]:
        """Rows of the other titles, and the numbers of these and of their languages."""
        parts: list[tuple[npt.NDArray[Any], ...]] = [(np.zeros(0, np.int64), *[np.zeros(0, np.int32)] * 2)]
        for first in range(0, count, FILMS_AT_ONCE):
            found = self._arrays(
                "select row, name, language from aliases where row >= $first and row < $end"
                " order by row, rank",
                first=first,
                end=first + FILMS_AT_ONCE,
            )
            alias, spoken = texts.add(found["name"]), texts.add_few(found["language"])
            parts.append((found["row"].astype(np.int64), alias, spoken))
        return tuple(np.concatenate(column) for column in zip(*parts, strict=True))

    def _genres(self) -> tuple[npt.NDArray[np.int64], list[str]]:
        """Rows and our names of the films' genres."""
        found = self._arrays(queries.GENRES)
        pairs: dict[tuple[int, str], None] = {}
        for row, name in zip(found["row"].tolist(), found["name"].tolist(), strict=True):
            genre = OUR_GENRES.get(name)
            if genre is not None:
                pairs[row, genre] = None
            elif name not in _WITHOUT_COUNTERPART:
                self._dropped["title.basics: genre is unknown (the film is kept)"] += 1
        return np.array([row for row, _ in pairs], np.int64), [genre for _, genre in pairs]

    def _makers(
        self, part: str, people: npt.NDArray[np.int32], codes: npt.NDArray[np.int32], count: int
    ) -> Lists:
        """The people of one part, those whose name is known."""
        found = self._arrays(
            "select row, person from credits semi join people using (person) where part = $part"
            " order by row, place, person",
            part=part,
        )
        return Lists.of(found["row"].astype(np.int64), codes[np.searchsorted(people, found["person"])], count)

    def _read(self, table: str, statement: str, otherwise: str = "", **parameters: Any) -> bool:
        """Read a file, or do without it; answers whether it is there."""
        useless = table in _PEOPLE and "name.basics" not in self._files
        path = None if useless else self._files.get(table)
        if path is None:
            self._execute(otherwise)
            return False
        self.table = table
        columns = {name or "columns": place for name, place in self._places[table].items()}
        needed = {name: value for name, value in columns.items() if f"${name}" in statement}
        self._execute(statement, file=str(path), **needed, **parameters)
        cut = self._rows(queries.CUT)[0][0]
        self._dropped[f"{table}: row is not text in UTF-8"] += cut - self._cut
        self._cut = cut
        self._done += self._sizes[table]
        self._tell()
        self.table = ""
        return True

    def _execute(self, statement: str, **parameters: Any) -> None:
        """Run a statement in a thread, telling how far it is; what that raises ends the statement."""
        with ThreadPoolExecutor(1, thread_name_prefix="imdb") as pool:
            running = pool.submit(self._database.execute, statement, parameters or None)
            try:
                while not wait([running], LOOK_UP).done:
                    self._tell()
            except BaseException:
                self._database.interrupt()
                raise
            running.result()

    def _tell(self) -> None:
        if self._on_bytes is not None:
            total = sum(self._sizes.values())
            share = max(float(self._database.query_progress()), 0.0) / 100
            self._on_bytes(min(int(self._done + share * self._sizes.get(self.table, 0)), total), total)

    def _rows(self, statement: str) -> list[tuple[Any, ...]]:
        return self._database.execute(statement).fetchall()

    def _arrays(self, statement: str, **parameters: Any) -> dict[str, npt.NDArray[Any]]:
        return self._database.execute(statement, parameters or None).fetchnumpy()


class _Numbered:
    """Texts on their way into a catalogue, each with its number."""

    def __init__(self) -> None:
        self._parts = [Texts.of([])]
        self._count = 0

    def add(self, texts: Sequence[str] | npt.NDArray[Any]) -> npt.NDArray[np.int32]:
        """Number all of these, one after the other."""
        part = Texts.of(list(texts))
        self._parts.append(part)
        self._count += len(part)
        return np.arange(self._count - len(part), self._count, dtype=np.int32)

    def add_few(self, texts: Sequence[str] | npt.NDArray[Any]) -> npt.NDArray[np.int32]:
        """Number these, the same ones alike."""
        listed: list[str] = list(texts)
        different = list(dict.fromkeys(listed))
        code_of = dict(zip(different, self.add(different).tolist(), strict=True))
        return np.array([code_of[text] for text in listed], np.int32)

    def texts(self) -> Texts:
        """All of them."""
        lengths = np.concatenate([np.diff(part.starts) for part in self._parts])
        return Texts(np.concatenate([part.buffer for part in self._parts]), starts_of(lengths))
