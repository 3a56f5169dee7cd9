"""Ballots as people type them: numbers of the list or titles, in the way of each vote."""

import re
from collections.abc import Sequence

from bot.errors import UserError
from bot.services.nights.answers import Candidate, Night
from recommender.titles import TitleIndex

_EXAMPLES = {
    "approval": "1, 3 or Alien, Heat",
    "ranked": "3 > 1 > 2 or Alien > Heat",
    "score": "1 = 5, 3 = 2 or Alien = 5, Heat = 2",
}
NOTHING = "nothing"


def read_choices(night: Night, text: str) -> dict[int, int]:
    """The ballot that a text stands for; ``nothing`` abstains.

    Raises
    ------
    UserError
        If something in it is no candidate, or fits several.
    """
    example = _EXAMPLES[night.vote_kind]
    if text.casefold().strip() == NOTHING:
        return {}
    choices: dict[int, int] = {}
    for number, part in enumerate(_parts(night, text), 1):
        name, value = part, number if night.vote_kind == "ranked" else 1
        if night.vote_kind == "score":
            name, _, points = part.rpartition("=")
            if re.fullmatch(r"[0-9]", points.strip()) is None:
                raise UserError(f"write the points of each movie behind it: {example}")
            value = int(points)
        key = _candidate(night.candidates, name.strip()).movie_key
        if key in choices:
            raise UserError(f"“{name.strip()[:60]}” is named twice")
        choices[key] = value
    if not choices:
        raise UserError(f"name the movies you vote for: {example}, or {NOTHING}")
    return choices


def _parts(night: Night, text: str) -> list[str]:
    separator = ">" if night.vote_kind == "ranked" and ">" in text else ","
    return [part.strip() for part in text.split(separator) if part.strip()]


def _candidate(candidates: Sequence[Candidate], text: str) -> Candidate:
    if re.fullmatch(r"[0-9]{1,3}", text):
        # A number is a place on the list, unless it is a title there too: “1917” has four digits.
        if 1 <= int(text) <= len(candidates):
            return candidates[int(text) - 1]
        raise UserError(f"the list has {len(candidates)} movies, so there is no number {text}")
    by_key = {one.movie_key: one for one in candidates}
    found = TitleIndex([one.movie._replace(movie_id=one.movie_key) for one in candidates]).find(text)
    # The list is short and known to all, so what is near one of its movies alone means that one.
    if found.kind == "one" or (found.kind == "close" and len(found.movies) == 1):
        return by_key[found.movies[0].movie_id]
    if found.kind == "several":
        raise UserError(f"several movies of the list fit “{text[:60]}”: write its number")
    raise UserError(f"“{text[:60]}” is not on the list; write the number of a movie")
