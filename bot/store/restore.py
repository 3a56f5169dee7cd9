"""Putting a backup in the place of the database, whole or not at all."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path

from bot.errors import UserError
from bot.store.backup import PART, backup_name, being_written, copy_database, sync
from bot.store.engine import database_url, make_engine, plain_errors, sqlite_file
from bot.store.inspection import ANOTHER_PROGRAMS, look
from bot.store.lock import only_process
from bot.store.private import private_file, private_folder
from bot.store.store import BACKUPS, LOCK_FILE

_LOGS = ("-wal", "-shm", "-journal")
"""What may stand beside a database and belongs to it."""


async def restore(
    backup: Path, home: Path, url: str | None, clock: Callable[[], datetime]
) -> tuple[Path, Path | None]:
    """Put a backup in the place of a home's database, brought up to the version of the program.

    Whatever ends this, a kill among it, the home has the old database or the new one, whole.

    Parameters
    ----------
    backup : Path
        Stays as it is.
    home : Path
    url : str or None
        Address of the database, if it is elsewhere.
    clock : callable
        Answers the time, for the name under which the old database is kept.

    Returns
    -------
    (Path, Path or None)
        The database, and where the old one is now; None if there was none.

    Raises
    ------
    UserError
        If the backup is no sound database of this program or of a newer version, a bot runs on the home, the
        database is no file, or the disk does not take it. Nothing has changed then.
    """
    file = sqlite_file(database_url(home, url))
    if file is None:
        raise UserError("the database is not a file: restore it with its own tools, such as pg_restore")
    try:
        await asyncio.to_thread(_check, backup, file)
        with ExitStack() as held:
            for folder in {home, file.parent}:
                private_folder(folder)
                held.enter_context(only_process(folder / LOCK_FILE))
            part = file.with_name(f"{file.name}.restored{PART}")
            held.enter_context(being_written(part))
            await asyncio.to_thread(copy_database, backup, part)
            await _bring_up_to_date(part)
            aside = _unused(home / BACKUPS / backup_name(clock(), "replaced"))
            return file, await asyncio.to_thread(_exchange, part, file, aside)
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UserError(f"{backup} was not restored, and nothing was changed: {reason}") from error


def _check(backup: Path, file: Path) -> None:
    if not backup.is_file():
        raise UserError(f"there is no file {backup}")
    if file.exists() and backup.samefile(file):
        raise UserError(f"{backup} is the database itself: name a backup of it")
    verdict = "it is empty" if backup.stat().st_size == 0 else look(backup)
    if verdict == ANOTHER_PROGRAMS:
        raise UserError(f"{backup} is no backup: {verdict}")
    if verdict:
        raise UserError(f"{backup} cannot be restored: {verdict}")


async def _bring_up_to_date(part: Path) -> None:
    from bot.store.migrate import migrate

    engine = make_engine(database_url(part.parent, f"sqlite:///{part}"), foreign_keys=False)
    try:
        with plain_errors():
            # What is to be saved before the steps is the backup itself.
            await migrate(engine, lambda _: None)
    finally:
        await engine.dispose()
    await asyncio.to_thread(_finish, part)


def _finish(part: Path) -> None:
    with closing(sqlite3.connect(part)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if verdict != "ok" or connection.execute("PRAGMA foreign_key_check").fetchone():
            raise UserError(f"the backup is damaged and was not restored ({' '.join(str(verdict).split())})")
    sync(part)


def _unused(backup: Path) -> Path:
    """A name that is not one of a backup: what it will hold may be damaged."""
    names = (backup.with_name(f"{backup.stem}{number}.old") for number in ("", *range(2, 1000)))
    return next(name for name in names if not name.exists())


def _exchange(part: Path, file: Path, aside: Path) -> Path | None:
    """Put the new database in the place of the old one; answers where that is now."""
    kept = _keep(file, aside)
    part.replace(file)
    sync(file.parent)
    return kept


def _keep(file: Path, aside: Path) -> Path | None:
    """Keep a database under another name too; no log of it stays, which would be played into the new one."""
    there = file.exists() and file.stat().st_size > 0
    logs = [end for end in _LOGS if file.with_name(f"{file.name}{end}").exists()]
    if not there and not logs:
        return None
    private_folder(aside.parent)
    if there and not look(file):
        with closing(sqlite3.connect(file, timeout=1)) as connection:
            # What stands in the log alone comes into the file.
            if connection.execute("PRAGMA journal_mode = DELETE").fetchone() != ("delete",):
                raise UserError(f"the database {file} is in use by another program: end that first")
    else:
        # It is damaged, and every byte of it is kept as it is.
        for end in logs:
            file.with_name(f"{file.name}{end}").replace(aside.with_name(f"{aside.name}{end}"))
    if there:
        _duplicate(file, aside)
        sync(aside.parent)
    return aside


def _duplicate(file: Path, aside: Path) -> None:
    """The same file under a second name, until the first is another's; where that cannot be, a copy."""
    try:
        os.link(file, aside)
    except OSError:
        os.close(private_file(aside))
        shutil.copyfile(file, aside)
        sync(aside)
