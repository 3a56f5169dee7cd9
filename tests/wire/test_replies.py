"""An answer that Discord refuses is given in the channel instead, but not what was for one alone."""

import asyncio
from typing import Any

import pytest

from bot.app import MatineeBot
from tests.wire.fake_discord import FakeDiscord
from tests.wire.fake_payloads import ANA_ID, GENERAL_ID, GUILD_ID
from tests.wire.fake_rest import Request

GENERAL = f"/channels/{GENERAL_ID}/messages"
CALLBACK = r"/interactions/\d+/[^/]+/callback"
UNKNOWN_INTERACTION, INVALID_FORM, NO_HISTORY = 10062, 50035, 160002
LOST = "Discord has lost my answer to you"


async def in_the_channel(fake: FakeDiscord) -> Request:
    """The next message in the channel that Discord takes."""
    return await fake.rest.requests.first(lambda one: one.is_to("POST", GENERAL) and one.status == 200)


@pytest.mark.parametrize(("status", "code"), [(400, INVALID_FORM), (403, NO_HISTORY)])
async def test_a_reply_that_is_refused_is_a_message(
    bot: MatineeBot, fake: FakeDiscord, status: int, code: int
):
    """What was written is deleted by now; or the bot may not read what was said before."""
    fake.rest.fail("POST", GENERAL, status, code=code)
    await fake.say("!rate Sci-Fi Number 2 nine")
    said = await in_the_channel(fake)
    assert "stars" in said.body["content"]
    refused, taken = fake.rest.requests.all(lambda one: one.is_to("POST", GENERAL))
    assert "message_reference" in refused.body
    assert "message_reference" not in taken.body


async def test_where_the_bot_may_not_write_at_all_it_goes_on(
    bot: MatineeBot, fake: FakeDiscord, caplog: pytest.LogCaptureFixture
):
    fake.rest.fail("POST", GENERAL, 403, code=50013, times=3)
    await fake.say("!popular")
    # The answer, what is wrong as a reply, and as a message.
    await fake.rest.requests.first(lambda _: len(tries(fake)) == 3)
    await fake.say("!popular")
    assert (await in_the_channel(fake)).body["embeds"]
    assert not [one for one in caplog.records if one.exc_info]


def tries(fake: FakeDiscord) -> list[Request]:
    """Every message that the bot wanted in the channel."""
    return fake.rest.requests.all(lambda one: one.is_to("POST", GENERAL))


async def test_an_answer_that_came_too_late_comes_into_the_channel(bot: MatineeBot, fake: FakeDiscord):
    fake.rest.fail("POST", CALLBACK, 404, code=UNKNOWN_INTERACTION)
    await fake.slash("rate", title="Sci-Fi Number 2", stars="4.5")
    assert "Sci-Fi Number 2" in str((await in_the_channel(fake)).body["embeds"])
    assert await bot.services.ratings.profile(ANA_ID) == {2: 4.5}


async def test_so_does_one_whose_acknowledgement_came_too_late(
    bot: MatineeBot, fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch
):
    recommend, done = bot.services.recommending.recommend, asyncio.Event()

    async def slowly(*args: Any, **options: Any) -> Any:
        await done.wait()
        return await recommend(*args, **options)

    monkeypatch.setattr(bot.services.recommending, "recommend", slowly)
    fake.rest.fail("POST", CALLBACK, 404, code=UNKNOWN_INTERACTION, times=2)
    await fake.slash("recommend")
    await fake.rest.requests.first(lambda one: one.is_to("POST", CALLBACK))
    done.set()
    assert (await in_the_channel(fake)).body["embeds"]


async def test_what_was_for_one_alone_is_not_said_to_all(bot: MatineeBot, fake: FakeDiscord):
    await bot.services.guilds.change(GUILD_ID, ephemeral=True)
    fake.rest.fail("POST", CALLBACK, 404, code=UNKNOWN_INTERACTION)
    await fake.slash("rate", title="Sci-Fi Number 2", stars="4.5")
    said = await in_the_channel(fake)
    assert said.body["content"].startswith(f"<@{ANA_ID}> {LOST}")
    assert said.body["allowed_mentions"] == {"parse": [], "users": [ANA_ID]}
    assert "Sci-Fi" not in str(said.body)


async def test_neither_is_what_somebody_did_wrong(bot: MatineeBot, fake: FakeDiscord):
    fake.rest.fail("POST", CALLBACK, 404, code=UNKNOWN_INTERACTION)
    await fake.slash("unrate", title="Sci-Fi Number 6")
    said = await in_the_channel(fake)
    assert LOST in said.body["content"]
    assert "Sci-Fi" not in str(said.body)
