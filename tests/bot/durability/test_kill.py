"""What was acknowledged is on disk: a real process is killed at any moment, many times."""

import asyncio
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import Store
from tests.bot.durability.rater import PEOPLE, book

KILLS = 25
LONGEST = 0.25
SEED = 20260501

Stars = dict[tuple[int, int], float | None]


class Rater:
    """The waiting process, and what its children said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.expect("ready")

    def line(self) -> dict[str, object]:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def expect(self, key: str) -> object:
        return self.line()[key]

    def run(self, home: Path, seed: int, seconds: float) -> list[dict[str, object]]:
        """Have a child rate, kill it after a time, and answer what it said until then."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([str(home), seed]) + "\n")
        self._process.stdin.flush()
        said: list[dict[str, object]] = []
        killer: threading.Timer | None = None
        while True:
            line = self.line()
            if "child" in line:
                killer = threading.Timer(seconds, os.kill, (int(str(line["child"])), signal.SIGKILL))
                killer.start()
            elif "ended" in line:
                break
            else:
                said.append(line)
        assert killer is not None
        killer.join()
        return said


@pytest.fixture
def rater() -> Iterator[Rater]:
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, Path(__file__).with_name("rater.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(root)},
    ) as process:
        yield Rater(process)
        assert process.stdin is not None
        process.stdin.close()


async def kept(home: Path) -> Stars:
    """What a newly opened book holds."""
    async with Store.open(home) as store:
        return {
            (user, movie): stars
            for user in range(1, PEOPLE + 1)
            for movie, stars in (await book(store).profile(user)).items()
        }


def test_what_was_acknowledged_survives_any_kill(tmp_path: Path, rater: Rater):
    chance = random.Random(SEED)
    expected: Stars = {}
    acknowledged = interrupted = 0
    for number in range(KILLS):
        said = rater.run(tmp_path, number, chance.uniform(0.02, LONGEST))
        unfinished: dict[int, tuple[tuple[int, int], float | None]] = {}
        for line in said:
            verb, (user, movie, stars) = next(iter(line.items()))
            if verb == "begin":
                unfinished[user] = ((user, movie), stars)
            else:
                del unfinished[user]
                expected[user, movie] = stars
                acknowledged += 1
        found = asyncio.run(kept(tmp_path))
        for place, stars in unfinished.values():
            # Said to begin and not said to be done: either is right, and whichever it is stays.
            if found.get(place) == stars != expected.get(place):
                expected[place] = stars
                interrupted += 1
        assert found == {place: stars for place, stars in expected.items() if stars is not None}
    # Otherwise the kills came too early to prove anything.
    assert acknowledged > KILLS
    with closing(sqlite3.connect(tmp_path / "matinee.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_kill_while_a_new_home_is_set_up_leaves_one_that_opens(tmp_path: Path, rater: Rater):
    chance = random.Random(SEED)
    for number in range(10):
        rater.run(tmp_path / str(number), number, chance.uniform(0, 0.05))
        asyncio.run(kept(tmp_path / str(number)))
