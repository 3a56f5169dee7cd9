"""The title index of what is served, built while the bot already answers."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from bot.services.threads import give_back
from recommender.catalogue import Catalogue, Movie
from recommender.titles import Lookup, TitleIndex


class Titles(Protocol):
    """Finds movies by title; see `recommender.titles.TitleIndex`."""

    def find(self, text: str, limit: int = 100) -> Lookup:
        """Which movies a text means, best first."""
        ...

    def suggest(self, text: str, limit: int = 25) -> list[Movie]:
        """What somebody who is still typing may mean."""
        ...


class LateTitles:
    """A title index that is under construction in a thread; whoever asks too early waits for it.

    On 86,000 movies it takes a second, a third of a start, and is not needed before somebody types.

    Parameters
    ----------
    catalogue : Catalogue
    popularity : sequence of float
        Of each movie, in the catalogue's order.
    file : Path, optional
        Where the index is kept for the next start; see `TitleIndex`.
    """

    def __init__(self, catalogue: Catalogue, popularity: Sequence[float], file: Path | None = None) -> None:
        def build() -> TitleIndex:
            index = TitleIndex(catalogue, popularity, file)
            give_back()
            return index

        builder = ThreadPoolExecutor(1, thread_name_prefix="titles")
        self._index: Future[TitleIndex] = builder.submit(build)
        builder.shutdown(wait=False)

    def wait(self) -> None:
        """Be there when it is whole. What is to be served has to be, or the event loop would wait."""
        self._index.result()

    def find(self, text: str, limit: int = 100) -> Lookup:
        """Which movies a text means, best first."""
        return self._index.result().find(text, limit)

    def suggest(self, text: str, limit: int = 25) -> list[Movie]:
        """What somebody who is still typing may mean."""
        return self._index.result().suggest(text, limit)
