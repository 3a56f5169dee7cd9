"""A program that does nothing but acknowledge every press, as discord.py does it by itself.

Is called as `tests.wire.launcher` is.
"""

import os
import sys
from typing import Any

import discord

from bot.app import intents
from tests.wire.launcher import redirect


class Acknowledging(discord.Client):
    """A client without commands, state or answers."""

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Acknowledge a press."""
        await interaction.response.defer()


if __name__ == "__main__":
    redirect(*sys.argv[1:3])
    Acknowledging(intents=intents()).run(os.environ["DISCORD_TOKEN"], log_handler=None)
