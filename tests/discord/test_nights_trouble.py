"""What can go wrong around a night: deleted messages and channels, lost permissions, a bot that was away."""

import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import datetime, timedelta

import aiohttp
import discord
import pytest

from bot.services.nights.answers import Announcement, Night, Plan
from bot.store import Connection, Store
from bot.store.engine import plain_errors
from bot.ui.nights.delivery import DiscordDeliverer
from tests.discord.conftest import Friend, World
from tests.discord.nights import BERLIN, Evening, actor_of


@pytest.fixture
async def evening(world: World) -> Evening:
    return await Evening.begin(world)


def told_directly(world: World, friend: Friend) -> list[str]:
    """What the bot wrote to somebody in private."""
    channel = friend.actor.user.dm_channel
    return [one.content for one in world.env.backend.messages.get(channel.id, {}).values()]


async def in_a_thread(world: World, evening: Evening) -> discord.Thread:
    """A night of Ana's in a new thread, which it answers."""
    channel = world.bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    thread = await channel.create_thread(name="films", type=discord.ChannelType.public_thread)
    plan = Plan((evening.now + timedelta(days=4),))
    await world.services.nights.plan(await actor_of(world, world.ana), thread.id, plan)
    await world.bot.courier.deliver()
    assert (await evening.night()).card_message_id is not None
    return thread


async def test_a_deleted_message_is_posted_anew(world: World, evening: Evening) -> None:
    await evening.plan(world.ana)
    before = await evening.card()
    before.delete()
    await world.env.settle()
    after = await evening.card()
    assert after._message_id != before._message_id


async def test_a_message_deleted_while_the_bot_was_off_is_posted_anew(world: World, evening: Evening) -> None:
    await evening.plan(world.ana)
    before = await evening.card()
    await world.restart(meanwhile=before.delete)
    await world.ben.slash("night in")
    after = await evening.card()
    assert after._message_id != before._message_id
    assert "In (2)" in after.text
    assert len(evening.said("who comes, and what")) == 1


async def test_a_deleted_channel_is_told_to_the_host_who_goes_on_elsewhere(
    world: World, evening: Evening
) -> None:
    await world.services.guilds.change(world.guild.id, movie_night_channel_id=world.elsewhere.id)
    await evening.plan(world.ana)
    assert (await evening.night()).channel_id == world.elsewhere.id
    await world.ben.slash("night maybe")
    world.env.backend.delete_channel(world.elsewhere.id)
    await world.env.settle()
    assert len(told_directly(world, world.ana)) == 1, "nobody had to do anything first"
    await world.ben.slash("night in")
    (line,) = told_directly(world, world.ana)
    assert "channel of this night is gone" in line
    assert "channel of this night is gone" in (await world.ana.slash("night status")).text
    gone = await evening.plan(world.ana, "sun 20:00")
    assert "channel is gone" in gone.text
    moved = await world.ana.slash("night move", channel=world.channel)
    assert world.channel.mention in moved.text
    assert "In (2)" in (await evening.card()).text
    assert (await evening.night()).trouble == ""


async def test_a_deleted_thread_is_told_to_the_host(world: World, evening: Evening) -> None:
    thread = await in_a_thread(world, evening)
    await thread.delete()
    await world.env.settle()
    (line,) = told_directly(world, world.ana)
    assert "channel of this night is gone" in line


async def test_lost_permissions_are_told_and_made_up_for(world: World, evening: Evening) -> None:
    await evening.plan(world.ana)
    await evening.nominate(world.ana, "Alien")
    # Ana herself may still write there.
    world.allow(world.channel, world.ana.id, send_messages=True)
    evening.may(send_messages=False, embed_links=False)
    await world.ana.slash("night open")
    (line,) = told_directly(world, world.ana)
    assert "Send Messages" in line
    assert evening.said("the vote is open until") == []
    refused = await evening.plan(world.ana, "sun 20:00")
    assert "Send Messages, Embed Links" in refused.text
    evening.may(send_messages=True, embed_links=True)
    await evening.pass_time(hours=1)
    assert len(evening.said("the vote is open until")) == 1
    assert (await evening.night()).trouble == ""


