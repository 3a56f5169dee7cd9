"""How long the event loop does nothing else."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

EVERY = 0.005


@asynccontextmanager
async def longest_stall() -> AsyncIterator[list[float]]:
    """The longest time, in seconds, for which the event loop came to nothing else: the one item of a list.

    Only time in which this process worked counts: what other programs take away is none of its doing.
    """
    longest = [0.0]

    async def watch() -> None:
        while True:
            before, worked = time.perf_counter(), time.process_time()
            await asyncio.sleep(EVERY)
            stall = min(time.perf_counter() - before - EVERY, time.process_time() - worked)
            longest[0] = max(longest[0], stall)

    watcher = asyncio.create_task(watch())
    try:
        yield longest
        # What kept the loop until now is seen in its next round.
        await asyncio.sleep(2 * EVERY)
    finally:
        watcher.cancel()
