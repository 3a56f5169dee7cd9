"""A process that brings a file, or takes it back, and dies at a place: ``python importer.py``.

Like `evening`: each line of its input is a home, what is to be done, and the number of the write after which
the child is to be killed, by itself (0: nowhere).
"""

import asyncio
import json
import os
import sys
from pathlib import Path

from bot.services.imports.service import Imports
from bot.services.shelf import Serving, Shelf
from bot.store import Store, imports
from recommender.catalogue import Catalogue, Movie
from recommender.titles import TitleIndex
from tests.bot.durability.evening import START, Deaths, watched_store
from tests.bot.durability.rater import say
from tests.bot.services.imports import files
from tests.bot.services.imports.files import Film

ANA, BEN = 1, 2
ROWS = 30
FILMS = [Film(f"Film Number {n}", 1950 + n, 3.0) for n in range(ROWS)]
UNKNOWN = [Film(f"Nobody's Number {n}", 1950 + n, 3.0) for n in range(ROWS)]


def services(store: Store) -> Imports:
    """Imports on a small catalogue."""
    movies = [Movie(n + 1, film.title, film.year) for n, film in enumerate(FILMS)]
    shelf = Shelf(Serving(None, None, Catalogue(movies), TitleIndex(movies)))
    return Imports(store, shelf, lambda: START)


async def work(home: Path, verb: str, at: int) -> None:
    """Begin an import, store the one that waits, take back the one that is stored, or only start."""
    imports.AT_ONCE = 7
    async with Store.open(home) as opened:
        book = services(watched_store(opened, Deaths(at)))
        await book.start()
        if verb == "begin":
            data = files.letterboxd_ratings([*FILMS, *UNKNOWN])
            await book.begin(ANA, "Ana", "ratings.csv", data.encode())
        elif verb == "confirm":
            await book.confirm(ANA, "Ana", 1)
        elif verb == "undo":
            await book.undo(ANA, 1)
    say(done=verb)


def main() -> None:
    """Fork a child for each line."""
    say(ready=True)
    for line in sys.stdin:
        home, verb, at = json.loads(line)
        child = os.fork()
        if child == 0:
            asyncio.run(work(Path(home), verb, at))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        say(ended=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
