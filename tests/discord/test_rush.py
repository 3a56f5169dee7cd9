"""Many presses at once: acknowledged before the work begins, and worked on in turn."""

import asyncio

import pytest

from bot.ui.nights.rush import AT_ONCE, Rush

CROWD = AT_ONCE * 3


async def test_everybody_is_acknowledged_before_the_first_work_begins() -> None:
    rush = Rush()
    happened: list[str] = []
    sending = most = 0

    async def acknowledge() -> None:
        nonlocal sending, most
        sending += 1
        most = max(most, sending)
        await asyncio.sleep(0.001)
        sending -= 1
        happened.append("acknowledged")

    async def press() -> None:
        await rush.acknowledge(acknowledge)
        async with rush.turn(1):
            happened.append("worked")

    await asyncio.gather(*(press() for _ in range(CROWD)))
    assert happened == ["acknowledged"] * CROWD + ["worked"] * CROWD
    assert most == AT_ONCE


async def test_work_on_one_night_is_done_in_turn_and_not_on_another() -> None:
    rush = Rush()
    busy: set[int] = set()
    together = False

    async def work(night: int) -> None:
        nonlocal together
        async with rush.turn(night):
            assert night not in busy
            busy.add(night)
            await asyncio.sleep(0)
            together |= len(busy) == 2
            busy.discard(night)

    await asyncio.gather(*(work(1 + number % 2) for number in range(20)))
    assert together


async def test_an_acknowledgement_that_fails_holds_nobody_up() -> None:
    rush = Rush()

    async def fail() -> None:
        raise RuntimeError("Discord is gone")

    with pytest.raises(RuntimeError, match="gone"):
        await rush.acknowledge(fail)
    async with asyncio.timeout(0.5):
        await rush.acknowledge(lambda: asyncio.sleep(0))


async def test_work_begins_in_the_end_even_though_people_go_on_pressing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.ui.nights.rush.LONGEST", 0.01)
    rush = Rush()
    never = asyncio.Event()
    hanging = asyncio.create_task(rush.acknowledge(never.wait))
    await asyncio.sleep(0)
    async with asyncio.timeout(0.5):
        # Twice, as the second one presses after the first wait was over.
        await rush.acknowledge(lambda: asyncio.sleep(0))
        await rush.acknowledge(lambda: asyncio.sleep(0))
    assert not hanging.done()
    never.set()
    await hanging
