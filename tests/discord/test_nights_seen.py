"""Nights among strangers: two channels, two servers, and who is told of what."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import discord
import pytest

from bot.services.nights.answers import Plan
from bot.ui.ids import ANYONE, custom_id
from tests.discord.conftest import Friend, Shown, World
from tests.discord.nights import Evening, actor_of

NONE = "There is no such movie night"
SECRET = "Surprise for Ben"

Attempt = Callable[[Friend, int], Awaitable[Shown]]

COMMANDS: dict[str, Attempt] = {
    "status": lambda who, number: who.slash("night status", night=number),
    "in": lambda who, number: who.slash("night in", night=number),
    "maybe": lambda who, number: who.slash("night maybe", night=number),
    "out": lambda who, number: who.slash("night out", night=number),
    "open": lambda who, number: who.slash("night open", night=number),
    "vote": lambda who, number: who.slash("night vote", night=number),
    "close": lambda who, number: who.slash("night close", night=number),
    "move": lambda who, number: who.slash("night move", date="in 6 days 20:00", night=number),
    "cancel": lambda who, number: who.slash("night cancel", night=number),
    "repeat": lambda who, number: who.slash("night repeat", night=number),
    "stop": lambda who, number: who.slash("night repeat", how="stop", night=number),
    "watched": lambda who, number: who.slash("night watched", night=number),
    "rate": lambda who, number: who.slash("night rate", stars="4", night=number),
    "withdraw": lambda who, number: who.slash("night withdraw", title="Alien", night=number),
    "nominate": lambda who, number: who.slash("nominate", title="Heat", night=number),
    "watchlist": lambda who, number: who.slash("nominate", night=number),
}
"""Every command that takes a night's number."""


@pytest.fixture
async def evening(world: World) -> Evening:
    return await Evening.begin(world)


def hide(world: World, *friends: Friend) -> None:
    """Make the other channel one that only these friends see, and the bot."""
    world.allow(world.elsewhere, view_channel=False)
    for member_id in (world.bot_id, *(friend.id for friend in friends)):
        world.allow(world.elsewhere, member_id, view_channel=True)


async def in_the_hidden_channel(world: World, evening: Evening) -> Friend:
    """A night of Ana's in a channel that Ben does not see; answers Ana in that channel."""
    await world.ana.slash("watchlist add", title="Alien")
    hide(world, world.ana)
    await world.env.settle()
    ana = Friend(world, world.ana.actor, world.elsewhere)
    planned = await evening.plan(ana, theme=SECRET)
    assert "Night 1 is planned" in planned.text
    await ana.slash("nominate", title="Alien")
    assert (await evening.night()).channel_id == world.elsewhere.id
    return ana


@pytest.mark.parametrize("attempt", COMMANDS)
async def test_a_night_in_a_hidden_channel_is_none_for_others(
    world: World, evening: Evening, attempt: str
) -> None:
    await in_the_hidden_channel(world, evening)
    before = await evening.night()
    for number in (1, 77):
        assert NONE in (await COMMANDS[attempt](world.ben, number)).text
    assert await evening.night() == before


async def test_a_night_in_a_hidden_channel_is_offered_and_meant_nowhere(
    world: World, evening: Evening
) -> None:
    ana = await in_the_hidden_channel(world, evening)
    for command in ("night status", "night in", "night move", "night cancel", "nominate"):
        assert len(await ana.choices(command, "night", "")) == 1
        assert await world.ben.choices(command, "night", "") == []
    assert "no movie night is planned" in (await world.ben.slash("night in")).text.casefold()
    said = await world.ben.say("!night")
    assert said is not None
    assert SECRET not in said.text
    assert "who watches" in (await world.ben.slash("group recommend")).text.casefold()
    await evening.plan(world.ben, "sun 20:00")
    assert SECRET not in (await world.ben.slash("night status")).text
    also = await ana.slash("night status")
    assert SECRET in also.text


