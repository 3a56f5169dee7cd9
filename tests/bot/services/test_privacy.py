"""Hidden ratings, deletion, and people who have gone."""

import asyncio
import time
from collections.abc import Callable, Collection

import pytest

from bot.errors import NotAllowed
from bot.services.answers import Progress
from bot.services.membership import Viewer
from bot.services.privacy import GRACE, Privacy, _line
from bot.store.personal import personal_tables
from tests.bot.services.tiny import Guilds, World

ANA, BEN = 918273645546372819, 918273645546372820


HERE, THERE = 71, 72
SEEN_BY_ANA, SEEN_BY_BEN = Viewer(ANA, "Ana", HERE), Viewer(BEN, "Ben", HERE)


def privacy(world: World, up: Callable[[], float] = time.monotonic) -> Privacy:
    book = Privacy(world.store, world.clock, uptime=up)
    book.membership = Guilds({HERE: {ANA: "Ana", BEN: "Ben"}})
    return book


async def test_only_others_are_kept_from_hidden_ratings(world: World):
    book = privacy(world)
    await world.rate(ANA, 1)
    await world.rate(BEN, 1)
    await book.hide(ANA, "Ana")
    await book.hide(ANA, "Ana")
    assert await book.look(SEEN_BY_ANA, ANA) == "Ana"
    assert await book.look(SEEN_BY_ANA, BEN) == "Ben"
    with pytest.raises(NotAllowed, match="Ana keeps their ratings to themselves"):
        await book.look(SEEN_BY_BEN, ANA)
    assert await book.open_ones([BEN, ANA, BEN, 7]) == [BEN, 7]
    await book.unhide(ANA)
    assert await book.open_ones([BEN, ANA]) == [BEN, ANA]


async def test_somebody_unknown_can_hide_before_they_rate(world: World):
    await privacy(world).hide(BEN, "Ben")
    assert await privacy(world).hides(BEN)
    assert "that your ratings are hidden" in (await privacy(world).kept(BEN)).lines


async def test_the_next_model_is_fitted_without_who_was_deleted(world: World):
    training = world.training()
    await world.rate(ANA, *range(1, 8))
    await world.rate(BEN, *range(1, 4))
    assert (await training.retrain()).version.friend_ratings == 10
    status = await training.status()
    assert status.next_run is None
    await privacy(world).delete(ANA)
    status = await training.status()
    assert status.next_run is not None
    assert (await training.retrain()).version.friend_ratings == 3


@pytest.mark.parametrize("back", [False, True])
async def test_a_model_that_was_being_fitted_with_who_was_deleted_is_not_adopted(world: World, back: bool):
    await world.rate(ANA, *range(1, 8))
    await world.rate(BEN, *range(1, 4))
    training = world.training()
    gone = False

    async def go() -> None:
        await privacy(world).delete(ANA)
        if back:
            await world.rate(ANA, 9)

    tasks: list[asyncio.Task[None]] = []

    def look(_: Progress) -> None:
        nonlocal gone
        if not gone:
            gone = True
            tasks.append(asyncio.create_task(go()))

    result = await training.retrain(look)
    await asyncio.gather(*tasks)
    assert not result.adopted
    assert "somebody deleted everything of theirs" in result.message
    assert world.shelf.current.model is None
    again = await training.retrain()
    assert again.adopted
    assert again.version.friend_ratings == 3 + back


