"""Copies of a SQLite database file, and the look at one before anything may write to it."""

import os
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from bot.errors import UserError


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
        # A log that stayed beside a restored file would be played into it.
        advice = f"to restore the newest backup, delete {file}* and copy {copies[-1]} to {file}"
    if size == 0 and copies:
        raise UserError(f"the database {file} is empty and was left untouched; {advice}")
    # Without a log beside it nobody is writing; told so, SQLite leaves nothing beside it either.
    log = file.with_name(f"{file.name}-wal")
    alone = not log.exists()
    try:
        with _reading(file, "&immutable=1" if alone else "") as connection:
            verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            tables = {
                row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            }
    except sqlite3.DatabaseError as error:
        if not error.sqlite_errorname.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            raise UserError(f"the database {file} cannot be opened: {error}") from error
        verdict, tables = str(error), set[str]()
    if verdict != "ok":
        reason = " ".join(str(verdict).split())
        raise UserError(f"the database {file} is damaged and was left untouched ({reason}); {advice}")
    if tables and "alembic_version" not in tables:
        raise UserError(f"{file} is a database of another program and was left untouched; set another one")


def back_up(file: Path, target: Path) -> None:
    """Copy a database that may be in use to a new file, which appears only when it is complete.

    Raises
    ------
    UserError
        If there is a file already, or the copy cannot be written.
    """
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            raise UserError(f"{target} exists already: choose another name")
        part.unlink(missing_ok=True)
        with _reading(file) as source, closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
            # A copy is one file: a journal mode with files beside it would follow it.
            copy.execute("PRAGMA journal_mode = DELETE")
        _sync(part)
        part.replace(target)
        _sync(target.parent)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            part.unlink()
        reason = error.strerror if isinstance(error, OSError) else error
        raise UserError(f"no backup could be written to {target}: {reason}") from error


def backup_name(at: datetime, what: str) -> str:
    """A file name that sorts by time."""
    return f"matinee-{at:%Y%m%d-%H%M%S}-{what}.db"


def _sync(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
