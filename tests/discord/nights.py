"""A movie evening in the simulated Discord: a clock that is moved, and what stands in the channel."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import discord

from bot.services.nights.answers import Actor, Night
from tests.discord.conftest import Friend, Shown, World

BERLIN = ZoneInfo("Europe/Berlin")
THURSDAY = datetime(2026, 11, 26, 15, 0, tzinfo=BERLIN)
LOOK = 11
"""Seconds after which the bot has looked at the clock again."""


async def actor_of(world: World, friend: Friend | None = None) -> Actor:
    """A friend, or somebody who sees and runs all nights of the server, as the services are told of them."""
    channels = frozenset(await world.services.nights.channels(world.guild.id)) | {world.channel.id}
    if friend is None:
        return Actor(0, "all-seeing", world.guild.id, channels, is_manager=True)
    return Actor(friend.id, "somebody", world.guild.id, channels)


LEAST = timedelta(minutes=1)
"""Passes from one look to the next, also where something stays due."""


class Evening:
    """A world with nights.

    Attributes
    ----------
    now : datetime
        The time of the services. Discord's own is left alone.
    """

    def __init__(self, world: World, now: datetime = THURSDAY) -> None:
        self.world = world
        self.now = now
        world.clock = lambda: self.now

    @classmethod
    async def begin(cls, world: World, now: datetime = THURSDAY) -> "Evening":
        """Evenings in Berlin, on a world that has started with another clock."""
        evening = cls(world, now)
        await world.restart()
        await world.services.nights.change_settings(world.guild.id, time_zone="Europe/Berlin")
        evening.may(manage_events=True)
        return evening

    def may(self, **permissions: bool) -> None:
        """Give the bot permissions on the server; what is taken from it is taken from everybody."""
        guild = self.world.env.backend.get_guild(self.world.guild.id)
        own = set(guild.members[self.world.bot_id].role_ids)
        assert own, "the bot has no role of its own"
        for role_id in {*own, guild.id}:
            wanted = {name: may for name, may in permissions.items() if role_id in own or not may}
            changed = discord.Permissions(guild.roles[role_id].permissions)
            changed.update(**wanted)
            self.world.env.backend.edit_role(guild.id, role_id, {"permissions": changed.value})

    async def pass_time(self, **time: float) -> None:
        """Let time pass; the bot looks once, at the end."""
        self.now += timedelta(**time)
        await self.look()

    async def look(self) -> None:
        """Let the bot look at the clock."""
        await self.world.advance(LOOK)

    async def until(self, moment: datetime) -> None:
        """Let time pass up to a moment; the bot looks whenever something comes due, and at the end."""
        while self.now < moment:
            due = await self.world.services.nights.next_due()
            self.now = moment if due is None else min(max(due, self.now + LEAST), moment)
            await self.look()

    async def night(self, number: int = 1) -> Night:
        """A night as it stands."""
        return await self.world.services.nights.get(await actor_of(self.world), number)

    async def card(self, number: int = 1) -> Shown:
        """The night's own message as it is now."""
        night = await self.night(number)
        assert night.card_message_id is not None, "the night has no message"
        return Shown(self.world, night.channel_id, night.card_message_id).check()

    def said(self, text: str, channel: object = None) -> list[Shown]:
        """The bot's messages in the channel that hold a text, oldest first."""
        place = self.world.channel if channel is None else channel
        found = [
            Shown(self.world, place.id, number)
            for number, stored in sorted(self.world.env.backend.messages[place.id].items())
            if stored.author_id == self.world.bot_id and not stored.flags & 64
        ]
        return [one.check() for one in found if text.casefold() in one.text.casefold()]

    @property
    def events(self) -> list[object]:
        """Scheduled events of the server."""
        return list(self.world.env.backend.get_guild(self.world.guild.id).scheduled_events.values())

    async def plan(self, host: Friend, dates: str = "sat 20:00", **options: object) -> Shown:
        """Plan a night with a slash command."""
        return await host.slash("night plan", dates=dates, **options)

    async def press(self, who: Friend, label: str, number: int = 1) -> Shown:
        """Press a button of the night's message."""
        return await who.press(await self.card(number), label)

    async def nominate(self, who: Friend, title: str) -> Shown:
        """Nominate a movie with the command."""
        return await who.slash("nominate", title=title)
