"""What nights have to say reaches their channels once each, whatever becomes of one of them."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.app import MatineeBot
from bot.services.clock import MovableClock, utc_now
from bot.services.nights.answers import Actor, Night, Plan
from bot.services.nights.service import Nights
from tests.wire.conftest import Start
from tests.wire.fake_discord import FakeDiscord
from tests.wire.fake_payloads import ANA_ID, BEN_ID, GUILD_ID, ROOMS, Json
from tests.wire.fake_rest import Request

EVERYWHERE = frozenset(ROOMS)
ANA = Actor(ANA_ID, "Ana", GUILD_ID, EVERYWHERE)
BAD, GOOD = ROOMS[0], ROOMS[1]
HOUR = 3600.0
CARD, OPEN, MISSED = "Who comes, and what", "vote is open until", "the vote closed with"

pytestmark = pytest.mark.usefixtures("unlimited")


def messages(channel_id: int) -> str:
    """The path of a channel's messages."""
    return f"/channels/{channel_id}/messages"


def said(fake: FakeDiscord, channel_id: int, text: str) -> list[Json]:
    """What stands in a channel and holds a text."""
    found = [one for one in fake.rest.messages.values() if one["channel_id"] == str(channel_id)]
    return [one for one in found if text in str(one["embeds"])]


async def until_said(fake: FakeDiscord, channel_id: int, *texts: str) -> Request:
    """The request with which a message with these texts came into a channel; waited for."""
    path = messages(channel_id)

    def wanted(request: Request) -> bool:
        return (
            request.is_to("POST", path)
            and request.status == 200
            and all(text in str(request.body) for text in texts)
        )

    return await fake.rest.requests.first(wanted)


async def plan(bot: MatineeBot, channel_id: int) -> Night:
    """A night in a channel, of which nothing has been said yet."""
    return await bot.services.nights.plan(ANA, channel_id, Plan((utc_now() + timedelta(days=2),)))


async def open_vote(bot: MatineeBot, night: Night, until: datetime | None = None) -> None:
    """Nominate a movie and open the vote, of which nothing has been said yet."""
    await bot.services.nights.nominate(ANA, night.night_id, 2)
    await bot.services.nights.open_vote(ANA, night.night_id, until)


async def test_a_channel_that_is_limited_for_an_hour_is_left_alone_and_the_others_go_on(
    bot: MatineeBot, fake: FakeDiscord
):
    await bot.wait_until_ready()
    fake.rest.limit("POST", messages(BAD), HOUR)
    bad, good = await plan(bot, BAD), await plan(bot, GOOD)
    await bot.courier.deliver()
    assert said(fake, GOOD, CARD)
    for night in (bad, good):
        await open_vote(bot, night)
    await bot.courier.deliver()
    await until_said(fake, GOOD, OPEN)
    # It is told why, and the channel is asked no second time.
    assert "lets me do nothing there" in (await bot.services.nights.get(ANA, bad.night_id)).trouble
    tries = fake.rest.requests.all(lambda one: one.is_to("POST", messages(BAD)))
    assert [one.status for one in tries] == [429]


async def test_channels_that_are_stuck_take_no_place_from_the_others(bot: MatineeBot, fake: FakeDiscord):
    await bot.wait_until_ready()
    for room in ROOMS[2:]:
        # Discord.py waits for the end of limits as short as that.
        fake.rest.limit("POST", messages(room), 25)
        await plan(bot, room)
    night = await plan(bot, GOOD)
    await bot.courier.deliver(patience=0)
    await until_said(fake, GOOD, CARD)
    # Neither does a timer wait for them.
    closes = utc_now() + timedelta(hours=1)
    await open_vote(bot, night, until=closes)
    assert isinstance(bot.services.clock, MovableClock)
    bot.services.clock.put_forward(closes)
    await until_said(fake, GOOD, MISSED)


async def test_what_was_taken_though_the_answer_was_an_error_is_said_once(bot: MatineeBot, fake: FakeDiscord):
    await bot.wait_until_ready()
    fake.rest.fail("POST", messages(GOOD), 502, done=True)
    await plan(bot, GOOD)
    await bot.courier.deliver()
    tries = fake.rest.requests.all(lambda one: one.is_to("POST", messages(GOOD)))
    assert [one.status for one in tries] == [502, 200]
    assert len(said(fake, GOOD, CARD)) == 1


async def test_cut_off_in_the_middle_it_is_said_once_after_the_next_start(start: Start, fake: FakeDiscord):
    """The channel took the message, and the bot ends before it was told so."""
    async with start() as bot:
        await bot.wait_until_ready()
        fake.rest.fail("POST", messages(GOOD), 500, done=True)
        night = await plan(bot, GOOD)
        await bot.courier.deliver(patience=0)
        await fake.rest.requests.first(lambda one: one.is_to("POST", messages(GOOD)))
    # The nonce is forgotten after some minutes.
    fake.rest.forget_nonces()
    async with start() as bot:
        await fake.rest.requests.first(lambda one: one.is_to("GET", messages(GOOD)))
        await bot.courier.deliver()
        assert (await bot.services.nights.get(ANA, night.night_id)).card_message_id is not None
    assert len(said(fake, GOOD, CARD)) == 1


async def test_after_a_limit_of_everything_all_goes_on(bot: MatineeBot, fake: FakeDiscord):
    """Were a delivery cut off while discord.py waits for the end of it, nothing would ever be sent again."""
    await bot.wait_until_ready()
    fake.rest.limit("POST", messages(BAD), 0.5, everywhere=True)
    await plan(bot, BAD)
    await bot.courier.deliver(patience=0.1)
    assert not said(fake, BAD, CARD)
    await plan(bot, GOOD)
    await bot.courier.deliver()
    for room in (BAD, GOOD):
        await until_said(fake, room, CARD)


async def test_one_message_of_a_night_is_changed_by_one_request_at_a_time(bot: MatineeBot, fake: FakeDiscord):
    await bot.wait_until_ready()
    night = await plan(bot, GOOD)
    await bot.courier.deliver()
    await asyncio.gather(*(change(bot, night, BEN_ID + number) for number in range(20)))
    edits = fake.rest.requests.all(lambda one: one.is_to("PATCH", messages(GOOD) + r"/\d+"))
    assert 1 <= len(edits) <= 3
    assert "In (21)" in str(edits[-1].body)


async def change(bot: MatineeBot, night: Night, user_id: int) -> None:
    """Somebody comes, and the night's message is to show it."""
    await bot.services.nights.answer(
        Actor(user_id, f"Friend {user_id}", GUILD_ID, EVERYWHERE), night.night_id, "in"
    )
    await bot.courier.deliver()


async def test_looking_for_who_left_meanwhile_holds_up_no_timer(
    start: Start, fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch
):
    closes = utc_now() + timedelta(hours=1)
    async with start() as bot:
        await open_vote(bot, await plan(bot, GOOD), until=closes)
        await bot.courier.deliver()
    looking = asyncio.Event()

    async def look(_nights: Nights, _guild_id: int) -> set[int]:
        looking.set()
        await asyncio.Event().wait()
        return set()

    monkeypatch.setattr(Nights, "involved", look)
    async with start() as bot:
        assert isinstance(bot.services.clock, MovableClock)
        bot.services.clock.put_forward(closes)
        await until_said(fake, GOOD, MISSED)
        assert looking.is_set()
