"""Connections to the database, and what its failures are called in plain words.

SQLite needs saying how transactions begin and what a commit is worth; everything of that kind is here,
so that another database is a matter of the URL.
"""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from logging import getLogger
from pathlib import Path

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import UserError

log = getLogger(__name__)

DATABASE_FILE = "matinee.db"
BUSY_SECONDS = 10
BEGIN = "matinee_begin"
"""Execution option: how a transaction begins on SQLite."""

_ASYNC_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
}


def database_url(home: Path, url: str | None) -> URL:
    """The database's address: `url` with a driver that suits asyncio, or a file in the home.

    Raises
    ------
    UserError
        If `url` is not an address, or is one of a database in memory, which would forget everything.
    """
    if url is None:
        return URL.create("sqlite+aiosqlite", database=str(home / DATABASE_FILE))
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        # The address may hold a password, so it is not repeated.
        raise UserError(
            "DATABASE_URL is not a database address, such as sqlite:////srv/matinee.db"
        ) from error
    parsed = parsed.set(drivername=_ASYNC_DRIVERS.get(parsed.drivername, parsed.drivername))
    if parsed.get_backend_name() == "sqlite":
        if parsed.database in (None, "", ":memory:") or parsed.query:
            raise UserError("DATABASE_URL must name a database file, such as sqlite:////srv/matinee.db")
        parsed = parsed.set(database=str(Path(parsed.database).expanduser().absolute()))
    return parsed


def sqlite_file(url: URL) -> Path | None:
    """The database's file; None if the database is not SQLite."""
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def make_engine(url: URL, *, foreign_keys: bool = True) -> AsyncEngine:
    """An engine; with the execution option `BEGIN` "IMMEDIATE" a transaction is a writer from the start.

    `foreign_keys` says whether SQLite enforces them.

    Raises
    ------
    UserError
        If the driver of the database is not installed or unknown.
    """
    sqlite = url.get_backend_name() == "sqlite"
    try:
        # Without isolation_level=None the driver would begin transactions by itself, later and only
        # before some statements: changes of tables, for one, would not be part of them.
        options = {"isolation_level": None, "timeout": BUSY_SECONDS} if sqlite else {}
        engine = create_async_engine(url, connect_args=options)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise UserError(f"no driver for {url.drivername}: install it, or unset DATABASE_URL") from error
    if sqlite:
        event.listen(engine.sync_engine, "connect", partial(_set_up, foreign_keys))
        event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _set_up(foreign_keys: bool, connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    # FULL: a commit has reached the disk when it returns, whatever happens to the power afterwards.
    cursor.execute("PRAGMA synchronous = FULL")
    # What is deleted is overwritten: it is somebody's who does not want it kept.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
    cursor.close()


def _begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get(BEGIN, "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


_PLAIN = {
    "SQLITE_FULL": "the disk of the bot's computer is full: its host has to make room",
    # A limit on the size of files, or a share that went away, as well as a dying disk.
    "SQLITE_IOERR": "the disk of the bot's computer does not work: its host has to see whether it is full",
    "SQLITE_READONLY": "the database cannot be written: its host has to give the bot the right to",
    "SQLITE_CANTOPEN": "the database cannot be opened: its host has to look at it",
    "SQLITE_CORRUPT": "the database is damaged: its host has to restore a backup",
    "SQLITE_NOTADB": "the database is damaged: its host has to restore a backup",
    "SQLITE_BUSY": "the database is in use by another program: try again in a moment",
}


@contextmanager
def plain_errors() -> Generator[None]:
    """Turn what the disk or the file is to blame for into a `UserError`; a mistake of ours stays itself."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        original = error.orig if isinstance(error, DBAPIError) else error
        name = getattr(original, "sqlite_errorname", "")
        for prefix, line in _PLAIN.items():
            if name.startswith(prefix):
                log.error("database: %s (%s)", original, name)  # noqa: TRY400 - the name says all
                raise UserError(f"nothing was changed: {line}") from error
        raise
