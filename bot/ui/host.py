"""The running bot, as far as commands and controls need it."""

from typing import cast

import discord
from discord.ext import commands

from bot.services.app import Services


class Host(commands.Bot):
    """A bot that carries the services; `owner_id` is the owner whom the host configured, or None."""

    services: Services


def host(interaction: discord.Interaction) -> Host:
    """The bot that received an interaction."""
    return cast(Host, interaction.client)
