"""Acknowledging in time: Discord gives up on an interaction after three seconds."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

PATIENCE = 1.0
"""Seconds of work after which an interaction is acknowledged before it is answered."""


@asynccontextmanager
async def in_time(
    acknowledge: Callable[[], Awaitable[None]], after: float | None = None
) -> AsyncGenerator[None]:
    """Call `acknowledge` if the work inside takes longer than `after` seconds (`PATIENCE` if None).

    Quick work is answered directly, without "is thinking". When the block is left the
    acknowledgement has either been made or will not be, so the answer cannot collide with it.
    """
    begun = False

    async def watch() -> None:
        nonlocal begun
        await asyncio.sleep(PATIENCE if after is None else after)
        begun = True
        await acknowledge()

    watcher = asyncio.create_task(watch(), name="acknowledge in time")
    try:
        yield
    finally:
        if not begun:
            watcher.cancel()
        with suppress(asyncio.CancelledError):
            await watcher
