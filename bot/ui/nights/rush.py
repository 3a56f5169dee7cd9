"""Many people pressing at once: all are acknowledged before the work of the first one begins."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from weakref import WeakValueDictionary

AT_ONCE = 12
"""Acknowledgements on their way to Discord at the same time. Each needs a connection, and to open one takes
longer than to wait for an open one. With 50 ms there and back, 200 presses are acknowledged in a second.
"""
LONGEST = 1.0
"""Seconds after which the work begins even though people go on pressing."""


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
        self._unanswered += 1
        self._lull.clear()
        try:
            async with self._sending:
                await acknowledge()
        finally:
            self._unanswered -= 1
            if not self._unanswered:
                self._lull.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST):
                await self._lull.wait()

    @asynccontextmanager
    async def turn(self, number: int) -> AsyncGenerator[None]:
        """One after the other in everything that has this number, in the order of the presses."""
        async with self._turns.setdefault(number, asyncio.Lock()):
            yield
