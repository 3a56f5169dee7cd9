"""One channel takes nothing: every other night's message and timer is on time within two seconds."""

import asyncio
import shutil
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bot.app import MatineeBot
from bot.services.app import Services
from bot.services.clock import MovableClock
from bot.settings import Settings
from tests.wire.conftest import finished_home, put_back, unlimited  # noqa: F401 - fixtures
from tests.wire.fake_discord import TOKEN, FakeDiscord
from tests.wire.fake_payloads import ROOMS
from tests.wire.launcher import redirect
from tests.wire.test_deliveries import CARD, MISSED, messages, open_vote, plan, until_said

Trouble = Callable[[FakeDiscord], range]
"""Makes some channels take nothing, and answers which."""


def limited_for_an_hour(fake: FakeDiscord) -> range:
    """A 429 that says to come back in an hour."""
    fake.rest.limit("POST", messages(ROOMS[0]), 3600)
    return ROOMS[:1]


def limited_for_seconds(fake: FakeDiscord) -> range:
    """A 429 so short that discord.py waits for its end."""
    fake.rest.limit("POST", messages(ROOMS[0]), 20)
    return ROOMS[:1]


def failing(fake: FakeDiscord) -> range:
    """Six errors on Discord's side, one after the other, before which discord.py waits longer and longer."""
    fake.rest.fail("POST", messages(ROOMS[0]), 500, times=6)
    return ROOMS[:1]


def many_limited(fake: FakeDiscord) -> range:
    """More channels than there are places, all in short limits."""
    for room in ROOMS[:12]:
        fake.rest.limit("POST", messages(room), 20)
    return ROOMS[:12]


async def late(bot: MatineeBot, clock: MovableClock, fake: FakeDiscord, trouble: Trouble) -> list[float]:
    """Seconds by which a card and the timers of other channels came late while some take nothing."""
    await bot.wait_until_ready()
    closes = clock() + timedelta(hours=1)
    for room in ROOMS[12:]:
        await open_vote(bot, await plan(bot, room), until=closes)
    await bot.courier.deliver()
    stuck = trouble(fake)
    for room in stuck:
        await plan(bot, room)
    delivering = [asyncio.create_task(bot.courier.deliver())]
    await fake.rest.requests.first(lambda one: one.is_to("POST", messages(stuck[-1])))
    # Somebody plans a night meanwhile, and all the votes close.
    begin = time.monotonic()
    planned = await plan(bot, ROOMS[12])
    delivering.append(asyncio.create_task(bot.courier.deliver()))
    came = [await until_said(fake, ROOMS[12], CARD, f"night-{planned.night_id}-")]
    clock.put_forward(closes)
    came += [await until_said(fake, room, MISSED) for room in ROOMS[12:]]
    for task in delivering:
        task.cancel()
    await asyncio.wait(delivering)
    return [request.at - begin for request in came]


async def on(home: Path, trouble: Trouble) -> list[float]:
    """`late` for a bot on this home."""
    settings = Settings(_env_file=None, home=home, discord_token=TOKEN)  # pyright: ignore[reportCallIssue, reportArgumentType]
    clock = MovableClock()
    async with FakeDiscord().running() as fake, Services.open(settings, clock) as services:
        redirect(fake.api_url, fake.gateway_url)
        bot = MatineeBot(services, settings)
        async with fake.connected(bot):
            return await late(bot, clock, fake, trouble)


@pytest.mark.usefixtures("put_back", "unlimited")
@pytest.mark.parametrize("trouble", [limited_for_an_hour, limited_for_seconds, failing, many_limited])
def test_the_others_are_on_time(
    benchmark: BenchmarkFixture,
    finished_home: Path,  # noqa: F811 - the fixture that is imported
    tmp_path: Path,
    trouble: Trouble,
) -> None:
    rounds: list[list[float]] = []

    def once() -> None:
        home = tmp_path / str(len(rounds))
        shutil.copytree(finished_home, home)
        rounds.append(asyncio.run(on(home, trouble)))

    benchmark.pedantic(once, rounds=3 if benchmark.enabled else 1)
    latest = float(np.max(rounds))
    benchmark.extra_info.update(latest_s=latest, median_s=float(np.median(rounds)))
    assert benchmark.disabled or latest < 2, f"{latest:.1f} s late"
