"""Controls as a forger makes them: every kind, with parts missing or impossible, is refused in one line."""

import asyncio
import logging
from itertools import product
from typing import Any

import pytest

from bot.ui.dispatch import HANDLERS
from tests.discord.conftest import World

STALE = "no longer works"
WITHOUT_PARTS = {
    *("mine", "ask", "forget", "forgetall", "keepall", "waits"),
    *("draw", "zone", "zonename"),
}
"""Controls that say all by their kind."""
AT_ONCE = 20

LARGE = "9" * 19
STATES = ("", ":", ":x", ":x:x:x:x", ":-1:-1:-1:-1", f":{LARGE}:{LARGE}:{LARGE}:{LARGE}", ":²:²:²:²", ":1.5")
FAR = "9" * 400
VALUES: tuple[tuple[str, ...], ...] = ((), ("x",), ("-1",), (FAR,))


def row(custom_id: str, values: tuple[str, ...]) -> dict[str, Any]:
    """A row with the control, as its message would have it."""
    if not values:
        return {"type": 1, "components": [{"type": 2, "style": 1, "label": "x", "custom_id": custom_id}]}
    options = [{"label": "x", "value": value} for value in values]
    return {"type": 1, "components": [{"type": 3, "custom_id": custom_id, "options": options}]}


async def press_all(world: World, controls: list[tuple[str, tuple[str, ...]]]) -> dict[str, str]:
    """What each of them is answered."""
    told: dict[str, str] = {}
    shown = await world.admin.slash("help")

    async def one(custom_id: str, values: tuple[str, ...]) -> None:
        answered = await world.admin.press_stale(shown, custom_id, [row(custom_id, values)], *values)
        told[f"{custom_id} {values}"] = "" if answered.form is not None else answered.text

    for start in range(0, len(controls), AT_ONCE):
        await asyncio.gather(*(one(*control) for control in controls[start : start + AT_ONCE]))
    return told


def owned(world: World, verb: str, state: str, owner: int | None = None) -> str:
    return f"m1:{verb}:{world.admin.id if owner is None else owner}{state}"


async def test_parts_that_are_missing_or_impossible_are_refused_without_an_error(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    controls = [
        (owned(world, verb, state), VALUES[place % len(VALUES)])
        for place, (verb, state) in enumerate(product(HANDLERS, STATES))
    ]
    with caplog.at_level(logging.ERROR):
        told = await press_all(world, controls)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert [control for control, text in told.items() if "went wrong" in text] == []


async def test_a_control_without_its_parts_no_longer_works(world: World) -> None:
    with_parts = [verb for verb in HANDLERS if verb not in WITHOUT_PARTS]
    told = await press_all(world, [(owned(world, verb, ":x:x:x:x:x"), ("x",)) for verb in with_parts])
    assert {control: text for control, text in told.items() if STALE not in text} == {}


@pytest.mark.parametrize(
    "custom_id",
    [
        "m1:undo",
        "m1:undo:",
        "m1:undo:x:1",
        "m1:undo:-1:1",
        f"m1:undo:{FAR}:1",
        "m1:undo:99999999999999999999:1",
        "m1:nothing:0:1",
        "m0:undo:0:1",
        "m1:UNDO:0:1",
        "undo",
        f"m1:undo:0:{FAR}",
        f"m1:rsvp:0:{FAR}:in",
        "m1:rsvp:0:1:perhaps",
        "m1:recs:0:0:5:99.1..:0",
        "m1:recs:0:0:5:-1...:0",
        "m1:recs:0:0:5:....:7",
        "m1:picklike:0:5:x",
        "m1:sort:0:1:2",
        "m1:another:0:1",
        "m1:another:0:1:forgetall",
    ],
)
async def test_what_no_control_of_ours_says(world: World, custom_id: str) -> None:
    (text,) = (await press_all(world, [(custom_id, ())])).values()
    assert STALE in text


OPEN_TO_ALL = {
    # A night's message is everybody's: each answers, nominates, votes and rates for themselves.
    *("rsvp", "suits", "nominate", "nomlist", "nomtitle", "ballot", "nightstar", "nights"),
    # About a movie, for whoever presses; and a movie by lot, said above a list that all see.
    *("card", "draw"),
    # For whom it is: privacy decides, see there.
    "why",
}
"""What a stranger may press on another person's answer."""
REFUSALS = ("somebody else's", "Only people who may manage", "Only its host")


async def test_a_stranger_presses_everything(world: World) -> None:
    """What is not on the list above is refused to whoever it does not belong to."""
    await world.ana.slash("night plan", dates="in 3 days 20:00")
    shown = await world.ana.slash("help")
    pressed: set[str] = set()
    for verb in HANDLERS:
        forged = owned(world, verb, ":1:1:1:1", world.ana.id)
        told = await world.ben.press_stale(shown, forged, [row(forged, ("1",))], "1")
        if told.form is not None or not any(refusal in told.text for refusal in REFUSALS):
            pressed.add(verb)
    assert pressed == OPEN_TO_ALL
