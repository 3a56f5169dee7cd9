"""The lists of movies that people get: plain computation on one state of the shelf, to be run in a thread."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.errors import UserError
from bot.services import picks, sure
from bot.services.answers import (
    Evidence,
    Filters,
    LikelyStars,
    Pick,
    Picks,
    SimilarMovie,
    SimilarMovies,
    Style,
    Why,
    WhyPart,
)
from bot.services.filters import Facets, Mask, nothing_fits
from bot.services.quick_start import most_rated, well_known_and_diverse
from bot.services.shelf import Serving
from bot.services.shown_titles import name_of
from bot.services.wording import counted
from recommender.catalogue import Catalogue, Movie
from recommender.explain import Explainer, Part
from recommender.model import Model
from recommender.ranking import ADVENTUROUS, BALANCED, SAFE, Ranking

RANKINGS: Mapping[Style, Ranking] = {"safe": SAFE, "balanced": BALANCED, "adventurous": ADVENTUROUS}
WHY_EVIDENCE = 5
DEEPEST = 100
"""So deep goes a list of personal picks, however often somebody asks for more."""
NOTHING_RATED = "nobody has rated any of these yet, so they are a mix of the catalogue"


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of somebody.

    Attributes
    ----------
    profile : dict
        Stars by movie, of the movies that the model knows.
    rated : int
        Number of their ratings, also of others.
    hidden : set of int
        What they have rated or put aside, by movie id.
    """

    profile: dict[int, float]
    rated: int
    hidden: set[int]


def personal(
    model: Model,
    person: Person,
    count: int,
    wishes: Filters,
    style: Style,
    start: int | Collection[int] = 0,
) -> Picks:
    """The best movies for somebody of whom the model knows ratings.

    Parameters
    ----------
    model : Model
    person : Person
    count : int
    wishes : Filters
        Checked ones.
    style : str
    start : int or collection of int
        So many better ones are left out; or the movies that were shown already: the list begins with the
        best other one, and from the beginning once all of the `DEEPEST` best were shown.

    Raises
    ------
    UserError
        If nothing is left that fits.
    """
    facets = Facets.of(model.catalogue)
    # What they have rated is never among the best anyway.
    choice = facets.without(person.hidden - person.profile.keys()) & facets.fit(wishes)
    levers = RANKINGS[style].after(len(person.profile))
    taste = model.person(person.profile, levers.adventure, levers.calibration)
    deep = start if isinstance(start, int) else DEEPEST
    ranked = taste.best(deep + count + 1, choice, one_per_franchise=not wishes.sequels)
    if not ranked:
        raise nothing_fits(facets, wishes, facets.without(person.hidden))
    told = ""
    if not isinstance(start, int):
        fresh = (place for place, one in enumerate(ranked[:DEEPEST]) if one.movie_id not in start)
        start = next(fresh, 0)
        told = f"you were shown the first {start} today, so these come next" if start else ""
    elif start >= len(ranked):
        start = 0
    best = ranked[start : start + count]
    shown = [one.movie_id for one in best]
    explanations = Explainer(taste).explain_all(shown)
    likely = _likely(model, person.profile, shown)
    answer: list[Pick] = []
    found: list[tuple[float, float]] = []
    for one, explanation, stars in zip(best, explanations, likely, strict=True):
        parts = explanation.parts
        popular_lift = taste.popular_lift(one.movie_id)
        found.append(sure.lifts(parts, popular_lift))
        driving = picks.driving_parts(parts)
        pick = Pick(
            movie=model.catalogue[one.movie_id],
            percentile=one.percentile,
            genres=picks.bars(driving),
            evidence=picks.evidence(driving, person.profile, model.catalogue),
            reason=picks.reason(parts, popular_lift),
            likely=stars,
        )
        answer.append(pick)
    how_sure = sure.line(person.profile, model.catalogue, found)
    note = _noted(told, _few(len(answer), count), *facets.lacking(wishes))
    more = len(ranked) > start + count and start + count < DEEPEST
    return Picks(tuple(answer), True, len(person.profile), style, note, how_sure, start, more)


