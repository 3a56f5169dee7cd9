"""Nobody does without end what a whole channel sees."""

from collections.abc import Awaitable, Callable
from itertools import count

import pytest

from bot.errors import UserError
from bot.services.nights.limits import LIMITS
from tests.bot.services.nights.conftest import ANA, BEN, CHANNEL, EVA, Actor, Evening, somebody

_NUMBERS = count(1000)

Deed = Callable[[Evening, Actor, int], Awaitable[object]]


async def plan_and_cancel(evening: Evening, actor: Actor, _: int) -> None:
    # Nights of somebody else each, as planning has a limit of its own.
    night = await evening.plan(somebody(next(_NUMBERS), "Host"))
    await evening.nights.cancel(actor, night.night_id)


async def nominate(evening: Evening, actor: Actor, number: int) -> None:
    night = await evening.nights.get(actor, number)
    mine = [one.movie_key for one in night.candidates if actor.user_id in one.nominated_by]
    if mine:
        await evening.nights.withdraw(actor, number, mine[0])
    else:
        await evening.nights.nominate(actor, number, 50)


async def repeat(evening: Evening, actor: Actor, number: int) -> None:
    if (await evening.nights.get(actor, number)).series_id is None:
        await evening.nights.repeat(actor, number)
    else:
        await evening.nights.stop_repeating(actor, number)


async def toggle(evening: Evening, actor: Actor, number: int) -> None:
    night = await evening.nights.get(actor, number)
    mine = next((one.answer for one in night.people if one.user_id == actor.user_id), "in")
    await evening.nights.answer(actor, number, "maybe" if mine == "in" else "in")


async def open_vote(evening: Evening, actor: Actor, number: int) -> None:
    await evening.nights.open_vote(actor, number)
    # With a quorum of two it is missed, and opened again.
    await evening.nights.close(actor, number)


DEEDS: dict[str, Deed] = {
    "plan": lambda evening, actor, _: evening.plan(actor),
    "move": lambda evening, actor, number: evening.nights.move(actor, number, evening.date(days=5)),
    "relocate": lambda evening, actor, number: evening.nights.relocate(actor, number, CHANNEL),
    "cancel": plan_and_cancel,
    "open": open_vote,
    "repeat": repeat,
    "nominate": nominate,
    "answer": toggle,
}


@pytest.mark.parametrize("name", DEEDS)
async def test_each_deed_has_a_limit_that_a_restart_does_not_lift(evening: Evening, name: str):
    night = await evening.plan(BEN, quorum=2)
    await evening.nights.nominate(BEN, night.night_id, 49)
    deed, most = DEEDS[name], LIMITS["move" if name == "relocate" else name].most  # pyright: ignore[reportArgumentType]
    for _ in range(most):
        await deed(evening, EVA, night.night_id)
        evening.clock.now += (evening.date(hours=1) - evening.clock.now) / 100
    evening.restart()
    before = [night.revision for night in await evening.nights.open(EVA)]
    with pytest.raises(UserError, match=rf"only {most} times an hour: try again in \d+ minutes?$"):
        await deed(evening, EVA, night.night_id)
    if name != "cancel":
        assert [night.revision for night in await evening.nights.open(EVA)] == before
    # It is a limit for each person, and it passes.
    other = somebody(8, "Hal", is_manager=True)
    if name not in ("open", "repeat"):
        await deed(evening, other, night.night_id)
    evening.clock.now = evening.date(hours=1)
    await deed(evening, EVA, night.night_id)


async def test_a_ballot_is_taken_back_some_times_an_hour(evening: Evening):
    night = await evening.voting(50)
    for _ in range(LIMITS["take_back"].most):
        await evening.nights.cast(ANA, night.night_id, {})
        await evening.nights.take_back(ANA, night.night_id)
    await evening.nights.cast(ANA, night.night_id, {})
    with pytest.raises(UserError, match="take your ballot back only 30 times an hour"):
        await evening.nights.take_back(ANA, night.night_id)


async def test_what_is_refused_counts_for_nothing(evening: Evening):
    night = await evening.plan(ANA)
    for _ in range(LIMITS["move"].most + 1):
        with pytest.raises(UserError, match="date is past"):
            await evening.nights.move(ANA, night.night_id, evening.date(days=-1))
    await evening.nights.move(ANA, night.night_id, evening.date(days=5))


async def test_the_line_says_when(evening: Evening):
    night = await evening.plan(ANA)
    for number in range(LIMITS["move"].most):
        await evening.nights.move(ANA, night.night_id, evening.date(days=5))
        evening.clock.now = evening.date(minutes=10 if number == 0 else 1)
    with pytest.raises(UserError, match="again in 46 minutes"):
        await evening.nights.move(ANA, night.night_id, evening.date(days=5))
    evening.clock.now = evening.date(minutes=46)
    await evening.nights.move(ANA, night.night_id, evening.date(days=5))
    with pytest.raises(UserError, match="again in 10 minutes"):
        await evening.nights.move(ANA, night.night_id, evening.date(days=5))
