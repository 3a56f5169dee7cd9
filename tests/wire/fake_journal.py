"""A record of what happened, on which a test can wait."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

PATIENCE = 20.0
"""Seconds after which a test gives up: far more than anything takes, so that it never decides alone."""

T = TypeVar("T")


class Journal(Generic[T]):
    """Everything of one kind that happened, oldest first."""

    def __init__(self) -> None:
        self.entries: list[T] = []
        self._more = asyncio.Event()

    def __len__(self) -> int:
        return len(self.entries)

    def add(self, entry: T) -> None:
        """Record what happened, and wake who waits for it."""
        self.entries.append(entry)
        self._more.set()
        self._more = asyncio.Event()

    def all(self, wanted: Callable[[T], bool]) -> list[T]:
        """What happened so far and is wanted."""
        return [entry for entry in self.entries if wanted(entry)]

    async def first(self, wanted: Callable[[T], bool], *, since: int = 0) -> T:
        """The first wanted entry after the first `since` ones, waited for if it has not happened yet."""
        seen = since
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    more = self._more
                    for entry in self.entries[seen:]:
                        seen += 1
                        if wanted(entry):
                            return entry
                    await more.wait()
        except TimeoutError:
            happened = "\n".join(f"  {entry}" for entry in self.entries[since:])
            raise AssertionError(f"waited {PATIENCE:g} s in vain; what happened:\n{happened}") from None
