"""What a command in a terminal wants of a running bot's data."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.services import errands
from bot.services.app import Services
from bot.services.data_list import DataStatus
from bot.services.errands import FOLDER, Errand, send
from bot.settings import Settings
from tests.bot.services.test_data import movielens


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errands, "TELL_SECONDS", 0.02)
    monkeypatch.setattr(errands, "TAKEN_SECONDS", 5.0)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
async def bot(home: Path) -> AsyncIterator[Services]:
    """Services that look for errands as the bot does."""
    async with Services.open(Settings(home=home)) as services:

        async def look() -> None:
            while True:
                await services.errands.look()
                await asyncio.sleep(0.02)

        looking = asyncio.create_task(look())
        yield services
        looking.cancel()


async def sent(home: Path, errand: Errand, told: list[str] | None = None) -> object:
    stages = [] if told is None else told
    return await asyncio.to_thread(send, home, errand, lambda stage, *_: stages.append(stage))


async def test_data_are_added_while_the_bot_serves(bot: Services, home: Path, tmp_path: Path) -> None:
    small = movielens(tmp_path / "ml-tiny")
    status = await sent(home, Errand("add", (str(small),)))
    assert isinstance(status, DataStatus)
    assert status == await bot.data.status()
    assert status.name == "ml-tiny"
    assert bot.movies.find("Home Video of Nobody").kind == "one"
    assert await sent(home, Errand("status")) == status
    assert await sent(home, Errand("list")) == await bot.data.list()
    left = await sent(home, Errand("remove", ("ml-tiny",)))
    assert isinstance(left, DataStatus)
    assert left.name == "starter"
    assert list((home / FOLDER).iterdir()) == []


async def test_a_mistake_is_the_same_line_as_without_a_bot(bot: Services, home: Path) -> None:
    for errand, line in (
        (Errand("add", ("nowhere.zip",)), "“nowhere.zip” is neither a file or folder nor a data set"),
        (Errand("refresh"), "starter is not joined with IMDb's files: add imdb first"),
        (Errand("remove", ("starter",)), "the starter set comes with the program"),
        (Errand("add"), "does not understand"),
    ):
        with pytest.raises(UserError, match=line):
            await sent(home, errand)
    assert list((home / FOLDER).iterdir()) == []


async def test_progress_is_told_and_who_goes_takes_the_errand_back(
    bot: Services, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = asyncio.Event()

    async def slow(_name: str, on_progress: errands.OnProgress, *, joined_with: object) -> None:
        try:
            for step in range(10_000):
                on_progress("reading", step, 10_000)
                await asyncio.sleep(0.01)
        finally:
            ended.set()

    monkeypatch.setattr(bot.data, "add", slow)

    def interrupted(stage: str, done: int, _total: int) -> None:
        if stage == "reading" and done > 10:
            raise KeyboardInterrupt

    def ask() -> str:
        try:
            send(home, Errand("add", ("ml-1m",)), interrupted)
        except KeyboardInterrupt:
            return "interrupted"
        return "not"

    assert await asyncio.to_thread(ask) == "interrupted"
    async with asyncio.timeout(10):
        await ended.wait()


async def test_one_whose_asker_was_killed_is_dropped(bot: Services, home: Path) -> None:
    asked = home / FOLDER / "1.asked"
    asked.parent.mkdir()
    errands._put(asked.with_suffix(".new"), asdict(Errand("remove", ("starter",))))
    long_ago = time.time() - errands.FORGOTTEN_SECONDS - 1
    os.utime(asked.with_suffix(".new"), (long_ago, long_ago))
    asked.with_suffix(".new").rename(asked)
    async with asyncio.timeout(10):
        while asked.exists():  # noqa: ASYNC110 - a file has no event
            await asyncio.sleep(0.01)
    assert not asked.with_suffix(".told").exists()


@pytest.mark.parametrize("text", ["", "{}", '{"verb": "add"}', '{"verb": "pickle", "names": []}', "[1]"])
async def test_what_is_no_request_is_answered_and_gone(bot: Services, home: Path, text: str) -> None:
    asked = home / FOLDER / "2.asked"
    asked.parent.mkdir()
    asked.write_text(text, encoding="utf-8")
    async with asyncio.timeout(10):
        while asked.exists():  # noqa: ASYNC110 - a file has no event
            await asyncio.sleep(0.01)
    assert "does not understand" in asked.with_suffix(".told").read_text(encoding="utf-8")


async def test_what_holds_the_home_and_takes_nothing_is_told(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errands, "TAKEN_SECONDS", 0.1)
    home.mkdir()  # noqa: ASYNC240 - a test waits for nobody
    with pytest.raises(UserError, match="no running bot that could do this"):
        await sent(home, Errand("status"))
    assert list((home / FOLDER).iterdir()) == []


async def test_a_bot_that_goes_while_it_works_is_not_waited_for(home: Path) -> None:
    home.mkdir()  # noqa: ASYNC240 - a test waits for nobody
    asking = asyncio.create_task(sent(home, Errand("status")))
    async with asyncio.timeout(10):
        while not (asked := list((home / FOLDER).glob("*.asked"))):  # noqa: ASYNC110 - a file has no event
            await asyncio.sleep(0.01)
        told = asked[0].with_suffix(".told")
        long_ago = time.time() - errands.FORGOTTEN_SECONDS - 1
        new = told.with_suffix(".gone")
        errands._put(new, {"stage": "reading", "done": 1, "total": 2})
        os.utime(new, (long_ago, long_ago))
        new.rename(told)
        with pytest.raises(UserError, match="the bot that did this is gone"):
            await asking


async def test_nobody_else_can_read_or_leave_requests(bot: Services, home: Path) -> None:
    await sent(home, Errand("status"))
    assert (home / FOLDER).stat().st_mode & 0o077 == 0
