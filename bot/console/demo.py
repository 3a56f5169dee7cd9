"""A movie evening with invented friends: they rate, the model learns, everybody gets picks."""

import sys
from collections.abc import Mapping
from pathlib import Path

from bot.console.groups import show_group
from bot.console.people import person
from bot.console.picks import show_pick
from bot.console.progress import shown_progress
from bot.console.screen import Screen, isolated
from bot.services.app import Services
from bot.services.stars import format_stars
from bot.services.wording import counted

PICKS, GROUP_PICKS = 3, 5


async def play(screen: Screen, services: Services, friends: Mapping[str, Mapping[int, float]]) -> None:
    """Play the evening on services whose home is to be thrown away.

    Parameters
    ----------
    screen : Screen
    services : Services
        Serving the starter set.
    friends : mapping
        Stars of the invented friends, by name and movie id.
    """
    about = await services.about()
    screen.heading("Matinée: a movie evening")
    screen.note(
        f"{len(friends)} invented friends, {counted(about.movies, 'film')}, a temporary folder: "
        "nothing of this is kept."
    )
    _chapter(screen, "1. The friends rate what they have seen")
    for name, ratings in friends.items():
        await _rate(screen, services, name, ratings)

    _chapter(screen, "2. The model learns from it, in a process of its own")
    with shown_progress() as show:
        result = await services.training.retrain(show)
    screen.line(("✓ ", "green") if result.adopted else ("✗ ", "red"), result.message)

    _chapter(screen, "3. Everybody asks what to watch")
    for name in friends:
        screen.line((f"{isolated(name)}: !recommend {PICKS}", "bold cyan"))
        picks = await services.recommending.recommend(person(name).user_id, count=PICKS)
        for number, pick in enumerate(picks.picks, 1):
            show_pick(screen, number, pick)
        screen.gap()

    screen.heading("4. And what do they watch together?")
    screen.gap()
    names = {person(name).user_id: name for name in friends}
    show_group(screen, await services.groups.recommend(list(names), count=GROUP_PICKS), names)
    _go_on(screen)


def _chapter(screen: Screen, title: str) -> None:
    screen.gap()
    screen.heading(title)
    screen.gap()


async def _rate(screen: Screen, services: Services, name: str, ratings: Mapping[int, float]) -> None:
    for movie_id, stars in ratings.items():
        await services.ratings.rate(person(name).user_id, name, movie_id, stars)
    by_stars = sorted(ratings, key=lambda movie_id: ratings[movie_id])
    parts: list[str | tuple[str, str]] = [
        (f"{isolated(name):<8}", "bold cyan"),
        counted(len(ratings), "movie"),
    ]
    for movie_id in (by_stars[-1], by_stars[0]):
        stars = format_stars(ratings[movie_id])
        parts += [(f"   {stars} ", "yellow"), isolated(services.movies.get(movie_id).title)]
    screen.line(*parts)


def _go_on(screen: Screen) -> None:
    python = _python()
    screen.gap()
    screen.heading("Your turn")
    screen.gap()
    for what, command in (
        ("Rate and ask in this terminal", "console"),
        ("Get real ratings of a whole community", "data add ml-latest-small"),
        ("Bring it to your friends on Discord", "run"),
    ):
        screen.line(f"{what + ':':<40}", (f"{python} -m bot {command}", "bold"))


def _python() -> str:
    """How to start this Python from here."""
    executable = Path(sys.executable)
    here = Path.cwd()
    return str(executable.relative_to(here)) if executable.is_relative_to(here) else "python"
