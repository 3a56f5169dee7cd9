"""The options of /night and /nominate."""

from typing import Literal

import discord
from discord.ext import commands

from bot.cogs.base import FilterFlags

NightNumber = commands.Range[int, 1, 10**9]
_NIGHT = "Which night; the next one if you leave it out"
_DATE = "As you would say it: friday 8pm, 2026-12-04 20:00, tomorrow 20:30"


class PlanFlags(FilterFlags, case_insensitive=True):
    """When, about what, for whom, and how the vote goes."""

    dates: str = commands.flag(
        positional=True, description="One date or several: friday 8pm, or friday 8pm, saturday 19:30"
    )
    theme: str = commands.flag(default="", description="What the night is about")
    vote: Literal["approval", "ranked", "score"] = commands.flag(
        default="approval",
        description="approval: all you would watch; ranked: your order; score: 0 to 5 points",
    )
    until: str = commands.flag(default=None, description="When the vote closes; two hours before the night")
    quorum: commands.Range[int, 1, 100] = commands.flag(
        default=1, description="So many must vote for the vote to count"
    )
    nominations: commands.Range[int, 0, 10] = commands.flag(
        default=3, description="So many movies may each person nominate"
    )
    carry_over: bool = commands.flag(
        default=False, description="The best losers are candidates of the next night"
    )
    who: str = commands.flag(default="", description="Who may come: @people or a @role; everybody by default")


class NightFlags(commands.FlagConverter, case_insensitive=True):
    """Which night."""

    night: NightNumber = commands.flag(default=None, positional=True, description=_NIGHT)


class OpenFlags(commands.FlagConverter, case_insensitive=True):
    """Which night, and until when."""

    night: NightNumber = commands.flag(default=None, positional=True, description=_NIGHT)
    until: str = commands.flag(default=None, description="When the vote closes: friday 18:00")


class MoveFlags(commands.FlagConverter, case_insensitive=True):
    """Where to."""

    date: str = commands.flag(default=None, positional=True, description=_DATE)
    channel: discord.TextChannel = commands.flag(default=None, description="Go on in another channel")
    night: NightNumber = commands.flag(default=None, description=_NIGHT)


class CancelFlags(commands.FlagConverter, case_insensitive=True):
    """Which night, and why."""

    reason: str = commands.flag(default="", positional=True, description="Why, to be told to everybody")
    night: NightNumber = commands.flag(default=None, description=_NIGHT)


class RepeatFlags(commands.FlagConverter, case_insensitive=True):
    """Every week, or no more."""

    how: Literal["weekly", "stop"] = commands.flag(
        default="weekly", positional=True, description="weekly, at the hour of the night, or stop"
    )
    night: NightNumber = commands.flag(default=None, description=_NIGHT)


class RateFlags(commands.FlagConverter, case_insensitive=True):
    """How many stars."""

    stars: str = commands.flag(positional=True, description="0.5 to 5 in halves: 4.5, 9/10 or ★★★★½")
    night: NightNumber = commands.flag(default=None, description=_NIGHT)


class TitleFlags(commands.FlagConverter, case_insensitive=True):
    """Which movie."""

    title: str = commands.flag(positional=True, description="The movie; type and choose from the list")
    night: NightNumber = commands.flag(default=None, description=_NIGHT)


class NominateFlags(commands.FlagConverter, case_insensitive=True):
    """Which movie, if any is named."""

    title: str = commands.flag(
        default="", positional=True, description="The movie; left out, one of your watchlist"
    )
    night: NightNumber = commands.flag(default=None, description=_NIGHT)


class PageFlags(commands.FlagConverter, case_insensitive=True):
    """Which page."""

    page: commands.Range[int, 1, 100_000] = commands.flag(
        default=1, positional=True, description="Which page, the newest nights first"
    )
