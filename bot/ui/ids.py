"""What a button remembers: `custom_id` strings, which Discord keeps and hands back, also after a restart."""

import re
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import numpy as np

from bot.errors import UserError
from bot.services.answers import Filters
from bot.services.filters import FIRST_YEAR
from recommender.catalogue import GENRES

LIMIT = 100
ANYONE = 0
"""Owner of a control that acts for whoever presses it."""

_WHOLE = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_LARGEST = 2**63 - 1
_BASE = 36
_NUMBERS = 6
_SHORT = re.compile(r"[0-9a-z]{0,5}")
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
    """Checked filters as a few characters for a `custom_id`.

    Numbers have the base 36 and genres are bits, because the names of people are in it as well.

    Raises
    ------
    ValueError
        If a genre is not one of `GENRES`.
    """
    bits = [sum(1 << GENRES.index(one) for one in some) for some in (filters.genre, filters.exclude_genre)]
    years = [0 if year is None else year - FIRST_YEAR + 1 for year in (filters.from_year, filters.to_year)]
    numbers = [*bits, *years, int(filters.sequels), filters.max_runtime or 0]
    parts = [np.base_repr(number, _BASE).lower() if number else "" for number in numbers]
    return ".".join([*parts, filters.language or "", ",".join(filters.people)])


def unpack_filters(text: str) -> Filters:
    """What `pack_filters` packed.

    Raises
    ------
    Stale
        If it packed nothing of the kind.
    """
    parts = text.split(".", _NUMBERS + 1)
    if len(parts) != _NUMBERS + 2:
        raise Stale
    *numbers, language, people = parts
    if any(_SHORT.fullmatch(number) is None for number in numbers):
        raise Stale
    genre, exclude, first, last, sequels, runtime = (int(number or "0", _BASE) for number in numbers)
    return Filters(
        genre=_genres(genre),
        exclude_genre=_genres(exclude),
        from_year=first + FIRST_YEAR - 1 if first else None,
        to_year=last + FIRST_YEAR - 1 if last else None,
        sequels=bool(sequels),
        max_runtime=runtime or None,
        language=language or None,
        people=tuple(filter(None, people.split(","))),
    )


def _genres(bits: int) -> tuple[str, ...]:
    if bits >> len(GENRES):
        raise Stale
    return tuple(genre for number, genre in enumerate(GENRES) if bits >> number & 1)
