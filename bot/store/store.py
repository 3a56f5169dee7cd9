"""The database as the services see it: opened with care, read and written in transactions."""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import ExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import UserError
from bot.store import personal
from bot.store.backup import back_up, backup_name, scrub, sweep_parts
from bot.store.engine import BEGIN, database_url, make_engine, plain_errors, sqlite_file
from bot.store.inspection import inspect
from bot.store.lock import only_process
from bot.store.private import private_file, private_folder
from bot.store.revisions import is_newest

LOCK_FILE = "matinee.lock"
BACKUPS = "backups"
SMALL = 8 << 20


class Store:
    """The database. Made by `Store.open`.

    The functions of the modules beside this one take the connection that `read` and `write` yield.
    """

    def __init__(self, engine: AsyncEngine, file: Path | None) -> None:
        self._reader = engine
        self._writer = engine.execution_options(**{BEGIN: "IMMEDIATE"})
        self._writing = asyncio.Lock()
        self._file = file

    @classmethod
    @asynccontextmanager
    async def open(
        cls, home: Path, url: str | None = None, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> AsyncGenerator["Store"]:
        """Lock the home, look at the database, bring it up to date, and close it at the end.

        Parameters
        ----------
        home : Path
            Folder of the database and its backups; made if need be.
        url : str, optional
            Address of a database elsewhere.
        clock : callable, optional
            Answers the time, for the names of backups.

        Raises
        ------
        UserError
            If another process uses the home, the folder or the disk cannot be written, or the database is
            damaged, somebody else's or of a newer version. The database is untouched then.
        """
        address = database_url(home, url)
        file = sqlite_file(address)
        with ExitStack() as locks:
            for folder in {home, file.parent if file else home}:
                _make_folder(folder)
                locks.enter_context(only_process(folder / LOCK_FILE))
            if file is not None:
                await asyncio.to_thread(_look, file, home / BACKUPS)

            def save(what: str) -> None:
                if file is not None:
                    back_up(file, home / BACKUPS / backup_name(clock(), what))

            with plain_errors():
                migrator = make_engine(address, foreign_keys=False)
                try:
                    if not await is_newest(migrator):
                        # Alembic is a sixth of what a start loads, and hardly ever needed.
                        from bot.store.migrate import migrate

                        await migrate(migrator, save)
                finally:
                    await migrator.dispose()
            engine = make_engine(address)
            try:
                yield cls(engine, file)
            finally:
                await engine.dispose()

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncConnection]:
        """A consistent view of the database."""
        with plain_errors():
            async with self._reader.connect() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncConnection]:
        """A transaction, the only one that writes; on disk when the block is left, or undone if it raises."""
        with plain_errors():
            async with self._writing, self._writer.begin() as connection:
                yield connection

    @property
    def is_file(self) -> bool:
        """Whether the database is a file, which `backup` can copy."""
        return self._file is not None

    async def backup(self, target: Path) -> None:
        """Copy the database, which stays in use, to a new file.

        Raises
        ------
        UserError
            If the file exists or cannot be written, or the database is not SQLite.
        """
        if self._file is None:
            raise UserError("the database is not a file: use its own tools, such as pg_dump")
        await asyncio.to_thread(back_up, self._file, target)

    async def scrub(self, *, whole: bool) -> bool:
        """Have nothing that was deleted stay in the database's files; answers whether that is sure now.

        Parameters
        ----------
        whole : bool
            Write the database anew, without which it is not sure. Meanwhile nobody else can write: a second
            for a million ratings, several on a busy machine.
        """
        if self._file is None:
            return True
        async with self._writing:
            return await asyncio.to_thread(scrub, self._file, whole)

    @property
    def is_small(self) -> bool:
        """Whether writing the database anew takes no longer than an answer may."""
        return self._file is None or self._file.stat().st_size <= SMALL

    async def export_person(self, user_id: int) -> dict[str, list[dict[str, Any]]]:
        """All that is kept about a person, by table, as values that JSON can hold."""
        async with self.read() as db:
            return await personal.export_person(db, user_id)

    async def delete_person(self, user_id: int) -> int:
        """Delete all that is kept about a person; answers the number of rows."""
        async with self.write() as db:
            return await personal.delete_person(db, user_id)


def _look(file: Path, backups: Path) -> None:
    """Look at the database, and make its file if there is none: the logs beside it have its permissions."""
    inspect(file, backups)
    for folder in {file.parent, backups}:
        sweep_parts(folder)
    try:
        if not file.exists():
            os.close(private_file(file))
    except OSError as error:
        raise UserError(f"the database {file} cannot be made: {error.strerror}") from error


def _make_folder(folder: Path) -> None:
    try:
        private_folder(folder)
    except OSError as error:
        raise UserError(
            f"cannot use the folder {folder}: {error.strerror}; set MATINEE_HOME to one it may write"
        ) from error
