"""Waiting for the network in a way that can be given up at any time."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Any, Self, TypeVar

LOOK_UP = 0.2

T = TypeVar("T")


class Errands:
    """A thread that does what may hang, while the one that waits for it looks up several times a second.

    A read that waits for bytes cannot be ended from outside. When whoever waits gives up, the thread is left
    behind with it, and neither the block nor the end of the program waits for it.

    Parameters
    ----------
    meanwhile : callable
        Called while nothing has come yet; what it raises ends the waiting.
    """

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        self._meanwhile = meanwhile
        self._calls: SimpleQueue[Callable[[], Any] | None] = SimpleQueue()
        self._answers: SimpleQueue[tuple[Any, BaseException | None]] = SimpleQueue()
        self._last: list[Callable[[], Any]] = []

    def __enter__(self) -> Self:
        Thread(target=self._work, name="network", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for call in self._last:
            self._calls.put(call)
        self._calls.put(None)

    def wait(self, call: Callable[[], T]) -> T:
        """What a call gives back or raises, done by the thread."""
        self._calls.put(call)
        while True:
            try:
                value, error = self._answers.get(timeout=LOOK_UP)
            except Empty:
                self._meanwhile()
                continue
            if error is not None:
                raise error
            return value

    def at_the_end(self, call: Callable[[], Any]) -> None:
        """Leave a call to the thread that nobody waits for, such as closing what it may still be reading."""
        self._last.append(call)

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            try:
                self._answers.put((call(), None))
            except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
                self._answers.put((None, error))