def popular(serving: Serving, person: Person, count: int, wishes: Filters, style: Style, note: str) -> Picks:
    """The most rated movies of the catalogue, and when these run out, a mix of what nobody rated.

    Raises
    ------
    UserError
        If nothing is left that fits.
    """
    facets = Facets.of(serving.catalogue)
    choice = _choice(facets, person.hidden, wishes)
    popularity = serving.popularity
    best = most_rated(facets, popularity, choice, count)
    others = max(len(popularity) - 1, 1)
    answer = tuple(
        Pick(
            movie=serving.catalogue.movies[row],
            percentile=100 * float(np.count_nonzero(popularity < popularity[row])) / others,
            genres=(),
            evidence=(),
            reason=counted(int(popularity[row]), "rating") if popularity[row] else "",
        )
        for row in best
    )
    rated = "" if popularity[best].any() else NOTHING_RATED
    notes = _noted(note, rated, _few(len(answer), count), *facets.lacking(wishes))
    return Picks(answer, False, person.rated, style, notes)


def why(model: Model, profile: Mapping[int, float], movie: Movie) -> Why:
    """The whole explanation of a movie by the ratings of other movies."""
    others = {movie_id: stars for movie_id, stars in profile.items() if movie_id != movie.movie_id}
    levers = BALANCED.after(len(others))
    taste = model.person(others, levers.adventure, levers.calibration)
    explanation = Explainer(taste).explain(movie.movie_id)
    (likely,) = _likely(model, others, [movie.movie_id])
    return Why(
        movie=movie,
        score=explanation.score,
        percentile=taste.percentile(movie.movie_id),
        parts=tuple(_why_part(part, model.catalogue) for part in explanation.parts),
        rated=profile.get(movie.movie_id),
        personal=bool(others),
        likely=likely,
    )


def similar(model: Model, movie: Movie, count: int, wishes: Filters) -> SimilarMovies:
    """The movies nearest to one.

    Raises
    ------
    UserError
        If nothing fits, or what fits has nothing in common with it.
    """
    facets = Facets.of(model.catalogue)
    choice = _choice(facets, (movie.movie_id,), wishes, "")
    found = [
        SimilarMovie(other, min(likeness, 1.0), _shared(movie, other))
        for other, likeness in (
            (model.catalogue[movie_id], likeness)
            for movie_id, likeness in model.similar(movie.movie_id, count, choice)
        )
        if likeness > 0
    ]
    if not found:
        raise UserError(f"nothing that fits is like {name_of(movie)}: use fewer filters")
    return SimilarMovies(tuple(found), _noted(*facets.lacking(wishes)))


def quick_start(serving: Serving, hidden: Collection[int]) -> list[Movie]:
    """A dozen well-known and diverse movies."""
    facets = Facets.of(serving.catalogue)
    rows = well_known_and_diverse(facets, serving.popularity, facets.without(hidden))
    return [serving.catalogue.movies[row] for row in rows]


def _choice(facets: Facets, hidden: Collection[int], wishes: Filters, who: str = "you have") -> Mask:
    """What may be shown to somebody; it is an error if that is nothing."""
    free = facets.without(hidden)
    choice = free & facets.fit(wishes)
    if not choice.any():
        raise nothing_fits(facets, wishes, free, who)
    return choice


def _likely(model: Model, profile: Mapping[int, float], movie_ids: Sequence[int]) -> list[LikelyStars | None]:
    return [one and LikelyStars(one.stars, one.error) for one in model.stars(profile, movie_ids)]


def _few(found: int, count: int) -> str:
    return f"only {counted(found, 'movie')} left that fit" if found < count else ""


def _noted(*lines: str) -> str:
    return "; ".join(filter(None, lines))


def _why_part(part: Part, catalogue: Catalogue) -> WhyPart:
    evidence = tuple(Evidence(catalogue[item.movie_id], item.stars) for item in part.evidence[:WHY_EVIDENCE])
    return WhyPart(part.kind, part.name, part.value, part.contrast, evidence)


def _shared(movie: Movie, other: Movie) -> tuple[str, ...]:
    """People, keywords and genres of both, in this order."""
    mine = dict.fromkeys((*movie.directors, *movie.cast, *movie.keywords, *movie.shown_genres))
    theirs = {*other.directors, *other.cast, *other.keywords, *other.shown_genres}
    return tuple(name for name in mine if name in theirs)
