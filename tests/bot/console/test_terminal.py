"""The console on a terminal of its own."""

import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60


class Keyboard:
    """A console that believes in a terminal, and what it shows."""

    def __init__(self, home: Path) -> None:
        self._ours, theirs = pty.openpty()
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment |= {"MATINEE_HOME": str(home), "PYTHONPATH": str(ROOT), "TERM": "xterm-256color"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "console"],
            cwd=home.parent,
            env=environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self._shown = ""

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def shows(self, pattern: str) -> str:
        """Wait until something is shown; answers all that was shown up to it, and forgets it."""
        while (match := re.search(pattern, self._shown)) is None:
            ready, _, _ = select.select([self._ours], [], [], PATIENCE)
            assert ready, self._shown
            self._shown += os.read(self._ours, 1 << 16).decode(errors="replace")
        shown, self._shown = self._shown[: match.end()], self._shown[match.end() :]
        return shown

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)


@pytest.fixture
def keyboard(tmp_path: Path) -> Iterator[Keyboard]:
    keyboard = Keyboard(tmp_path / "home")
    yield keyboard
    keyboard.close()


@pytest.mark.parametrize("end", ["\x04", "exit\n"])
def test_there_is_a_prompt_colour_and_an_end(keyboard: Keyboard, end: str) -> None:
    keyboard.shows("Host> ")
    keyboard.type("as Ana\n")
    keyboard.shows("Ana> ")
    keyboard.type("!rate Alien 4\n")
    answer = keyboard.shows("Ana> ")
    assert "recorded 4 stars for Alien (1979)" in answer
    assert "\x1b[32m" in answer
    keyboard.type(end)
    assert keyboard.process.wait(PATIENCE) == 0
