"""Who speaks in the console."""

import unicodedata
from hashlib import blake2b
from typing import NamedTuple

from bot.errors import UserError

LONGEST_NAME = 32


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
