"""A short movie night of the invented friends: typed as people would, with the clock put forward."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.console.screen import Screen, isolated
from bot.console.session import Session
from bot.services.app import Services

DAYS_AHEAD = 5


def lines_of(names: Sequence[str], now: datetime) -> list[tuple[str, str]]:
    """Who says what.

    Parameters
    ----------
    names : sequence of str
        At least four.
    now : datetime
    """
    host, second, third, fourth = names[:4]
    days = [f"{now + timedelta(days=DAYS_AHEAD + more):%Y-%m-%d} 20:00" for more in (0, 1)]
    return [
        (host, f"!night plan {days[0]}, {days[1]} theme: Long nights vote: ranked quorum: 3"),
        (second, f"!night in {days[1]}"),
        (third, f"!night in {days[0]}, {days[1]}"),
        (fourth, "!night maybe"),
        (fourth, "!nominate Heat (1995)"),
        (host, "!night close"),
        (host, "!night open"),
        (host, "!night vote 1 > 2"),
        (second, "!night vote 3 > 2 > 1"),
        (third, "!night vote 2 > 1"),
        (fourth, "!night vote Heat > 2"),
        (host, "!night"),
        (host, f"!clock +{DAYS_AHEAD + 2}d"),
        (second, "!night rate 4.5"),
        (third, "!night rate 3"),
        (host, "!night history"),
    ]


async def play_night(screen: Screen, services: Services, names: Sequence[str]) -> None:
    """Play the night on services whose clock can be put forward."""
    session = Session(services, screen)
    for name, line in lines_of(names, services.clock()):
        session.speak(name)
        screen.line((f"{isolated(name)}: {line}", "bold cyan"))
        await session.handle(line)
