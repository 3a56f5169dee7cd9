"""The services of the configured home, for a command that ends."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.cli.logs import set_up_logging
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.services.app import Services


@asynccontextmanager
async def opened_services() -> AsyncGenerator["Services"]:
    """Open the services, with the log kept quiet; see `Services.open`."""
    # Imported late, as all commands do: --help is to answer at once.
    from bot.services.app import Services

    settings = Settings.read()
    set_up_logging(settings, quiet=True)
    async with Services.open(settings) as services:
        yield services