def pressed(number: int) -> list[tuple[str, list[str]]]:
    """Every control of a night, as somebody forges it, with what is chosen in it."""
    plain = ("nominate", "nomlist", "close", "openvote", "watched", "ballot")
    ids = [custom_id(verb, ANYONE, number) for verb in plain]
    ids += [custom_id("rsvp", ANYONE, number, said) for said in ("in", "maybe", "out")]
    ids += [custom_id("nightstar", ANYONE, number, 8), custom_id("unnom", ANYONE, number, 1)]
    ids += [custom_id(verb, ANYONE, number) for verb in ("unrank", "rerank", "unvote")]
    ids += [custom_id("ballots", ANYONE, 0, number)]
    menus = [custom_id(verb, ANYONE, number, 0) for verb in ("approve", "rank", "score")]
    menus += [custom_id("points", ANYONE, number, 0, 1), custom_id("suits", ANYONE, number)]
    menus += [custom_id("picknom", ANYONE, number)]
    return [(one, []) for one in ids] + [(one, ["1"]) for one in menus]


async def test_forged_controls_of_a_hidden_night_find_none(world: World, evening: Evening) -> None:
    await in_the_hidden_channel(world, evening)
    mine = await evening.plan(world.ben, "sun 20:00")
    before = await evening.night()
    for forged, values in pressed(1):
        rows = [control(forged, values)]
        told = await world.ben.press_stale(mine, forged, rows, *values)
        assert NONE in told.text, forged
        assert SECRET not in told.text
    assert await evening.night() == before


def control(forged: str, values: list[str]) -> dict[str, object]:
    """A row with one control of this `custom_id`."""
    if not values:
        return {"type": 1, "components": [{"type": 2, "style": 1, "label": "x", "custom_id": forged}]}
    options = [{"label": value, "value": value} for value in values]
    return {"type": 1, "components": [{"type": 3, "custom_id": forged, "options": options}]}


async def test_a_hidden_night_is_in_no_history_and_no_statistics(world: World, evening: Evening) -> None:
    ana = await in_the_hidden_channel(world, evening)
    await ana.slash("night open")
    await evening.until(evening.now + timedelta(days=7))
    assert (await evening.night()).state == "over"
    seen = await ana.slash("night history")
    assert SECRET in seen.text
    none = await world.ben.slash("night history")
    assert "No movie night has taken place" in none.text
    forged = custom_id("nights", ANYONE, 0)
    turned = await world.ben.press_stale(none, forged, [control(forged, [])])
    assert "No movie night has taken place" in turned.text
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    await guild.chunk()
    await ana.slash("rate", title="Contact", stars="4")
    assert "1 movie night" in (await ana.slash("stats")).text
    assert "movie night" not in (await world.ben.slash("stats")).text


async def test_who_sees_all_channels_sees_their_nights_and_who_manages_here_alone_does_not(
    world: World, evening: Evening
) -> None:
    await in_the_hidden_channel(world, evening)
    # Manage Server does not show every channel; Administrator does.
    assert NONE in (await world.admin.slash("night cancel", night=1)).text
    chief = world.guild.create_role("Chief", permissions=discord.Permissions(administrator=True))
    olga = world.join("Otto", roles=[chief])
    assert SECRET in (await olga.slash("night status", night=1)).text
    assert "is cancelled" in (await olga.slash("night cancel", night=1)).text


async def test_a_night_for_guests_is_none_for_others_and_stays_so_without_them(
    world: World, evening: Evening
) -> None:
    await evening.plan(world.ana, theme=SECRET, who=world.ben.mention)
    dan = world.join("Dan")
    assert SECRET in (await world.ben.slash("night status", night=1)).text
    assert "You are in" in (await evening.press(world.ben, "I'm in")).text
    for told in (
        await dan.slash("night status", night=1),
        await evening.press(dan, "I'm in"),
        await dan.slash("nominate", title="Heat", night=1),
    ):
        assert NONE in told.text
    assert await dan.choices("night in", "night", "") == []
    # Who manages events may run it, and may not come to it.
    assert SECRET in (await world.admin.slash("night status", night=1)).text
    assert "for others" in (await evening.press(world.admin, "I'm in")).text
    await world.services.privacy.delete(world.ben.id)
    assert NONE in (await dan.slash("night status", night=1)).text
    assert NONE in (await evening.press(dan, "I'm in")).text


