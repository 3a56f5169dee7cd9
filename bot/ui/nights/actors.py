"""Who does something in a night, with what Discord says that they may."""

import discord

from bot.errors import UserError
from bot.services.nights.answers import Actor, Night
from bot.ui.host import host
from bot.ui.press import Press


def actor_of(
    user: discord.abc.User, permissions: discord.Permissions | None, owner_id: int | None = None
) -> Actor:
    """Somebody as the services want them described.

    Parameters
    ----------
    user : discord.abc.User
        A member of the night's server.
    permissions : discord.Permissions or None
        Theirs there.
    owner_id : int, optional
        The configured owner of the bot, who may do everything everywhere.
    """
    manages = permissions is not None and (permissions.manage_events or permissions.manage_guild)
    roles = user.roles if isinstance(user, discord.Member) else ()
    return Actor(
        user.id,
        user.display_name,
        is_manager=manages or user.id == owner_id,
        role_ids=frozenset(role.id for role in roles),
    )


def presser(press: Press) -> Actor:
    """Who pressed a control.

    Raises
    ------
    UserError
        If it was in direct messages, where nights are not.
    """
    interaction = press.interaction
    if interaction.guild_id is None:
        raise UserError("Movie nights are on a server; press that there.")
    return actor_of(interaction.user, interaction.permissions, host(interaction).owner_id)


async def night_of(press: Press, night_id: int) -> Night:
    """The night that a control is about.

    Raises
    ------
    UserError
        If it is none of this server's.
    """
    night = await press.services.nights.get(night_id)
    if night.guild_id != press.interaction.guild_id:
        raise UserError("That night is on another server.")
    return night
