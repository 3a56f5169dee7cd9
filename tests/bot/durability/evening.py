"""A process that plays a movie night from wherever it stands to its end: ``python evening.py``.

Like `rater`: each line of its input is a home and the number of the place at which the child is to be killed,
by itself (0: nowhere). There is a place after each write of the database, and after each message.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.errors import UserError
from bot.services.group import GroupLists
from bot.services.nights.answers import Actor, Announcement, Night, Plan
from bot.services.nights.service import Nights
from bot.services.ratings import RatingBook
from bot.services.shelf import Serving, Shelf
from bot.services.watchlists import Watchlists
from bot.store import Connection, Store
from recommender.catalogue import Catalogue, Movie
from recommender.titles import TitleIndex
from tests.bot.durability.rater import say

START = datetime(2026, 5, 1, 12, tzinfo=UTC)
ANA, BEN, CLEO = (
    Actor(number, name, 1, frozenset({2})) for number, name in ((1, "Ana"), (2, "Ben"), (3, "Cleo"))
)
FILMS = (3, 5)


class Deaths:
    """Counts the places where a process may die, and dies at one of them."""

    def __init__(self, at: int) -> None:
        self._at = at
        self._passed = 0

    def pass_by(self) -> None:
        self._passed += 1
        if self._passed == self._at:
            os.kill(os.getpid(), signal.SIGKILL)


class FileChannel:
    """A channel that outlives the process: a line for each message."""

    def __init__(self, file: Path, deaths: Deaths) -> None:
        self._file = file
        self._deaths = deaths

    def messages(self) -> list[tuple[str, str]]:
        if not self._file.exists():
            return []
        lines = self._file.read_text().splitlines()
        return [(marker, kind) for marker, kind in (line.split() for line in lines)]

    async def post(self, night: Night, announcement: Announcement) -> int:
        # Before it the place is that after the write which noted that this begins.
        with self._file.open("a") as file:
            file.write(f"{announcement.marker} {announcement.kind}\n")
        self._deaths.pass_by()
        return len(self.messages())

    async def find(self, night: Night, announcement: Announcement) -> int | None:
        markers = [marker for marker, _ in self.messages()]
        return markers.index(announcement.marker) + 1 if announcement.marker in markers else None

    async def refresh(self, night: Night) -> None:
        return None

    async def event(self, night: Night) -> int | None:
        self._deaths.pass_by()
        return 900 + night.night_id

    async def warn(self, night: Night, line: str) -> None:
        raise AssertionError(line)


class Clock:
    """A clock whose time is kept in a file, so that the next process goes on from there."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self) -> datetime:
        return datetime.fromisoformat(self._file.read_text()) if self._file.exists() else START

    def put(self, time: datetime) -> None:
        following = self._file.with_suffix(".new")
        following.write_text(time.isoformat())
        following.replace(self._file)


def watched_store(store: Store, deaths: Deaths) -> Store:
    """The store, after each of whose writes is a place to die.

    In the middle of one is the same as after the one before: it is undone (see `test_kill`).
    """
    write = store.write

    @asynccontextmanager
    async def dying() -> AsyncGenerator[Connection]:
        async with write() as db:
            yield db
        deaths.pass_by()

    store.write = dying
    return store


def services(store: Store, clock: Clock) -> Nights:
    """Nights on a small catalogue without a model."""
    movies = [Movie(number, f"Film {number}", 1950 + number) for number in range(1, 13)]
    shelf = Shelf(Serving(None, None, Catalogue(movies), TitleIndex(movies)))
    ratings = RatingBook(store, shelf, clock)
    groups = GroupLists(shelf, ratings, Watchlists(store, shelf, clock))
    return Nights(store, shelf, ratings, groups, clock)


async def play(home: Path, at: int) -> None:
    """Play on, whatever has been done before."""
    deaths = Deaths(at)
    clock = Clock(home / "clock")
    async with Store.open(home) as opened:
        channel = FileChannel(home / "channel", deaths)
        nights = services(watched_store(opened, deaths), clock)
        await nights.run_due()
        await nights.deliver(channel)
        if not await nights.open(ANA) and not (await nights.history(ANA)).total:
            dates = (START + timedelta(days=5), START + timedelta(days=6))
            await nights.plan(ANA, 2, Plan(dates, vote_kind="ranked", quorum=2))
        night = ((await nights.open(ANA)) or [await nights.get(ANA, 1)])[0]
        number = night.night_id
        await nights.deliver(channel)
        if night.state == "planning":
            await nights.answer(BEN, number, "in", [night.dates[1].date_id])
            await nights.answer(CLEO, number, "in", [night.dates[1].date_id])
        for actor, film in zip((ANA, BEN), FILMS, strict=True):
            try:
                await nights.nominate(actor, number, film)
            except UserError:
                # Done before the last kill, or too late by now.
                continue
        await _pass_time(nights, clock, channel, "voting")
        night = await nights.get(ANA, number)
        if night.state == "voting":
            keys = {one.movie.movie_id: one.movie_key for one in night.candidates}
            for actor, order in ((ANA, FILMS), (BEN, FILMS[::-1]), (CLEO, FILMS[::-1])):
                ballot = {keys[film]: rank for rank, film in enumerate(order, 1)}
                await nights.cast(actor, number, ballot)
                say(cast=[actor.user_id, *order])
                await nights.deliver(channel)
        await _pass_time(nights, clock, channel, "rating")
        if (await nights.get(ANA, number)).state == "rating":
            for actor in (ANA, BEN, CLEO):
                await nights.rate(actor, number, 4.0)
                say(rated=actor.user_id)
        await _pass_time(nights, clock, channel, "over")
    say(over=True)


async def _pass_time(nights: Nights, clock: Clock, channel: FileChannel, until: str) -> None:
    """Let time pass until the night is so far."""
    order = ("planning", "gathering", "voting", "undecided", "decided", "running", "rating", "over")
    while order.index((await nights.get(ANA, 1)).state) < order.index(until):
        due = await nights.next_due()
        assert due is not None
        clock.put(max(clock(), due))
        await nights.run_due()
        await nights.deliver(channel)


def main() -> None:
    """Fork a child for each line."""
    say(ready=True)
    for line in sys.stdin:
        home, at = json.loads(line)
        child = os.fork()
        if child == 0:
            asyncio.run(play(Path(home), at))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        say(ended=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
