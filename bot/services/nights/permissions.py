"""Who may do what in a night."""

from collections.abc import Collection

from bot.errors import NotAllowed
from bot.services.nights.answers import Actor
from bot.store.nights import StoredNight, StoredNightSettings


def runs_others(actor: Actor, settings: StoredNightSettings) -> bool:
    """Whether somebody runs nights that others host: who manages events, and who has the role for nights."""
    return actor.is_manager or (settings.role_id is not None and settings.role_id in actor.role_ids)


def check_plans(actor: Actor, settings: StoredNightSettings) -> None:
    """Make sure that somebody may plan a night: everybody may, unless there is a role for it.

    Raises
    ------
    NotAllowed
    """
    if settings.role_id is not None and not runs_others(actor, settings):
        raise NotAllowed("only members with the role for movie nights may plan one here; /settings names it")


def check_runs(
    actor: Actor, host_id: int | None, settings: StoredNightSettings, comers: Collection[int]
) -> None:
    """Make sure that somebody may open and close the vote, move and cancel the night.

    The host may, who has the role for nights, and managers; in a night without host whoever comes.

    Raises
    ------
    NotAllowed
    """
    if runs_others(actor, settings) or actor.user_id == host_id:
        return
    if host_id is None and actor.user_id in comers:
        return
    whom = "its host" if host_id is not None else "who comes"
    raise NotAllowed(f"only {whom}, the role for movie nights, or who manages events may do that")


def check_comes(actor: Actor, night: StoredNight, host_id: int | None, guests: Collection[int]) -> None:
    """Make sure that the night is for somebody: for all, unless people or a role were named.

    Raises
    ------
    NotAllowed
    """
    if (not night.for_guests and night.invited_role_id is None) or actor.user_id == host_id:
        return
    if actor.user_id in guests or night.invited_role_id in actor.role_ids:
        return
    raise NotAllowed("this night is for others: its host said who may come")
