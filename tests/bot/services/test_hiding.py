"""What somebody hides is in no answer that others may see, but for their veto beside two shown people."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from bot.errors import UserError
from bot.services.group import GroupLists
from bot.services.membership import Viewer
from bot.services.nights.answers import Plan
from bot.services.nights.service import Nights
from bot.services.privacy import Privacy
from bot.services.shelf import Serving
from bot.services.taste.community import Community
from bot.services.taste.evenings import PastEvenings
from bot.services.taste.maps import Maps
from bot.services.taste.servers import Servers
from bot.services.taste.tastes import Tastes
from bot.services.watchlists import Watchlists
from bot.store import movies, night_people, people
from bot.store.tables import dismissals, hidden_ratings, ratings, seen, watchlist
from recommender.datasets.dataset import Dataset
from recommender.groups import STRATEGIES, Strategy
from tests.bot.services.nights.conftest import CHANNEL, Evening, somebody
from tests.bot.services.tiny import Guilds, World

HOST, OUTSIDER = 1, 99
NAMES = {number: f"friend {number}" for number in range(1, 7)}
ASKER = somebody(HOST, NAMES[HOST])
MOVIES = range(1, 41)
WATCHED = (6, 11, 16)
"""What was watched in the nights that are over."""


@dataclass(frozen=True)
class Told:
    """What is stored of somebody, and whether they hide it."""

    hides: bool
    stars: Mapping[int, float]
    seen: frozenset[int]
    dismissed: frozenset[int]
    wanted: frozenset[int]


movie_ids = st.frozensets(st.sampled_from(MOVIES), max_size=6)
stars = st.dictionaries(st.sampled_from(MOVIES), st.sampled_from([0.5, 2.5, 3.0, 4.0, 5.0]), max_size=8)
told = st.builds(Told, st.booleans(), stars, movie_ids, movie_ids, movie_ids)
groups_of_people = st.lists(told, min_size=1, max_size=6).map(
    lambda some: dict(zip(NAMES, some, strict=False))
)


def without_what_is_hidden(group: Mapping[int, Told], *, rewatch: bool = False) -> dict[int, Told]:
    """The group as the answer may know it: of those who hide, only the veto, where it counts."""
    shown = sum(not one.hides for one in group.values())
    bare: dict[int, Told] = {}
    for user_id, one in group.items():
        veto = one.dismissed if rewatch else one.dismissed | one.seen | one.stars.keys()
        kept = Told(True, {}, frozenset(), frozenset(veto if shown >= 2 else ()), frozenset())
        bare[user_id] = kept if one.hides else one
    return bare


class Town:
    """A world whose people's data are exchanged as a whole, and everything that others can ask about them."""

    def __init__(self, world: World) -> None:
        self._world = world
        store, shelf, clock = world.store, world.shelf, world.clock
        self.groups = GroupLists(
            shelf, world.ratings, Watchlists(store, shelf, clock), lambda places: places - 1
        )
        privacy = Privacy(store, clock)
        privacy.membership = Guilds({ASKER.guild_id: NAMES | {OUTSIDER: "an outsider"}})
        community = Community(world.home / "datasets")
        self.nights = Nights(store, shelf, world.ratings, self.groups, clock)
        self.servers = Servers(store, privacy)
        self.evenings = PastEvenings(store, shelf)
        self.maps = Maps(store, shelf, world.ratings, privacy)
        self.tastes = Tastes(shelf, world.ratings, privacy, community)
        self.keys: dict[int, int] = {}

    async def prepare(self) -> None:
        """Have everybody and every movie known, and three nights behind them."""
        async with self._world.store.write() as db:
            for user_id, name in NAMES.items():
                await people.remember(db, user_id, name)
            for movie_id in MOVIES:
                stored = await movies.remember(db, self._world.shelf.current.catalogue[movie_id])
                self.keys[movie_id] = stored.movie_key
        evening = Evening(self._world)
        for movie_id in WATCHED:
            night = await self._planned(NAMES)
            await self.nights.nominate(somebody(HOST, NAMES[HOST]), night, movie_id)
            opened = await self.nights.open_vote(somebody(HOST, NAMES[HOST]), night)
            key = next(one.movie_key for one in opened.candidates if one.movie.movie_id == movie_id)
            await self.nights.cast(somebody(HOST, NAMES[HOST]), night, {key: 1})
            await evening.go(days=9)
        # The first map is the one that all later ones are turned onto.
        await self._world.rate(HOST, *MOVIES)
        await self.maps.group(NAMES)

    async def become(self, group: Mapping[int, Told]) -> None:
        """Store exactly this."""
        at = self._world.clock.now
        rows: dict[Any, list[dict[str, Any]]] = {
            table: [] for table in (ratings, seen, dismissals, watchlist, hidden_ratings)
        }
        for user_id, one in group.items():
            for movie_id, given_stars in one.stars.items():
                key = {"user_id": user_id, "movie_key": self.keys[movie_id]}
                rows[ratings].append(key | {"stars": given_stars, "rated_at": at})
            for table, found, when in (
                (seen, one.seen, "seen_at"),
                (dismissals, one.dismissed, "dismissed_at"),
                (watchlist, one.wanted, "added_at"),
            ):
                rows[table] += [
                    {"user_id": user_id, "movie_key": self.keys[movie_id], when: at} for movie_id in found
                ]
            if one.hides:
                rows[hidden_ratings].append({"user_id": user_id, "hidden_at": at})
        async with self._world.store.write() as db:
            for table, new in rows.items():
                await db.execute(delete(table))
                if new:
                    await db.execute(insert(table), new)

    async def lists(self, group: Mapping[int, Told], **wishes: Any) -> list[object]:
        """The list for a group, and what is on their watchlists."""
        return [
            await answer(self.groups.recommend(list(group), count=8, **wishes)),
            await answer(self.groups.about(list(group), WATCHED)),
        ]

    async def wishes(self, group: Mapping[int, Told]) -> list[object]:
        """What is on a group's watchlists, and the one that is drawn."""
        return [await answer(self.groups.ours(list(group))), await answer(self.groups.pick_one(list(group)))]

    async def night(self, group: Mapping[int, Told]) -> object:
        """A night for these people with its candidates and their marks, once its vote is open."""
        host = somebody(next(iter(group)), "host")
        night = await self._planned({user_id: NAMES[user_id] for user_id in group})
        await answer(self.nights.nominate(host, night, WATCHED[0]))
        opened = await self.nights.open_vote(host, night)
        await self.nights.cancel(host, night)
        return replace(opened, night_id=0, dates=())

    async def statistics(self, group: Mapping[int, Told]) -> list[object]:
        """What the server is told about its people, and what one who hides nothing is told about another."""
        shown = next((user_id for user_id, one in group.items() if not one.hides), OUTSIDER)
        hidden = next((user_id for user_id, one in group.items() if one.hides), OUTSIDER)
        viewer = Viewer(shown, "shown", ASKER.guild_id)
        return [
            await answer(self.servers.stats(NAMES)),
            await answer(self.servers.leaders(NAMES, shown)),
            await answer(self.evenings.of(ASKER)),
            await answer(self.maps.group(NAMES)),
            await answer(self.nights.history(ASKER, size=len(WATCHED))),
            await answer(self.tastes.taste(viewer, hidden)),
            await answer(self.tastes.compare(viewer, hidden)),
        ]

    async def _planned(self, comers: Mapping[int, str]) -> int:
        async with self._world.store.write() as db:
            # How often somebody plans is limited, and not what this is about.
            await night_people.forget_acts(db, self._world.clock.now)
        host, *others = (somebody(user_id, name) for user_id, name in comers.items())
        plan = Plan((Evening(self._world).date(days=4),))
        night = await self.nights.plan(host, CHANNEL, plan)
        for actor in others:
            await self.nights.answer(actor, night.night_id, "in")
        return night.night_id


