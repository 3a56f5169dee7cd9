"""Copies of a SQLite database file, each whole or not there."""

import fcntl
import os
import re
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from logging import getLogger
from pathlib import Path
from typing import NamedTuple

from bot.errors import UserError
from bot.store.inspection import reading
from bot.store.private import private_file, private_folder

log = getLogger(__name__)

PART = ".part"
"""What the name of a file ends in while it is written."""
DAILY = "daily"
_STAMP = "%Y%m%d-%H%M%S"
_OWN = re.compile(r"matinee-(\d{8}-\d{6})-(daily|before-\d{4})\.db")


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
        with being_written(part):
            copy_database(file, part)
            part.replace(target)
        sync(target.parent)
    except BlockingIOError as error:
        raise UserError(f"{target} is being written already: choose another name") from error
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UserError(f"no backup could be written to {target}: {reason}") from error


def copy_database(file: Path, target: Path) -> None:
    """Copy a database that may be in use over a file; the copy is on disk when this returns.

    Raises
    ------
    OSError, sqlite3.Error
        If it cannot be read or written.
    """
    with reading(file) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        # A copy is one file: a journal mode with files beside it would follow it.
        copy.execute("PRAGMA journal_mode = DELETE")
    sync(target)


@contextmanager
def being_written(part: Path) -> Generator[None]:
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


def scrub(file: Path, whole: bool) -> bool:
    """Empty a database's log, and write the database anew if `whole`; answers whether both could be done.

    SQLite overwrites what is deleted, but not the copies of it in its log, nor the few that it made in the
    database while it moved rows about.
    """
    try:
        with closing(sqlite3.connect(file, isolation_level=None, timeout=1)) as connection:
            if whole:
                connection.execute("VACUUM")
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as error:
        log.warning("what was deleted may still be read in %s: %s", file, error)
        return False
    return whole and not busy


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
    return f"matinee-{at:{_STAMP}}-{what}.db"


class OwnBackup(NamedTuple):
    """A backup that nobody asked for; the file says when it was made, and whether it was before an update."""

    file: Path
    made_at: datetime
    daily: bool


def own_backups(folder: Path) -> list[OwnBackup]:
    """The backups in a folder that the bot made by itself, oldest first; its host's are not among them."""
    found: list[OwnBackup] = []
    for file in sorted(folder.glob("matinee-*.db")):
        said = _OWN.fullmatch(file.name)
        if said is not None:
            with suppress(ValueError):
                made_at = datetime.strptime(said[1], _STAMP).replace(tzinfo=UTC)
                found.append(OwnBackup(file, made_at, said[2] == DAILY))
    return found


def sync(path: Path) -> None:
    """Have what was written to a file or folder reach the disk."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
