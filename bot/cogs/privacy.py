"""/privacy, and what happens when somebody leaves."""

import logging

import discord
from discord import app_commands
from discord.ext import commands, tasks

from bot.cogs.base import Context, MatineeCog, about, answer, asker
from bot.ui import privacy
from bot.ui.errors import report
from bot.ui.host import Host

_log = logging.getLogger(__name__)


class Private(MatineeCog, name="Your data"):
    """What is kept about you, who sees it, and how it goes."""

    async def cog_load(self) -> None:
        """Start looking for people who have gone."""
        self.forget_the_gone.start()

    async def cog_unload(self) -> None:
        """Stop looking."""
        self.forget_the_gone.cancel()

    @commands.hybrid_group(
        name="privacy", extras=about("everyone", "!privacy", "!privacy show", shows_ratings=True)
    )
    async def privacy(self, ctx: Context) -> None:
        """What is kept about you: show it, hide your ratings, delete everything."""
        await self.show(ctx)

    @privacy.command(extras=about("everyone", "!privacy show", shows_ratings=True))
    async def show(self, ctx: Context) -> None:
        """What is kept about you, who sees it, and for how long."""
        await answer(ctx, privacy.show(self.services, asker(ctx)), secret=True)

    @privacy.command(
        name="hide-ratings",
        usage="<on|off>",
        extras=about("everyone", "!privacy hide-ratings on", "!privacy hide-ratings off"),
    )
    @app_commands.describe(hidden="On: nobody else sees your ratings, what they say, or your watchlist")
    async def hide_ratings(self, ctx: Context, hidden: bool) -> None:
        """Whether others may see your ratings, taste and watchlist, and you on maps and leaderboards."""
        await answer(ctx, privacy.hidden(self.services, asker(ctx), hidden), secret=True)

    @privacy.command(extras=about("everyone", "!privacy delete", shows_ratings=True))
    async def delete(self, ctx: Context) -> None:
        """Delete everything about you, for good; asks once."""
        await answer(ctx, privacy.question(self.services, asker(ctx)), secret=True)

    @commands.Cog.listener()
    async def on_raw_member_remove(self, event: discord.RawMemberRemoveEvent) -> None:
        """Note when somebody left the last server that they shared with the bot."""
        self.bot.members.has_left(event.guild_id, event.user.id)
        due = await self.services.privacy.left(event.guild_id, event.user.id)
        if due is not None:
            _log.info("user %s left; everything about them goes on %s", event.user.id, due.date())

    @commands.Cog.listener()
    async def on_member_join(self, member: discord.Member) -> None:
        """Note when somebody comes, perhaps back."""
        self.bot.members.is_here(member)
        await self.services.privacy.joined(member.guild.id, member.id)

    @tasks.loop(hours=24)
    async def forget_the_gone(self) -> None:
        """Forget those who left long ago. An exception would end the loop for good, so all are caught."""
        try:
            gone = await self.services.privacy.sweep()
        except Exception as error:  # noqa: BLE001
            report(error, "the loop that forgets who has gone")
            return
        if gone:
            _log.info("everything about %d people who left is deleted", len(gone))

    @forget_the_gone.before_loop
    async def _ready(self) -> None:
        await self.bot.wait_until_ready()


async def setup(bot: Host) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Private(bot))
