"""The running bot, as far as commands and controls need it."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, cast

import discord
from discord.ext import commands

from bot.services.app import Services
from bot.ui.members import Members
from bot.ui.nights.courier import Courier
from bot.ui.nights.rush import Rush
from bot.ui.nights.sight import Sight


class Host(commands.Bot):
    """A bot that carries the services; `owner_id` is the owner whom the host configured, or None."""

    services: Services
    courier: Courier

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.members = Members(self)
        self.rush = Rush()
        self.sight = Sight(self)
        self._answering: set[asyncio.Task[Any]] = set()

    @property
    def shared(self) -> bool:
        """Whether the bot serves more than one server."""
        return len(self.guilds) > 1

    @contextmanager
    def answering(self) -> Generator[None]:
        """Mark what runs in the block as an answer that is on its way."""
        task = asyncio.current_task()
        # One inside another is still the one answer.
        if task is None or task in self._answering:
            yield
            return
        self._answering.add(task)
        try:
            yield
        finally:
            self._answering.discard(task)

    async def let_answers_out(self, seconds: float) -> None:
        """Wait until the answers that are on their way have arrived, but not longer than some seconds."""
        if self._answering:
            await asyncio.wait(self._answering, timeout=seconds)


def host(interaction: discord.Interaction) -> Host:
    """The bot that received an interaction."""
    return cast(Host, interaction.client)
