"""When Discord asks for patience or has a bad moment, the answer still comes, and not too early."""

from bot.app import MatineeBot
from tests.wire.conftest import Start
from tests.wire.fake_discord import FakeDiscord
from tests.wire.fake_payloads import ANA_ID, BEN_ID, GENERAL_ID, LOUNGE_ID
from tests.wire.fake_rest import COMMANDS

GENERAL = f"/channels/{GENERAL_ID}/messages"
LOUNGE = f"/channels/{LOUNGE_ID}/messages"
CALLBACK = r"/interactions/\d+/[^/]+/callback"
SECONDS = 0.4


async def until_answered(fake: FakeDiscord, path: str) -> list[int]:
    """The status of every message to a path, up to the one that Discord took."""
    await fake.rest.requests.first(lambda request: request.is_to("POST", path) and request.status == 200)
    return [request.status for request in fake.rest.requests.all(lambda one: one.is_to("POST", path))]


async def test_a_limited_route_is_left_alone_until_its_time_is_over(bot: MatineeBot, fake: FakeDiscord):
    fake.rest.limit("POST", GENERAL, SECONDS)
    await fake.say("!popular")
    # One that came too early would have been refused again.
    assert await until_answered(fake, GENERAL) == [429, 200]


async def test_a_limit_of_one_route_is_none_of_another(bot: MatineeBot, fake: FakeDiscord):
    fake.rest.limit("POST", GENERAL, SECONDS)
    await fake.say("!popular")
    limited = await fake.rest.requests.first(lambda request: request.status == 429)
    await fake.say("!popular", user_id=BEN_ID, channel_id=LOUNGE_ID)
    assert await until_answered(fake, LOUNGE) == [200]
    assert await until_answered(fake, GENERAL) == [429, 200]
    assert limited.path == GENERAL


async def test_a_global_limit_holds_everything_back(bot: MatineeBot, fake: FakeDiscord):
    fake.rest.limit("POST", GENERAL, SECONDS, everywhere=True)
    await fake.say("!popular")
    await fake.rest.requests.first(lambda request: request.status == 429)
    await fake.say("!popular", user_id=BEN_ID, channel_id=LOUNGE_ID)
    assert await until_answered(fake, LOUNGE) == [200]
    assert await until_answered(fake, GENERAL) == [429, 200]


async def test_a_limit_at_the_sync_delays_the_start_only(start: Start, fake: FakeDiscord):
    fake.rest.limit("PUT", COMMANDS, SECONDS)
    async with start():
        tries = fake.rest.requests.all(lambda request: request.is_to("PUT", COMMANDS))
    assert [request.status for request in tries] == [429, 200]


async def test_a_bad_gateway_is_tried_again(bot: MatineeBot, fake: FakeDiscord):
    fake.rest.fail("POST", GENERAL, 502)
    await fake.say("!popular")
    assert await until_answered(fake, GENERAL) == [502, 200]


async def test_an_acknowledgement_that_met_an_error_still_comes_in_time(bot: MatineeBot, fake: FakeDiscord):
    fake.rest.fail("POST", CALLBACK, 503)
    pending = await fake.slash("rate", title="Sci-Fi Number 2", stars="4")
    await fake.answered(pending)
    assert await until_answered(fake, CALLBACK) == [503, 200]
    assert await bot.services.ratings.profile(ANA_ID) == {2: 4.0}
