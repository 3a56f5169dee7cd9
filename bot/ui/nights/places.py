"""Where a night can live, and for whom it is."""

import re

import discord

from bot.errors import NotAllowed, UserError
from bot.ui.nights.delivery import missing_permissions


def check_channel(
    channel: discord.abc.GuildChannel | discord.Thread, author: discord.User | discord.Member
) -> None:
    """Make sure that a night can live in a channel: the bot may write there, and the host may see it."""
    if isinstance(author, discord.Member) and not channel.permissions_for(author).view_channel:
        raise NotAllowed("You cannot see that channel; choose one that you can.")
    if missing := missing_permissions(channel):
        raise UserError(f"I lack permissions in #{channel.name}: {', '.join(missing)}; ask an admin.")


async def member_of(guild: discord.Guild, user_id: int) -> discord.Member | None:
    """A member of the server, asked for where Discord has not told about them yet; None for who is none."""
    member = guild.get_member(user_id)
    if member is not None:
        return member
    try:
        return await guild.fetch_member(user_id)
    except discord.NotFound:
        return None


async def invited(guild: discord.Guild, text: str) -> tuple[int | None, tuple[tuple[int, str], ...]]:
    """The role or the people that are mentioned in a text."""
    roles = {int(number) for number in re.findall(r"<@&(\d{1,20})>", text)}
    people = dict.fromkeys(int(number) for number in re.findall(r"<@!?(\d{1,20})>", text))
    rest = re.sub(r"<@[!&]?\d{1,20}>|[\s,;]|\band\b", "", text)
    if rest or (text.strip() and not roles and not people):
        raise UserError("who: takes mentions, @people or one @role.")
    if len(roles) > 1 or (roles and people):
        raise UserError("who: takes either people or one role.")
    members = [await member_of(guild, number) for number in people]
    if None in members:
        raise UserError("Somebody in who: is not on this server.")
    guests = tuple((member.id, member.display_name) for member in members if member)
    role_id = next(iter(roles), None)
    return (None if role_id == guild.id else role_id), guests
