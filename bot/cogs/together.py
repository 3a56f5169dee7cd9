"""/group and /watchlist."""

from typing import Literal

from discord import app_commands
from discord.ext import commands

from bot.cogs.base import (
    CHOICES,
    Choice,
    Context,
    FilterFlags,
    Interaction,
    MatineeCog,
    about,
    answer,
    asker,
    complete_filters,
    complete_title,
)
from bot.services.movies import reference
from bot.services.shown_titles import is_called, name_of
from bot.ui import gatherings
from bot.ui.host import Host
from bot.ui.movies import MOST, PAGE
from bot.ui.screen import Screen
from bot.ui.text import label
from bot.ui.whom import Who, viewer, watchers, whom
from recommender.groups import DEFAULT

_WHO = "Mentions, or names with commas; left out: your voice channel, or who is in for the next night"
_ENOUGH = 500


class GroupFlags(FilterFlags, case_insensitive=True):
    """For whom, how and which."""

    members: str = commands.flag(default="", positional=True, description=_WHO)
    strategy: Literal["average", "least misery", "most pleasure", "average without misery", "fairness"] = (
        commands.flag(default=DEFAULT, description="How the members' tastes are brought together")
    )
    rewatch: bool = commands.flag(default=False, description="Also what some of you have seen and liked")
    count: commands.Range[int, 1, MOST] = commands.flag(default=PAGE, description="How many, 1 to 10")


class MembersFlags(commands.FlagConverter, case_insensitive=True):
    """For whom."""

    members: str = commands.flag(default="", positional=True, description=_WHO)


class ShowFlags(commands.FlagConverter, case_insensitive=True):
    """Whose list."""

    member: Who = commands.flag(
        default=None, positional=True, description="Whose watchlist; yours if you leave it out"
    )


class Together(MatineeCog, name="Watch together"):
    """One list for several people, and what each wants to see."""

    @commands.hybrid_group(
        usage="[members] [option: value …]", extras=about("everyone", "!group @Ana @Ben", "!group recommend")
    )
    async def group(self, ctx: Context, *, flags: GroupFlags) -> None:
        """What to watch together."""
        await self._recommend(ctx, flags)

    @group.command(
        name="recommend",
        usage="[members] [option: value …]",
        extras=about(
            "everyone",
            "!group recommend @Ana @Ben",
            "!group recommend Ana, Ben strategy: fairness max_runtime: 120",
        ),
    )
    async def group_recommend(self, ctx: Context, *, flags: GroupFlags) -> None:
        """Movies for all of you, with each one's match and why; without names for your voice channel."""
        await self._recommend(ctx, flags)

    async def _recommend(self, ctx: Context, flags: GroupFlags) -> None:
        async def show() -> Screen:
            filters = self.filters(flags)
            people = await watchers(ctx, flags.members)
            return await gatherings.recommend(
                self.services, people, flags.count, flags.strategy, filters, flags.rewatch
            )

        await answer(ctx, show())

    @commands.hybrid_group(
        usage="[member]",
        extras=about("everyone", "!watchlist", "!watchlist add Alien", "!watchlist show", shows_ratings=True),
    )
    async def watchlist(self, ctx: Context, *, flags: ShowFlags) -> None:
        """The movies you want to see."""
        await self._show(ctx, flags)

    @watchlist.command(
        name="add", usage="<title>", extras=about("everyone", "!watchlist add Alien", shows_ratings=True)
    )
    @app_commands.describe(title="The movie; type and choose from the list")
    async def watchlist_add(self, ctx: Context, *, title: str) -> None:
        """Put a movie you want to see on your list; it leaves it by itself when you rate it."""
        await answer(ctx, gatherings.add_title(self.services, asker(ctx), title))

    @watchlist.command(
        name="remove",
        usage="<title>",
        extras=about("everyone", "!watchlist remove Alien", shows_ratings=True),
    )
    @app_commands.describe(title="One of the movies on your watchlist")
    async def watchlist_remove(self, ctx: Context, *, title: str) -> None:
        """Take a movie off your list."""
        await answer(ctx, gatherings.remove_title(self.services, asker(ctx), title))

    @watchlist.command(
        name="show",
        usage="[member]",
        extras=about("everyone", "!watchlist show", "!watchlist show @Ana", shows_ratings=True),
    )
    async def watchlist_show(self, ctx: Context, *, flags: ShowFlags) -> None:
        """What you or somebody else wants to see."""
        await self._show(ctx, flags)

    async def _show(self, ctx: Context, flags: ShowFlags) -> None:
        async def show() -> Screen:
            return await gatherings.show(self.services, viewer(ctx), await whom(ctx, flags.member), 0)

        await answer(ctx, show())

    @watchlist.command(
        name="together",
        usage="[members]",
        extras=about("everyone", "!watchlist together @Ana @Ben", "!watchlist together Ana, Ben"),
    )
    async def watchlist_together(self, ctx: Context, *, flags: MembersFlags) -> None:
        """What you have on your lists together, and what each of you may think of it."""

        async def show() -> Screen:
            return await gatherings.ours(self.services, await watchers(ctx, flags.members))

        await answer(ctx, show())

    @watchlist.command(
        name="pick",
        usage="[members]",
        extras=about("everyone", "!watchlist pick @Ana @Ben", "!watchlist pick"),
    )
    async def watchlist_pick(self, ctx: Context, *, flags: MembersFlags) -> None:
        """Pick one of your watchlists' ten best for tonight, by lot."""

        async def show() -> Screen:
            return await gatherings.pick_one(self.services, await watchers(ctx, flags.members))

        await answer(ctx, show())

    @watchlist_add.autocomplete("title")
    async def titles(self, interaction: Interaction, current: str) -> list[Choice]:
        """Complete a title."""
        return await complete_title(interaction, current)

    @watchlist_remove.autocomplete("title")
    async def wanted(self, interaction: Interaction, current: str) -> list[Choice]:
        """Complete a title among those on the person's list."""
        page = await self.services.watchlists.page(interaction.user.id, size=_ENOUGH)
        await self.services.guilds.show_titles(interaction.guild_id)
        fitting = [one for one in page.wanted if is_called(one.movie, current)][:CHOICES]
        return [Choice(name=label(name_of(one.movie), 100), value=reference(one.ref)) for one in fitting]

    complete_filters(group_recommend)


async def setup(bot: Host) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Together(bot))
