"""A message that is edited while something is under way."""

import asyncio
import contextlib
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

    def __init__(self, message: discord.Message, title: str = "Retraining") -> None:
        self._message = message
        self._title = title
        self._latest: Progress | None = None
        self._task: asyncio.Task[None] | None = None
        self._editing: asyncio.Task[discord.Message] | None = None

    def note(self, progress: Progress) -> None:
        """Remember how far it is; called as often as there is something new."""
        self._latest = progress

    async def __aenter__(self) -> None:
        self._task = asyncio.create_task(self._show(), name=f"show the progress: {self._title}")

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._editing is not None:
            # Not cut off: discord.py does not bear that in the middle of a request; see `Lanes`.
            with contextlib.suppress(*UNSENT):
                await self._editing

    async def _show(self) -> None:
        shown: Progress | None = None
        while True:
            await asyncio.sleep(EDIT_SECONDS)
            latest = self._latest
            if latest is None or latest == shown:
                continue
            self._editing = asyncio.create_task(self._message.edit(embed=progress_embed(latest, self._title)))
            try:
                await asyncio.shield(self._editing)
            except UNSENT as error:
                _log.info("the progress cannot be shown any more (%s): %s", self._title, error)
                return
            shown = latest
