"""Who is meant: somebody who was picked or named, those who watch together, or who comes next."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import UserError
from bot.services.membership import Viewer, one_called
from bot.ui.host import Host
from bot.ui.members import Face
from bot.ui.nights.actors import actor_of
from bot.ui.screen import Person

_MENTION = re.compile(r"<@!?(\d{1,20})>")
_NUMBER = re.compile(r"\d{15,20}")
_WHICH = "mention the one you mean with @"
_HOW = (
    "name them (members: Ana, Ben), join a voice channel together, or say that you are in for a movie night"
)


class Who(app_commands.Transformer[Host], commands.Converter[Any]):
    """Somebody as a command names them: with the member picker, or behind ``!`` by mention or name.

    It is the option and what comes of it; who is meant tells `whom`.

    Attributes
    ----------
    user_id : int or None
        None for somebody who was named in words.
    text : str
        The words.
    """

    def __init__(self, user_id: int | None = None, text: str = "") -> None:
        self.user_id = user_id
        self.text = text

    @property
    def type(self) -> discord.AppCommandOptionType:
        """The member picker."""
        return discord.AppCommandOptionType.user

    async def transform(
        self, interaction: discord.Interaction[Host], value: discord.Member | discord.User, /
    ) -> "Who":
        """Somebody who was picked, from wherever."""
        if isinstance(value, discord.Member):
            interaction.client.members.is_here(value)
        return Who(value.id)

    async def convert(self, ctx: commands.Context[Any], argument: str) -> "Who":  # noqa: ARG002
        """Somebody who was written."""
        text = argument.strip()
        mention = _MENTION.fullmatch(text)
        number = mention.group(1) if mention else text if _NUMBER.fullmatch(text) else None
        return Who(None, text.removeprefix("@").strip()) if number is None else Who(int(number))


def viewer(ctx: commands.Context[Host]) -> Viewer:
    """Who gave a command, and where."""
    return Viewer(ctx.author.id, ctx.author.display_name, None if ctx.guild is None else ctx.guild.id)


async def whom(ctx: commands.Context[Host], named: Who | None) -> int:
    """The user id of somebody who was named; without a name that of who asks.

    Raises
    ------
    UserError
        If nobody whom the asker may know of has that name, or several have.
    NoAnswer
        If Discord does not tell who is on the server.
    """
    if named is None:
        return ctx.author.id
    return named.user_id if named.user_id is not None else await _called(ctx, named.text)


async def watchers(ctx: commands.Context[Host], text: str) -> list[Person]:
    """The members that a text names, by mention or with commas; else who is in voice with the asker.

    Where nobody is, it is those who said that they are in for the next movie night. Bots watch nothing.

    Raises
    ------
    UserError
        If this is no server, the text names somebody who is not on it, or there is nobody.
    NoAnswer
        If Discord does not tell who is on the server.
    """
    guild = ctx.guild
    if guild is None:
        raise UserError("A group meets on a server; use the command there.")
    named = [int(number) for number in _MENTION.findall(text)]
    written = (name.strip().removeprefix("@").strip() for name in _MENTION.sub(",", text).split(","))
    named += [await _called(ctx, name) for name in written if name]
    meant = named if text.strip() else _in_voice(ctx.author)
    if not meant and not text.strip():
        meant = [one.user_id for one in await ctx.bot.services.nights.coming(await actor_of(ctx))]
    faces = await ctx.bot.members.faces(guild.id, meant)
    if any(one not in faces for one in named):
        raise UserError("One of those you mention is not on this server.")
    people = [Person(one, face.names[0]) for one, face in faces.items() if not face.is_bot]
    if not people:
        raise UserError(f"Who watches? {_HOW}.")
    return people


async def _called(ctx: commands.Context[Host], name: str) -> int:
    """Somebody whom the asker may know of, by name: on a server a member of it."""
    roster = await ctx.bot.services.privacy.roster(viewer(ctx))
    if ctx.guild is None:
        return one_called(
            name,
            {one: (own, str(one)) for one, own in roster.items()},
            "write the number of the one you mean",
        )
    members = ctx.bot.members
    faces = await members.faces(ctx.guild.id, roster.keys()) | await members.beginning(ctx.guild.id, name)
    try:
        return one_called(name, _names(faces), _WHICH)
    except UserError:
        # With those whose names begin with the same letter it is known who comes close.
        faces |= await members.beginning(ctx.guild.id, name[:1])
        return one_called(name, _names(faces), _WHICH)


def _names(faces: Mapping[int, Face]) -> dict[int, Sequence[str]]:
    return {one: face.names for one, face in faces.items()}


def _in_voice(author: discord.abc.User) -> list[int]:
    """Who is in voice with somebody, by number: their members need not be known."""
    voice = author.voice if isinstance(author, discord.Member) else None
    channel = None if voice is None else voice.channel
    return [] if channel is None else list(channel.voice_states)
