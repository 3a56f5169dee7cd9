"""Delivering one after the other, however many people press at once."""

import asyncio

import discord

from bot.services.nights.service import Nights
from bot.ui.errors import report
from bot.ui.nights.delivery import DiscordDeliverer

SPACING = 1.0
"""Seconds between two deliveries while people go on pressing."""


class Courier:
    """Takes the announcements of the nights to Discord.

    Parameters
    ----------
    client : discord.Client
    nights : Nights
    """

    def __init__(self, client: discord.Client, nights: Nights) -> None:
        self._nights = nights
        self._deliverer = DiscordDeliverer(client)
        self._turn = asyncio.Lock()
        self._wanted = False

    async def deliver(self) -> None:
        """Say what there is to say; a failure is reported, because what was asked for is done all the same.

        Who comes while a delivery is under way leaves the wish behind: a hundred presses at once
        are a few edits of a message and not a hundred.
        """
        self._wanted = True
        if self._turn.locked():
            return
        async with self._turn:
            while self._wanted:
                self._wanted = False
                await self._once()
                if self._wanted:
                    # Discord takes an edit of a message about once a second.
                    await asyncio.sleep(SPACING)

    async def _once(self) -> None:
        try:
            await self._nights.deliver(self._deliverer)
        except Exception as error:  # noqa: BLE001 - whoever pressed has had their answer
            report(error, "delivering the announcements of nights")

    async def run_due(self) -> int:
        """Do what has come due and deliver it; answers how much came due."""
        async with self._turn:
            came_due = await self._nights.run_due(self._deliverer)
        if self._wanted:
            # Somebody pressed meanwhile and left it to whoever was delivering.
            await self.deliver()
        return came_due
