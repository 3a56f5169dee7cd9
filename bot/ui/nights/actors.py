"""Who does something in a night, with what Discord says that they may do and see."""

from typing import Any

import discord
from discord.ext import commands

from bot.errors import UserError
from bot.services.nights.answers import Actor, Night
from bot.ui.host import Host, host
from bot.ui.press import Press

Asking = commands.Context[Host] | discord.Interaction[Any]
"""Where somebody asks: a command, or what Discord tells of a press, a form or a half-typed option."""


async def actor_of(asking: Asking) -> Actor:
    """Who asks, as the services want them described.

    Raises
    ------
    UserError
        If it was in direct messages, where nights are not.
    """
    if isinstance(asking, commands.Context):
        bot, user, here = asking.bot, asking.author, asking.channel.id
    else:
        bot, user, here = host(asking), asking.user, asking.channel_id
    guild = asking.guild
    if guild is None:
        raise UserError("Movie nights belong to a server; use that there.")
    if not isinstance(user, discord.Member):
        return Actor(user.id, user.display_name, guild.id, frozenset())
    places = await bot.services.nights.channels(guild.id)
    # Of the whole server: what somebody may do in one channel alone makes them no manager of its nights.
    may = user.guild_permissions
    visible, gone = await bot.sight.of(user, places, here)
    return Actor(
        user.id,
        user.display_name,
        guild.id,
        channel_ids=visible,
        gone_ids=gone,
        is_manager=may.manage_events or may.manage_guild or user.id == bot.owner_id,
        role_ids=frozenset(role.id for role in user.roles),
    )


async def presser(press: Press) -> Actor:
    """Who pressed a control; see `actor_of`."""
    return await actor_of(press.interaction)


async def night_of(press: Press, actor: Actor, place: int = 0) -> Night:
    """The night whose number a control remembers.

    Raises
    ------
    UserError
        If there is none that the presser may see.
    """
    return await press.services.nights.get(actor, press.number(place))
