"""The whole explanation of one movie in a terminal: parts that add up."""

from collections.abc import Sequence

from bot.console.screen import Screen, isolated
from bot.services.answers import Why, WhyPart
from bot.services.shown_titles import name_of, title_of
from bot.services.wording import likely_line, part_name, stars_number, stars_words
from bot.services.wording import match as match_words

SHOWN = 8
EVIDENCE = 3


def show_why(screen: Screen, name: str, why: Why) -> None:
    """Write what pulled a movie up and down: what each part adds, and what it adds more than for others."""
    screen.heading(f"{isolated(name_of(why.movie))} for {isolated(name)}: {match_words(why.percentile)}")
    if stars := likely_line(why.likely, "You"):
        screen.line(f"{stars}.")
    if why.rated is not None:
        screen.line(f"You gave it {stars_words(why.rated)}; those are left out of the reasons.")
    if not why.personal:
        screen.line("You have rated nothing yet, so this is what everybody gets.")
    screen.note("  adds   against the average person")
    _side(screen, "up", [part for part in why.parts if part.contrast >= 0], "green")
    _side(screen, "down", [part for part in why.parts if part.contrast < 0], "red")
    screen.line((f"{why.score:+6.2f}", "bold"), "           together: the score")


def _side(screen: Screen, way: str, parts: Sequence[WhyPart], style: str) -> None:
    # A single part has a name, so it is never summed up.
    shown = len(parts) if len(parts) <= SHOWN + 1 else SHOWN
    for part in parts[:shown]:
        behind = part.evidence[:EVIDENCE]
        evidence = ", ".join(f"{isolated(title_of(one.movie))} ★{stars_number(one.stars)}" for one in behind)
        screen.line(
            f"{part.value:+6.2f}  ",
            (f"{part.contrast:+6.2f}", style),
            f"   {isolated(part_name(part))}",
            (f"  {evidence}" if evidence else "", "dim"),
        )
    rest = parts[shown:]
    if rest:
        value, contrast = sum(part.value for part in rest), sum(part.contrast for part in rest)
        screen.line(
            f"{value:+6.2f}  ",
            (f"{contrast:+6.2f}", style),
            f"   {len(rest)} smaller parts that pull it {way}",
        )
