"""What an exact explanation becomes when it is shown: genre bars, evidence, a reason."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from bot.services.answers import Evidence, GenreBar
from bot.services.wording import collection_name, listed
from recommender.catalogue import IMAX, Catalogue
from recommender.explain import Part

MOST_BARS = 4
MOST_EVIDENCE = 3
SLIGHT = 0.05
"""A genre below this share of the strongest part is not shown."""

MOSTLY = 0.5
NOTABLE = 0.2
"""Share of all that speaks for a movie from which genres are the reason, and a part of it."""

LIKED = 3.5

WIDELY_LIKED = "widely liked"
BY_PEOPLE_LIKE_YOU = "people with your ratings like it"
_NAMED = ("keyword", "person", "decade", "language", "collection")


def driving_parts(parts: Sequence[Part]) -> list[tuple[Part, float]]:
    """The genres that drove a movie up or down, strongest first, each with its share (-1 to 1)."""
    strongest = max((abs(part.contrast) for part in parts), default=0.0)
    if strongest == 0:
        return []
    shares = [(part, part.contrast / strongest) for part in parts if _is_genre(part)]
    shares.sort(key=lambda item: -abs(item[1]))
    return [(part, share) for part, share in shares if abs(share) >= SLIGHT][:MOST_BARS]


def _is_genre(part: Part) -> bool:
    return part.kind == "genre" and part.name != IMAX


def bars(driving: Sequence[tuple[Part, float]]) -> tuple[GenreBar, ...]:
    """The driving genres as bars."""
    return tuple(GenreBar(part.name, share) for part, share in driving)


def evidence(
    driving: Sequence[tuple[Part, float]], profile: Mapping[int, float], catalogue: Catalogue
) -> tuple[Evidence, ...]:
    """The person's ratings that did most for the genres that drove a movie up.

    These are liked ones, above the person's mean or of at least 3.5 stars, if any of them helped. Each has
    one of these genres, because only such ratings are behind a genre's part.
    """
    strength: dict[int, float] = defaultdict(float)
    for part, share in driving:
        if share > 0:
            for movie_id, value in part.cells.items():
                strength[movie_id] += value
    mean = sum(profile.values()) / max(len(profile), 1)
    helpful = [movie_id for movie_id, value in strength.items() if value > 0]
    liked = [movie_id for movie_id in helpful if profile[movie_id] > mean or profile[movie_id] >= LIKED]
    helpful = liked or helpful
    helpful.sort(key=lambda movie_id: -strength[movie_id])
    return tuple(Evidence(catalogue[movie_id], profile[movie_id]) for movie_id in helpful[:MOST_EVIDENCE])


def reason(parts: Sequence[Part], popular: float) -> str:
    """One line that says what spoke for a movie, as much of it as is true.

    Parameters
    ----------
    parts : sequence of Part
        Of the movie's explanation.
    popular : float
        By how much everybody's liking lifts the movie above a middling one, on the scale of the contrasts.
    """
    lifting = [part for part in parts if part.contrast > 0]
    genres = [part for part in lifting if _is_genre(part)]
    named = [part for part in lifting if part.kind in _NAMED]
    by_genre = sum(part.contrast for part in genres)
    taste = sum(part.contrast for part in parts if part.kind == "movie")
    pulls = [
        (max(popular, 0.0), WIDELY_LIKED),
        (max(taste, 0.0), BY_PEOPLE_LIKE_YOU),
        (sum(part.contrast for part in named), ""),
    ]
    total = by_genre + sum(pull for pull, _ in pulls)
    if total <= 0:
        return WIDELY_LIKED
    if by_genre >= MOSTLY * total:
        return f"mostly {_names(genres)}"
    _, other = max(pulls, key=lambda item: item[0])
    also = "" if other else "also "
    other = other or _names(named)
    if by_genre >= NOTABLE * total:
        return f"{_names(genres)}, and {also}{other}"
    return f"{other}; genres say little here"


def _names(parts: Sequence[Part]) -> str:
    """The strongest of these, at most two, without those that are slight beside the first."""
    ranked = sorted(parts, key=lambda part: -part.contrast)[:2]
    return listed([_name(part) for part in ranked if part.contrast >= ranked[0].contrast / 4])


def _name(part: Part) -> str:
    named = {
        "decade": f"the {part.name}",
        "language": f"its language ({part.name})",
        "collection": collection_name(part.name),
    }
    return named.get(part.kind, part.name)
