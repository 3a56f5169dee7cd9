"""What a button remembers: `custom_id` strings, which Discord keeps and hands back, also after a restart."""

import re
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from bot.errors import UserError
from bot.services.answers import Filters
from recommender.catalogue import GENRES

LIMIT = 100
ANYONE = 0
"""Owner of a control that acts for whoever presses it."""

_WHOLE = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_LARGEST = 2**63 - 1
_One = TypeVar("_One")

_PATTERN = re.compile(r"m1:(?P<verb>[a-z]+):(?P<owner>[0-9]{1,19})(?P<state>(?::[^:]*)*)")
"""Every control of ours. The number tells versions of the format apart."""


class Stale(UserError):
    """A control says what none of this program's says: it is an old one, or a forgery."""

    def __init__(self) -> None:
        super().__init__("that belongs to a finished session and no longer works; use the command again")


class ControlId(NamedTuple):
    """A `custom_id` taken apart: what to do, whose answer it is part of (a user id), and what with."""

    verb: str
    owner: int
    state: tuple[str, ...]


def custom_id(verb: str, owner: int, *state: int | str) -> str:
    """The `custom_id` of a control.

    Raises
    ------
    ValueError
        If it would not come back from `parse` as it was, or is longer than Discord allows.
    """
    text = ":".join(["m1", verb, str(owner), *map(str, state)])
    if len(text) > LIMIT or parse(text) != ControlId(verb, owner, tuple(map(str, state))):
        raise ValueError(f"not a custom_id: {text!r}")
    return text


def parse(text: str) -> ControlId | None:
    """Take a `custom_id` apart; None if it is not one of this version's."""
    match = _PATTERN.fullmatch(text)
    if match is None or int(match["owner"]) > _LARGEST:
        return None
    return ControlId(match["verb"], int(match["owner"]), tuple(match["state"].split(":")[1:]))


def whole(text: str) -> int:
    """A number that a control says.

    Raises
    ------
    Stale
        If it is none, or larger than any number of ours.
    """
    if _WHOLE.fullmatch(text) is None or abs(int(text)) > _LARGEST:
        raise Stale
    return int(text)


def one_of(several: Sequence[_One], text: str) -> _One:
    """The one of several whose place, counted from 0, a control says.

    Raises
    ------
    Stale
        If there is none in that place.
    """
    place = whole(text)
    if not 0 <= place < len(several):
        raise Stale
    return several[place]


def pack_filters(filters: Filters) -> str:
    """Filters as a few characters for a `custom_id`, the genres as their numbers.

    Raises
    ------
    ValueError
        If a genre is not one of `GENRES`.
    """
    numbers = {genre.casefold(): number for number, genre in enumerate(GENRES)}
    parts: list[int | None] = []
    for genre in (filters.genre, filters.exclude_genre):
        if genre is not None and genre.casefold() not in numbers:
            raise ValueError(f"unknown genre {genre!r}")
        parts.append(None if genre is None else numbers[genre.casefold()])
    parts += [filters.from_year, filters.to_year]
    if filters.sequels:
        parts.append(1)
    return ".".join("" if part is None else str(part) for part in parts)


def unpack_filters(text: str) -> Filters:
    """What `pack_filters` packed.

    Raises
    ------
    Stale
        If it packed nothing of the kind.
    """
    parts = text.split(".")
    if len(parts) not in (4, 5):
        raise Stale
    genre, exclude, from_year, to_year, *sequels = parts
    return Filters(
        genre=one_of(GENRES, genre) if genre else None,
        exclude_genre=one_of(GENRES, exclude) if exclude else None,
        from_year=whole(from_year) if from_year else None,
        to_year=whole(to_year) if to_year else None,
        sequels=bool(sequels),
    )
