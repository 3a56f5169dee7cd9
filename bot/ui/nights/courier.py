"""Taking the announcements of the nights to Discord."""

import discord

from bot.services.guilds import Guilds
from bot.services.nights.service import PATIENCE, Nights
from bot.ui.errors import report
from bot.ui.nights.delivery import DiscordDeliverer


class Courier:
    """Takes the announcements of the nights to Discord.

    Parameters
    ----------
    client : discord.Client
    nights : Nights
    guilds : Guilds
    """

    def __init__(self, client: discord.Client, nights: Nights, guilds: Guilds) -> None:
        self._nights = nights
        self._deliverer = DiscordDeliverer(client, guilds)

    async def deliver(self, *, patience: float = PATIENCE) -> None:
        """Say what there is to say; a failure is reported, because what was asked for is done all the same.

        Parameters
        ----------
        patience : float
            Seconds to wait for it; see `Nights.deliver`.
        """
        try:
            await self._nights.deliver(self._deliverer, patience=patience)
        except Exception as error:  # noqa: BLE001 - whoever pressed has had their answer
            report(error, "delivering the announcements of nights")
