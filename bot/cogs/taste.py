"""/taste, /compare, /map, /stats, /leaderboard."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.base import Context, MatineeCog, about, answer
from bot.errors import UserError
from bot.ui import taste
from bot.ui.host import Host
from bot.ui.nights.actors import actor_of
from bot.ui.screen import Screen
from bot.ui.whom import Who, viewer, whom


class TasteFlags(commands.FlagConverter, case_insensitive=True):
    """Whose taste."""

    member: Who = commands.flag(
        default=None, positional=True, description="Whose taste; yours if you leave it out"
    )


class Looking(MatineeCog, name="Look"):
    """Taste to look at: yours, a friend's, two side by side."""

    @commands.hybrid_command(
        usage="[member]", extras=about("everyone", "!taste", "!taste @Ana", shows_ratings=True)
    )
    async def taste(self, ctx: Context, *, flags: TasteFlags) -> None:
        """Genres by love and by amount, decades, strictness, favourite people, ratings over time."""

        async def show() -> Screen:
            return await taste.taste(self.services, viewer(ctx), await whom(ctx, flags.member))

        await answer(ctx, show())

    @commands.hybrid_command(usage="<member>", extras=about("everyone", "!compare @Ana", shows_ratings=True))
    @app_commands.describe(member="With whom")
    async def compare(self, ctx: Context, *, member: Who) -> None:
        """Your taste beside a friend's: how well it matches, and a movie each should show the other."""

        async def show() -> Screen:
            return await taste.compare(self.services, viewer(ctx), await whom(ctx, member))

        await answer(ctx, show())

    @commands.hybrid_command(name="map", extras=about("everyone", "!map"))
    async def map_command(self, ctx: Context) -> None:
        """This server's movies and members on a map: what the same people like lies together."""
        guild = _guild(ctx, "map")
        await answer(ctx, taste.group_map(self.services, viewer(ctx), guild.name))

    @commands.hybrid_command(extras=about("everyone", "!stats"))
    async def stats(self, ctx: Context) -> None:
        """This server's movies and evenings: what you love most, what divides you, who hosts."""
        guild = _guild(ctx, "stats")

        async def show() -> Screen:
            return await taste.stats(self.services, viewer(ctx), await actor_of(ctx), guild.name)

        await answer(ctx, show())

    @commands.hybrid_command(extras=about("everyone", "!leaderboard"))
    async def leaderboard(self, ctx: Context) -> None:
        """Who rated most on this server; admins can switch it off in /settings."""
        guild = _guild(ctx, "leaderboard")
        await answer(ctx, taste.leaderboard(self.services, viewer(ctx), guild.id, guild.name))


def _guild(ctx: Context, command: str) -> discord.Guild:
    if ctx.guild is None:
        raise UserError(f"that is about a server: use /{command} there")
    return ctx.guild


async def setup(bot: Host) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Looking(bot))
