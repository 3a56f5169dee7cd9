"""Which channels somebody can see and write in, as Discord itself works it out."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import discord

from bot.services.nights.answers import Night

PATIENCE = 1.0
"""Seconds for asking Discord; what is not known by then counts as hidden this time."""


class Sight:
    """Knows channels, and threads that sleep, which Discord tells of no more.

    Parameters
    ----------
    client : discord.Client
    """

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._asleep: dict[int, discord.Thread | None] = {}

    async def of(
        self, member: discord.Member, channel_ids: Sequence[int], here: int | None
    ) -> tuple[frozenset[int], frozenset[int]]:
        """Those of these channels that somebody can see, and those that are gone.

        Parameters
        ----------
        member : discord.Member
        channel_ids : sequence of int
            Channels of the member's server.
        here : int or None
            Where they are, which they see.
        """
        if member.guild_permissions.administrator:
            return frozenset(channel_ids), frozenset()
        visible, gone, asking = set[int](), set[int](), list[int]()
        for number in channel_ids:
            channel = member.guild.get_channel_or_thread(number)
            if number == here:
                visible.add(number)
            elif channel is None or (isinstance(channel, discord.Thread) and channel.is_private()):
                asking.append(number)
            elif may_see(member, channel):
                visible.add(number)
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                for number in asking:
                    thread = member.guild.get_thread(number) or await self._look_up(number)
                    if thread is not None and await _takes_part(member, thread):
                        visible.add(number)
                    elif thread is None and number in self._asleep:
                        gone.add(number)
        return frozenset(visible), frozenset(gone)

    async def _look_up(self, number: int) -> discord.Thread | None:
        """A thread that sleeps; noted is also that there is nothing of this number any more."""
        if number in self._asleep:
            return self._asleep[number]
        try:
            found = await self._client.fetch_channel(number)
        except discord.NotFound:
            self._asleep[number] = None
        except discord.HTTPException:
            # It is there and the bot may not see it, or Discord has a hiccup: hidden this time.
            return None
        else:
            if isinstance(found, discord.Thread):
                self._asleep[number] = found
        return self._asleep.get(number)


async def member_of(guild: discord.Guild, user_id: int) -> discord.Member | None:
    """A member of the server, asked for where Discord has not told about them yet; None for who is none."""
    member = guild.get_member(user_id)
    if member is not None:
        return member
    try:
        return await guild.fetch_member(user_id)
    except discord.NotFound:
        return None


def may_write(member: discord.Member, channel: discord.abc.GuildChannel | discord.Thread) -> bool:
    """Whether somebody may write in a channel themselves."""
    if not may_see(member, channel):
        return False
    may = channel.permissions_for(member)
    return may.send_messages_in_threads if isinstance(channel, discord.Thread) else may.send_messages


def is_public(guild: discord.Guild, night: Night) -> bool:
    """Whether everybody on the server may know of a night: it is for all, in a channel that all can see."""
    channel = guild.get_channel_or_thread(night.channel_id)
    if channel is None or not night.is_open:
        return False
    if isinstance(channel, discord.Thread):
        return not channel.is_private() and channel.parent is not None and _seen_by_all(channel.parent)
    return _seen_by_all(channel)


def _seen_by_all(channel: discord.abc.GuildChannel) -> bool:
    return channel.permissions_for(channel.guild.default_role).view_channel


def may_see(member: discord.Member, channel: discord.abc.GuildChannel | discord.Thread) -> bool:
    """Whether somebody can see a channel; of a private thread, the one that it is in."""
    # A thread takes its permissions from its channel.
    if isinstance(channel, discord.Thread) and channel.parent is None:
        return False
    return channel.permissions_for(member).view_channel


async def _takes_part(member: discord.Member, thread: discord.Thread) -> bool:
    """Whether somebody sees a thread: a private one only if they were added to it, or manage threads."""
    if not may_see(member, thread):
        return False
    if not thread.is_private() or thread.permissions_for(member).manage_threads:
        return True
    try:
        await thread.fetch_member(member.id)
    except discord.HTTPException:
        return False
    return True
