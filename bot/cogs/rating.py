"""/rate, /unrate, /ratings."""

from typing import Literal

from discord import app_commands
from discord.ext import commands

from bot.cogs.base import (
    CHOICES,
    Choice,
    Context,
    Interaction,
    MatineeCog,
    about,
    answer,
    asker,
    complete_stars,
    complete_title,
)
from bot.services.movies import reference
from bot.services.shown_titles import is_called, name_of
from bot.services.stars import parse_stars
from bot.ui import screens
from bot.ui.host import Host
from bot.ui.screen import Screen
from bot.ui.text import label
from bot.ui.whom import Who, viewer, whom

_RATE = about(
    "everyone", "!rate Blade Runner 4.5", "!rate dune 9/10", "!rate Se7en ★★★★½", shows_ratings=True
)
_ENOUGH, _FEW = 500, 10


class RatingsFlags(commands.FlagConverter, case_insensitive=True):
    """Whose ratings, and how."""

    member: Who = commands.flag(
        default=None, positional=True, description="Whose ratings; yours if you leave it out"
    )
    order: Literal["newest", "stars"] = commands.flag(default="newest", description="Newest or best first")
    page: commands.Range[int, 1, 100_000] = commands.flag(default=1, description="Which page")


class Rating(MatineeCog, name="Rate"):
    """Saying what you have seen and how you liked it."""

    @app_commands.command(name="rate", extras=_RATE)
    @app_commands.describe(
        title="The movie; type and choose from the list", stars="0.5 to 5 in halves: 4.5, 9/10 or ★★★★½"
    )
    async def rate_slash(self, interaction: Interaction, title: str, stars: str) -> None:
        """Give a movie half a star to five stars; a new rating replaces the old one."""
        ctx = await Context.from_interaction(interaction)
        await answer(ctx, screens.rate_title(self.services, asker(ctx), title, parse_stars(stars)))

    @commands.command(name="rate", usage="<title> <stars>", extras=_RATE)
    async def rate_prefix(self, ctx: Context, *, text: str = "") -> None:
        """Give a movie half a star to five stars; a new rating replaces the old one."""
        title, stars = self.services.movies.title_and_stars(text)
        await answer(ctx, screens.rate_title(self.services, asker(ctx), title, stars))

    @commands.hybrid_command(
        usage="<title>", extras=about("everyone", "!unrate Blade Runner", shows_ratings=True)
    )
    @app_commands.describe(title="One of the movies you rated")
    async def unrate(self, ctx: Context, *, title: str) -> None:
        """Take back your rating of a movie."""
        await answer(ctx, screens.unrate_title(self.services, asker(ctx), title))

    @commands.hybrid_command(
        usage="[member] [option: value …]",
        extras=about("everyone", "!ratings", "!ratings @Ana", "!ratings order: stars", shows_ratings=True),
    )
    async def ratings(self, ctx: Context, *, flags: RatingsFlags) -> None:
        """What you or somebody else rated, newest or best first."""

        async def show() -> Screen:
            whose_id = await whom(ctx, flags.member)
            return await screens.ratings(self.services, viewer(ctx), whose_id, flags.page - 1, flags.order)

        await answer(ctx, show())

    @rate_slash.autocomplete("title")
    async def rate_title(self, interaction: Interaction, current: str) -> list[Choice]:
        """Complete a title."""
        return await complete_title(interaction, current)

    @rate_slash.autocomplete("stars")
    async def rate_stars(self, _interaction: Interaction, current: str) -> list[Choice]:
        """Offer all ten, or what is being typed."""
        return complete_stars(current)

    @unrate.autocomplete("title")
    async def unrate_title(self, interaction: Interaction, current: str) -> list[Choice]:
        """Complete a title among the person's newest ratings."""
        page = await self.services.ratings.page(interaction.user.id, size=_ENOUGH)
        await self.services.guilds.show_titles(interaction.guild_id)
        rated = [one for one in page.ratings if is_called(one.movie, current)]
        waiting = await self.services.unmatched.page(interaction.user.id, size=_FEW)
        typed = current.casefold().strip()
        offered = [(row.name, row.reference) for row in waiting.rows if typed in row.name.casefold()]
        offered += [(name_of(one.movie), reference(one.ref)) for one in rated]
        return [Choice(name=label(name, 100), value=value) for name, value in offered][:CHOICES]


async def setup(bot: Host) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Rating(bot))