async def test_an_event_whose_number_was_not_noted_any_more_is_found_by_its_last_line(
    world: World, evening: Evening
) -> None:
    """As after a kill between what Discord did and what the database noted."""
    await evening.plan(world.ana)
    await evening.nominate(world.ana, "Alien")
    await evening.press(world.ana, "Host: open the vote")
    await evening.press(world.ana, "Host: close the vote")
    await evening.press(world.ana, "Host: take what there is")
    (event,) = evening.events

    def forget() -> None:
        with closing(sqlite3.connect(world.settings.home / "matinee.db")) as database, database:
            database.execute("UPDATE nights SET event_id = NULL")

    await world.restart(forget)
    await world.ana.slash("night move", date="in 6 days 21:00")
    assert len(evening.events) == 1
    assert (await evening.night()).event_id == event.id


async def test_without_manage_events_the_night_goes_on(world: World, evening: Evening) -> None:
    evening.may(manage_events=False, create_events=False)
    await evening.plan(world.ana)
    await evening.nominate(world.ana, "Alien")
    await evening.press(world.ana, "Host: open the vote")
    await evening.press(world.ana, "Host: close the vote")
    await evening.press(world.ana, "Host: take what there is")
    assert evening.events == []
    assert "Create Events" in told_directly(world, world.ana)[-1]
    assert (await evening.night()).state == "decided"
    evening.may(manage_events=True)
    await world.ben.slash("night in")
    assert len(evening.events) == 1


async def test_an_event_that_somebody_deleted_is_made_anew(world: World, evening: Evening) -> None:
    await evening.plan(world.ana)
    await evening.nominate(world.ana, "Alien")
    await evening.press(world.ana, "Host: open the vote")
    await evening.press(world.ana, "Host: close the vote")
    await evening.press(world.ana, "Host: take what there is")
    guild = world.env.backend.get_guild(world.guild.id)
    guild.scheduled_events.clear()
    await world.ana.slash("night move", date="sunday 20:00")
    assert len(evening.events) == 1


async def test_what_was_posted_and_not_noted_is_not_posted_again(
    world: World, evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """The process ends here."""

    post = DiscordDeliverer.post

    async def post_and_die(self: DiscordDeliverer, night: Night, announcement: Announcement) -> int:
        await post(self, night, announcement)
        raise Killed

    await evening.plan(world.ana)
    await evening.nominate(world.ana, "Alien")
    await world.services.nights.open_vote(await actor_of(world, world.ana), 1)
    monkeypatch.setattr(DiscordDeliverer, "post", post_and_die)
    with pytest.raises(Killed):
        await world.bot.courier.deliver()
    monkeypatch.setattr(DiscordDeliverer, "post", post)
    assert len(evening.said("the vote is open until")) == 1
    await world.restart()
    await evening.look()
    assert len(evening.said("the vote is open until")) == 1
    assert (await evening.card()).text.count("The vote is open")


async def test_discord_that_stumbles_is_asked_again(world: World, evening: Evening) -> None:
    await evening.plan(world.ana)
    await evening.nominate(world.ana, "Alien")
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=500, times=None)
    await world.ana.slash("night open")
    assert evening.said("the vote is open until") == []
    world.env.backend.faults.clear()
    await evening.pass_time(minutes=5)
    assert len(evening.said("the vote is open until")) == 1


async def test_a_week_offline(world: World, evening: Evening) -> None:
    await evening.plan(world.ana, "sat 20:00")
    await evening.press(world.ben, "I'm in")
    await evening.nominate(world.ana, "Alien")

    def a_week() -> None:
        evening.now += timedelta(days=7)

    await world.restart(meanwhile=a_week)
    await evening.look()
    await evening.look()
    night = await evening.night()
    assert night.state in ("rating", "over")
    late = evening.said("late, the bot was away")
    assert late
    for text in ("the vote is open until", "rate what we watched"):
        assert len(evening.said(text)) <= 1, text
    numbers = [one._message_id for one in late]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize(
    ("begin", "first", "second"),
    [
        # Before the clocks go back on 25 October 2026, and forward on 28 March 2027.
        ("2026-10-22", "2026-10-24T18:00", "2026-10-31T19:00"),
        ("2027-03-25", "2027-03-27T19:00", "2027-04-03T18:00"),
    ],
)
async def test_a_weekly_night_keeps_its_hour_over_a_change_of_the_clocks(
    world: World, begin: str, first: str, second: str
) -> None:
    evening = await Evening.begin(world, datetime.fromisoformat(f"{begin}T12:00").replace(tzinfo=BERLIN))
    await evening.plan(world.ana, "sat 20:00")
    repeated = await world.ana.slash("night repeat")
    assert "every week" in repeated.text
    night = await evening.night()
    assert night.starts_at is not None
    assert f"{night.starts_at:%Y-%m-%dT%H:%M}" == first
    await evening.until(night.starts_at + timedelta(hours=1))
    following = await evening.night(2)
    assert following.starts_at is not None
    assert f"{following.starts_at:%Y-%m-%dT%H:%M}" == second
    assert "every week" in (await evening.card(2)).text
    stopped = await world.ana.slash("night repeat", how="stop", night=2)
    assert "no longer repeated" in stopped.text


