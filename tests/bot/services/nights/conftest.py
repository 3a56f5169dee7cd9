"""Nights on the tiny world: people, a clock that is moved, a channel that remembers what was said in it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.services.group import GroupLists
from bot.services.nights.answers import Actor, Announcement, Night, Plan
from bot.services.nights.deliverer import MessageGone, Undelivered
from bot.services.nights.service import Nights
from bot.services.watchlists import Watchlists
from tests.bot.services.tiny import FakeClock, World

GUILD, CHANNEL = 9_000_000_000_000_001, 9_000_000_000_000_002
SOON = 20.0
"""Seconds after which a test gives up: far more than anything takes."""


def somebody(user_id: int, name: str, **may: Any) -> Actor:
    """Somebody who sees the one channel."""
    return Actor(user_id, name, GUILD, frozenset({CHANNEL}), **may)


ANA, BEN, CLEO = (somebody(number, name) for number, name in ((1, "Ana"), (2, "Ben"), (3, "Cleo")))
EVA = somebody(5, "Eva", is_manager=True)


async def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(SOON):
        while not is_so():  # noqa: ASYNC110 - many things are waited for
            await asyncio.sleep(0.001)


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Channel:
    """Keeps what is delivered, and fails when it is told to."""

    said: list[tuple[str, str]] = field(default_factory=list)
    announcements: list[Announcement] = field(default_factory=list)
    cards: dict[int, Night] = field(default_factory=dict)
    events: dict[int, Night] = field(default_factory=dict)
    warned: list[str] = field(default_factory=list)
    refuses: Undelivered | None = None
    markers: dict[str, int] = field(default_factory=dict)
    crash_after_post: bool = False

    async def post(self, night: Night, announcement: Announcement) -> int:
        if self.refuses is not None:
            raise self.refuses
        number = 100 + len(self.said)
        assert announcement.marker not in self.markers
        assert len(announcement.marker) <= 25
        self.markers[announcement.marker] = number
        self.said.append((announcement.kind, "late" if announcement.late else ""))
        self.announcements.append(announcement)
        if announcement.kind == "card":
            self.cards[number] = night
        if self.crash_after_post:
            raise Killed
        return number

    async def find(self, night: Night, announcement: Announcement) -> int | None:
        if self.refuses is not None:
            raise self.refuses
        return self.markers.get(announcement.marker)

    async def refresh(self, night: Night) -> None:
        if self.refuses is not None:
            raise self.refuses
        assert night.card_message_id is not None
        if night.card_message_id not in self.cards:
            raise MessageGone
        self.cards[night.card_message_id] = night

    async def event(self, night: Night) -> int | None:
        if self.refuses is not None:
            raise self.refuses
        number = night.event_id or 500 + night.night_id
        self.events[number] = night
        return None if night.state == "cancelled" else number

    async def warn(self, night: Night, line: str) -> None:
        self.warned.append(line)

    def remove(self, number: int) -> None:
        """Somebody deletes a message."""
        self.cards.pop(number, None)
        self.markers = {marker: one for marker, one in self.markers.items() if one != number}

    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.said]


class Evening:
    """The services of nights with what tests do again and again."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clock: FakeClock = world.clock
        self.channel = Channel()
        self.nights = self.made()

    def made(self) -> Nights:
        """Services on the same database, as after a restart."""
        world = self.world
        groups = GroupLists(world.shelf, world.ratings, Watchlists(world.store, world.shelf, world.clock))
        return Nights(world.store, world.shelf, world.ratings, groups, world.clock)

    def restart(self) -> None:
        self.nights = self.made()

    def date(self, **after: float) -> datetime:
        return self.clock.now + timedelta(**after)

    async def plan(self, actor: Actor = ANA, *dates: datetime, **wishes: object) -> Night:
        plan = Plan(dates or (self.date(days=4),), **wishes)  # pyright: ignore[reportArgumentType]
        return await self.nights.plan(actor, CHANNEL, plan)

    async def voting(self, *movies: int, **wishes: object) -> Night:
        """A night whose vote is open on these movies, besides the list."""
        night = await self.plan(ANA, **wishes)
        for movie in movies:
            await self.nights.nominate(ANA, night.night_id, movie)
        return await self.nights.open_vote(ANA, night.night_id)

    async def go(self, **time: float) -> int:
        """Time passes, and the bot looks whenever it said that something will be due."""
        end = self.date(**time)
        done = await self.run()
        while (due := await self.nights.next_due()) is not None and due <= end:
            self.clock.now = max(self.clock.now, due)
            done += await self.run()
        self.clock.now = end
        return done

    async def run(self) -> int:
        """The bot looks at the clock, and says what there is to say."""
        done = await self.nights.run_due()
        await self.nights.deliver(self.channel)
        return done


def key_of(night: Night, movie_id: int) -> int:
    """The key of a candidate."""
    return next(one.movie_key for one in night.candidates if one.movie.movie_id == movie_id)


@pytest.fixture
def evening(world: World) -> Evening:
    return Evening(world)
