"""Nobody makes the bot write where they may not write themselves."""

from datetime import timedelta

import discord
import pytest

from bot.services.nights.answers import Plan
from tests.discord.conftest import Friend, Shown, World
from tests.discord.nights import Evening, actor_of
from tests.discord.test_nights_trouble import told_directly

YOURSELF = "cannot write in \\#elsewhere yourself"


@pytest.fixture
async def evening(world: World) -> Evening:
    return await Evening.begin(world)


async def mute(world: World, where: object, *friends: Friend) -> None:
    """Take the right to write in a channel from some friends."""
    for friend in friends:
        world.allow(where, friend.id, send_messages=False, send_messages_in_threads=False)
    await world.env.settle()


async def test_a_night_is_planned_where_its_host_may_write(world: World, evening: Evening) -> None:
    await mute(world, world.elsewhere, world.ana)
    there = Friend(world, world.ana.actor, world.elsewhere)
    assert YOURSELF in (await evening.plan(there)).text
    await world.services.guilds.change(world.guild.id, movie_night_channel_id=world.elsewhere.id)
    assert YOURSELF in (await evening.plan(world.ana)).text
    assert "is planned" in (await evening.plan(world.ben)).text


async def test_a_night_is_planned_in_a_thread_where_its_host_may_write(
    world: World, evening: Evening
) -> None:
    channel = world.bot.get_channel(world.elsewhere.id)
    assert isinstance(channel, discord.TextChannel)
    thread = await channel.create_thread(name="films", type=discord.ChannelType.public_thread)
    await world.services.guilds.change(world.guild.id, movie_night_channel_id=thread.id)
    await mute(world, world.elsewhere, world.ana)
    assert "cannot write in \\#films yourself" in (await evening.plan(world.ana)).text
    world.allow(world.elsewhere, world.ana.id, send_messages=False, send_messages_in_threads=True)
    await world.env.settle()
    assert "is planned" in (await evening.plan(world.ana)).text


async def test_a_night_moves_to_where_who_moves_it_may_write(world: World, evening: Evening) -> None:
    await evening.plan(world.ana)
    await mute(world, world.elsewhere, world.ana, world.admin)
    for who in (world.ana, world.admin):
        assert YOURSELF in (await who.slash("night move", channel=world.elsewhere)).text
    assert (await evening.night()).channel_id == world.channel.id


async def test_the_message_left_behind_says_where_the_night_went(world: World, evening: Evening) -> None:
    await evening.plan(world.ana, theme="Space")
    behind = await evening.card()
    await world.ana.slash("night move", channel=world.elsewhere)
    assert (await evening.night()).channel_id == world.elsewhere.id
    card = await evening.card()
    assert "Who comes" in card.text
    behind.check()
    assert behind.text == f"Movie night: Space goes on in <#{world.elsewhere.id}>."
    assert behind.controls == []
    # Nor does it come to life again.
    await world.ben.slash("night in")
    assert "goes on in" in behind.text
    assert "In (2)" in card.text


async def test_a_message_left_behind_that_is_gone_holds_up_nothing(world: World, evening: Evening) -> None:
    await evening.plan(world.ana)
    card = (await evening.night()).card_message_id
    world.env.inject_error("PATCH", f"/messages/{card}", status=403, code=50001)
    await world.ana.slash("night move", channel=world.elsewhere)
    await evening.nominate(world.ana, "Alien")
    await world.ana.slash("night open")
    assert len(evening.said("the vote is open until", world.elsewhere)) == 1
    assert (await evening.night()).trouble == ""


async def test_a_card_is_not_posted_once_its_host_may_not_write_there(world: World, evening: Evening) -> None:
    plan = Plan((evening.now + timedelta(days=4),), theme="Space")
    await world.services.nights.plan(await actor_of(world, world.ana), world.channel.id, plan)
    await mute(world, world.channel, world.ana)
    await world.bot.courier.deliver()
    assert (await evening.night()).card_message_id is None
    (line,) = told_directly(world, world.ana)
    assert "host of this night may not write in \\#movies" in line
    world.allow(world.channel, world.ana.id, send_messages=True)
    await world.env.settle()
    await evening.pass_time(hours=1)
    assert (await evening.night()).card_message_id is not None


async def test_a_weekly_night_is_not_opened_where_its_host_may_not_write_any_more(
    world: World, evening: Evening
) -> None:
    await evening.plan(world.ana, theme="Space")
    await world.ana.slash("night repeat")
    await mute(world, world.channel, world.ana)
    await evening.until(evening.now + timedelta(days=3))
    assert (await evening.night(2)).card_message_id is None


async def test_who_may_not_write_says_nothing_through_a_cancellation(world: World, evening: Evening) -> None:
    await evening.plan(world.ana)
    await mute(world, world.channel, world.ana)
    refused = await world.ana.slash("night cancel", reason="read my blog")
    assert "cannot write in \\#movies yourself; leave the reason out" in refused.text
    assert evening.said("read my blog") == []
    assert "is cancelled" in (await world.ana.slash("night cancel")).text


async def test_who_moves_a_night_to_and_fro_is_told_when_they_can_again(
    world: World, evening: Evening
) -> None:
    await evening.plan(world.ana)
    told: Shown | None = None
    for number in range(6):
        where = world.channel if number % 2 else world.elsewhere
        told = await world.ana.slash("night move", channel=where)
        if number == 4:
            await world.restart()
    assert told is not None
    assert "only 5 times an hour: try again in 60 minutes" in told.text
    assert len(evening.said("who comes, and what", world.elsewhere)) <= 1
