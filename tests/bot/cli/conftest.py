"""Commands as a person gives them, each in a folder of its own."""

import io
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.cli import main
from bot.services.fit_run import Fitter
from tests.bot.services.tiny import QUICK

ROOT = Path(__file__).resolve().parents[3]
SETTINGS = ("MATINEE_HOME", "MATINEE_LOG_LEVEL", "MATINEE_OWNER_ID", "DATABASE_URL", "DISCORD_TOKEN")
LOOKS = ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "COLUMNS", "LINES")


class Ended(NamedTuple):
    """How a command ended and what it printed where."""

    status: int
    out: str
    err: str


Call = Callable[..., Ended]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No settings, no `.env`, and the log as it was afterwards."""
    monkeypatch.chdir(tmp_path)
    for name in (*SETTINGS, *LOOKS):
        monkeypatch.delenv(name, raising=False)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """A command in this process, with lines for its standard input and settings; fits take a moment."""
    monkeypatch.setattr("bot.services.app.Fitter", partial(Fitter, options=QUICK))

    def call(*arguments: str, lines: str = "", **changes: str) -> Ended:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))
            for name, value in changes.items():
                patch.setenv(name, value)
            capsys.readouterr()
            status = main(arguments)
            return Ended(status, *capsys.readouterr())

    return call


def start(*arguments: str) -> subprocess.Popen[str]:
    """A command in a process of its own, which finds the program from anywhere."""
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        # Where the tests run in the background a shell has them ignore Ctrl-C, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
