"""The look at a SQLite database file before anything may write to it, and while somebody else has it open."""

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from bot.errors import UserError
from bot.store.meta import (
    ACTIVE_DATASET,
    CATALOGUE_FAILED_AT,
    CATALOGUE_FAILURE,
    CATALOGUE_SINCE,
    MISSED_DATASET,
)
from bot.store.revisions import newest
from bot.store.tables import metadata

ANOTHER_PROGRAMS = "it is a database of another program"


class Facts(NamedTuple):
    """What a database says should be in its home.

    Attributes
    ----------
    dataset : str or None
        The active data set.
    missed : str or None
        The one that was active and could not be read, where the starter set serves meanwhile.
    model : int or None
        The version that serves.
    model_folder : str or None
        Its folder within that of the models.
    people, ratings : int
    renewed, failed : str or None
        When the catalogue was last renewed, and when the last try came to nothing: times in ISO 8601.
    failure : str or None
        What that came to.
    releases : int
        Movies that TMDB told of.
    """

    dataset: str | None
    missed: str | None
    model: int | None
    model_folder: str | None
    people: int
    ratings: int
    renewed: str | None = None
    failed: str | None = None
    failure: str | None = None
    releases: int = 0


@contextmanager
def reading(file: Path, options: str = "") -> Generator[sqlite3.Connection]:
    """A connection that changes nothing."""
    # Read-only, so that a damaged file keeps every byte: even opening one for writing can change it.
    with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro{options}", uri=True)) as connection:
        yield connection


def inspect(file: Path, backups: Path) -> None:
    """Make sure that the file is new or a sound database of this application. Changes nothing.

    Raises
    ------
    UserError
        If it is damaged, unreadable, or a database of something else; names the file and the backups.
    """
    try:
        size = file.stat().st_size
    except FileNotFoundError:
        return
    except OSError as error:
        raise UserError(f"the database {file} cannot be read: {error.strerror}") from error
    copies = sorted(backups.glob("*.db"))
    advice = f"there are no backups in {backups}"
    if copies:
        advice = f"to restore the newest backup: python -m bot restore {copies[-1]}"
    if size == 0 and copies:
        raise UserError(f"the database {file} is empty and was left untouched; {advice}")
    verdict = look(file)
    if verdict == ANOTHER_PROGRAMS:
        raise UserError(f"{file} is a database of another program and was left untouched; set another one")
    if verdict:
        raise UserError(f"the database {file} is damaged and was left untouched ({verdict}); {advice}")


def look(file: Path) -> str:
    """What is wrong with a database; empty if nothing is.

    Raises
    ------
    UserError
        If it cannot be opened.
    """
    # Without a log beside it nobody is writing; told so, SQLite leaves nothing beside it either.
    alone = not file.with_name(f"{file.name}-wal").exists()
    try:
        with reading(file, "&immutable=1" if alone else "") as connection:
            verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if verdict != "ok":
                return " ".join(str(verdict).split())
            tables = {row[0] for row in connection.execute(_TABLES)}
            if tables and "alembic_version" not in tables:
                return ANOTHER_PROGRAMS
            versions = connection.execute("SELECT version_num FROM alembic_version") if tables else ()
            return _lacks(connection) if list(versions) == [(newest(),)] else ""
    except sqlite3.DatabaseError as error:
        if not error.sqlite_errorname.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            raise UserError(f"the database {file} cannot be opened: {error}") from error
        return " ".join(str(error).split())


_TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table'"
_COLUMNS = "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'"
_INDEXES = "SELECT tbl_name, name FROM sqlite_schema WHERE type = 'index'"


def _lacks(connection: sqlite3.Connection) -> str:
    """What a database of today's version lacks of the tables of the program; empty if nothing."""
    columns = set(connection.execute(_COLUMNS))
    tables = {table for table, _ in columns}
    indexes = set(connection.execute(_INDEXES))
    for table in metadata.sorted_tables:
        if table.name not in tables:
            return f"the table {table.name} is missing"
        for column in table.c:
            if (table.name, column.name) not in columns:
                return f"the column {column.name} of the table {table.name} is missing"
        for index in table.indexes:
            if (table.name, index.name) not in indexes:
                return f"the index {index.name} of the table {table.name} is missing"
    return ""


def facts(file: Path) -> Facts:
    """What a sound database says, of any version; also of one that is in use."""
    with reading(file) as connection:

        def ask(question: str, *values: str) -> tuple[int | str | None, ...]:
            try:
                return connection.execute(question, values).fetchone() or (None, None)
            except sqlite3.OperationalError:
                # An earlier version had no such table.
                return (None, None)

        value = "SELECT value FROM meta WHERE key = ?"
        model, folder = ask("SELECT version, path FROM model_versions WHERE state = 'current'")
        return Facts(
            dataset=_text(ask(value, ACTIVE_DATASET)[0]),
            missed=_text(ask(value, MISSED_DATASET)[0]),
            model=None if model is None else int(model),
            model_folder=_text(folder),
            people=int(ask("SELECT count(*) FROM users")[0] or 0),
            ratings=int(ask("SELECT count(*) FROM ratings")[0] or 0),
            renewed=_text(ask(value, CATALOGUE_SINCE)[0]),
            failed=_text(ask(value, CATALOGUE_FAILED_AT)[0]),
            failure=_text(ask(value, CATALOGUE_FAILURE)[0]),
            releases=int(ask("SELECT count(*) FROM releases")[0] or 0),
        )


def _text(value: int | str | None) -> str | None:
    return None if value is None else str(value)
