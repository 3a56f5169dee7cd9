"""What carries a night's announcements, message and scheduled event to Discord."""

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

import aiohttp
import discord

from bot.services.guilds import Guilds
from bot.services.nights.answers import Announcement, Night
from bot.services.nights.deliverer import MessageGone, Undelivered
from bot.ui.nights.announcing import announcement_screen, left_screen
from bot.ui.nights.card import card_screen
from bot.ui.nights.events import bring_up_to_date
from bot.ui.nights.sight import is_public, may_write, member_of
from bot.ui.screen import CONTENT
from bot.ui.text import plain, sentence

_log = logging.getLogger(__name__)

MENTIONS = 80
"""At most so many people are mentioned in one message: Discord takes a hundred."""
LOOKED_THROUGH = 500
"""Newest messages of a channel among which an announcement is looked for."""
_UNKNOWN_CHANNEL, _UNKNOWN_GUILD, _UNKNOWN_MESSAGE, _NO_ACCESS = 10003, 10004, 10008, 50001

_UNREACHABLE = (aiohttp.ClientError, OSError, RuntimeError)
_REFUSED = (discord.HTTPException, discord.RateLimited, *_UNREACHABLE)

Place = discord.TextChannel | discord.Thread | discord.VoiceChannel | discord.StageChannel


class DiscordDeliverer:
    """Speaks in the channels of the nights; see `bot.services.nights.deliverer.Deliverer`."""

    def __init__(self, client: discord.Client, guilds: Guilds) -> None:
        self._client = client
        self._guilds = guilds

    async def post(self, night: Night, announcement: Announcement) -> int:
        """Post an announcement; Discord itself makes sure for some minutes that a marker is posted once.

        A night's own message is posted only where its host may write.
        """
        await self._guilds.show_titles(night.guild_id)
        if announcement.kind == "left":
            return await self._leave(night, announcement)
        channel = await self._channel(night)
        if announcement.kind == "card":
            await _check_host(night, channel)
        screen = announcement_screen(night, announcement, mentioned=announcement.mention[:MENTIONS])
        allowed = discord.AllowedMentions(
            everyone=False,
            roles=False,
            users=[discord.Object(user_id) for user_id in announcement.mention[:MENTIONS]],
        )
        async with _told(channel):
            message = await channel.send(
                **screen.message(), nonce=announcement.marker, allowed_mentions=allowed
            )
        return message.id

    async def find(self, night: Night, announcement: Announcement) -> int | None:
        """Look through the newest messages of the channel for the marker below ours."""
        if announcement.kind == "left":
            # To say it a second time changes nothing.
            return None
        channel = await self._channel(night)
        async with _told(channel):
            async for message in channel.history(limit=LOOKED_THROUGH):
                if message.author == self._client.user and _marked(message, announcement.marker):
                    return message.id
        return None

    async def _leave(self, night: Night, announcement: Announcement) -> int:
        """Make the message that stayed behind say where the night is, if it can still be changed."""
        message_id = int(announcement.facts["message"])
        channel = self._guild(night).get_channel_or_thread(int(announcement.facts["channel"]))
        if isinstance(channel, Place):
            try:
                async with _told(channel):
                    await channel.get_partial_message(message_id).edit(**left_screen(night).edit())
            except MessageGone:
                _log.info("message %d of night %d is gone", message_id, night.night_id)
            except Undelivered as failure:
                if not failure.lasting:
                    raise
                # Nobody is held up by what stays as it was.
                _log.warning("message %d of night %d stays: %s", message_id, night.night_id, failure)
        return message_id

    async def refresh(self, night: Night) -> None:
        """Show the night as it is now in its own message."""
        await self._guilds.show_titles(night.guild_id)
        channel = await self._channel(night)
        if night.card_message_id is None:
            raise MessageGone
        async with _told(channel):
            await channel.get_partial_message(night.card_message_id).edit(**card_screen(night).edit())

    async def event(self, night: Night) -> int | None:
        """Make, move, rename or cancel the scheduled event."""
        await self._guilds.show_titles(night.guild_id)
        guild = self._guild(night)
        async with _told(None):
            return await bring_up_to_date(guild, night)

    async def warn(self, night: Night, line: str) -> None:
        """Write to the host directly; whoever takes no messages is told where the server's own ones stand.

        Who looks after the server comes last; beyond that the log has to do.
        """
        _log.warning("night %d on server %d: %s", night.night_id, night.guild_id, line)
        text = plain(sentence(line), CONTENT - 100)
        guild = self._client.get_guild(night.guild_id)
        if await self._told_directly(night.host_id, text) or guild is None:
            return
        own = guild.system_channel if is_public(guild, night) else None
        if own is not None and own.id != night.channel_id and not missing_permissions(own):
            host = () if night.host_id is None else (discord.Object(night.host_id),)
            mention = f"<@{night.host_id}> " if host else ""
            try:
                await own.send(mention + text, allowed_mentions=discord.AllowedMentions(users=host))
            except _REFUSED as failure:
                _log.warning("channel %d could not be told: %s", own.id, failure)
            else:
                return
        if guild.owner_id != night.host_id:
            await self._told_directly(guild.owner_id, text)

    async def _told_directly(self, user_id: int | None, text: str) -> bool:
        """Write to somebody; answers whether they can have read it."""
        if user_id is None:
            return False
        try:
            user = self._client.get_user(user_id) or await self._client.fetch_user(user_id)
            await user.send(text)
        except _REFUSED as failure:
            _log.warning("user %d could not be told: %s", user_id, failure)
            return False
        return True

    def _guild(self, night: Night) -> discord.Guild:
        guild = self._client.get_guild(night.guild_id)
        if guild is None and not self._client.is_ready():
            raise Undelivered("I am not connected to Discord yet", lasting=False)
        if guild is None:
            raise Undelivered("I am no longer on the server of this night", lasting=True)
        if guild.unavailable:
            raise Undelivered("Discord cannot reach the server at the moment", lasting=False)
        return guild

    async def _channel(self, night: Night) -> Place:
        channel = self._guild(night).get_channel_or_thread(night.channel_id) or await self._asleep(night)
        if channel is None:
            raise Undelivered(
                "the channel of this night is gone, or I may not see it: "
                f"/night move channel: #another night: {night.night_id} goes on elsewhere",
                lasting=True,
            )
        if not isinstance(channel, Place):
            raise Undelivered("the channel of this night is not one to write in", lasting=True)
        return channel

    async def _asleep(self, night: Night) -> discord.Thread | None:
        """The night's thread, woken up: Discord archives it after some silence, and tells of it no more."""
        async with _told(None):
            try:
                found = await self._client.fetch_channel(night.channel_id)
            except (discord.NotFound, discord.Forbidden):
                return None
        if not isinstance(found, discord.Thread):
            return None
        async with _told(found):
            return await found.edit(archived=False) if found.archived else found


