"""How a list for several people looks in a terminal."""

from collections.abc import Sequence

from bot.console.picks import INDENT
from bot.console.screen import Screen, isolated
from bot.services.answers import GroupList, GroupPick
from bot.services.together import Names, heading, members_line, reason_line, wanted_line
from bot.services.wording import match


def show_group(screen: Screen, found: GroupList, names: Names) -> None:
    """Write a group's list with each member's percentile and genre."""
    told = heading(found, names, isolated)
    screen.heading(f"{told[0].upper()}{told[1:]}:")
    if found.note:
        screen.line(f"{found.note[0].upper()}{found.note[1:]}.")
    show_picks(screen, found.picks, names)


def show_picks(screen: Screen, picks: Sequence[GroupPick], names: Names) -> None:
    """Write movies for a group, numbered."""
    for number, pick in enumerate(picks, 1):
        movie = pick.movie
        place = "" if pick.percentile is None else f"  {match(pick.percentile)} on average"
        length = "" if movie.runtime is None else f"  {movie.runtime} min"
        screen.line(
            f"{number:>2}. ",
            (isolated(movie.name), "bold"),
            (f"  {', '.join(movie.genres)}{length}", "dim"),
            (place, "cyan"),
        )
        screen.line(reason_line(pick), indent=INDENT)
        for line in filter(None, (members_line(pick, names, isolated), wanted_line(pick, names, isolated))):
            screen.note(line, indent=INDENT)
