"""The console says what nights have to say as every deliverer does."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.console.nights import ConsoleChannel
from bot.console.screen import Screen
from bot.services.app import Services
from bot.services.clock import utc_now
from tests.bot.console.conftest import settings_of
from tests.bot.services.nights.deliverers import DelivererContract, Stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    written = io.StringIO()
    screen = Screen(written)
    async with Services.open(settings_of(tmp_path)) as services:
        yield Stage(
            nights=services.nights,
            deliverer=ConsoleChannel(screen),
            guild_id=1,
            channel_id=2,
            now=utc_now(),
            posted=lambda: written.getvalue().count("» "),
            chatter=screen.line,
        )


class TestTheConsole(DelivererContract):
    """Nothing more."""
