"""/recommend, /popular, /similar, /why, /movie."""

from typing import Literal

from discord import app_commands
from discord.ext import commands

from bot.cogs.base import (
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
from bot.ui import screens
from bot.ui.host import Host
from bot.ui.movie import movie_title
from bot.ui.movies import MOST, PAGE, Wish

_OPTIONS = "[option: value …]"
_COUNT = "How many, 1 to 10"

Count = commands.Range[int, 1, MOST]


class RecommendFlags(FilterFlags, case_insensitive=True):
    """How many, which, and how daring."""

    count: Count = commands.flag(default=PAGE, positional=True, description=_COUNT)
    style: Literal["safe", "balanced", "adventurous"] = commands.flag(
        default="balanced",
        description="safe, balanced or adventurous: how far from what everybody likes",
    )
    sequels: bool = commands.flag(default=False, description="Several movies of one series, too")


class PopularFlags(FilterFlags, case_insensitive=True):
    """How many and which."""

    count: Count = commands.flag(default=MOST, positional=True, description=_COUNT)


class SimilarFlags(FilterFlags, case_insensitive=True):
    """Like what, how many and which."""

    title: str = commands.flag(positional=True, description="The movie; type and choose from the list")
    count: Count = commands.flag(default=MOST, description=_COUNT)


class Recommending(MatineeCog, name="Watch"):
    """Finding out what to watch next, and why."""

    @commands.hybrid_command(
        usage=f"[count] {_OPTIONS}",
        extras=about(
            "everyone",
            "!recommend",
            "!recommend 10",
            "!recommend genre: Horror from_year: 1980",
            shows_ratings=True,
        ),
    )
    async def recommend(self, ctx: Context, *, flags: RecommendFlags) -> None:
        """What to watch next, with the genres and the ratings of yours that drove each pick."""
        wish = Wish(flags.count, self.filters(flags, sequels=flags.sequels), flags.style)
        await answer(ctx, screens.recommend(self.services, asker(ctx), wish))

    @commands.hybrid_command(
        usage=f"[count] {_OPTIONS}",
        extras=about("everyone", "!popular", "!popular 5 genre: Western", shows_ratings=True),
    )
    async def popular(self, ctx: Context, *, flags: PopularFlags) -> None:
        """What everybody watches: the same for all, without what you have rated."""
        await answer(ctx, screens.popular(self.services, asker(ctx), flags.count, self.filters(flags)))

    @commands.hybrid_command(
        usage=f"<title> {_OPTIONS}",
        extras=about("everyone", "!similar Alien", "!similar Alien exclude_genre: Horror"),
    )
    async def similar(self, ctx: Context, *, flags: SimilarFlags) -> None:
        """Movies like one you name, and what they share."""
        await answer(
            ctx,
            screens.similar_title(self.services, asker(ctx), flags.title, flags.count, self.filters(flags)),
        )

    @commands.hybrid_command(extras=about("everyone", "!ask", shows_ratings=True))
    async def ask(self, ctx: Context) -> None:
        """Five questions: the movies whose stars would tell most about your taste."""
        await answer(ctx, screens.ask(self.services, asker(ctx), 0, ()))

    @commands.hybrid_command(usage="<title>", extras=about("everyone", "!why Contact", shows_ratings=True))
    @app_commands.describe(title="The movie; type and choose from the list")
    async def why(self, ctx: Context, *, title: str) -> None:
        """Why a movie is or is not for you: everything that pulls it up and down, adding up."""
        await answer(ctx, screens.why_title(self.services, asker(ctx), title))

    @commands.hybrid_command(usage="<title>", extras=about("everyone", "!movie Contact"))
    @app_commands.describe(title="The movie; type and choose from the list")
    async def movie(self, ctx: Context, *, title: str) -> None:
        """All about one movie: who made it, what others think, and where to watch it."""
        guild_id = None if ctx.guild is None else ctx.guild.id
        await answer(ctx, movie_title(self.services, asker(ctx), title, guild_id))

    @why.autocomplete("title")
    @movie.autocomplete("title")
    @similar.autocomplete("title")
    async def titles(self, interaction: Interaction, current: str) -> list[Choice]:
        """Complete a title."""
        return await complete_title(interaction, current)

    complete_filters(recommend, popular, similar)


async def setup(bot: Host) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Recommending(bot))
