"""How sure picks are, and which kind of rating would help most."""

from collections.abc import Mapping, Sequence

from bot.services.wording import counted
from recommender.catalogue import Catalogue
from recommender.explain import Part

ENOUGH = 20
"""From so many ratings on nothing is said, unless a kind of rating is missing."""
LIKED, DISLIKED = 4.0, 2.5
FEW = 3
"""So many ratings of one kind can be chance."""


def lifts(parts: Sequence[Part], popular: float) -> tuple[float, float]:
    """What lifts a pick: everybody's liking, and what is this person's own.

    Parameters
    ----------
    parts : sequence of Part
        Of the pick's explanation.
    popular : float
        As for `bot.services.picks.reason`.
    """
    return max(popular, 0.0), sum(part.contrast for part in parts if part.contrast > 0)


def line(profile: Mapping[int, float], catalogue: Catalogue, found: Sequence[tuple[float, float]]) -> str:
    """One line: how many ratings, how much is everybody's taste, and what would help; empty if all is well.

    Parameters
    ----------
    profile : mapping of movie id to stars
    catalogue : Catalogue
    found : sequence of (everybody's, personal)
        From `lifts`, of each pick.
    """
    wanted = _wanted(profile, catalogue)
    if len(profile) >= ENOUGH and not wanted:
        return ""
    everybody, personal = (sum(side) for side in zip(*found, strict=True)) if found else (0.0, 0.0)
    told = ""
    if len(profile) < ENOUGH:
        told = f"still unsure with {counted(len(profile), 'rating')}"
        if everybody + personal > 0:
            share = everybody / (everybody + personal)
            told += f": {share:.0%} of what lifts these is what everybody likes"
        told += "; "
    return f"{told}what would help most: {wanted or 'more ratings of any kind'}"


def _wanted(profile: Mapping[int, float], catalogue: Catalogue) -> str:
    """The kind of rating that is missing altogether."""
    if not any(stars <= DISLIKED for stars in profile.values()):
        return "a movie you disliked"
    if not any(stars >= LIKED for stars in profile.values()):
        return "a movie you loved"
    rated = [catalogue[movie_id] for movie_id in profile]
    if len(rated) >= FEW:
        shared = {genre for genre in rated[0].genres if all(genre in movie.genres for movie in rated)}
        if shared:
            return f"something that is not {min(shared)}"
        decades = {movie.year // 10 for movie in rated if movie.year is not None}
        if len(decades) == 1:
            return f"movies from before or after the {decades.pop()}0s"
    return ""
