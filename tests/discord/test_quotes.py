"""What somebody types comes back short, whatever it is: in answers, questions and refusals."""

import logging
import re
from typing import Any

import pytest
from discord import AppCommandOptionType, app_commands

from bot.services.foreign import MOST_MARKS
from tests.discord.conftest import Friend, Shown, World
from tests.discord.test_commands import app_leaves, prefix_leaves

QUOTED = 300
LONG = {
    "a word": "x" * 1500,
    "digits": "9" * 1500,
    "a tower": "x" + "\u0301" * 1400,
    "markdown": "**x_~~||`[x](https://example.org/" + "x" * 1400,
    "backwards": "\u202ex" * 700,
}
LOUD = {"retrain"}
"""What takes no text, and takes its time."""


def check(shown: Shown | None, where: str) -> None:
    """Fail if an answer repeats too much, or what it repeats is more than text."""
    if shown is None or shown.form is not None or shown._message_id is None:
        return
    text = shown.text
    for run in re.findall(r"x{2,}|9{2,}", text):
        assert len(run) <= QUOTED, where
    assert max(map(len, re.findall("\u0301+", text)), default=0) <= MOST_MARKS, where
    assert "\u202e" not in text, where
    assert "https://example" not in text, where


def texts_of(command: app_commands.Command[Any, ..., Any]) -> list[str]:
    return [
        one.display_name
        for one in command.parameters
        if one.type is AppCommandOptionType.string and not one.choices
    ]


def needed(command: app_commands.Command[Any, ..., Any], friend: Friend) -> dict[str, Any]:
    """Something for each option that must be there."""
    values = {
        AppCommandOptionType.string: "Alien",
        AppCommandOptionType.integer: 1,
        AppCommandOptionType.user: friend,
    }
    return {
        one.display_name: values[one.type]
        for one in command.parameters
        if one.required and one.type in values
    }


@pytest.mark.parametrize("text", LONG)
async def test_slash_commands(world: World, text: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        for command in app_leaves(world):
            for option in texts_of(command):
                given = needed(command, world.ben) | {option: LONG[text]}
                shown = await world.admin.slash(command.qualified_name, **given)
                check(shown, f"/{command.qualified_name} {option}")
    assert caplog.records == []


@pytest.mark.parametrize("text", LONG)
async def test_prefix_commands(world: World, text: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        for command in prefix_leaves(world):
            if command.qualified_name not in LOUD:
                shown = await world.admin.say(f"!{command.qualified_name} {LONG[text]}")
                check(shown, f"!{command.qualified_name}")
        for line in ("!", f"!{LONG[text]}", f"!rate {LONG[text]} 4", f"!night plan {LONG[text]} 20:00"):
            check(await world.admin.say(line), line[:20])
    assert caplog.records == []


async def test_themes_names_and_reasons(world: World) -> None:
    """What stays, and is shown again and again, of a person whose name is of that kind as well."""
    for text in LONG.values():
        eve = world.join(text[:32])
        check(await eve.slash("night plan", dates="sat 20:00", theme=text[:200]), "plan")
        for shown in (
            await world.ben.slash("night status"),
            await world.ben.slash("night in"),
            await eve.slash("night cancel", reason=text),
        ):
            check(shown, "night")
        check(world.newest(), "the announcement")
