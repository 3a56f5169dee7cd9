"""What friends do arrives over the gateway and is answered over HTTP, in time."""

import asyncio
from typing import Any

import pytest

from bot.app import MatineeBot
from tests.wire.conftest import Start
from tests.wire.fake_discord import FakeDiscord
from tests.wire.fake_interactions import ANSWER_WITHIN, CHOICES, MESSAGE, THINKING
from tests.wire.fake_payloads import ANA_ID, BEN_ID, GENERAL_ID
from tests.wire.fake_rest import CHANNEL_MESSAGES

ALIEN = "Sci-Fi Number 2"
"""A title of the small data set, of which id is 2."""


async def test_a_slash_command_is_answered_in_time(bot: MatineeBot, fake: FakeDiscord):
    pending = await fake.slash("rate", title=ALIEN, stars="4.5")
    assert (await fake.answered(pending))["type"] == MESSAGE
    assert pending.answered_at - pending.sent_at < ANSWER_WITHIN
    assert ALIEN in str(await fake.shown(pending))
    assert await bot.services.ratings.profile(ANA_ID) == {2: 4.5}


async def test_work_that_takes_long_is_acknowledged_before_it_is_done(
    bot: MatineeBot, fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch
):
    done = asyncio.Event()
    recommend = bot.services.recommending.recommend

    async def slowly(*args: Any, **options: Any) -> Any:
        await done.wait()
        return await recommend(*args, **options)

    monkeypatch.setattr(bot.services.recommending, "recommend", slowly)
    pending = await fake.slash("recommend")
    assert (await fake.answered(pending))["type"] == THINKING
    assert pending.answered_at - pending.sent_at < ANSWER_WITHIN
    assert pending.thinking
    done.set()
    assert (await fake.shown(pending))["embeds"]


async def test_titles_are_completed_while_typing(bot: MatineeBot, fake: FakeDiscord):
    pending = await fake.complete("rate", title="sci-fi number 2")
    callback = await fake.answered(pending)
    assert callback["type"] == CHOICES
    assert callback["data"]["choices"][0]["name"].startswith(ALIEN)
    rated = await fake.slash("rate", title=callback["data"]["choices"][0]["value"], stars="5")
    await fake.shown(rated)
    assert await bot.services.ratings.profile(ANA_ID) == {2: 5.0}


async def test_a_button_works_after_a_restart(start: Start, fake: FakeDiscord):
    async with start():
        message = await fake.shown(await fake.slash("rate", title=ALIEN, stars="4.5"))
    (undo,) = [each for row in message["components"] for each in row["components"] if "ndo" in each["label"]]
    async with start() as bot:
        await fake.answered(await fake.press(undo, message["id"]))
        assert await bot.services.ratings.profile(ANA_ID) == {}


async def test_a_command_in_a_message_is_answered_in_the_channel(bot: MatineeBot, fake: FakeDiscord):
    await fake.say(f"!rate {ALIEN} 4.5", user_id=BEN_ID)
    reply = await fake.rest.requests.first(lambda request: request.is_to("POST", CHANNEL_MESSAGES))
    assert reply.path == f"/channels/{GENERAL_ID}/messages"
    assert ALIEN in str(reply.body)
    assert reply.body["allowed_mentions"]["parse"] == []
    assert await bot.services.ratings.profile(BEN_ID) == {2: 4.5}
