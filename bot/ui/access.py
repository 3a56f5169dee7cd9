"""Who may do what admins may."""

import discord

from bot.errors import NotAllowed


def require_admin(user_id: int, permissions: discord.Permissions | None, owner_id: int | None) -> None:
    """Let the configured owner pass everywhere, and on a server whoever may manage it.

    Commands carry no `default_permissions` for this: Discord would then hide them from an owner who
    is no admin of that server.

    Parameters
    ----------
    user_id : int
    permissions : discord.Permissions or None
        What Discord says that the person may do here; None in direct messages.
    owner_id : int or None
        The owner whom the host of the bot configured.

    Raises
    ------
    NotAllowed
        If it is neither.
    """
    if owner_id is not None and user_id == owner_id:
        return
    if permissions is None:
        raise NotAllowed(
            "In direct messages only the bot's owner may do that; use it on a server you manage."
        )
    if not permissions.manage_guild:
        raise NotAllowed("Only people who may manage this server (permission Manage Server) can do that.")
