"""Who is on the server is asked over the gateway, for those who are meant, and forgotten when they leave."""

from bot.app import MatineeBot
from tests.wire.fake_discord import FakeDiscord
from tests.wire.fake_payloads import GUILD_ID, user
from tests.wire.fake_rest import CHANNEL_MESSAGES, Request

CEM_ID = 10**15 + 403


async def answer(fake: FakeDiscord, said: str) -> str:
    """What is written into the channel upon a message."""
    before = len(fake.rest.requests.entries)
    await fake.say(said)

    def fits(request: Request) -> bool:
        return request in fake.rest.requests.entries[before:] and request.is_to("POST", CHANNEL_MESSAGES)

    return str((await fake.rest.requests.first(fits)).body)


async def test_somebody_is_shown_while_they_are_on_the_server(bot: MatineeBot, fake: FakeDiscord):
    await bot.services.ratings.rate(CEM_ID, "Cem", 2, 4.5)
    assert [member.id for member in bot.guilds[0].members] == [bot.user and bot.user.id]
    assert "1 rating" in await answer(fake, f"!ratings {CEM_ID}")
    fake.gateway.left.add(CEM_ID)
    gone = {"guild_id": str(GUILD_ID), "user": user(CEM_ID)}
    await fake.gateway.session.dispatch("GUILD_MEMBER_REMOVE", gone)
    assert "has rated nothing, or is no member here" in await answer(fake, f"!ratings {CEM_ID}")
    # After a break of which nobody can tell what happened in it, everybody is asked for anew.
    fake.gateway.left.clear()
    await bot.on_ready()
    assert "1 rating" in await answer(fake, f"!ratings {CEM_ID}")
