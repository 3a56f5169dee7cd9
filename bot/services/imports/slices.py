"""The transactions in which an import is stored or taken back: many short ones, so that others can write."""

from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

from bot.errors import UserError
from bot.store import Connection, Store, imports

GONE = "that import does not wait any more: bring the file again"

OnProgress = Callable[[str, int, int], None]
"""Called with a stage, how much of it is done, and how much there is (0 if that is not known)."""

T = TypeVar("T")


class Slices:
    """Opens the transactions of one import."""

    def __init__(self, store: Store, batch_id: int) -> None:
        self._store = store
        self.batch_id = batch_id

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[Connection]:
        """A consistent view, which holds nobody up."""
        async with self._store.read() as db:
            yield db

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[Connection]:
        """The next transaction.

        Raises
        ------
        UserError
            If the import is not there any more, because its person was deleted meanwhile.
        """
        async with self._store.write() as db:
            if not await imports.exists(db, self.batch_id):
                raise UserError(GONE)
            yield db


def sliced(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """Rows in parts that one transaction can write."""
    for start in range(0, len(rows), imports.AT_ONCE):
        yield rows[start : start + imports.AT_ONCE]


def tell_nobody(_stage: str, _done: int, _total: int) -> None:
    """For those who do not ask how far it is."""
