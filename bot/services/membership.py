"""Who is on which server: what decides whether a person may be shown anything of another."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from rapidfuzz import fuzz, process, utils

from bot.errors import UserError

CLOSE, LIKE = 5, 55.0
"""So many names are offered in place of one that fits nobody, and so alike, of 100, they are to it."""


class NoAnswer(UserError):
    """Who is on a server cannot be found out at the moment."""

    def __init__(self) -> None:
        super().__init__("Discord does not tell me at the moment who is on the server: try again in a minute")


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and where the answer is read.

    Attributes
    ----------
    user_id : int
    name : str
    guild_id : int or None
        None in direct messages.
    """

    user_id: int
    name: str
    guild_id: int | None


class Membership(Protocol):
    """What a front knows about servers and their members."""

    def servers(self) -> Mapping[int, bool]:
        """The servers that the bot is on now, and whether each of them can be asked at the moment."""
        ...

    async def among(self, guild_id: int, user_ids: Collection[int]) -> Mapping[int, str]:
        """Those of these people who are on a server now, with the names they go by there.

        Nobody is on a server that the bot is not on.

        Raises
        ------
        NoAnswer
            If it cannot be found out.
        """
        ...


class Nowhere:
    """The membership of services that no front has taken up yet: nobody shares a server with anybody."""

    def servers(self) -> Mapping[int, bool]:
        """None."""
        return {}

    async def among(self, guild_id: int, user_ids: Collection[int]) -> Mapping[int, str]:  # noqa: ARG002
        """Nobody."""
        return {}


async def acquainted(membership: Membership, viewer: Viewer, user_ids: Collection[int]) -> dict[int, str]:
    """Those of these people of whom somebody may be shown anything, with their names.

    On a server these are its members. In direct messages they are the members of all servers that the viewer
    is on as well, and the bot.

    Raises
    ------
    NoAnswer
    """
    if viewer.guild_id is not None:
        return dict(await membership.among(viewer.guild_id, user_ids))
    found: dict[int, str] = {}
    for guild_id, available in membership.servers().items():
        if available:
            here = await membership.among(guild_id, {viewer.user_id, *user_ids})
            if viewer.user_id in here:
                found |= {user_id: name for user_id, name in here.items() if user_id in user_ids}
    return found


def one_called(text: str, names: Mapping[int, Sequence[str]], which: str) -> int:
    """The one of these people who goes by a name, whatever its case.

    Parameters
    ----------
    text : str
    names : mapping of user id to sequence of str
        All that a person goes by: first the name that is shown, last the one that nobody else has.
    which : str
        How to say which one of several is meant, as the end of a sentence.

    Raises
    ------
    UserError
        If nobody does; it names those who come close. If several do; it tells them apart.
    """
    wanted = text.casefold()
    fits = [one for one, own in names.items() if wanted in (name.casefold() for name in own)]
    short = text if len(text) <= 40 else f"{text[:39]}…"
    if len(fits) == 1:
        return fits[0]
    if fits:
        told = ", ".join(f"{names[one][0]} ({names[one][-1]})" for one in fits[:CLOSE])
        more = f" and {len(fits) - CLOSE} more" if len(fits) > CLOSE else ""
        raise UserError(f"several people here are called “{short}”: {told}{more}; {which}")
    close = close_to(text, names)
    near = f"; close to that: {', '.join(close)}" if close else ""
    raise UserError(f"nobody here is called “{short}”{near}")


def close_to(text: str, names: Mapping[int, Sequence[str]]) -> list[str]:
    """The names, as they are shown, of those who are called nearly so, the closest first."""
    spelled = [(one, name) for one, own in names.items() for name in own]
    found = process.extract(
        text,
        [name for _, name in spelled],
        scorer=fuzz.WRatio,
        processor=utils.default_process,
        score_cutoff=LIKE,
        limit=CLOSE * 3,
    )
    return list(dict.fromkeys(names[spelled[place][0]][0] for _, _, place in found))[:CLOSE]
