"""Where a night can live, and for whom it is."""

import re

import discord

from bot.errors import NotAllowed, UserError
from bot.services.nights.answers import Night
from bot.ui.nights.delivery import missing_permissions
from bot.ui.nights.sight import may_see, may_write, member_of


def check_channel(
    channel: discord.abc.GuildChannel | discord.Thread, author: discord.User | discord.Member
) -> None:
    """Make sure that a night can live in a channel: the bot and the host themselves may write there."""
    if not isinstance(author, discord.Member) or not may_see(author, channel):
        raise NotAllowed("You cannot see that channel; choose one that you can.")
    if not may_write(author, channel):
        raise NotAllowed(f"You cannot write in #{channel.name} yourself, so no night of yours can be there.")
    if missing := missing_permissions(channel):
        raise UserError(f"I lack permissions in #{channel.name}: {', '.join(missing)}; ask an admin.")


def check_may_say(author: discord.User | discord.Member, night: Night) -> None:
    """Make sure that words of somebody can be said in a night's channel: they may write there themselves.

    Raises
    ------
    NotAllowed
    """
    if not isinstance(author, discord.Member):
        return
    channel = author.guild.get_channel_or_thread(night.channel_id)
    if channel is not None and not may_write(author, channel):
        raise NotAllowed(f"You cannot write in #{channel.name} yourself; leave the reason out.")


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
