"""How a list for several people looks in a terminal."""

from collections.abc import Callable

from bot.console.picks import INDENT
from bot.console.screen import Screen, isolated
from bot.services.answers import GroupList, GroupPick
from bot.services.shown_titles import name_of
from bot.services.together import Names, heading, members_line, notes, reason_line, wanted_line
from bot.services.wording import match


def show_group(
    screen: Screen,
    found: GroupList,
    names: Names,
    offer: Callable[[GroupPick], None] = lambda _: None,
) -> None:
    """Write a group's list, and behind each pick what `offer` writes there."""
    told = heading(found, names, isolated)
    screen.heading(f"{told[0].upper()}{told[1:]}:")
    for note in notes(found, names, isolated):
        screen.line(f"{note[0].upper()}{note[1:]}.")
    for number, pick in enumerate(found.picks, 1):
        show_group_pick(screen, number, pick, names)
        offer(pick)


def show_group_pick(screen: Screen, number: int, pick: GroupPick, names: Names) -> None:
    """Write a movie for a group: what each may think of it, and who wants it or has seen it."""
    movie = pick.movie
    place = "" if pick.percentile is None else f"  {match(pick.percentile)} on average"
    length = "" if movie.runtime is None else f"  {movie.runtime} min"
    screen.line(
        f"{number:>2}. ",
        (isolated(name_of(movie)), "bold"),
        (f"  {', '.join(movie.shown_genres)}{length}", "dim"),
        (place, "cyan"),
    )
    reason = reason_line(pick, names, isolated)
    if reason:
        screen.line(reason, indent=INDENT)
    for line in filter(None, (members_line(pick, names, isolated), wanted_line(pick, names, isolated))):
        screen.note(line, indent=INDENT)
