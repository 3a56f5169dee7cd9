"""``restore``: a backup in the place of the database."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.logs import set_up_logging
from bot.services.clock import utc_now
from bot.settings import Settings

Backup = Annotated[Path, typer.Argument(help="A backup, as the bot or python -m bot backup made it.")]


def restore(file: Backup) -> None:
    """Put a backup in the place of the database; the bot must not be running."""
    from bot.cli.checks import missing
    from bot.services.wording import counted
    from bot.store.inspection import facts
    from bot.store.restore import restore as put_back

    settings = Settings.read()
    set_up_logging(settings, quiet=True)
    database, old = asyncio.run(put_back(file.absolute(), settings.home, settings.database_url, utc_now))
    found = facts(database)
    people = "1 person" if found.people == 1 else f"{found.people:,} people"
    print(f"restored {people} and {counted(found.ratings, 'rating')}: {database}")
    if old is not None:
        print(f"the database before it is kept: {old}")
    for line in missing(settings, found).values():
        print(line)
