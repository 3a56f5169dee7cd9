"""Works side by side, none of which holds up the others for long."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

PLACES = 8
"""Works that begin at the same time."""
PATIENCE = 0.25
"""Seconds after which a work that is not done gives its place up and goes on without one.

What it waits for then is Discord. With 8 places at most 32 works begin in a second, however many are stuck;
Discord takes 50 requests in a second.
"""
SLOW = 5.0
"""A lane whose last work took longer, in seconds, waits for one of the few places of its own next time."""
SLOW_PLACES = 2
SPACING = 1.0
"""Seconds between two works of one key: Discord takes an edit of a message about once a second."""
STOPPING = 2.0
"""Seconds that a work which is cut off has to come to its end."""

Work = Callable[[], Awaitable[None]]


class Lanes:
    """Runs one work at a time for each key and in each lane, and many lanes side by side.

    A work is never cut off, but by `stop`: discord.py does not bear it. A request that is cancelled while it
    waits for the end of a global rate limit leaves all requests after it waiting forever.
    """

    def __init__(self) -> None:
        self._running: dict[int, asyncio.Task[None]] = {}
        self._again: set[int] = set()
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._places = asyncio.Semaphore(PLACES)
        self._slow_places = asyncio.Semaphore(SLOW_PLACES)
        self._slow: set[int] = set()
        self._stopped = False

    def start(self, key: int, lane: int, work: Work) -> None:
        """Have a work done; if this key's is running already, that one is done once more afterwards.

        A hundred wishes at once are a few works, the last of which begins after the last wish.
        """
        running = self._running.get(key)
        if running is not None and not running.done():
            self._again.add(key)
        elif not self._stopped:
            self._running[key] = task = asyncio.create_task(self._run(key, lane, work))
            task.add_done_callback(lambda ended: self._forget(key, ended))

    async def wait(self, keys: Collection[int], seconds: float) -> None:
        """Wait until the works of these keys are done, or for some seconds; raises what they raised."""
        running = [task for key in keys if (task := self._running.get(key)) is not None]
        if not running:
            return
        done, _ = await asyncio.wait(running, timeout=seconds)
        for task in done:
            if not task.cancelled():
                task.result()

    async def stop(self) -> None:
        """Cut off what is running, and take no more."""
        self._stopped = True
        running = set(self._running.values())
        # Twice: a request of discord.py that is cut off may still wait for the end of its rate limit.
        for _ in range(2):
            for task in running:
                task.cancel()
            if running:
                _, running = await asyncio.wait(running, timeout=STOPPING)

    def _forget(self, key: int, ended: asyncio.Task[None]) -> None:
        if self._running.get(key) is ended:
            del self._running[key]

    async def _run(self, key: int, lane: int, work: Work) -> None:
        while True:
            async with self._turns.setdefault(lane, asyncio.Lock()), self._place(lane):
                self._again.discard(key)
                await work()
            if key not in self._again:
                return
            await asyncio.sleep(SPACING)

    @asynccontextmanager
    async def _place(self, lane: int) -> AsyncGenerator[None]:
        """A place, which is given up at the end of the block or when patience is over."""
        places = self._slow_places if lane in self._slow else self._places
        loop = asyncio.get_running_loop()
        held = False

        def give_up() -> None:
            nonlocal held
            if held:
                held = False
                places.release()

        await places.acquire()
        held, began = True, loop.time()
        timer = loop.call_later(PATIENCE, give_up)
        try:
            yield
        finally:
            timer.cancel()
            give_up()
            if loop.time() - began > SLOW:
                self._slow.add(lane)
            else:
                self._slow.discard(lane)
