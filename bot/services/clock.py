"""The time, handed to whoever needs it so that tests can set it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Answers an aware time in UTC."""


def utc_now() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


class MovableClock:
    """A clock that goes as time does, and can be put forward: an evening is played in a minute."""

    def __init__(self, clock: Clock = utc_now) -> None:
        self._clock = clock
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        """The time that it is taken to be."""
        return self._clock() + self._ahead

    def put_forward(self, to: datetime) -> None:
        """Make it this time, if that is ahead."""
        self._ahead += max(to - self(), timedelta())
