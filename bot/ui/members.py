"""Who a command is for: members that were named, those in the asker's voice channel, or who comes next."""

import re
from typing import Any

import discord
from discord.ext import commands

from bot.errors import UserError
from bot.ui.nights.actors import actor_of
from bot.ui.screen import Person
from bot.ui.text import label

_MENTION = re.compile(r"<@!?(\d{1,20})>")
_HOW = (
    "name them (members: Ana, Ben), join a voice channel together, or say that you are in for a movie night"
)


async def watchers(ctx: commands.Context[Any], text: str) -> list[Person]:
    """The members that a text names, by mention or with commas; else who is in voice with the asker.

    Where nobody is, it is those who said that they are in for the next movie night. Bots watch nothing.

    Raises
    ------
    UserError
        If this is no server, the text names somebody who is not on it, or there is nobody.
    """
    guild = ctx.guild
    if guild is None:
        raise UserError("A group meets on a server; use the command there.")
    members = await _named(guild, text) if text.strip() else _in_voice(ctx.author)
    people = {member.id: Person.of(member) for member in members if not member.bot}
    if not people and not text.strip():
        coming = await ctx.bot.services.nights.coming(await actor_of(ctx))
        people = {one.user_id: Person(one.user_id, one.name) for one in coming}
    if not people:
        raise UserError(f"Who watches? {_HOW}.")
    return list(people.values())


async def _named(guild: discord.Guild, text: str) -> list[discord.Member]:
    if not guild.chunked:
        # Soon after a start not all members are known yet.
        await guild.chunk()
    mentioned = [_mentioned(guild, int(number)) for number in _MENTION.findall(text)]
    written = (name.strip().removeprefix("@").strip() for name in _MENTION.sub(",", text).split(","))
    return [*mentioned, *(_called(guild, name) for name in written if name)]


def _mentioned(guild: discord.Guild, user_id: int) -> discord.Member:
    member = guild.get_member(user_id)
    if member is None:
        raise UserError("One of those you mention is not on this server.")
    return member


def _called(guild: discord.Guild, name: str) -> discord.Member:
    wanted = name.casefold()
    found = [
        member
        for member in guild.members
        if any(
            wanted == (own or "").casefold() for own in (member.display_name, member.global_name, member.name)
        )
    ]
    if len(found) > 1:
        raise UserError(f"Several members are called “{label(name, 40)}”: mention the one you mean with @.")
    if not found:
        raise UserError(
            f"Nobody here is called “{label(name, 40)}”: mention people, or write names with commas."
        )
    return found[0]


def _in_voice(author: discord.abc.User) -> list[discord.Member]:
    voice = author.voice if isinstance(author, discord.Member) else None
    channel = None if voice is None else voice.channel
    return [] if channel is None else channel.members
