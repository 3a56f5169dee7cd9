"""Who may do what admins may, and what the bot's owner alone may."""

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


NO_OWNER = (
    "nobody is set as the bot's owner, who alone may retrain, roll back and say when to retrain while it "
    "serves several servers: whoever runs the bot sets MATINEE_OWNER_ID to their Discord id"
)


def require_host(
    user_id: int, permissions: discord.Permissions | None, owner_id: int | None, *, shared: bool
) -> None:
    """Let the configured owner pass, and where the bot serves one server alone, whoever may manage that.

    One server's admins are not to decide about the model of all.

    Parameters
    ----------
    user_id, permissions, owner_id
        As for `require_admin`.
    shared : bool
        Whether the bot serves more than one server.

    Raises
    ------
    NotAllowed
        If it is neither.
    """
    if shared and (owner_id is None or user_id != owner_id):
        advice = "" if owner_id is not None else f" {NO_OWNER[0].upper()}{NO_OWNER[1:]}."
        raise NotAllowed(f"That concerns every server the bot is on, so only its owner can do that.{advice}")
    require_admin(user_id, permissions, owner_id)


def is_host(
    user_id: int, permissions: discord.Permissions | None, owner_id: int | None, *, shared: bool
) -> bool:
    """Whether `require_host` lets somebody pass."""
    try:
        require_host(user_id, permissions, owner_id, shared=shared)
    except NotAllowed:
        return False
    return True
