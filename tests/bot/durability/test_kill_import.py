"""An import whose process is killed (kill -9) after any of its writes is whole or not there, and one undo."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.bot.durability.importer import ROWS

NOTHING = {"ratings": 0, "rating_changes": 0, "import_entries": 0, "import_waiting": 0}
EVERYTHING = dict.fromkeys(NOTHING, ROWS)


class Importer:
    """The waiting process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert self._line() == {"ready": True}

    def _line(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def work(self, home: Path, verb: str, at: int = 0) -> int:
        """Have a child do something and die after a write; answers how it ended."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([str(home), verb, at]) + "\n")
        self._process.stdin.flush()
        while "ended" not in (line := self._line()):
            assert line == {"done": verb}
        return int(line["ended"])


@pytest.fixture
def homes() -> Iterator[Path]:
    """A folder in memory where there is one: what a kill leaves is the same there, in half the time."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


@pytest.fixture
def importer() -> Iterator[Importer]:
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, Path(__file__).with_name("importer.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(root)},
    ) as process:
        yield Importer(process)
        assert process.stdin is not None
        process.stdin.close()


def kept(home: Path) -> dict[str, int]:
    """How many rows there are."""
    with closing(sqlite3.connect(home / "matinee.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        return {table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in NOTHING}


def test_killed_after_any_write_an_import_is_all_or_nothing(homes: Path, importer: Importer):
    assert importer.work(homes / "ready", "begin") == 0
    places = halves = 0
    while True:
        home = homes / str(places)
        shutil.copytree(homes / "ready", home)
        if importer.work(home, "confirm", places + 1) == 0:
            break
        places += 1
        halves += kept(home) not in (NOTHING, EVERYTHING)
        assert importer.work(home, "start") == 0
        found = kept(home)
        assert found in (NOTHING, EVERYTHING)
        if found == NOTHING:
            assert importer.work(home, "confirm") == 0
            assert kept(home) == EVERYTHING
        # One undo, whatever happened before.
        assert importer.work(home, "undo") == 0
        # That ratings were given and taken back stays told.
        assert kept(home) == NOTHING | {"rating_changes": 2 * ROWS}
    # Otherwise too few writes were tried to prove anything.
    assert (places > 12, halves > 8) == (True, True)


def test_killed_after_any_write_an_undo_is_finished(homes: Path, importer: Importer):
    assert importer.work(homes / "ready", "begin") == importer.work(homes / "ready", "confirm") == 0
    places = 0
    while True:
        home = homes / str(places)
        shutil.copytree(homes / "ready", home)
        status = importer.work(home, "undo", places + 1)
        if status == 0:
            break
        assert status == -signal.SIGKILL
        places += 1
        assert importer.work(home, "start") == 0
        assert kept(home) == NOTHING | {"rating_changes": 2 * ROWS}
    assert places > 8
