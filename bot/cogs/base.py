"""What every cog needs: answering in time, to everybody or to one, and completing what is typed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import closing
from typing import Any, TypedDict, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import UserError
from bot.services.answers import Filters, Progress
from bot.services.app import Services
from bot.services.filters import FIRST_YEAR, LAST_YEAR, LONGEST, MOST_LETTERS, typeable, wished
from bot.services.languages import NAMES
from bot.services.movies import reference
from bot.services.shown_titles import name_of
from bot.services.stars import format_stars, parse_stars
from bot.services.unmatched import found_lines
from bot.services.wording import stars_words
from bot.ui.access import require_admin, require_host
from bot.ui.errors import UNSENT, explain, is_lost, report, say_lost
from bot.ui.host import Host
from bot.ui.model import failure_screen, progress_embed
from bot.ui.patience import in_time
from bot.ui.progress import ShownProgress
from bot.ui.ratings import HALVES
from bot.ui.screen import Person, Screen
from bot.ui.text import label, plain, sentence
from recommender.catalogue import GENRES, IMAX

Context = commands.Context[Host]
Interaction = discord.Interaction[Host]
Choice = app_commands.Choice[str]
OnNote = Callable[[Progress], None]

_log = logging.getLogger(__name__)

Year = commands.Range[int, FIRST_YEAR, LAST_YEAR]

CHOICES = 25
_CHOICE = 100


class Declaration(TypedDict):
    """What each command declares besides its code.

    Attributes
    ----------
    access : str
        ``everyone`` or ``admin``: the decision who may use it.
    examples : list of str
        Shown by /help.
    shows_ratings : bool
        Whether the answer tells of the asker's ratings, or of what is hidden with them.
    """

    access: str
    examples: list[str]
    shows_ratings: bool


class FilterFlags(commands.FlagConverter, case_insensitive=True):
    """What narrows a list; the names are those of `bot.services.filters.OPTIONS`."""

    genre: str = commands.flag(
        default=None, description="Only movies of this genre, or of all these: Horror, Comedy"
    )
    exclude_genre: str = commands.flag(
        default=None, description="No movies of this genre, or of any of these"
    )
    language: str = commands.flag(default=None, description="The language it was made in: Japanese, or ja")
    released: str = commands.flag(default=None, description="any, recent, classics, 1994, 2019-2024 or 1980s")
    from_year: Year = commands.flag(default=None, description="Not older than this year")
    to_year: Year = commands.flag(default=None, description="Not newer than this year")
    max_runtime: commands.Range[int, 1, LONGEST] = commands.flag(
        default=None, description="Not longer than so many minutes, where the data knows"
    )
    people: str = commands.flag(name="with", default=None, description="Somebody who made it or plays in it")

    def __init_subclass__(cls) -> None:
        # Discord shows options in this order: a command's own come first.
        flags = cls.__commands_flags__
        cls.__commands_flags__ = {
            name: flags[name] for name in sorted(flags, key=FilterFlags.__commands_flags__.__contains__)
        }


class MatineeCog(commands.Cog):
    """A subject's commands, on the services."""

    def __init__(self, bot: Host) -> None:
        self.bot = bot
        self.services: Services = bot.services

    def filters(self, flags: FilterFlags, *, sequels: bool = False) -> Filters:
        """The filters of a command.

        Raises
        ------
        UserError
            As `bot.services.filters.wished` does.
        """
        options = {flag.name: getattr(flags, flag.attribute) for flag in FilterFlags.get_flags().values()}
        return wished(options, self.services.clock().date(), sequels=sequels)


async def answer(ctx: Context, work: Coroutine[Any, Any, Screen], *, secret: bool = False) -> discord.Message:
    """Send what `work` yields; acknowledge before if it takes long. What Discord lost comes into the channel.

    The asker alone sees it where the server wants that, or if they hide their ratings. What is `secret` is
    always private; the caller sees to it that it is asked for by a slash command.

    Raises
    ------
    UserError
        If it would show hidden ratings in a channel, where a message cannot be private.
    """
    private = secret

    async def acknowledge() -> None:
        if ctx.interaction is None:
            await ctx.typing()
            return
        try:
            await ctx.defer(ephemeral=private)
        except discord.HTTPException as refusal:
            # It is answered in the channel then.
            if not is_lost(refusal):
                raise

    with closing(work), ctx.bot.answering():
        async with in_time(acknowledge):
            private = secret or await is_private(ctx)
            await ctx.bot.services.guilds.show_titles(ctx.guild and ctx.guild.id)
            if ctx.command is not None and ctx.command.extras.get("shows_ratings"):
                await keep_hidden(ctx)
            screen = await work
        try:
            message = await ctx.send(**screen.message(), ephemeral=private)
        except discord.HTTPException as refusal:
            if ctx.interaction is None or not is_lost(refusal):
                raise
            if private:
                return await say_lost(ctx.channel, ctx.author)
            return await ctx.channel.send(**screen.message())
        await tell_news(ctx)
        return message


async def tell_news(ctx: Context) -> None:
    """Tell the asker, behind an answer, of what they typed and the catalogue knows since."""
    rows = ctx.bot.services.unmatched
    if (
        ctx.interaction is None
        and ctx.guild is not None
        and await ctx.bot.services.privacy.hides(ctx.author.id)
    ):
        # Everybody would see it: it waits for an answer that is theirs alone.
        return
    lines = found_lines(await rows.news(ctx.author.id), plain)
    if lines:
        text = "\n".join(f"🎬 {sentence(line)}." for line in lines)
        await ctx.send(**Screen(content=text).message(), ephemeral=ctx.interaction is not None)


