"""The bot logs in, connects, and tells Discord about its commands when they are others than it was told."""

import discord
import pytest

import bot.app
from bot.app import MatineeBot
from tests.wire.conftest import Start
from tests.wire.fake_discord import TOKEN, FakeDiscord
from tests.wire.fake_gateway import MEMBERS, MESSAGE_CONTENT, PRIVILEGED, Op
from tests.wire.fake_rest import COMMANDS, Request


def syncs(fake: FakeDiscord) -> list[Request]:
    """Every time that Discord was told about the commands."""
    return fake.rest.requests.all(lambda request: request.is_to("PUT", COMMANDS))


async def test_it_logs_in_and_becomes_ready(bot: MatineeBot, fake: FakeDiscord):
    await bot.wait_until_ready()
    assert bot.user is not None
    assert bot.user.name == "matinée"
    assert [guild.name for guild in bot.guilds] == ["Friends"]
    (hand,) = fake.gateway.hands.entries
    assert (hand.op, hand.path, hand.data["token"]) == (Op.IDENTIFY, "/gateway", TOKEN)
    # Who is online is nobody's business.
    assert hand.data["intents"] & PRIVILEGED == MEMBERS | MESSAGE_CONTENT


async def test_commands_are_synced_at_the_first_start_only(start: Start, fake: FakeDiscord):
    async with start() as first:
        names = {command.name for command in first.tree.get_commands()}
    (request,) = syncs(fake)
    assert {each["name"] for each in request.body} == names >= {"rate", "recommend", "retrain", "help"}
    async with start():
        pass
    assert len(syncs(fake)) == 1


async def test_commands_are_synced_when_they_changed(
    start: Start, fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch
):
    async with start():
        pass
    fewer = tuple(name for name in bot.app.EXTENSIONS if not name.endswith(".recommending"))
    monkeypatch.setattr(bot.app, "EXTENSIONS", fewer)
    async with start():
        pass
    assert len(syncs(fake)) == 2
    assert "recommend" not in {each["name"] for each in fake.rest.commands}


async def test_a_sync_that_discord_puts_off_is_left_to_the_next_start(start: Start, fake: FakeDiscord):
    fake.rest.limit("PUT", COMMANDS, 3600)
    async with start() as bot:
        await bot.wait_until_ready()
    assert [request.status for request in syncs(fake)] == [429]
    fake.rest.lift_limits()
    async with start():
        pass
    assert [request.status for request in syncs(fake)] == [429, 200]


async def test_a_sync_that_failed_is_made_up_for_at_the_next_start(start: Start, fake: FakeDiscord):
    fake.rest.fail("PUT", COMMANDS, 403)
    with pytest.raises(discord.Forbidden):
        async with start():
            pass
    async with start():
        pass
    assert [request.status for request in syncs(fake)] == [403, 200]
