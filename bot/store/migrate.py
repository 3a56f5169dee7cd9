"""Bringing a database up to the version of the program, at start."""

import asyncio
from collections.abc import Callable
from logging import getLogger
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import UserError
from bot.store.engine import BEGIN
from bot.store.revisions import MIGRATIONS

log = getLogger(__name__)


def steps(folder: Path | None = None) -> Config:
    """Alembic's configuration for the steps in a folder, by default ours; there is no alembic.ini."""
    config = Config()
    # The folder's name is a value of a configuration file to Alembic, in which % has a meaning.
    config.set_main_option("script_location", str(folder or MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


async def migrate(engine: AsyncEngine, save: Callable[[str], None], config: Config | None = None) -> None:
    """Run the steps that the database lacks, all in one transaction.

    Parameters
    ----------
    engine : AsyncEngine
        One that does not enforce foreign keys: a step that rebuilds a table drops the old one, which
        must not be taken for deleting what its rows are referred to by. They are checked at the end.
    save : callable
        Makes a backup whose name mentions its argument. Called in a thread, and only if there are
        both steps to run and data to lose.
    config : Config, optional
        The steps; by default the program's own.

    Raises
    ------
    UserError
        If the database is of a newer version, or the backup cannot be written. Nothing has changed then.
    """
    config = config or steps()
    script = ScriptDirectory.from_config(config)
    head = script.get_current_head()
    async with engine.connect() as connection:
        found = await connection.run_sync(_revision)
    if found == head:
        return
    if found is not None:
        if found not in {revision.revision for revision in script.walk_revisions()}:
            raise UserError(
                f"the database is of a newer Matinée (its version {found}, known up to {head}): "
                "update the bot, or restore the backup made before that update"
            )
        await asyncio.to_thread(save, f"before-{head}")
    log.info("database: from version %s to %s", found or "none", head)
    async with engine.execution_options(**{BEGIN: "IMMEDIATE"}).begin() as connection:
        await connection.run_sync(_upgrade, config)


def _upgrade(connection: Connection, config: Config) -> None:
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"the steps left rows that refer to nothing: {broken[:3]}")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
