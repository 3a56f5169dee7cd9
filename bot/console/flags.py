"""Options in a line, as the prefix commands of Discord have them: ``genre: drama from_year: 1980``."""

import re
from collections.abc import Collection
from typing import NamedTuple

from bot.errors import UserError


class Flags(NamedTuple):
    """What stands before the first option, and the options by name."""

    text: str
    values: dict[str, str]

    def whole(self, name: str) -> int | None:
        """The option as a whole number, None if it is not given.

        Raises
        ------
        UserError
            If it is something else.
        """
        value = self.values.get(name)
        return None if value is None else whole_number(value, name)


def whole_number(text: str, name: str) -> int:
    """A whole number of at most nine digits.

    Raises
    ------
    UserError
        If `text` is something else.
    """
    if re.fullmatch(r"-?[0-9]{1,9}", text) is None:
        raise UserError(f"{name} must be a whole number, not “{text[:40]}”")
    return int(text)


def split_flags(text: str, names: Collection[str]) -> Flags:
    """Take the options `names` out of a line; what follows a name and a colon, up to the next, is its value.

    Raises
    ------
    UserError
        If an option has no value or is given twice.
    """
    # A colon belongs to many titles, so only the names of this command's options make options.
    parts = re.split(rf"(?:^|(?<=\s))({'|'.join(map(re.escape, names))}):", text)
    values: dict[str, str] = {}
    for name, value in zip(parts[1::2], parts[2::2], strict=True):
        if name in values:
            raise UserError(f"{name} is given twice")
        if not value.strip():
            raise UserError(f"{name}: needs a value behind it")
        values[name] = value.strip()
    return Flags(parts[0].strip(), values)


def nothing_behind(text: str, command: str) -> None:
    """Make sure that nothing was written behind a command that takes nothing.

    Raises
    ------
    UserError
        If something was.
    """
    if text:
        raise UserError(f"nothing stands behind !{command}, so “{text[:40]}” is not understood")