async def answer(asked: Coroutine[Any, Any, object]) -> object:
    """What was answered, be it a mistake."""
    try:
        return await asked
    except UserError as error:
        return str(error)


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    """One loop for all examples: the database's connections belong to it."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def town(
    loop: asyncio.Runner,
    new_home: Path,
    tmp_path_factory: pytest.TempPathFactory,
    community: Dataset,
    copying: tuple[str, ...],
    served: Serving,
) -> Iterator[Town]:
    """One world for all examples: each says anew what is stored of everybody."""
    home = shutil.copytree(new_home, tmp_path_factory.mktemp("town") / "home")
    stack = AsyncExitStack()

    async def opened() -> Town:
        world = await stack.enter_async_context(World.opened(home, community, copying))
        world.shelf.swap(served)
        town = Town(world)
        await town.prepare()
        return town

    yield loop.run(opened())
    loop.run(stack.aclose())


Ask = Callable[[Mapping[int, Told]], Awaitable[object]]


def holds(loop: asyncio.Runner, town: Town, group: Mapping[int, Told], ask: Ask, **rewatch: bool) -> None:
    """What is answered is the same without all that is hidden."""

    async def both() -> tuple[object, object]:
        await town.become(group)
        found = await ask(group)
        await town.become(without_what_is_hidden(group, **rewatch))
        return found, await ask(group)

    found, bare = loop.run(both())
    assert found == bare


@settings(max_examples=50)
@given(group=groups_of_people, strategy=st.sampled_from(STRATEGIES), rewatch=st.booleans())
def test_a_groups_list_is_the_same_without_what_is_hidden(
    loop: asyncio.Runner, town: Town, group: dict[int, Told], strategy: Strategy, rewatch: bool
):
    async def ask(group: Mapping[int, Told]) -> object:
        return await town.lists(group, strategy=strategy, rewatch=rewatch)

    holds(loop, town, group, ask, rewatch=rewatch)


@settings(max_examples=25)
@given(group=groups_of_people)
def test_watchlists_together_are_the_same_without_what_is_hidden(
    loop: asyncio.Runner, town: Town, group: dict[int, Told]
):
    holds(loop, town, group, town.wishes)


@settings(max_examples=15)
@given(group=groups_of_people)
def test_a_nights_list_and_marks_are_the_same_without_what_is_hidden(
    loop: asyncio.Runner, town: Town, group: dict[int, Told]
):
    holds(loop, town, group, town.night)


@settings(max_examples=15)
@given(group=groups_of_people)
def test_statistics_and_history_are_the_same_without_what_is_hidden(
    loop: asyncio.Runner, town: Town, group: dict[int, Told]
):
    holds(loop, town, group, town.statistics)
