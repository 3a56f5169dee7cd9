"""The lists of groups: plain computation on one state of the shelf, to be run in a thread."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.services import picks
from bot.services.answers import Filters, GenreBar, GroupList, GroupPick, MemberView
from bot.services.filters import Facets, Mask, nothing_fits
from bot.services.quick_start import most_rated
from bot.services.shelf import Serving
from bot.services.wording import counted
from recommender.catalogue import Catalogue, Movie
from recommender.explain import Explainer
from recommender.features import IntArray
from recommender.groups import Group, GroupRecommendation, Strategy
from recommender.model import Model

DISLIKED = 2.5
"""With so few stars of anybody a movie is not watched again."""

NOTHING_KNOWN = "nobody of you has rated a movie yet, so this is the popular list"
NO_MODEL = "there is no model yet, so this is the popular list"
NO_RUNTIMES = "this catalogue does not know how long movies are, so the runtime was not looked at"


@dataclass(frozen=True, slots=True)
class Member:
    """What is known of a member.

    Attributes
    ----------
    profile : dict
        Stars by movie, of the movies that the model knows.
    rated : dict
        Stars by movie of the active catalogue.
    dismissed, wanted : set of int
        What they do not want to see, and what is on their watchlist.
    hidden : bool
        Whether they hide their ratings: these count as everybody's, and are not shown.
    unrated : set of int
        What they have seen without giving it stars.
    """

    profile: Mapping[int, float]
    rated: Mapping[int, float]
    dismissed: Collection[int]
    wanted: Collection[int]
    hidden: bool = False
    unrated: Collection[int] = ()

    @property
    def seen(self) -> set[int]:
        """What they have seen, rated or not."""
        return {*self.rated, *self.unrated}


def together(
    model: Model,
    people: Mapping[int, Member],
    count: int,
    strategy: Strategy,
    wishes: Filters,
    rewatch: bool,
) -> GroupList:
    """The best movies for a group of whom the model knows ratings.

    Raises
    ------
    UserError
        If nothing is left that fits.
    """
    choice = _choice(model.catalogue, people, wishes, rewatch)
    group = Group(model, [member.profile for member in people.values()])
    best = group.best(
        count,
        strategy,
        candidates=choice,
        wanted=_wanted(Facets.of(model.catalogue), people),
        one_per_franchise=not wishes.sequels,
        rewatch=rewatch,
    )
    raters = tuple(user_id for user_id, member in people.items() if member.profile)
    found = tuple(_views(model, people, group, best, strategy))
    notes = [_few(len(found), count), _runtimes(model.catalogue, wishes)]
    return GroupList(found, tuple(people), raters, strategy, True, _line(notes))


def popular(
    serving: Serving,
    people: Mapping[int, Member],
    count: int,
    strategy: Strategy,
    wishes: Filters,
    rewatch: bool,
) -> GroupList:
    """The most rated movies that all of a group may be shown, and a mix of others when these run out.

    What members want to see comes first, what most of them want before all: it is all that is known of them.

    Raises
    ------
    UserError
        If nothing is left that fits.
    """
    choice = _choice(serving.catalogue, people, wishes, rewatch)
    facets = Facets.of(serving.catalogue)
    wanted = np.where(choice, _wanted(facets, people), 0)
    leading = min(np.count_nonzero(wanted), count)
    wished: list[int] = np.lexsort((-serving.popularity, -wanted))[:leading].tolist()
    best = wished + most_rated(facets, serving.popularity, choice & (wanted == 0), count - len(wished))
    times: list[float] = serving.popularity[best].tolist()
    found = tuple(
        _unknown(people, serving.catalogue.movies[row], counted(int(rated), "rating") if rated else "")
        for row, rated in zip(best, times, strict=True)
    )
    told = NO_MODEL if serving.model is None else NOTHING_KNOWN
    told += "; what is on your watchlists comes first" if wished else ", the same for everybody"
    notes = [told, _few(len(found), count), _runtimes(serving.catalogue, wishes)]
    return GroupList(found, tuple(people), (), strategy, False, _line(notes))


def opinions(serving: Serving, people: Mapping[int, Member], movie_ids: Sequence[int]) -> list[GroupPick]:
    """What a group may think of movies of the catalogue, in their order."""
    model = serving.model
    known: dict[int, GroupPick] = {}
    if model is not None and any(member.profile for member in people.values()):
        group = Group(model, [member.profile for member in people.values()])
        asked = group.of([movie_id for movie_id in movie_ids if movie_id in model.catalogue])
        known = {pick.movie.movie_id: pick for pick in _views(model, people, group, asked, "average")}
    return [
        known.get(movie_id) or _unknown(people, serving.catalogue[movie_id], "") for movie_id in movie_ids
    ]


def _choice(catalogue: Catalogue, people: Mapping[int, Member], wishes: Filters, rewatch: bool) -> Mask:
    """What a group may be shown; it is an error if that is nothing."""
    facets = Facets.of(catalogue)
    out: set[int] = set()
    for member in people.values():
        out.update(member.dismissed)
        out.update(movie_id for movie_id, stars in member.rated.items() if not rewatch or stars <= DISLIKED)
        out.update(() if rewatch else member.unrated)
    free = facets.without(out)
    choice = free & facets.fit(wishes)
    if not choice.any():
        raise nothing_fits(facets, wishes, free, "somebody of you has")
    return choice


def _wanted(facets: Facets, people: Mapping[int, Member]) -> IntArray:
    """How many members want each movie: int64, shape (n_movies,)."""
    wanted = np.zeros(len(facets.ids), np.int64)
    for member in people.values():
        wanted[facets.rows_of(member.wanted)] += 1
    return wanted


def _views(
    model: Model,
    people: Mapping[int, Member],
    group: Group,
    found: Sequence[GroupRecommendation],
    strategy: Strategy,
) -> list[GroupPick]:
    """The picks with what each member may think of them, and why."""
    movie_ids = [one.movie_id for one in found]
    ids = list(people)
    driving: dict[int, list[GenreBar | None]] = {}
    for place in group.heard:
        explained = Explainer(group.people[place]).explain_all(movie_ids)
        bars = (picks.bars(picks.driving_parts(one.parts)) for one in explained)
        driving[ids[place]] = [some[0] if some else None for some in bars]
    answer: list[GroupPick] = []
    for number, one in enumerate(found):
        views = {
            ids[place]: MemberView(one.members[place], driving[ids[place]][number]) for place in group.heard
        }
        shown = {user_id: view for user_id, view in views.items() if not people[user_id].hidden}
        pick = GroupPick(
            model.catalogue[one.movie_id],
            one.percentile,
            shown,
            one.disagreement,
            reason(list(views.values()), strategy),
            _who(one.movie_id, {user_id: member.wanted for user_id, member in people.items()}),
            _seen(one.movie_id, people),
            tuple(ids[place] for place in one.chosen_for if ids[place] in shown),
        )
        answer.append(pick)
    return answer


def reason(views: Sequence[MemberView], strategy: Strategy) -> str:
    """One line: what the strategy saw in a movie, and the genre that speaks for it with most members."""
    places = [view.percentile for view in views]
    low, high = min(places), max(places)
    if len(places) == 1:
        told = ""
    elif strategy == "most pleasure":
        told = f"somebody's favourite: {percent(high)}"
    elif strategy in ("least misery", "average without misery"):
        told = f"nobody places it below {percent(low)}"
    else:
        told = ""
    pulling = Counter(view.genre.genre for view in views if view.genre is not None and view.genre.share > 0)
    if pulling:
        # Of equally frequent ones the first by name, so that the order of the members does not matter.
        genre, times = min(pulling.items(), key=lambda item: (-item[1], item[0]))
        speaks = f"{genre} speaks for it" + (f" with {times} of {len(views)}" if len(views) > 1 else "")
        told = "; ".join(filter(None, [told, speaks]))
    return told or "genres say little here"


def percent(place: float) -> str:
    """A percentile without decimals, never rounded up to 100."""
    return f"{int(place)}"


def _unknown(people: Mapping[int, Member], movie: Movie, told: str) -> GroupPick:
    """A movie of which nobody's opinion is known."""
    wanted = _who(movie.movie_id, {user_id: member.wanted for user_id, member in people.items()})
    return GroupPick(movie, None, {}, 0.0, told, wanted, _seen(movie.movie_id, people))


def _seen(movie_id: int, people: Mapping[int, Member]) -> tuple[int, ...]:
    """Who has seen a movie and does not hide it."""
    return _who(movie_id, {user_id: one.seen for user_id, one in people.items() if not one.hidden})


def _who(movie_id: int, having: Mapping[int, Collection[int]]) -> tuple[int, ...]:
    return tuple(user_id for user_id, movie_ids in having.items() if movie_id in movie_ids)


def _few(found: int, count: int) -> str:
    return f"only {counted(found, 'movie')} left that fit" if found < count else ""


def _runtimes(catalogue: Catalogue, wishes: Filters) -> str:
    """Where a wish for the runtime could not be looked at."""
    if wishes.max_runtime is None:
        return ""
    known = np.count_nonzero(Facets.of(catalogue).runtimes) / len(catalogue)
    if not known:
        return NO_RUNTIMES
    return f"{1 - known:.0%} of the movies have no known runtime and stay in" if known < 1 else ""


def _line(notes: Sequence[str]) -> str:
    return "; ".join(filter(None, notes))
