"""What the bot does by itself, when it is due: retraining, renewing its catalogue, backups."""

import asyncio
import logging

from discord.ext import tasks

from bot.cogs.base import MatineeCog
from bot.errors import UserError
from bot.services.clock import utc_now
from bot.services.data_list import catalogue_lines
from bot.services.errands import LOOK_SECONDS
from bot.ui.errors import report
from bot.ui.host import Host

_log = logging.getLogger(__name__)

FAREWELL_SECONDS = 3.0
"""How long the bot stays, when it is to stop, for the answers that are on their way."""


class Upkeep(MatineeCog):
    """The loops. The schedule itself is the services' matter."""

    async def cog_load(self) -> None:
        """Start looking."""
        self.retrain_if_due.start()
        self.add_releases_if_due.start()
        self.refresh_data_if_due.start()
        self.do_errands.start()
        self.back_up_if_due.start()

    async def cog_unload(self) -> None:
        """Stop looking, and end a fit that is running while there is a line to tell those who wait for it."""
        for loop in (
            self.retrain_if_due,
            self.add_releases_if_due,
            self.refresh_data_if_due,
            self.do_errands,
            self.back_up_if_due,
        ):
            loop.cancel()
            looking = loop.get_task()
            if looking is not None:
                # Not merely cancelled: were it in the middle of a query when the event loop is closed, and so
                # cancelled once more, the database driver would wait forever.
                await asyncio.wait([looking])
        await self.services.data.close()
        await self.services.errands.close()
        await self.services.training.close()
        await self.bot.let_answers_out(FAREWELL_SECONDS)
        # Before Discord is left, which would be taken for a failure.
        await self.services.nights.stop_delivering()

    @tasks.loop(minutes=1)
    async def retrain_if_due(self) -> None:
        """Retrain if it is time. An exception would end the loop for good, so all are caught and reported."""
        try:
            result = await self.services.training.retrain_if_due(shared=self.bot.shared)
        except Exception as error:  # noqa: BLE001
            report(error, "the loop that retrains")
            return
        if result is not None:
            _log.info("retrained: %s", result.message)

    @tasks.loop(minutes=10)
    async def add_releases_if_due(self) -> None:
        """Add new releases and forget what was said of old ones, if it is time; exceptions are caught."""
        try:
            await self.services.releases.forget_if_due()
            await self.services.releases.add_if_due()
        except Exception as error:  # noqa: BLE001
            report(error, "the loop that looks for new releases")

    @tasks.loop(minutes=10)
    async def refresh_data_if_due(self) -> None:
        """Renew the catalogue if it is time; exceptions are caught for the same reason."""
        try:
            status = await self.services.data.refresh_if_due()
        except UserError as error:
            _log.warning("the catalogue was not renewed: %s", error)
        except Exception as error:  # noqa: BLE001
            report(error, "the loop that renews the catalogue")
        else:
            if status is not None:
                _log.info("the catalogue is renewed: %s", catalogue_lines(status, utc_now())[0])

    @tasks.loop(seconds=LOOK_SECONDS)
    async def do_errands(self) -> None:
        """Do what a command in a terminal wants of the data; exceptions are caught as well."""
        try:
            await self.services.errands.look()
        except Exception as error:  # noqa: BLE001
            report(error, "the loop that looks for errands")

    @tasks.loop(minutes=10)
    async def back_up_if_due(self) -> None:
        """Copy the database if it is time, without what was deleted; exceptions are caught as well."""
        try:
            await self.services.privacy.scrub_if_due()
            made = await self.services.backups.back_up_if_due()
        except Exception as error:  # noqa: BLE001
            report(error, "the loop that makes backups")
            return
        if made is not None:
            _log.info("the database is backed up to %s", made)

    @back_up_if_due.before_loop
    @do_errands.before_loop
    @refresh_data_if_due.before_loop
    @add_releases_if_due.before_loop
    @retrain_if_due.before_loop
    async def _ready(self) -> None:
        await self.bot.wait_until_ready()


async def setup(bot: Host) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Upkeep(bot))
