"""A movie night with a bot that is killed after each step: nothing is lost, and nothing is said twice."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.services.app import Services
from bot.services.nights.answers import Actor
from tests.wire.fake_discord import FakeDiscord
from tests.wire.fake_payloads import ANA_ID, BEN_ID, GENERAL_ID, GUILD_ID, Json
from tests.wire.program import running
from tests.wire.test_program import settings_of


def footers(fake: FakeDiscord) -> Counter[str]:
    """What stands below the messages that everybody sees."""
    return Counter(
        embed["footer"]["text"].split(" · ")[0]
        for message in fake.rest.messages.values()
        if not message["flags"]
        for embed in message["embeds"]
        if "footer" in embed
    )


def said(fake: FakeDiscord, text: str) -> list[Json]:
    """Messages with a text that everybody sees, the night's own one aside."""
    return [
        message
        for message in fake.rest.messages.values()
        if not message["flags"]
        and text in str(message["embeds"])
        and "time zone" not in str(message["embeds"])
    ]


async def until_said(fake: FakeDiscord, text: str) -> Json:
    """The message with a text; waited for."""
    if not said(fake, text):
        await fake.rest.requests.first(lambda _: bool(said(fake, text)), since=len(fake.rest.requests))
    return said(fake, text)[0]


@asynccontextmanager
async def alive(fake: FakeDiscord, home: Path) -> AsyncGenerator[None]:
    """A bot that is connected in the block and killed at its end."""
    before = len(fake.gateway.opened)
    async with running(fake, home) as program:
        await fake.gateway.opened.first(lambda _: True, since=before)
        yield
        program.kill()
        await program.end()


@pytest.mark.parametrize("after", [0.0, 0.05])
async def test_killed_after_each_step(fake: FakeDiscord, home: Path, after: float) -> None:
    """`after` is how long the bot lives on once it has acknowledged a step."""

    async def step(command: str, wanted: str = "", *, user_id: int = ANA_ID, **options: str) -> None:
        async with alive(fake, home):
            await fake.answered(await fake.slash(command, user_id=user_id, **options))
            await asyncio.sleep(after)
        if wanted:
            async with alive(fake, home):
                await until_said(fake, wanted)

    await step("night plan", dates="in 2 days 20:00", theme="Space")
    await step("nominate", title="Sci-Fi Number 2")
    await step("night in", user_id=BEN_ID)
    await step("night move", "is now on", date="in 3 days 20:00")
    await step("night open", "vote is open until")
    async with alive(fake, home):
        opened = await until_said(fake, "vote is open until")
        (button,) = opened["components"][0]["components"]
        ballot = await fake.shown(await fake.press(button, opened["id"], user_id=BEN_ID))
        menu = ballot["components"][0]["components"][0]
        (value,) = (one["value"] for one in menu["options"] if one["label"].startswith("Sci-Fi Number 2 "))
        voted = await fake.press(menu, ballot["id"], value, user_id=BEN_ID)
        await fake.rest.requests.first(
            # What is confirmed here is on disk.
            lambda request: request.method == "PATCH" and voted.payload["token"] in request.path
        )
    await step("night close", "we watch Sci-Fi Number 2")
    await step("night cancel", "is cancelled: snow", reason="snow")
    async with Services.open(settings_of(home)) as services:
        night = await services.nights.get(Actor(ANA_ID, "Ana", GUILD_ID, frozenset({GENERAL_ID})), 1)
        assert night.state == "cancelled"
        assert [one.user_id for one in night.who("in")] == [ANA_ID, BEN_ID]
        assert night.tally is not None
        assert night.tally.ballots == 1
    assert max(footers(fake).values()) == 1, footers(fake)
    for text in ("is now on", "vote is open until", "we watch Sci-Fi Number 2", "is cancelled: snow"):
        assert len(said(fake, text)) == 1, text
