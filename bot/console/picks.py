"""How a recommended movie looks in a terminal."""

from rich.text import Text

from bot.console.screen import Screen, isolated
from bot.services.answers import Pick
from bot.services.shown_titles import name_of
from bot.services.wording import bar, evidence_line, likely_line, match

INDENT = 4


def show_popular(screen: Screen, number: int, pick: Pick) -> None:
    """Write a movie of the popular list, which is nobody's match."""
    _headline(screen, number, pick, pick.reason)


def show_pick(screen: Screen, number: int, pick: Pick) -> None:
    """Write a pick: the movie, what its genres did, and the reason with its evidence."""
    _headline(screen, number, pick, match(pick.percentile))
    if stars := likely_line(pick.likely):
        screen.line(stars, indent=INDENT)
    if pick.genres:
        screen.line(_bars(pick), indent=INDENT)
    words = ", ".join(filter(None, [pick.reason, evidence_line(pick.evidence, isolated)]))
    if words:
        screen.line(words, indent=INDENT)


def _headline(screen: Screen, number: int, pick: Pick, told: str) -> None:
    genres = f"  {', '.join(pick.movie.shown_genres)}" if pick.movie.shown_genres else ""
    screen.line(
        f"{number:>2}. ",
        (isolated(name_of(pick.movie)), "bold"),
        (genres, "dim"),
        (f"  {told}" if told else "", "cyan"),
    )


def _bars(pick: Pick) -> Text:
    return Text("   ").join(
        Text.assemble((bar(one.share), "red" if one.share < 0 else "green"), f" {one.genre}")
        for one in pick.genres
    )
