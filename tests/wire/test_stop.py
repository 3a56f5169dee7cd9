"""When the bot hangs up, nothing of it is left behind."""

import asyncio
from typing import Any

import pytest

from bot.app import MatineeBot
from tests.wire.conftest import Start
from tests.wire.fake_discord import FakeDiscord


async def test_the_loop_has_ended_before_the_services_close(start: Start, monkeypatch: pytest.MonkeyPatch):
    looking = asyncio.Event()
    ended: list[str] = []

    async def look(**_: object) -> None:
        looking.set()
        try:
            await asyncio.Event().wait()
        finally:
            # As a query that is broken off takes its time to end.
            await asyncio.sleep(0.05)
            ended.append("look")

    async with start() as bot:
        close = bot.services.training.close

        async def note_close() -> None:
            ended.append("services")
            await close()

        monkeypatch.setattr(bot.services.training, "retrain_if_due", look)
        monkeypatch.setattr(bot.services.training, "close", note_close)
        await looking.wait()
    assert ended[:2] == ["look", "services"]


async def test_an_answer_on_its_way_still_arrives(
    start: Start, fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch
):
    asked, go = asyncio.Event(), asyncio.Event()

    def hold(bot: MatineeBot) -> None:
        recommend = bot.services.recommending.recommend

        async def slowly(*args: Any, **options: Any) -> Any:
            asked.set()
            await go.wait()
            return await recommend(*args, **options)

        monkeypatch.setattr(bot.services.recommending, "recommend", slowly)

    async with start() as bot:
        hold(bot)
        pending = await fake.slash("recommend")
        await asked.wait()
        asyncio.get_running_loop().call_later(0.1, go.set)
    assert (await fake.shown(pending))["embeds"]
