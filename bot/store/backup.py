"""Copies of a SQLite database file, and the look at one before anything may write to it."""

import fcntl
import os
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from bot.errors import UserError
from bot.store.private import private_file, private_folder
from bot.store.revisions import newest
from bot.store.tables import metadata

PART = ".part"
"""What the name of a file ends in while it is written."""


@contextmanager
def _reading(file: Path, options: str = "") -> Generator[sqlite3.Connection]:
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
    verdict = _verdict(file)
    if verdict:
        raise UserError(f"the database {file} is damaged and was left untouched ({verdict}); {advice}")


def _verdict(file: Path) -> str:
    """What is wrong with a database; empty if nothing is.

    Raises
    ------
    UserError
        If it cannot be opened, or is another program's.
    """
    # Without a log beside it nobody is writing; told so, SQLite leaves nothing beside it either.
    alone = not file.with_name(f"{file.name}-wal").exists()
    try:
        with _reading(file, "&immutable=1" if alone else "") as connection:
            verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if verdict != "ok":
                return " ".join(str(verdict).split())
            tables = {row[0] for row in connection.execute(_TABLES)}
            if tables and "alembic_version" not in tables:
                raise UserError(
                    f"{file} is a database of another program and was left untouched; set another one"
                )
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


def back_up(file: Path, target: Path) -> None:
    """Copy a database that may be in use to a new file, which appears only when it is complete.

    Raises
    ------
    UserError
        If there is a file already, or the copy cannot be written.
    """
    part = target.with_name(f"{target.name}{PART}")
    try:
        private_folder(target.parent)
        if target.exists():
            raise UserError(f"{target} exists already: choose another name")
        with _being_written(part):
            with _reading(file) as source, closing(sqlite3.connect(part)) as copy:
                source.backup(copy)
                # A copy is one file: a journal mode with files beside it would follow it.
                copy.execute("PRAGMA journal_mode = DELETE")
            sync(part)
            part.replace(target)
        sync(target.parent)
    except BlockingIOError as error:
        raise UserError(f"{target} is being written already: choose another name") from error
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UserError(f"no backup could be written to {target}: {reason}") from error


@contextmanager
def _being_written(part: Path) -> Generator[None]:
    """A new file that `sweep_parts` leaves alone, until it is renamed or, in the end, removed."""
    with suppress(FileNotFoundError):
        _remove_unless_written(part)
    file = private_file(part)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        with suppress(OSError):
            _remove(part)
        # Not before SQLite is done: it loses its own locks when any descriptor of the file is closed.
        os.close(file)


def sweep_parts(folder: Path) -> None:
    """Remove what processes left that were killed while they wrote a copy into a folder."""
    for part in folder.glob(f"*{PART}"):
        with suppress(OSError):
            _remove_unless_written(part)


def _remove_unless_written(part: Path) -> None:
    file = os.open(part, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _remove(part)
    finally:
        os.close(file)


def _remove(database: Path) -> None:
    """Remove a database with what may stand beside it."""
    for end in ("-wal", "-shm", "-journal", ""):
        database.with_name(f"{database.name}{end}").unlink(missing_ok=True)


def backup_name(at: datetime, what: str) -> str:
    """A file name that sorts by time."""
    return f"matinee-{at:%Y%m%d-%H%M%S}-{what}.db"


def sync(path: Path) -> None:
    """Have what was written to a file or folder reach the disk."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
