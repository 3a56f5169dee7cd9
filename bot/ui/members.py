"""Who is on a server: asked of Discord when it is needed, and kept for a while."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import discord
from cachetools import TTLCache

from bot.services.membership import NoAnswer

KEPT_SECONDS = 600.0
"""An answer is kept for so long. Who joins or leaves meanwhile is told by Discord and corrects it."""

_KEPT, _AT_ONCE, _LONGEST_ID, _LONGEST_NAME = 200_000, 100, 2**63, 32


class Face(NamedTuple):
    """What a server's members go by: the name that is shown, all others, and last the one nobody else has."""

    names: tuple[str, ...]
    is_bot: bool

    @classmethod
    def of(cls, member: discord.Member) -> "Face":
        """The face of a member."""
        names = (member.display_name, member.global_name or member.display_name, member.name)
        return cls(names, member.bot)


class Members:
    """The members of all servers, as far as they were asked for; it is the services' `Membership`.

    discord.py keeps no members for this bot: most of them never use it. Who is asked for here is somebody of
    whom something is kept, or who is meant by a command.
    """

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        # None for somebody who is not on the server.
        self._known: TTLCache[tuple[int, int], Face | None] = TTLCache(_KEPT, KEPT_SECONDS)

    def servers(self) -> Mapping[int, bool]:
        """The servers that the bot is on, and whether Discord has them available."""
        return {guild.id: not guild.unavailable for guild in self._client.guilds}

    async def among(self, guild_id: int, user_ids: Collection[int]) -> Mapping[int, str]:
        """Those of these people who are on a server, with their names; see `Membership.among`."""
        return {one: face.names[0] for one, face in (await self.faces(guild_id, user_ids)).items()}

    async def faces(self, guild_id: int, user_ids: Collection[int]) -> dict[int, Face]:
        """Those of these people who are on a server.

        Raises
        ------
        NoAnswer
            If Discord does not tell.
        """
        guild = self._client.get_guild(guild_id)
        if guild is None:
            return {}
        wanted = [one for one in dict.fromkeys(user_ids) if 0 < one < _LONGEST_ID]
        found = {one: self._known[guild_id, one] for one in wanted if (guild_id, one) in self._known}
        unknown = [one for one in wanted if one not in found]
        batches = [unknown[start : start + _AT_ONCE] for start in range(0, len(unknown), _AT_ONCE)]
        answers = await asyncio.gather(*(_ask(guild, user_ids=batch) for batch in batches))
        here = {member.id: Face.of(member) for answer in answers for member in answer}
        for one in unknown:
            # What an event told while the question was under way is newer than the answer.
            found[one] = self._known.setdefault((guild_id, one), here.get(one))
        return {one: face for one, face in found.items() if face is not None}

    async def beginning(self, guild_id: int, text: str) -> dict[int, Face]:
        """Up to a hundred members with a name that begins like this, in Discord's eyes.

        Raises
        ------
        NoAnswer
            If Discord does not tell.
        """
        guild = self._client.get_guild(guild_id)
        if guild is None or not text:
            return {}
        return {one.id: Face.of(one) for one in await _ask(guild, query=text[:_LONGEST_NAME])}

    def is_here(self, member: discord.Member) -> None:
        """Note a member whom Discord has just told of."""
        self._known[member.guild.id, member.id] = Face.of(member)

    def has_left(self, guild_id: int, user_id: int) -> None:
        """Note that somebody is no longer on a server."""
        self._known[guild_id, user_id] = None

    def forget(self) -> None:
        """Ask anew about everybody: who joined and left meanwhile, nobody told."""
        self._known.clear()


async def _ask(guild: discord.Guild, **what: Any) -> list[discord.Member]:
    if guild.unavailable:
        raise NoAnswer
    try:
        return await guild.query_members(**what, limit=_AT_ONCE, cache=False)
    except (discord.DiscordException, TimeoutError, RuntimeError, OSError) as error:
        raise NoAnswer from error