async def test_who_is_invited_sees_the_night_wherever_it_is(world: World, evening: Evening) -> None:
    hide(world, world.ana)
    ana = Friend(world, world.ana.actor, world.elsewhere)
    await evening.plan(ana, theme=SECRET, who=world.ben.mention)
    assert "You are in" in (await world.ben.slash("night in", night=1)).text
    assert NONE in (await world.join("Dan").slash("night in", night=1)).text


async def test_a_night_of_another_server_is_none(world: World, evening: Evening) -> None:
    other = world.env.create_guild("Strangers")
    channel = other.create_text_channel("movies")
    boss = other.create_role("Boss", permissions=discord.Permissions(administrator=True))
    actor = await actor_of(world, world.ana)
    await world.services.nights.plan(
        actor, world.channel.id, Plan((evening.now + timedelta(days=4),), theme=SECRET)
    )
    await world.bot.courier.deliver()
    before = await evening.night()
    sam = Friend(world, other.add_member(world.env.create_user("sam"), roles=[boss]), channel)
    for attempt in COMMANDS.values():
        told = await attempt(sam, 1)
        assert NONE in told.text
    own = await sam.slash("night plan", dates="sun 20:00")
    for forged, values in pressed(1):
        assert NONE in (await sam.press_stale(own, forged, [control(forged, values)], *values)).text, forged
    assert [one["value"] for one in await sam.choices("night in", "night", "")] == [2]
    assert await evening.night() == before


async def test_a_thread_counts_as_a_channel_asleep_or_not(world: World, evening: Evening) -> None:
    hide(world, world.ana)
    channel = world.bot.get_channel(world.elsewhere.id)
    assert isinstance(channel, discord.TextChannel)
    thread = await channel.create_thread(name="films", type=discord.ChannelType.public_thread)
    plan = Plan((evening.now + timedelta(days=4),), theme=SECRET)
    await world.services.nights.plan(await actor_of(world, world.admin), thread.id, plan)
    await world.bot.courier.deliver()
    for _ in range(2):
        assert SECRET in (await world.ana.slash("night status", night=1)).text
        assert NONE in (await world.ben.slash("night status", night=1)).text
        await thread.edit(archived=True)
        await world.env.settle()
        assert world.bot.get_channel(world.elsewhere.id).get_thread(thread.id) is None  # type: ignore[union-attr]


async def test_the_nights_of_a_channel_that_is_gone_are_for_those_who_were_there(
    world: World, evening: Evening
) -> None:
    ana = await in_the_hidden_channel(world, evening)
    await ana.slash("night open")
    await evening.until(evening.now + timedelta(days=7))
    world.env.backend.delete_channel(world.elsewhere.id)
    await world.env.settle()
    assert SECRET in (await world.ana.slash("night history")).text
    assert "No movie night has taken place" in (await world.ben.slash("night history")).text


async def test_to_manage_events_in_one_channel_is_not_to_manage_the_nights(
    world: World, evening: Evening
) -> None:
    await evening.plan(world.ana, theme=SECRET)
    world.allow(world.channel, world.ben.id, manage_events=True)
    await world.env.settle()
    assert "Only its host" in (await world.ben.slash("night cancel", night=1)).text


async def test_a_hidden_night_has_no_event_that_everybody_sees(world: World, evening: Evening) -> None:
    ana = await in_the_hidden_channel(world, evening)
    for command in ("night open", "night close", "night close"):
        await ana.slash(command)
    assert (await evening.night()).state == "decided"
    assert evening.events == []
