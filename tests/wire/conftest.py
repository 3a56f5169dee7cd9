"""A Discord of our own for every test that asks for it."""

from collections.abc import AsyncIterator

import pytest

from tests.wire.fake_discord import FakeDiscord


@pytest.fixture
async def fake(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    """Our own Discord, to which discord.py in this process is redirected."""
    async with FakeDiscord().running() as fake:
        fake.redirect(monkeypatch)
        yield fake
