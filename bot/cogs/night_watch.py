"""What movie nights do by themselves: what comes due, and who leaves the server."""

import asyncio
import contextlib
import logging

import discord
from discord.ext import commands, tasks

from bot.cogs.base import MatineeCog
from bot.services.membership import NoAnswer
from bot.ui.errors import report
from bot.ui.host import Host

_log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
AFTER_A_FAULT = 10.0
"""Seconds without a look after one that failed, so that the log can be read."""
HEAD_START = 2.0
"""Seconds that the look for who left meanwhile has before the first step of a night is taken."""


class NightWatch(MatineeCog):
    """Looks at the clock. What is due, and in which order, is the services' matter."""

    async def cog_load(self) -> None:
        """Start looking."""
        self._looked = asyncio.Event()
        self.notice_who_left.start()
        self.do_what_is_due.start()

    async def cog_unload(self) -> None:
        """Stop looking."""
        for loop in (self.notice_who_left, self.do_what_is_due):
            loop.cancel()
            looking = loop.get_task()
            if looking is not None:
                # Waited for, because closing the event loop in the middle of a query would hang; see upkeep.
                await asyncio.wait([looking])

    @tasks.loop(seconds=LOOK_SECONDS)
    async def do_what_is_due(self) -> None:
        """Do what came due, at the first look also what came due while the bot was off.

        What there is to say about it is not waited for: a channel that takes nothing stops no clock.
        An exception would end the loop for good, so all are caught and reported.
        """
        try:
            came_due = await self.services.nights.run_due()
        except Exception as error:  # noqa: BLE001
            report(error, "the loop of movie nights")
            await asyncio.sleep(AFTER_A_FAULT)
            return
        if came_due:
            _log.info("%d steps of movie nights came due", came_due)
        await self.bot.courier.deliver(patience=0)

    @do_what_is_due.before_loop
    async def _head_start(self) -> None:
        await self.bot.wait_until_ready()
        # Whoever left shall neither host nor vote any more, but nobody's night waits long for that.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HEAD_START):
                await self._looked.wait()

    @tasks.loop(count=1)
    async def notice_who_left(self) -> None:
        """Find out who left while the bot was off."""
        for guild in self.bot.guilds:
            try:
                involved = await self.services.nights.involved(guild.id)
                here = await self.bot.members.among(guild.id, involved)
                for user_id in involved:
                    if user_id not in here:
                        await self._left(guild.id, user_id)
            except NoAnswer:
                _log.info("who left server %d meanwhile cannot be found out", guild.id)
            except Exception as error:  # noqa: BLE001 - there is nobody else to hear of it
                report(error, "looking for who left the server")
        self._looked.set()

    @notice_who_left.before_loop
    async def _ready(self) -> None:
        await self.bot.wait_until_ready()

    @commands.Cog.listener()
    async def on_raw_member_remove(self, event: discord.RawMemberRemoveEvent) -> None:
        """Somebody left a server: they come to none of its nights."""
        await self._left(event.guild_id, event.user.id)
        await self.bot.courier.deliver()

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """A message was deleted, perhaps a night's own."""
        await self._gone(event.guild_id, {event.message_id})

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Many messages were deleted at once."""
        await self._gone(event.guild_id, event.message_ids)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel was deleted, perhaps with a night in it."""
        await self._channel_gone(channel.guild.id, channel.id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """A thread was deleted, perhaps with a night in it."""
        await self._channel_gone(event.guild_id, event.thread_id)

    async def _channel_gone(self, guild_id: int, channel_id: int) -> None:
        if await self.services.nights.channel_gone(guild_id, channel_id):
            await self.bot.courier.deliver()

    async def _gone(self, guild_id: int | None, message_ids: set[int]) -> None:
        if guild_id is not None and await self.services.nights.messages_gone(guild_id, message_ids):
            await self.bot.courier.deliver()

    async def _left(self, guild_id: int, user_id: int) -> None:
        for night in await self.services.nights.member_left(guild_id, user_id):
            _log.info("user %d left server %d, which changed night %d", user_id, guild_id, night.night_id)


async def setup(bot: Host) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(NightWatch(bot))
