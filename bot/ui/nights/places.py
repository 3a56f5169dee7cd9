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


def invited(guild: discord.Guild, text: str) -> tuple[int | None, tuple[tuple[int, str], ...]]:
    """The role or the people that are mentioned in a text."""
    roles = {int(number) for number in re.findall(r"<@&(\d{1,20})>", text)}
    people = dict.fromkeys(int(number) for number in re.findall(r"<@!?(\d{1,20})>", text))
    rest = re.sub(r"<@[!&]?\d{1,20}>|[\s,;]|\band\b", "", text)
    if rest or (text.strip() and not roles and not people):
        raise UserError("who: takes mentions, @people or one @role.")
    if len(roles) > 1 or (roles and people):
        raise UserError("who: takes either people or one role.")
    members = {number: guild.get_member(number) for number in people}
    if None in members.values():
        raise UserError("Somebody in who: is not on this server.")
    guests = tuple((number, member.display_name) for number, member in members.items() if member)
    role_id = next(iter(roles), None)
    return (None if role_id == guild.id else role_id), guests
