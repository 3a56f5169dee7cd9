"""Files that people upload, which may be anything: text, tables and JSON within bounds."""

import codecs
import csv
import io
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bot.services.imports.entries import BadImport
from bot.services.sheets import original

MOST_BYTES = 20 << 20
MOST_ROWS = 100_000
MOST_COLUMNS = 100
"""Four menus of Discord show so many to choose from."""
LONGEST_CELL = 100_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CYRILLIC = ("название", "оценка", "год")
_DELIMITERS = ",;\t"
_SEPARATOR = re.compile(r"sep=([,;\t|])")
_LIST = "Letterboxd list export"
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_NO_NAME = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Table:
    """A table with a header.

    Attributes
    ----------
    file : str
        Name of the file, in lower case and without folders and ending.
    header : tuple of str
    rows : list of list of str
        Each as long as the header.
    crooked : int
        Rows with more cells than the header, which are left out: nobody knows which cell is which.
    """

    file: str
    header: tuple[str, ...]
    rows: list[list[str]]
    crooked: int = 0

    @cached_property
    def places(self) -> dict[str, int]:
        """Index of each column by its name in the form of `plain_name`; of two of one name, the first."""
        return {plain_name(name): place for place, name in reversed(list(enumerate(self.header)))}

    def has(self, *names: str) -> bool:
        """Whether there are columns with these names."""
        return self.places.keys() >= set(names)

    def place(self, *names: str) -> int | None:
        """Index of the first of these columns that there is."""
        return next((self.places[name] for name in names if name in self.places), None)

    def cell(self, row: list[str], *names: str) -> str:
        """A cell by the first of these columns that there is; empty if there is none."""
        place = self.place(*names)
        return "" if place is None else row[place]


def plain_name(name: str) -> str:
    """The name of a column without case, blanks and punctuation: ``Letterboxd URI`` is ``letterboxduri``."""
    return _NO_NAME.sub("", name[:200]).casefold()


def decoded(file: str, data: bytes) -> str:
    """The text of a file, in the encodings such files come in.

    Raises
    ------
    BadImport
        If it is empty, too large or no text.
    """
    if len(data) > MOST_BYTES:
        raise BadImport(f"{file} is too large: {MOST_BYTES >> 20} MB are the most")
    text = _decoded(file, data)
    if not text.strip():
        raise BadImport(f"{file} is empty")
    if "\0" in text:
        raise BadImport(f"{file} is no text file: bring the CSV, JSON or ZIP file that you exported")
    return text


def table(file: str, text: str) -> Table:
    """Read a table with a header, whose cells are separated by commas, semicolons or tabs.

    Raises
    ------
    BadImport
        If there is no header or row, too much of anything, or a quotation mark is never closed.
    """
    text, delimiter = _start(text)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=_is_open(text))
    found: list[list[str]] = []
    try:
        for line in lines:
            if len(line) > MOST_COLUMNS:
                raise BadImport(f"{file} has more than {MOST_COLUMNS} columns: that is no list of movies")
            if not any(cell.strip() for cell in line):
                continue
            if max(map(len, line)) > LONGEST_CELL:
                raise BadImport(f"{file} has a cell of more than {LONGEST_CELL:,} characters")
            found.append(line)
            if len(found) > MOST_ROWS + 1:
                raise BadImport(f"{file} has more than {MOST_ROWS:,} rows: split it")
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise BadImport(f"{file} has a quotation mark that is opened and never closed") from error
        raise BadImport(f"{file} cannot be read as a table (line {lines.line_num:,}): {error}") from error
    if len(found) < 2:
        raise BadImport(f"{file} has no rows below a line with the names of its columns")
    header = tuple(cell.strip().lstrip("\ufeff") for cell in found[0])
    rows = [line + [""] * (len(header) - len(line)) for line in found[1:]]
    straight = [
        [*map(original, row[: len(header)])]
        for row in rows
        if not any(cell.strip() for cell in row[len(header) :])
    ]
    return Table(short(file), header, straight, len(rows) - len(straight))


def document(file: str, text: str) -> Any:
    """Read JSON.

    Raises
    ------
    BadImport
        If it is not JSON, or nested too deeply.
    """
    try:
        return json.loads(text)
    except RecursionError as error:
        raise BadImport(f"{file} is nested too deeply: that is no list of movies") from error
    except ValueError as error:
        raise BadImport(f"{file} is not complete JSON; export it again") from error


def looks_like_json(text: str) -> bool:
    """Whether a text can be JSON rather than a table."""
    return text.lstrip()[:1] in ("{", "[")


def short(file: str) -> str:
    """The name of a file without folders and ending, in lower case."""
    return file.replace("\\", "/").rpartition("/")[2].rpartition(".")[0].casefold() or file.casefold()


def _decoded(file: str, data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise BadImport(f"{file} is damaged: it is not the {encoding} text it says it is") from error
    try:
        return data.decode()
    except UnicodeDecodeError:
        pass
    head = data[:2000].decode("cp1251", "replace").casefold()
    encoding = "cp1251" if any(word in head for word in _CYRILLIC) else "cp1252"
    return data.decode(encoding, "replace")


def _start(text: str) -> tuple[str, str]:
    """The text from its header on, and what separates its cells."""
    text = text.lstrip("\ufeff\r\n")
    if text.startswith(_LIST):
        # What follows is a table about the list itself, an empty line, and the table of its movies.
        about, gap, movies = text.replace("\r\n", "\n").partition("\n\n")
        text = movies.lstrip("\n") if gap else about
    first, _, rest = text.partition("\n")
    named = _SEPARATOR.fullmatch(first.strip())
    if named:
        return rest, named[1]
    bare = _QUOTED.sub("", first)
    return text, max(_DELIMITERS, key=bare.count)


def _is_open(text: str) -> bool:
    """Whether the reader has to be strict, because a quotation mark may swallow all that follows."""
    return text.count('"') % 2 == 1
