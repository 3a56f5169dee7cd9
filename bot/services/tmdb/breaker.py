"""Leaving alone what does not work: after some failures in a row nobody is asked for a while."""

from collections.abc import Callable

FAILURES = 3
PAUSE = 60.0
"""In seconds."""


class Breaker:
    """Counts failures, and says whether to ask.

    Parameters
    ----------
    clock : callable
        Answers seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures = 0
        self._until = 0.0

    @property
    def closed(self) -> bool:
        """Whether to ask."""
        return self._clock() >= self._until

    def worked(self) -> None:
        """Note an answer."""
        self._failures = 0

    def failed(self) -> None:
        """Note that there was none. After a pause one question decides whether there is another pause."""
        self._failures += 1
        if self._failures >= FAILURES:
            self.pause(PAUSE)

    def pause(self, seconds: float) -> None:
        """Ask nothing for so long."""
        self._until = max(self._until, self._clock() + seconds)
