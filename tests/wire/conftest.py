"""A Discord of our own, and a home with a model, for every test that asks for them."""

import asyncio
import shutil
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import discord.gateway
import discord.http
import pytest

from bot.app import MatineeBot
from bot.services.app import Services
from bot.services.clock import MovableClock, utc_now
from bot.services.fit_run import Fitter
from bot.services.nights import limits
from bot.services.shelf import Shelf, load_serving
from bot.services.versions import Versions
from bot.settings import Settings
from bot.store import Store, meta
from tests.bot.services.tiny import QUICK, tiny_dataset
from tests.wire.fake_discord import TOKEN, FakeDiscord
from tests.wire.launcher import redirect

Start = Callable[[], AbstractAsyncContextManager[MatineeBot]]


@pytest.fixture
def put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let discord.py be redirected in this process for one test."""
    # Set to what they are, so that they are put back in the end.
    monkeypatch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)
    socket = discord.gateway.DiscordWebSocket
    monkeypatch.setattr(socket, "DEFAULT_GATEWAY", socket.DEFAULT_GATEWAY)


@pytest.fixture
async def fake(put_back: None) -> AsyncIterator[FakeDiscord]:
    """Our own Discord, to which discord.py in this process is redirected."""
    async with FakeDiscord().running() as fake:
        redirect(fake.api_url, fake.gateway_url)
        yield fake


@pytest.fixture(scope="session")
def finished_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a small data set and a model that was fitted on it."""
    home = tmp_path_factory.mktemp("wire") / "home"
    asyncio.run(_finish(home))
    return home


async def _finish(home: Path) -> None:
    dataset = tiny_dataset()
    dataset.save(home / "datasets" / dataset.name)
    async with Store.open(home) as store:
        async with store.write() as db:
            await meta.put(db, meta.ACTIVE_DATASET, dataset.name)
        shelf = Shelf(load_serving(home / "datasets" / dataset.name))
        fitter = Fitter(store, shelf, Versions(store, home / "models"), home, utc_now, options=QUICK)
        result = await fitter.run(lambda _: None)
    assert result.adopted, result.message


@pytest.fixture
def home(finished_home: Path, tmp_path: Path) -> Path:
    """A home of its own for one test."""
    return Path(shutil.copytree(finished_home, tmp_path / "home"))


@pytest.fixture
def start(fake: FakeDiscord, home: Path) -> Start:
    """Starts the bot of this process on the home; it is connected when the block is entered."""

    @asynccontextmanager
    async def start() -> AsyncGenerator[MatineeBot]:
        settings = Settings(_env_file=None, home=home, discord_token=TOKEN)  # pyright: ignore[reportCallIssue, reportArgumentType]
        async with Services.open(settings, MovableClock()) as services:
            bot = MatineeBot(services, settings)
            async with fake.connected(bot):
                yield bot

    return start


@pytest.fixture
async def bot(start: Start) -> AsyncIterator[MatineeBot]:
    """The running bot."""
    async with start() as bot:
        yield bot


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """One host may plan nights in as many channels as a test has."""
    monkeypatch.setattr(limits, "LIMITS", {act: one._replace(most=100) for act, one in limits.LIMITS.items()})
