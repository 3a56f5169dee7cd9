"""The tables of the MovieLens editions: ``.csv`` in UTF-8, or older ``.dat`` with ``::`` between fields."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from recommender.datasets.archive import Files
from recommender.datasets.dataset import DatasetError

MIB = 1 << 20
MOST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of table.

    Attributes
    ----------
    stem : str
        Name of the file without suffix.
    columns : tuple of str
        As the header line of a ``.csv`` file has them; ``.dat`` files have none.
    most_bytes : int
        Far more than any edition has.
    text : int
        Index of the column that is free text and may hold the separator.
    """

    stem: str
    columns: tuple[str, ...]
    most_bytes: int
    text: int = 0


MOVIES = Table("movies", ("movieId", "title", "genres"), 64 * MIB, text=1)
RATINGS = Table("ratings", ("userId", "movieId", "rating", "timestamp"), 4096 * MIB)
LINKS = Table("links", ("movieId", "imdbId", "tmdbId"), 64 * MIB)
TAGS = Table("tags", ("userId", "movieId", "tag", "timestamp"), 1024 * MIB, text=2)
TABLES = (MOVIES, RATINGS, LINKS, TAGS)
CSV, DAT = ".csv", ".dat"
WANTED = {table.stem + suffix: table.most_bytes for table in TABLES for suffix in (CSV, DAT)}


@dataclass(frozen=True, slots=True)
class Source:
    """Where the tables of one edition are: its files, the folder in them, and the form of the tables."""

    files: Files
    folder: str
    suffix: str

    def has(self, table: Table) -> bool:
        """Whether the edition has this table."""
        return table.stem + self.suffix in self.files.folders[self.folder]

    def rows(self, table: Table) -> Iterator[list[str]]:
        """The rows of a table, without its header. They may have more or fewer fields than it has columns.

        Raises
        ------
        DatasetError
            If the file cannot be read, is not text in UTF-8 (``.dat``: in Latin-1), or has another header.
        """
        name = table.stem + self.suffix
        with self.files.open(self.folder, name) as stream:
            try:
                yield from _csv_rows(stream, table) if self.suffix == CSV else _dat_rows(stream, table)
            except UnicodeDecodeError as error:
                raise DatasetError(f"{name} of {self.files.place} is not text in UTF-8") from error
            except csv.Error as error:
                raise DatasetError(f"{name} of {self.files.place} cannot be read: {error}") from error


def check_header(line: list[str], table: Table) -> None:
    """Compare the header line of a ``.csv`` file, given in fields.

    Raises
    ------
    DatasetError
        If it is not the table's.
    """
    if not any(line):
        raise DatasetError(f"{table.stem}{CSV} is empty; it is to be downloaded again")
    if [field.strip(' "\r\n') for field in line] != list(table.columns):
        raise DatasetError(f"{table.stem}{CSV} must begin with the line {','.join(table.columns)}")


def whole(text: str, most: int = MOST_ID) -> int | None:
    """The number from 0 to `most` that is written in digits; None if it is not one."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        return None
    number = int(text)
    return number if number <= most else None


def _csv_rows(stream: BinaryIO, table: Table) -> Iterator[list[str]]:
    with io.TextIOWrapper(stream, "utf-8-sig", newline="") as text:
        reader = csv.reader(text)
        check_header(next(reader, list[str]()), table)
        yield from (row for row in reader if row)


def _dat_rows(stream: BinaryIO, table: Table) -> Iterator[list[str]]:
    data = stream.read()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    for line in text.split("\n"):
        if line := line.rstrip("\r"):
            *before, rest = line.split("::", table.text)
            yield [*before, *rest.rsplit("::", len(table.columns) - 1 - table.text)]
