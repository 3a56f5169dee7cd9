"""Lines of plain text about groups that Discord and the console share; names go through `escape`."""

from collections.abc import Collection, Mapping

from bot.services.answers import GroupList, GroupPick
from bot.services.shown_titles import name_of
from bot.services.wording import Escape, listed, some_of
from recommender.catalogue import Movie

SPLIT = 15.0
"""Mean distance of two members' percentiles from which on they are said to disagree."""

Names = Mapping[int, str]


def heading(found: GroupList, names: Names, escape: Escape = str) -> str:
    """``For Ana, Ben and Cem, by average``; ``Popular with everybody, for ...`` without any ratings."""
    people = listed([escape(names[user_id]) for user_id in found.people])
    return f"for {people}, by {found.strategy}" if found.personal else f"popular with everybody, for {people}"


def notes(found: GroupList, names: Names, escape: Escape = str) -> list[str]:
    """What is to be said about a list besides its picks, a line for each."""
    lines = [found.note] if found.note else []
    if not found.personal:
        return lines
    silent = [user_id for user_id in found.people if user_id not in (*found.raters, *found.hiding)]
    aside: list[str] = []
    for user_ids, one, several in (
        (silent, "has no ratings yet", "have no ratings yet"),
        (found.hiding, "hides their ratings", "hide their ratings"),
    ):
        if user_ids:
            aside.append(f"{_people(user_ids, names, escape)} {one if len(user_ids) == 1 else several}")
    return [*lines, f"{listed(aside)}: the others make the order"] if aside else lines


def kept_line(movie: Movie, new: bool, escape: Escape = str) -> str:
    """What adding a movie to a watchlist did."""
    name = escape(name_of(movie))
    return f"{name} is on your watchlist" if new else f"{name} was on your watchlist already"


def members_line(pick: GroupPick, names: Names, escape: Escape = str) -> str:
    """Each member's percentile and driving genre, lowest last: ``Ana 98 (+ Sci-Fi) · Ben 61 (− Horror)``."""
    views = sorted(pick.members.items(), key=lambda item: -item[1].percentile)
    parts: list[str] = []
    for user_id, view in views:
        genre = view.genre
        driving = "" if genre is None else f" ({'+' if genre.share > 0 else '−'} {genre.genre})"
        parts.append(f"{escape(names[user_id])} {int(view.percentile)}{driving}")
    return " · ".join(parts)


def reason_line(pick: GroupPick, names: Names, escape: Escape = str) -> str:
    """Whom it was chosen for, the group's reason, and how far opinions are apart where there are several."""
    if len(pick.members) < 2:
        return pick.reason
    favoured = some_of([escape(names[user_id]) for user_id in pick.chosen_for])
    chosen_for = f"most of all for {favoured}" if favoured else ""
    apart = f"{pick.disagreement:.0f} apart"
    told = f"they disagree: {apart}" if pick.disagreement >= SPLIT else f"they agree: {apart}"
    return "; ".join(filter(None, [chosen_for, pick.reason, told]))


def wanted_line(pick: GroupPick, names: Names, escape: Escape = str) -> str:
    """``on the watchlist of Ana and Ben; seen by Cem``; empty without either."""
    parts = [
        ("on the watchlist of", pick.wanted_by),
        ("seen by", pick.seen_by),
    ]
    return "; ".join(f"{what} {_people(ids, names, escape)}" for what, ids in parts if ids)


def _people(user_ids: Collection[int], names: Names, escape: Escape) -> str:
    return listed([escape(names[user_id]) for user_id in user_ids])
