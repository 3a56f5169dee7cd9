"""An interaction is acknowledged in time, and the answer never collides with that."""

import asyncio

import pytest

from bot.ui.patience import PATIENCE, in_time


async def test_quick_work_is_not_acknowledged() -> None:
    calls: list[str] = []

    async def acknowledge() -> None:
        calls.append("begun")

    async with in_time(acknowledge, after=0.05):
        pass
    await asyncio.sleep(0.1)
    assert calls == []


async def test_slow_work_is_acknowledged_before_it_ends() -> None:
    begun = asyncio.Event()

    async def acknowledge() -> None:
        begun.set()

    async with in_time(acknowledge, after=0.01):
        # It would wait here for ever if the acknowledgement came only afterwards.
        await asyncio.wait_for(begun.wait(), 10)


async def test_an_acknowledgement_under_way_is_waited_for() -> None:
    calls: list[str] = []
    begun, go = asyncio.Event(), asyncio.Event()

    async def acknowledge() -> None:
        begun.set()
        await go.wait()
        calls.append("acknowledged")

    async def answer() -> None:
        async with in_time(acknowledge, after=0):
            await begun.wait()
        calls.append("answered")

    task = asyncio.create_task(answer())
    await begun.wait()
    await asyncio.sleep(0.02)
    assert calls == []
    go.set()
    await task
    assert calls == ["acknowledged", "answered"]


async def test_an_error_of_the_work_comes_through() -> None:
    async def acknowledge() -> None:
        raise AssertionError("not needed")

    with pytest.raises(ValueError, match="broken"):
        async with in_time(acknowledge, after=5):
            raise ValueError("broken")


def test_there_is_time_left_when_it_begins() -> None:
    assert PATIENCE <= 1