async def test_a_full_disk_is_told_and_the_ballot_stays_as_it_was(
    world: World, evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    await evening.plan(world.ana)
    for title in ("Alien", "Contact"):
        await evening.nominate(world.ana, title)
    await evening.press(world.ana, "Host: open the vote")
    mine = await world.ben.choose(await evening.press(world.ben, "Vote"), "Alien (1979)")
    with monkeypatch.context() as full:

        @asynccontextmanager
        async def write(self: Store) -> AsyncGenerator[Connection]:
            with plain_errors():
                error = sqlite3.OperationalError("database or disk is full")
                error.sqlite_errorname = "SQLITE_FULL"
                raise error
            yield

        full.setattr(Store, "write", write)
        refused = await world.ben.choose(mine, "Contact (1997)")
        assert refused.private
        assert "disk of the bot's computer is full" in refused.text
        # The loop goes on, too.
        await evening.pass_time(days=1)
    await evening.look()
    night = await evening.night()
    assert night.ballots == 1
    await evening.press(world.ana, "Host: close the vote")
    winner = (await evening.night()).winner
    assert winner is not None
    assert winner.title == "Alien"


async def test_a_host_who_takes_no_messages_is_told_where_the_servers_own_ones_stand(
    world: World, evening: Evening
) -> None:
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    guild._system_channel_id = world.elsewhere.id  # pyright: ignore[reportPrivateUsage]
    world.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, times=None)
    evening.may(manage_events=False, create_events=False)
    await evening.plan(world.ana)
    await evening.nominate(world.ana, "Alien")
    await evening.press(world.ana, "Host: open the vote")
    await evening.press(world.ana, "Host: close the vote")
    await evening.press(world.ana, "Host: take what there is")
    (told,) = evening.said("Create Events", world.elsewhere)
    assert world.ana.actor.mention in told.text
    # Whoever acts in the night learns of it as well.
    assert "Create Events" in (await world.ben.slash("night in")).text


async def test_what_concerns_a_night_for_some_is_not_told_to_all(world: World, evening: Evening) -> None:
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    guild._system_channel_id = world.elsewhere.id  # pyright: ignore[reportPrivateUsage]
    world.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, times=None)
    await evening.plan(world.ana)
    night, deliverer = await evening.night(), DiscordDeliverer(world.bot, world.services.guilds)
    await deliverer.warn(replace(night, is_open=False), "between us")
    assert not evening.said("Between us", world.elsewhere)
    await deliverer.warn(night, "for all")
    assert evening.said("For all", world.elsewhere)
    # Nor is a night in a channel that not everybody sees.
    world.allow(world.channel, view_channel=False)
    await world.env.settle()
    await deliverer.warn(night, "in the dark")
    assert not evening.said("In the dark", world.elsewhere)


async def test_a_warning_that_finds_nobody_ends_in_the_log(
    world: World, evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    await evening.plan(world.ana)
    night, tried = await evening.night(), list[object]()

    async def send(self: object, *_: object, **__: object) -> None:
        tried.append(self)
        raise aiohttp.ClientConnectionError("the network is down")

    monkeypatch.setattr(discord.abc.Messageable, "send", send)
    await DiscordDeliverer(world.bot, world.services.guilds).warn(night, "something is wrong")
    assert tried


async def test_a_thread_that_fell_asleep_is_woken_up(world: World, evening: Evening) -> None:
    thread = await in_a_thread(world, evening)
    nights = world.services.nights
    await thread.edit(archived=True)
    await world.env.settle()
    await nights.answer(await actor_of(world, world.ben), 1, "in")
    await world.bot.courier.deliver()
    assert (await evening.night()).trouble == ""
    assert "In (2)" in (await evening.card()).text
    await thread.edit(archived=True)
    await world.env.settle()
    await nights.cancel(await actor_of(world, world.ana), 1)
    await world.bot.courier.deliver()
    assert len(evening.said("is cancelled", thread)) == 2