async def _check_host(night: Night, channel: Place) -> None:
    """Make sure that the host may write in the channel: they may have lost that since they planned."""
    if night.host_id is None:
        return
    async with _told(channel):
        host = await member_of(channel.guild, night.host_id)
    if host is not None and not may_write(host, channel):
        raise Undelivered(f"the host of this night may not write in #{channel.name} any more", lasting=True)


@asynccontextmanager
async def _told(channel: Place | None) -> AsyncGenerator[None]:
    """Turn what Discord refuses into a line for people."""
    try:
        yield
    except discord.NotFound as gone:
        if gone.code == _UNKNOWN_MESSAGE:
            raise MessageGone from gone
        raise Undelivered("the channel or the server of this night is gone", lasting=True) from gone
    except discord.Forbidden as refusal:
        raise Undelivered(missing_line(channel), lasting=True) from refusal
    except discord.HTTPException as failure:
        _log.warning("Discord refused: %s", failure)
        # A request that Discord finds wrong is wrong the next time, too.
        wrong = 400 <= failure.status < 500 and failure.status not in (408, 429)
        raise Undelivered(f"Discord refused it (HTTP {failure.status})", lasting=wrong) from failure
    except discord.RateLimited as limited:
        wait = timedelta(seconds=limited.retry_after)
        raise Undelivered(
            "Discord lets me do nothing there for a while", lasting=False, wait=wait
        ) from limited
    except _UNREACHABLE as failure:
        raise Undelivered("Discord could not be reached", lasting=False) from failure


def missing_line(channel: Place | None) -> str:
    """Which permission is missing, as far as it can be told."""
    if channel is None:
        return (
            "I need the permission Create Events (or Manage Events) to make a scheduled event; ask an admin"
        )
    missing = missing_permissions(channel)
    names = ", ".join(missing) or "to write there"
    return f"I lack permissions in #{channel.name}: {names}; ask an admin"


def missing_permissions(channel: Place | discord.abc.GuildChannel) -> list[str]:
    """What the bot needs in a night's channel and has not."""
    mine = channel.permissions_for(channel.guild.me)
    in_thread = isinstance(channel, discord.Thread)
    needed = {
        "View Channel": mine.view_channel,
        "Send Messages": mine.send_messages_in_threads if in_thread else mine.send_messages,
        "Embed Links": mine.embed_links,
        "Read Message History": mine.read_message_history,
    }
    return [name for name, has in needed.items() if not has]


def _marked(message: discord.Message, marker: str) -> bool:
    return any(marker in (embed.footer.text or "").split(" · ") for embed in message.embeds)