async def show_long_work(ctx: Context, title: str, work: Callable[[OnNote], Awaitable[Screen]]) -> None:
    """Answer that something is under way, show how far it is, and then what came of it, whatever that is.

    Parameters
    ----------
    ctx : Context
    title : str
        The work, as a noun.
    work : callable
        Is given what is to be told how far it is.
    """
    with ctx.bot.answering():
        message = await ctx.send(embed=progress_embed(None, title), ephemeral=await is_private(ctx))
        shown = ShownProgress(message, title)
        try:
            async with shown:
                screen = await work(shown.note)
        except Exception as error:  # noqa: BLE001 whatever went wrong, the answer must not stay at “…”
            line = explain(error) or report(error, f"/{ctx.command}, user {ctx.author.id}")
            screen = failure_screen(line, f"{title} came to nothing")
        try:
            await message.edit(**screen.edit())
        except UNSENT as gone:
            # An interaction can be edited for fifteen minutes; what takes longer is told in the channel.
            _log.info("the answer to /%s could not be edited: %s", ctx.command, gone)
            await ctx.channel.send(**screen.message())


async def is_private(ctx: Context) -> bool:
    """Whether answers are to be seen by the asker alone: the server wants it, or they hide their ratings."""
    if ctx.guild is None:
        return False
    settings = await ctx.bot.services.guilds.get(ctx.guild.id)
    return settings.ephemeral or await ctx.bot.services.privacy.hides(ctx.author.id)


async def keep_hidden(ctx: Context) -> None:
    """Let pass what nobody else can see, or whose answer hides nothing.

    Raises
    ------
    UserError
        If the answer would be seen in a channel, and the person hides their ratings.
    """
    command = ctx.command
    if ctx.guild is None or ctx.interaction is not None or command is None:
        return
    if await ctx.bot.services.privacy.hides(ctx.author.id):
        # A group is no command at Discord; those that answer do what their "show" does.
        show = " show" if isinstance(command, commands.Group) else ""
        raise UserError(
            f"your ratings are hidden, and everybody would see the answer here: use "
            f"/{command.qualified_name}{show}, which answers you alone"
        )


def asker(ctx: Context) -> Person:
    """Who gave the command."""
    return Person.of(ctx.author)


def admins_only(ctx: Context) -> None:
    """Let admins pass.

    Raises
    ------
    NotAllowed
        If the person is none.
    """
    require_admin(ctx.author.id, ctx.permissions if ctx.guild else None, ctx.bot.owner_id)


def host_only(ctx: Context) -> None:
    """Let those pass who decide for all servers.

    Raises
    ------
    NotAllowed
        If the person is none of them.
    """
    permissions = ctx.permissions if ctx.guild else None
    require_host(ctx.author.id, permissions, ctx.bot.owner_id, shared=ctx.bot.shared)


async def complete_title(interaction: Interaction, current: str) -> list[Choice]:
    """Movies whose title is being typed."""
    await interaction.client.services.guilds.show_titles(interaction.guild_id)
    movies = interaction.client.services.movies.suggest(current, CHOICES)
    return [Choice(name=label(name_of(movie), _CHOICE), value=reference(movie)) for movie in movies[:CHOICES]]


def complete_filters(*several: commands.HybridCommand[Any, ..., Any]) -> None:
    """Complete the options of `FilterFlags`, which these commands have."""
    completions = (
        ("genre", _complete_genre),
        ("exclude_genre", _complete_genre),
        ("language", _complete_language),
        ("released", _complete_released),
        ("people", _complete_person),
    )
    for command in several:
        for option, complete in completions:
            command.autocomplete(option)(complete)


async def _complete_genre(_interaction: Interaction, current: str) -> list[Choice]:
    """Genres with what is being typed in their name, behind those that stand there already."""
    *before, typed = current.split(",")
    begun = "".join(f"{one.strip()}, " for one in before)
    found = [genre for genre in GENRES if genre != IMAX and typed.strip().casefold() in genre.casefold()]
    return _choices([f"{begun}{genre}" for genre in found])


async def _complete_language(_interaction: Interaction, current: str) -> list[Choice]:
    typed = current.casefold().strip()
    found = [name for code, name in NAMES.items() if typed in name.casefold() or typed == code]
    return _choices(sorted(found, key=lambda name: not name.casefold().startswith(typed)))


async def _complete_released(_interaction: Interaction, current: str) -> list[Choice]:
    typed = current.casefold().strip()
    found = [text for text in ("any", "recent", "classics") if typed in text]
    return _choices(found or [current.strip()])


async def _complete_person(interaction: Interaction, current: str) -> list[Choice]:
    """People whose name is being typed, behind those that stand there already."""
    *before, typed = current.split(",")
    begun = "".join(f"{one.strip()}, " for one in before)
    found = await asyncio.to_thread(interaction.client.services.recommending.people, typed, CHOICES)
    names = (f"{begun}{typeable(name)}" for name in found)
    return _choices([name for name in names if len(name) <= MOST_LETTERS])


def _choices(texts: Sequence[str]) -> list[Choice]:
    """Texts to choose from that Discord can take."""
    return [Choice(name=text, value=text) for text in texts if 0 < len(text) <= _CHOICE][:CHOICES]


def complete_stars(current: str) -> list[Choice]:
    """All ten numbers of stars, or what is being typed."""
    try:
        offered = [parse_stars(current)]
    except UserError:
        offered = [half / 2 for half in reversed(HALVES)]
    return [
        Choice(name=f"{format_stars(stars)}  {stars_words(stars)}", value=f"{stars:g}") for stars in offered
    ]


def about(access: str, *examples: str, shows_ratings: bool = False) -> dict[Any, Any]:
    """The extras of a command: who may use it, examples for /help, and whether it tells of the asker."""
    return cast(
        dict[Any, Any], Declaration(access=access, examples=list(examples), shows_ratings=shows_ratings)
    )
