"""Who speaks in the console."""

import unicodedata
from collections.abc import Collection, Mapping
from hashlib import blake2b
from typing import NamedTuple

from bot.errors import UserError
from bot.services.membership import close_to, one_called
from bot.services.privacy import Privacy

LONGEST_NAME = 32
LISTED = 12


class Person(NamedTuple):
    """Somebody at the console. The number is negative, so it is nobody's at Discord."""

    user_id: int
    name: str


def person(name: str) -> Person:
    """The person of this name: the same number for the same name, in any case and spacing, for ever.

    Raises
    ------
    UserError
        If the name is empty, too long, or has nothing that can be seen.
    """
    shown = " ".join(unicodedata.normalize("NFC", name).split())
    if not any(unicodedata.category(character)[0] in "LNPS" for character in shown):
        raise UserError("say who speaks, for example: as Ana")
    if len(shown) > LONGEST_NAME:
        raise UserError(f"a name has at most {LONGEST_NAME} characters")
    # The number is made from the name, so nobody has to be registered before they rate. With 62 bits
    # two names of a group of friends never meet.
    digest = blake2b(shown.casefold().encode(), digest_size=8, person=b"console").digest()
    return Person(-1 - (int.from_bytes(digest, "big") >> 2), shown)


class Everybody:
    """The membership of the console: who uses one machine together shares everything.

    Parameters
    ----------
    guild_id : int
        The number under which the console is a server.
    privacy : Privacy
        Knows of whom anything is kept.
    """

    def __init__(self, guild_id: int, privacy: Privacy) -> None:
        self._guild_id = guild_id
        self._privacy = privacy
        self._speakers: dict[int, str] = {}

    def introduce(self, speaker: Person) -> None:
        """Note somebody who speaks, of whom nothing need be kept yet."""
        self._speakers[speaker.user_id] = speaker.name

    def servers(self) -> Mapping[int, bool]:
        """The console."""
        return {self._guild_id: True}

    async def among(self, guild_id: int, user_ids: Collection[int]) -> Mapping[int, str]:
        """Those of these people who are known."""
        known = await self._names() if guild_id == self._guild_id else {}
        return {one: known[one] for one in user_ids if one in known}

    async def called(self, name: str) -> Person:
        """Somebody who is known by this name, or by this number.

        Raises
        ------
        UserError
            If nobody is, or several people are.
        """
        known = await self._names()
        wanted = person(name)
        if wanted.user_id in known:
            return Person(wanted.user_id, known[wanted.user_id])
        names = {one: (own, str(one)) for one, own in known.items()}
        if not any(wanted.name.casefold() in (own.casefold(), number) for own, number in names.values()):
            # All of them as long as they are few; of many the closest.
            listed = sorted(known.values()) if len(known) <= LISTED else close_to(wanted.name, names)
            raise UserError(
                f"nobody is called “{wanted.name}”; known: {', '.join(listed) or 'nobody yet'};"
                f" “as {wanted.name}” lets somebody new speak"
            )
        one = one_called(wanted.name, names, "write the number in brackets instead")
        return Person(one, known[one])

    async def _names(self) -> dict[int, str]:
        return self._speakers | await self._privacy.known()
