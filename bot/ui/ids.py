"""What a button remembers: `custom_id` strings, which Discord keeps and hands back, also after a restart."""

import re
from typing import NamedTuple

from bot.services.answers import Filters
from recommender.catalogue import GENRES

LIMIT = 100
ANYONE = 0
"""Owner of a control that acts for whoever presses it."""

_PATTERN = re.compile(r"m1:(?P<verb>[a-z]+):(?P<owner>[0-9]{1,20})(?P<state>(?::[^:]*)*)")
"""Every control of ours. The number tells versions of the format apart."""


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
    if match is None:
        return None
    return ControlId(match["verb"], int(match["owner"]), tuple(match["state"].split(":")[1:]))


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
    ValueError, IndexError
        If it packed nothing of the kind.
    """
    genre, exclude, from_year, to_year, *sequels = (int(part) if part else None for part in text.split("."))
    return Filters(
        genre=None if genre is None else GENRES[genre],
        exclude_genre=None if exclude is None else GENRES[exclude],
        from_year=from_year,
        to_year=to_year,
        sequels=bool(sequels),
    )
