"""What a file of somebody's ratings says, whichever site it is from."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from bot.errors import UserError

Kind = Literal["rating", "seen", "watchlist"]
KINDS: tuple[Kind, ...] = ("rating", "seen", "watchlist")

_NEVER = datetime.min.replace(tzinfo=UTC)


class BadImport(UserError):
    """A file that cannot be imported; the line says why and what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One movie of a file.

    Attributes
    ----------
    line : int
        Number within the file or archive, from 1; no two entries share one.
    kind : str or None
        None where the file does not say whether it was seen or is to be.
    title : str
    year : int or None
    stars : float or None
        Set exactly for ratings.
    at : datetime or None
        When it was rated, seen or noted, where the file says so.
    watched : datetime or None
        When it was watched, where the file tells that apart.
    imdb_id, tmdb_id : int or None
    aliases : tuple of str
        Other titles, such as the original one.
    weight : int
        Which file of an archive counts more when the times are the same.
    replaces : (int, int) or None
        Import and line of the row that this one corrects.
    """

    line: int
    kind: Kind | None
    title: str
    year: int | None = None
    stars: float | None = None
    at: datetime | None = None
    watched: datetime | None = None
    imdb_id: int | None = None
    tmdb_id: int | None = None
    aliases: tuple[str, ...] = ()
    weight: int = 0
    replaces: tuple[int, int] | None = None

    @property
    def name(self) -> str:
        """Title with the year behind it."""
        return self.title if self.year is None else f"{self.title} ({self.year})"

    @property
    def newness(self) -> tuple[datetime, int, datetime, int]:
        """Of two ratings of one movie in one file, the larger one counts."""
        return self.at or _NEVER, self.weight, self.watched or _NEVER, self.line


FIELDS = ("title", "original", "year", "rating", "date", "imdb", "tmdb")
"""What a column of any table can hold."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person corrected about the reading of a file; None leaves it to the program.

    Attributes
    ----------
    columns : dict
        Index of the column for some of `FIELDS`; -1 for none.
    scale : int or None
        What the best rating is called in the file: 5, 10 or 100.
    kind : str or None
        What the movies are where the file does not say it: ``seen`` or ``watchlist``.
    sure : bool
        Whether only those movies are taken that are found by a number, or by title and year.
    """

    columns: Mapping[str, int] = field(default_factory=dict[str, int])
    scale: int | None = None
    kind: Kind | None = None
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """How a table without a known form was understood.

    Attributes
    ----------
    header : tuple of str
    found : dict
        Index of the column for each of `FIELDS` that has one.
    scale : int or None
        The best rating; None if there is no column of ratings.
    """

    header: tuple[str, ...]
    found: Mapping[str, int]
    scale: int | None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file that was read.

    Attributes
    ----------
    source : str
        Where it is from: ``Letterboxd``.
    entries : tuple of Entry
    skipped : dict
        Number of rows left out, by reason.
    rounded : dict
        Ratings that lay between two halves, as the file writes them, with the nearest half.
    rounded_rows : int
        How many rows these are.
    columns : Columns or None
        For tables whose columns and scale had to be guessed.
    export : dict or None
        The document, if it is an export of this bot.
    notes : tuple of str
        Lines about how something was understood.
    """

    source: str
    entries: tuple[Entry, ...]
    skipped: Mapping[str, int] = field(default_factory=dict[str, int])
    rounded: Mapping[str, float] = field(default_factory=dict[str, float])
    rounded_rows: int = 0
    columns: Columns | None = None
    export: Mapping[str, Any] | None = None
    notes: tuple[str, ...] = ()

    @property
    def undecided(self) -> bool:
        """Whether it has to be asked if the movies were seen or are to be."""
        return any(entry.kind is None for entry in self.entries)


def tallied(skipped: Counter[str]) -> dict[str, int]:
    """Reasons with their numbers, the most frequent first."""
    return dict(skipped.most_common())
