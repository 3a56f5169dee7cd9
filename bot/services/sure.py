"""How sure picks are, and which kind of rating would help most."""

from collections.abc import Iterable, Mapping, Sequence

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
    if len(profile) >= FEW:
        shared = _shared_genres(profile, catalogue)
        if shared:
            return f"something that is not {min(shared)}"
        years = (catalogue[movie_id].year for movie_id in profile)
        decades = (year // 10 for year in years if year is not None)
        first = next(decades, None)
        if first is not None and all(decade == first for decade in decades):
            return f"movies from before or after the {first}0s"
    return ""


def _shared_genres(movie_ids: Iterable[int], catalogue: Catalogue) -> set[str]:
    """The genres that each of these movies has; a few of them mostly tell that there are none."""
    shared: set[str] | None = None
    for movie_id in movie_ids:
        genres = catalogue[movie_id].shown_genres
        shared = set(genres) if shared is None else shared.intersection(genres)
        if not shared:
            break
    return shared or set()
