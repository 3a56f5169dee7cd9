"""``backup``: a copy of the database, also while the bot runs."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.logs import set_up_logging
from bot.errors import UserError
from bot.services.clock import utc_now
from bot.settings import Settings

Target = Annotated[Path | None, typer.Argument(help="The new file; in the home's backups if not said.")]


def backup(target: Target = None) -> None:
    """Copy the database to a file; the bot may be running."""
    from bot.store.backup import back_up, backup_name
    from bot.store.engine import database_url, sqlite_file
    from bot.store.store import BACKUPS

    settings = Settings.read()
    set_up_logging(settings, quiet=True)
    file = sqlite_file(database_url(settings.home, settings.database_url))
    if file is None:
        raise UserError("the database is not a file: back it up with its own tools, such as pg_dump")
    if not file.exists():
        raise UserError(f"there is no database at {file} yet, so there is nothing to back up")
    chosen = target or settings.home / BACKUPS / backup_name(utc_now(), "manual")
    back_up(file, chosen.absolute())
    print(chosen)
