"""What somebody types at the console comes back short, whatever it is, and never as an error of ours."""

import logging
import re

import pytest

from bot.console.commands import COMMANDS
from tests.bot.console.conftest import Terminal

LONG = {"a word": "x" * 6000, "digits": "9" * 6000, "a tower": "x" + "\u0301" * 6000}
LOUD = {"retrain"}
"""What takes no text, and takes its time."""


@pytest.mark.parametrize("text", LONG)
async def test_console_commands(terminal: Terminal, text: str, caplog: pytest.LogCaptureFixture) -> None:
    long = LONG[text]
    lines = [f"!{name} {long}" for name in COMMANDS if name not in LOUD]
    lines += [f"!{name} {option}: {long}" for name in COMMANDS for option in options(COMMANDS[name].usage)]
    lines += [
        f"!{long}",
        f"as {long}",
        long,
        f"!rate {long} 4",
        f"!rate Alien {long}",
        f"!night plan {long} 20:00",
    ]
    with caplog.at_level(logging.ERROR):
        for line in ("as Ana", *lines):
            answer = await terminal.say(line)
            assert max(map(len, re.findall(r"x{2,}|9{2,}|\u0301{2,}", answer)), default=0) <= 300, line[:40]
    assert caplog.records == []


def options(usage: str) -> list[str]:
    return re.findall(r"([a-z_]+):", usage)
