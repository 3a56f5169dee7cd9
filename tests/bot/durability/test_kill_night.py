"""A night whose process is killed (kill -9) at each of its steps is announced once and loses no ballot."""

import asyncio
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.store import Store
from tests.bot.durability.evening import FILMS, Deaths, FileChannel

ANNOUNCED = ["card", "date_fixed", "vote_open", "remind_day", "result", "remind_soon", "rate"]


class Evening:
    """The waiting process, and what its children said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert self._line() == {"ready": True}

    def _line(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def play(self, home: Path, at: int = 0) -> tuple[int, list[dict[str, Any]]]:
        """Have a child play on and die at a place; answers how it ended and what it said."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([str(home), at]) + "\n")
        self._process.stdin.flush()
        said: list[dict[str, Any]] = []
        while "ended" not in (line := self._line()):
            said.append(line)
        return int(str(line["ended"])), said


@pytest.fixture
def homes() -> Iterator[Path]:
    """A folder in memory where there is one: what a kill leaves is the same there, in half the time."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


@pytest.fixture
def evening() -> Iterator[Evening]:
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, Path(__file__).with_name("evening.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(root)},
    ) as process:
        yield Evening(process)
        assert process.stdin is not None
        process.stdin.close()


def announced(home: Path) -> list[str]:
    """What the channel shows."""
    return [kind for _, kind in FileChannel(home / "channel", Deaths(0)).messages()]


def ballots(home: Path) -> dict[int, list[str]]:
    """The films of each ballot, best first, by user id."""
    found: dict[int, list[str]] = {}
    with closing(sqlite3.connect(home / "matinee.db")) as database:
        rows = "SELECT user_id, title FROM night_votes NATURAL JOIN movies ORDER BY user_id, value"
        for user_id, title in database.execute(rows):
            found.setdefault(user_id, []).append(title)
    return found


def titles(*films: int) -> list[str]:
    return [f"Film {film}" for film in films]


async def ready(home: Path) -> None:
    """A home whose tables are made."""
    async with Store.open(home):
        pass


def check_over(home: Path) -> None:
    """The whole night took place, as if nobody had been killed."""
    assert Counter(announced(home)) == Counter(ANNOUNCED)
    assert ballots(home) == {1: titles(*FILMS), 2: titles(*FILMS[::-1]), 3: titles(*FILMS[::-1])}
    with closing(sqlite3.connect(home / "matinee.db")) as database:
        found = database.execute("SELECT state, title FROM nights JOIN movies ON winner_key = movie_key")
        assert found.fetchall() == [("over", "Film 5")]
        assert database.execute("SELECT count(*) FROM ratings").fetchone() == (3,)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_an_evening_that_nobody_kills(homes: Path, evening: Evening):
    status, said = evening.play(homes)
    assert (status, said[-1]) == (0, {"over": True})
    assert announced(homes) == ANNOUNCED
    check_over(homes)


def test_killed_once_at_each_place_it_goes_on_and_ends_the_same(homes: Path, evening: Evening):
    """Each place lies right after a write of the database or of the channel."""
    asyncio.run(ready(homes / "ready"))
    places = 0
    while True:
        home = homes / str(places)
        shutil.copytree(homes / "ready", home)
        status, said = evening.play(home, places + 1)
        if status == 0:
            break
        assert status == -signal.SIGKILL
        places += 1
        cast = [line["cast"] for line in said if "cast" in line]
        acknowledged = {user: titles(*films) for user, *films in cast}
        # What was acknowledged is there; one more may be, whose acknowledgement the kill kept back.
        assert acknowledged.items() <= ballots(home).items()
        status, _ = evening.play(home)
        assert status == 0
        check_over(home)
    # Otherwise too few steps were tried to prove anything.
    assert places > 40


def test_killed_again_and_again_it_gets_there(homes: Path, evening: Evening):
    deaths = 0
    while True:
        # Far enough to get further each time: a child that goes on votes again, for one.
        status, _ = evening.play(homes, 8 + deaths % 3)
        if status == 0:
            break
        deaths += 1
        assert deaths < 60
    assert deaths > 3
    check_over(homes)
