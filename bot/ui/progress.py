"""A message that is edited while something is under way."""

import asyncio
import logging

import discord

from bot.services.answers import Progress
from bot.ui.errors import UNSENT
from bot.ui.model import progress_embed

_log = logging.getLogger(__name__)

EDIT_SECONDS = 2.0
"""The message is edited at most this often."""


class ShownProgress:
    """Shows progress by editing a message, seldom enough for Discord."""

    def __init__(self, message: discord.Message) -> None:
        self._message = message
        self._latest: Progress | None = None
        self._ended = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def note(self, progress: Progress) -> None:
        """Remember how far it is; called as often as there is something new."""
        self._latest = progress

    async def __aenter__(self) -> None:
        self._task = asyncio.create_task(self._show(), name="show the progress of a retrain")

    async def __aexit__(self, *_: object) -> None:
        # Not cut off: discord.py does not bear that in the middle of a request; see `Lanes`.
        self._ended.set()
        if self._task is not None:
            await self._task

    async def _show(self) -> None:
        shown: Progress | None = None
        while not await self._has_ended():
            latest = self._latest
            if latest is None or latest == shown:
                continue
            try:
                await self._message.edit(embed=progress_embed(latest))
            except UNSENT as error:
                _log.info("the progress of a retrain cannot be shown any more: %s", error)
                return
            shown = latest

    async def _has_ended(self) -> bool:
        """Whether there is no more to show; answered after `EDIT_SECONDS`, or when it has ended."""
        try:
            await asyncio.wait_for(self._ended.wait(), EDIT_SECONDS)
        except TimeoutError:
            return False
        return True
