"""Many people pressing at once: all are acknowledged before the work of the first one begins."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

AT_ONCE = 12
"""Acknowledgements on their way to Discord at the same time. Each needs a connection, and to open one takes
longer than to wait for an open one. With 50 ms there and back, 200 presses are acknowledged in a second.
"""
LONGEST = 1.0
"""Seconds after which the work of those who pressed by then begins, even though people go on pressing."""


class Rush:
    """Whose turn it is, first with being acknowledged and then with the work."""

    def __init__(self) -> None:
        self._unanswered = 0
        self._lull = asyncio.Event()
        self._lull.set()
        self._sending = asyncio.Semaphore(AT_ONCE)
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def acknowledge(self, acknowledge: Callable[[], Awaitable[object]]) -> None:
        """Acknowledge a press, and let those who pressed at the same time be acknowledged too."""
        lull = self._next_lull()
        self._unanswered += 1
        try:
            async with self._sending:
                await acknowledge()
        finally:
            self._unanswered -= 1
            if not self._unanswered:
                self._timer.cancel()
                self._lull.set()
        await lull.wait()

    @asynccontextmanager
    async def turn(self, number: int) -> AsyncGenerator[None]:
        """One after the other in everything that has this number, in the order of the presses."""
        async with self._turns.setdefault(number, asyncio.Lock()):
            yield

    def _next_lull(self) -> asyncio.Event:
        """What is set when nobody waits for being acknowledged, or has been waited for too long."""
        if self._lull.is_set():
            self._lull = asyncio.Event()
            # One timer for all, as making one costs each of them.
            self._timer = asyncio.get_running_loop().call_later(LONGEST, self._lull.set)
        return self._lull
