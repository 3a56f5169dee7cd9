"""The lists of groups: plain computation on one state of the shelf, to be run in a thread."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from bot.services import picks
from bot.services.answers import Filters, GenreBar, GroupList, GroupPick, MemberView
from bot.services.filters import Facets, Mask, nothing_fits
from bot.services.hiding import Member, Party
from bot.services.quick_start import most_rated
from bot.services.shelf import Serving
from bot.services.wording import counted
from recommender.catalogue import Catalogue, Movie
from recommender.explain import Explainer
from recommender.features import IntArray
from recommender.groups import Group, GroupRecommendation, Strategy
from recommender.model import Model

LEAST_FITTING = 20
"""Among fewer movies that fit the filters the veto of those who hide does not count."""
DISLIKED = 2.5
"""With so few stars of anybody a movie is not watched again."""

NOTHING_KNOWN = "nobody of you has rated a movie yet, so this is the popular list"
NOTHING_SHOWN = (
    "hidden ratings make no list for a group, and nobody else of you has rated a movie yet, so this is the "
    "popular list"
)
ALL_HIDDEN = "all of you hide your ratings, so this is the popular list"
NO_MODEL = "there is no model yet, so this is the popular list"


def together(
    model: Model,
    party: Party,
    count: int,
    strategy: Strategy,
    wishes: Filters,
    rewatch: bool,
) -> GroupList:
    """The best movies for a group of whose shown members the model knows ratings.

    Raises
    ------
    UserError
        If nothing is left that fits.
    """
    choice = _choice(model.catalogue, party, wishes, rewatch)
    group = Group(model, [member.profile for member in party.shown.values()])
    best = group.best(
        count,
        strategy,
        candidates=choice,
        wanted=_wanted(Facets.of(model.catalogue), party.shown),
        one_per_franchise=not wishes.sequels,
        rewatch=rewatch,
    )
    raters = tuple(user_id for user_id, member in party.shown.items() if member.profile)
    found = tuple(_views(model, party.shown, group, best, strategy))
    notes = [_few(len(found), count), *Facets.of(model.catalogue).lacking(wishes)]
    return GroupList(found, party.everybody, raters, strategy, True, _line(notes), party.hiding)


def popular(
    serving: Serving,
    party: Party,
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
    choice = _choice(serving.catalogue, party, wishes, rewatch)
    facets = Facets.of(serving.catalogue)
    wanted = np.where(choice, _wanted(facets, party.shown), 0)
    leading = min(np.count_nonzero(wanted), count)
    wished: list[int] = np.lexsort((-serving.popularity, -wanted))[:leading].tolist()
    best = wished + most_rated(facets, serving.popularity, choice & (wanted == 0), count - len(wished))
    times: list[float] = serving.popularity[best].tolist()
    found = tuple(
        _unknown(party.shown, serving.catalogue.movies[row], counted(int(rated), "rating") if rated else "")
        for row, rated in zip(best, times, strict=True)
    )
    told = NO_MODEL if serving.model is None else _why_popular(party)
    told += "; what is on your watchlists comes first" if wished else ", the same for everybody"
    notes = [told, _few(len(found), count), *facets.lacking(wishes)]
    return GroupList(found, party.everybody, (), strategy, False, _line(notes), party.hiding)


def _why_popular(party: Party) -> str:
    """Why a group gets the popular list; it does not tell whether those who hide have rated anything."""
    if not party.hiding:
        return NOTHING_KNOWN
    return NOTHING_SHOWN if party.shown else ALL_HIDDEN


def opinions(serving: Serving, shown: Mapping[int, Member], movie_ids: Sequence[int]) -> list[GroupPick]:
    """What the shown members of a group may think of movies of the catalogue, in their order."""
    model = serving.model
    known: dict[int, GroupPick] = {}
    if model is not None and any(member.profile for member in shown.values()):
        group = Group(model, [member.profile for member in shown.values()])
        asked = group.of([movie_id for movie_id in movie_ids if movie_id in model.catalogue])
        known = {pick.movie.movie_id: pick for pick in _views(model, shown, group, asked, "average")}
    return [known.get(movie_id) or _unknown(shown, serving.catalogue[movie_id], "") for movie_id in movie_ids]


def _choice(catalogue: Catalogue, party: Party, wishes: Filters, rewatch: bool) -> Mask:
    """What a group may be shown; it is an error if that is nothing."""
    facets = Facets.of(catalogue)
    fitting = facets.fit(wishes)
    # Filters that leave few movies would ask about one after the other what those who hide have seen.
    counts = (fitting & facets.released).sum() >= LEAST_FITTING or fitting.all()
    out = set((party.dismissed if rewatch else party.vetoed) if counts else ())
    for member in party.shown.values():
        out.update(member.dismissed)
        out.update(movie_id for movie_id, stars in member.rated.items() if not rewatch or stars <= DISLIKED)
        out.update(() if rewatch else member.unrated)
    free = facets.without(out)
    choice = free & fitting
    if not choice.any():
        raise nothing_fits(facets, wishes, free, "somebody of you has")
    return choice


def _wanted(facets: Facets, shown: Mapping[int, Member]) -> IntArray:
    """How many shown members want each movie: int64, shape (n_movies,)."""
    wanted = np.zeros(len(facets.ids), np.int64)
    for member in shown.values():
        wanted[facets.rows_of(member.wanted)] += 1
    return wanted


def _views(
    model: Model,
    shown: Mapping[int, Member],
    group: Group,
    found: Sequence[GroupRecommendation],
    strategy: Strategy,
) -> list[GroupPick]:
    """The picks with what each member may think of them, and why."""
    movie_ids = [one.movie_id for one in found]
    ids = list(shown)
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
        pick = GroupPick(
            model.catalogue[one.movie_id],
            one.percentile,
            views,
            one.disagreement,
            reason(list(views.values()), strategy),
            _who(one.movie_id, {user_id: member.wanted for user_id, member in shown.items()}),
            _seen(one.movie_id, shown),
            tuple(ids[place] for place in one.chosen_for),
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


def _unknown(shown: Mapping[int, Member], movie: Movie, told: str) -> GroupPick:
    """A movie of which nobody's opinion is known."""
    wanted = _who(movie.movie_id, {user_id: member.wanted for user_id, member in shown.items()})
    return GroupPick(movie, None, {}, 0.0, told, wanted, _seen(movie.movie_id, shown))


def _seen(movie_id: int, shown: Mapping[int, Member]) -> tuple[int, ...]:
    """Who has seen a movie."""
    return _who(movie_id, {user_id: one.seen for user_id, one in shown.items()})


def _who(movie_id: int, having: Mapping[int, Collection[int]]) -> tuple[int, ...]:
    return tuple(user_id for user_id, movie_ids in having.items() if movie_id in movie_ids)


def _few(found: int, count: int) -> str:
    return f"only {counted(found, 'movie')} left that fit" if found < count else ""


def _line(notes: Sequence[str]) -> str:
    return "; ".join(filter(None, notes))
