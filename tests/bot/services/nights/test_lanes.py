"""Works side by side: one at a time for each key and in each lane, and none holds up the others for long."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.services.nights import lanes
from bot.services.nights.lanes import PLACES, Lanes
from tests.bot.services.nights.conftest import SOON, until


@pytest.fixture(autouse=True)
def no_spacing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "SPACING", 0)


@pytest.fixture
async def running() -> AsyncIterator[Lanes]:
    running = Lanes()
    yield running
    await running.stop()


class Work:
    """Counts how often it was done and how many ran at once; the first ones wait until they are let go."""

    def __init__(self) -> None:
        self.begun = self.done = self.at_once = self.most = 0
        self.go = asyncio.Event()

    async def __call__(self) -> None:
        self.begun += 1
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        try:
            await self.go.wait()
            await asyncio.sleep(0)
        finally:
            self.at_once -= 1
        self.done += 1


async def test_a_hundred_wishes_are_two_works_the_last_one_after_the_last_wish(running: Lanes):
    work = Work()
    for _ in range(99):
        running.start(1, 1, work)
    await until(lambda: work.begun == 1)
    running.start(1, 1, work)
    work.go.set()
    await running.wait([1], SOON)
    assert (work.done, work.most) == (2, 1)


async def test_a_wish_after_the_work_is_a_work_of_its_own(running: Lanes):
    work = Work()
    work.go.set()
    for _ in range(3):
        running.start(1, 1, work)
        await running.wait([1], SOON)
    assert work.done == 3


async def test_a_wish_at_the_very_end_of_a_work_is_a_work_of_its_own(running: Lanes):
    done = 0

    async def work() -> None:
        nonlocal done
        await asyncio.sleep(0.01)
        done += 1
        if done == 1:
            # It is made when this work has ended, and before anybody heard of that.
            asyncio.get_running_loop().call_soon(running.start, 1, 1, work)

    running.start(1, 1, work)
    for times in (1, 2):
        await running.wait([1], SOON)
        assert done == times


async def test_works_of_one_key_are_apart_in_time_and_others_of_the_lane_go_between(
    running: Lanes, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lanes, "SPACING", SOON)
    work, other = Work(), Work()
    other.go.set()
    running.start(1, 1, work)
    await until(lambda: work.begun == 1)
    running.start(1, 1, work)
    work.go.set()
    running.start(2, 1, other)
    await running.wait([2], SOON)
    await asyncio.sleep(0.02)
    assert (work.begun, other.done) == (1, 1)


def test_what_is_stuck_leaves_room_in_what_discord_takes():
    assert (PLACES + lanes.SLOW_PLACES) / lanes.PATIENCE <= 50
    assert lanes.SLOW_PLACES < PLACES


async def test_works_of_one_lane_come_one_after_the_other(running: Lanes):
    work = Work()
    work.go.set()
    for key in range(20):
        running.start(key, 1, work)
    await running.wait(range(20), SOON)
    assert (work.done, work.most) == (20, 1)


async def test_so_many_begin_at_once_and_no_more(running: Lanes, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lanes, "PATIENCE", SOON)
    work = Work()
    for key in range(3 * PLACES):
        running.start(key, key, work)
    await until(lambda: work.begun == PLACES)
    await asyncio.sleep(0.02)
    assert work.begun == PLACES
    work.go.set()
    await running.wait(range(3 * PLACES), SOON)
    assert (work.done, work.most) == (3 * PLACES, PLACES)


async def test_however_many_are_stuck_the_next_one_gets_its_turn(
    running: Lanes, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lanes, "PATIENCE", 0.01)
    stuck, good = Work(), Work()
    good.go.set()
    for key in range(5 * PLACES):
        running.start(key, key, stuck)
    running.start(-1, -1, good)
    await running.wait([-1], SOON)
    assert (good.done, stuck.done) == (1, 0)
    # Each of them is still the only one in its lane.
    running.start(-2, 3, good)
    await running.wait([-2], 0.05)
    assert good.done == 1
    stuck.go.set()
    await running.wait([*range(5 * PLACES), -2], SOON)
    assert (good.done, stuck.done) == (2, 5 * PLACES)
    # A place that was given up is not free twice.
    monkeypatch.setattr(lanes, "PATIENCE", SOON)
    stuck.go.clear()
    for key in range(3 * PLACES):
        running.start(key, key, stuck)
    await until(lambda: stuck.at_once == PLACES)
    await asyncio.sleep(0.02)
    assert stuck.at_once == PLACES


async def test_lanes_that_were_slow_wait_apart(running: Lanes, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lanes, "SLOW", 0.0)
    work = Work()
    work.go.set()
    slow = range(2 * PLACES)
    for key in slow:
        running.start(key, key, work)
    await running.wait(slow, SOON)
    monkeypatch.setattr(lanes, "PATIENCE", SOON)
    stuck, good = Work(), Work()
    good.go.set()
    for key in slow:
        running.start(key, key, stuck)
    await until(lambda: stuck.begun > 0)
    running.start(-1, -1, good)
    await running.wait([-1], SOON)
    assert (good.done, stuck.begun) == (1, lanes.SLOW_PLACES)
    # Whose work was quick is among the others again.
    monkeypatch.setattr(lanes, "SLOW", SOON)
    stuck.go.set()
    await running.wait(slow, SOON)
    stuck.go.clear()
    for key in slow:
        running.start(key, key, stuck)
    await until(lambda: stuck.at_once == PLACES)


async def test_what_a_work_raises_is_raised_to_who_waits_and_stops_no_other(running: Lanes):
    async def fail() -> None:
        raise ZeroDivisionError

    work = Work()
    work.go.set()
    running.start(1, 1, fail)
    with pytest.raises(ZeroDivisionError):
        await running.wait([1], SOON)
    running.start(1, 1, work)
    await running.wait([1], SOON)
    assert work.done == 1


async def test_nothing_runs_on_after_the_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lanes, "STOPPING", 0.05)
    running, work = Lanes(), Work()
    stubborn = asyncio.Event()

    async def linger() -> None:
        # As a request of discord.py that waits once more when it is cut off.
        try:
            await asyncio.Event().wait()
        finally:
            await stubborn.wait()

    for key in range(3):
        running.start(key, 1, work)
    running.start(9, 9, linger)
    await until(lambda: work.at_once == 1)
    waiting = asyncio.create_task(running.wait([0], SOON))
    await running.stop()
    assert work.at_once == work.done == 0
    # Whoever waited for it is not cut off.
    await waiting
    running.start(1, 1, work)
    await running.wait([1], SOON)
    assert work.begun == 1
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []
