"""A process that rates without end and says of each change that it is done: ``python rater.py``.

It waits with everything imported. Each line of its input is a home and a seed; for each it forks a child that
opens the home and begins, and prints the child's number, so that many children can be killed in little time.
"""

import asyncio
import json
import os
import random
import sys
from pathlib import Path

from bot.services.ratings import RatingBook
from bot.services.shelf import Serving, Shelf
from bot.store import Store
from recommender.catalogue import Catalogue, Movie
from recommender.titles import TitleIndex

MOVIES = 40
PEOPLE = 3


def say(**message: object) -> None:
    """One line in one write, so that a kill leaves no half of it."""
    os.write(1, (json.dumps(message) + "\n").encode())


def book(store: Store) -> RatingBook:
    """A book on a small catalogue."""
    movies = [Movie(number, f"Film {number}", 1950 + number) for number in range(1, MOVIES + 1)]
    return RatingBook(store, Shelf(Serving(None, None, Catalogue(movies), TitleIndex(movies))))


async def rate_without_end(home: Path, seed: int) -> None:
    """Several people rate and unrate, all at once."""
    async with Store.open(home) as store:
        await asyncio.gather(*(_person(book(store), user, seed) for user in range(1, PEOPLE + 1)))


async def _person(ratings: RatingBook, user: int, seed: int) -> None:
    chance = random.Random(f"{seed} {user}")
    while True:
        movie = chance.randint(1, MOVIES)
        if chance.random() < 0.2 and movie in await ratings.seen(user):
            say(begin=[user, movie, None])
            await ratings.unrate(user, movie)
            say(done=[user, movie, None])
        else:
            stars = chance.randint(1, 10) / 2
            say(begin=[user, movie, stars])
            await ratings.rate(user, f"person {user}", movie, stars)
            say(done=[user, movie, stars])


def main() -> None:
    """Fork a child for each line."""
    say(ready=True)
    for line in sys.stdin:
        home, seed = json.loads(line)
        child = os.fork()
        if child == 0:
            asyncio.run(rate_without_end(Path(home), seed))
        say(child=child)
        os.waitpid(child, 0)
        say(ended=child)


if __name__ == "__main__":
    main()