class Days:
    """Days that go by for one process of the bot, whatever its clock says."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.up = 1000.0

    def start(self, membership: Guilds) -> Privacy:
        """The process, or the next one."""
        self.book = privacy(self.world, lambda: self.up)
        self.book.membership = membership
        return self.book

    async def pass_by(self, days: int) -> list[int]:
        """So many days pass, on each of which it is looked who is there; who was forgotten?"""
        forgotten: list[int] = []
        for _ in range(days):
            self.world.clock.advance(days=1)
            self.up += 24 * 3600
            forgotten += await self.book.sweep()
        return forgotten


async def test_the_grace_period_begins_once_and_ends_on_time(world: World):
    days = Days(world)
    book = days.start(Guilds({HERE: {BEN: "Ben"}}))
    await world.rate(ANA, 1)
    await world.rate(BEN, 1)
    due = await book.left(HERE, ANA)
    assert due == world.clock.now + GRACE
    world.clock.advance(days=20)
    assert await book.left(HERE, ANA) == due
    world.clock.advance(days=-20)
    assert await days.pass_by(GRACE.days - 1) == []
    assert await days.pass_by(1) == [ANA]
    assert await days.pass_by(3) == []
    assert (await book.kept(ANA)).lines == ()
    assert len((await book.kept(BEN)).lines) == 4


async def test_returning_cancels_also_while_nobody_looked(world: World):
    days = Days(world)
    guilds = Guilds({HERE: {}})
    book = days.start(guilds)
    await world.rate(ANA, 1)
    await days.pass_by(29)
    guilds.members[HERE] = {ANA: "Ana"}
    await book.joined(HERE, ANA)
    assert await days.pass_by(5) == []
    guilds.members[HERE] = {}
    assert await days.pass_by(20) == []
    assert any("you left" in line for line in (await book.kept(ANA)).lines)
    guilds.members[HERE] = {ANA: "Ana"}
    assert await days.pass_by(40) == []
    kept = (await book.kept(ANA)).lines
    assert kept
    assert not any("you left" in line for line in kept)


async def test_those_of_the_console_stay(world: World):
    days = Days(world)
    book = days.start(Guilds({HERE: {}}))
    await world.rate(-5, 1)
    assert await days.pass_by(40) == []
    assert len((await book.kept(-5)).lines) == 3


@pytest.mark.parametrize("gone_for", [0, 10, 27])
@pytest.mark.parametrize("ahead", [20, 45, 4000])
async def test_a_clock_that_is_ahead_for_a_while_forgets_nobody(world: World, gone_for: int, ahead: int):
    days = Days(world)
    guilds = Guilds({HERE: {ANA: "Ana"}})
    book = days.start(guilds)
    await world.rate(ANA, 1)
    await days.pass_by(1)
    guilds.members[HERE] = {}
    if gone_for:
        await days.pass_by(gone_for)
    world.clock.advance(days=ahead)
    for _ in range(5):
        # It is looked often, and even after starting anew.
        days.up += 600
        assert await book.sweep() == []
        book = days.start(guilds)
    days.up += 600
    world.clock.advance(days=-ahead)
    assert await book.sweep() == []
    assert (await book.kept(ANA)).lines
    # And then all goes its way: neither at once nor never.
    left = GRACE.days - gone_for
    assert await days.pass_by(left - 2) == []
    assert await days.pass_by(4) == [ANA]


async def test_a_clock_that_jumps_to_and_fro_makes_no_days(world: World):
    days = Days(world)
    book = days.start(Guilds({HERE: {}}))
    await world.rate(ANA, 1)
    await book.sweep()
    for _ in range(10):
        world.clock.advance(days=31)
        days.up += 3600
        assert await book.sweep() == []
        world.clock.advance(days=-31)
        days.up += 3600
        assert await book.sweep() == []


async def test_a_clock_that_runs_too_fast_makes_no_days(world: World):
    days = Days(world)
    book = days.start(Guilds({HERE: {}}))
    await world.rate(ANA, 1)
    for _ in range(40):
        assert await book.sweep() == []
        world.clock.advance(days=1)
        days.up += 600


async def test_a_bot_that_runs_in_the_evenings_alone_forgets_on_time(world: World):
    days = Days(world)
    guilds = Guilds({HERE: {}})
    await world.rate(ANA, 1)
    await days.start(guilds).sweep()
    for evening in range(1, GRACE.days + 1):
        world.clock.advance(days=1)
        days.up = 60.0
        assert await days.start(guilds).sweep() == ([ANA] if evening == GRACE.days else [])


async def test_only_people_of_servers_out_of_reach_are_left_alone(world: World):
    cem = 918273645546372821
    days = Days(world)
    guilds = Guilds({HERE: {ANA: "Ana"}, THERE: {BEN: "Ben", ANA: "Ana"}})
    for one in (ANA, BEN, cem):
        await world.rate(one, 1)
    book = days.start(guilds)
    await days.pass_by(1)
    # Ana leaves the one server, and may still be on the other. Cem is nowhere.
    guilds.members[HERE] = {}
    guilds.down = {THERE}
    assert await days.pass_by(40) == [cem]
    for one in (ANA, BEN):
        assert not any("you left" in line for line in (await book.kept(one)).lines)
    guilds.down, guilds.silent = set(), {THERE}
    assert await days.pass_by(40) == []
    guilds.silent = set()
    guilds.members[THERE] = {ANA: "Ana"}
    assert await days.pass_by(40) == [BEN]


async def test_somebody_who_was_never_seen_may_be_on_a_server_that_is_silent(world: World):
    days = Days(world)
    guilds = Guilds({HERE: {}, THERE: {}}, silent={THERE})
    await world.rate(ANA, 1)
    days.start(guilds)
    assert await days.pass_by(40) == []
    guilds.silent = set()
    assert await days.pass_by(10) == []
    # That she is nowhere has been found out: a server that falls silent now is none of hers.
    guilds.silent = {THERE}
    assert await days.pass_by(30) == [ANA]


async def test_who_leaves_a_server_may_be_on_another_one(world: World):
    guilds = Guilds({HERE: {}, THERE: {BEN: "Ben"}})
    book = privacy(world)
    book.membership = guilds
    for one in (ANA, BEN):
        await world.rate(one, 1)
    await book.joined(THERE, ANA)
    assert await book.left(HERE, BEN) is None
    guilds.down = {THERE}
    assert await book.left(HERE, ANA) is None
    guilds.down = set()
    assert await book.left(THERE, ANA) is not None


async def test_a_bot_on_no_server_forgets_nobody(world: World):
    days = Days(world)
    days.start(Guilds({}))
    await world.rate(ANA, 1)
    assert await days.pass_by(60) == []


async def test_a_sweep_asks_about_those_of_whom_something_is_kept_where_they_were_seen(world: World):
    guilds = Guilds({HERE: {ANA: "Ana", 7: "Passer-by"}, THERE: {BEN: "Ben"}})
    days = Days(world)
    days.start(guilds)
    for one in (ANA, BEN):
        await world.rate(one, 1)
    await days.pass_by(1)
    assert {number for _, asked in guilds.asked for number in asked} == {ANA, BEN}
    guilds.asked.clear()
    await days.pass_by(1)
    assert guilds.asked == [(HERE, {ANA}), (THERE, {BEN})]


async def test_whoever_comes_back_during_the_last_sweep_is_not_forgotten(world: World):
    days = Days(world)
    guilds = Guilds({HERE: {}})
    book = days.start(guilds)
    await world.rate(ANA, 1)
    assert await days.pass_by(GRACE.days) == []
    real = guilds.among

    async def among(guild_id: int, user_ids: Collection[int]) -> dict[int, str]:
        answer = await real(guild_id, user_ids)
        await book.joined(HERE, ANA)
        return answer

    guilds.among = among  # type: ignore[method-assign]
    assert await days.pass_by(1) == []
    assert (await book.kept(ANA)).lines


async def test_whoever_deletes_everything_during_a_sweep_is_not_noted_again(world: World):
    days = Days(world)
    guilds = Guilds({HERE: {ANA: "Ana"}})
    book = days.start(guilds)
    await world.rate(ANA, 1)
    real = guilds.among

    async def among(guild_id: int, user_ids: Collection[int]) -> dict[int, str]:
        await book.delete(ANA)
        return await real(guild_id, user_ids)

    guilds.among = among  # type: ignore[method-assign]
    assert await days.pass_by(1) == []
    assert (await book.kept(ANA)).lines == ()


async def test_of_whom_nothing_is_kept_nothing_is_noted(world: World):
    assert await privacy(world).left(HERE, ANA) is None
    assert (await privacy(world).kept(ANA)).lines == ()


async def test_every_table_about_a_person_is_named_in_plain_words():
    for table in personal_tables():
        for count in (1, 2):
            assert "“" not in _line(table.name, count), table.name
    assert _line("ratings", 1) == "1 rating"
    assert _line("dismissals", 2) == "2 movies you are not interested in"
