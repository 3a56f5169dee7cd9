"""The program from its start to its end, however that comes."""

import asyncio
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from bot.services.app import Services
from bot.settings import Settings
from tests.bot.services.test_data import movielens
from tests.bot.services.tiny import tiny_dataset
from tests.wire.fake_discord import FakeDiscord
from tests.wire.fake_payloads import ANA_ID, MANAGE_GUILD, MEMBER_PERMISSIONS
from tests.wire.fake_rest import COMMANDS
from tests.wire.program import CODE, alive, children, complaints, running, spoken

TITLE = "Sci-Fi Number 2"


async def connected(fake: FakeDiscord) -> None:
    """Wait until the bot is there."""
    await fake.gateway.opened.first(lambda _: True)


def settings_of(home: Path) -> Settings:
    """Settings for a look at a home."""
    return Settings(_env_file=None, home=home)  # pyright: ignore[reportCallIssue]


async def test_a_wrong_token_is_one_plain_line(fake: FakeDiscord, home: Path):
    async with running(fake, home, token="MTAw.wrong.token") as program:
        status, lines = await program.end()
    assert status == 2
    (line,) = spoken(lines)
    assert "DISCORD_TOKEN" in line
    assert "MTAw.wrong.token" not in "\n".join(lines)
    assert complaints(lines) == []


async def test_missing_intents_are_one_plain_line(fake: FakeDiscord, home: Path):
    fake.gateway.allowed_intents = 0
    async with running(fake, home) as program:
        status, lines = await program.end()
    assert status == 2
    (line,) = spoken(lines)
    assert "Server Members Intent" in line
    assert "Message Content Intent" in line
    assert complaints(lines) == []


async def test_a_token_that_is_reset_meanwhile_is_one_plain_line(fake: FakeDiscord, home: Path):
    fake.gateway.token = "MTAw.newer.token"
    async with running(fake, home) as program:
        status, lines = await program.end()
    assert status == 2
    (line,) = spoken(lines)
    assert "DISCORD_TOKEN" in line


async def test_commands_that_discord_refuses_are_one_line_with_what_it_says(fake: FakeDiscord, home: Path):
    fake.rest.fail("PUT", COMMANDS, 400, code=50035)
    async with running(fake, home) as program:
        status, lines = await program.end()
    assert status == 1
    (line,) = spoken(lines)
    assert "HTTP status 400, error code 50035" in line
    assert "upstream error" in line
    assert "later" not in line
    assert complaints(lines) == []


async def test_a_first_connection_that_is_refused_is_tried_again(fake: FakeDiscord, home: Path):
    fake.gateway.refusals = 1
    async with running(fake, home) as program:
        await connected(fake)
        await fake.shown(await fake.slash("popular"))
        program.stop()
        status, lines = await program.end()
    assert status == 0
    # One line says so, without a traceback.
    assert spoken(lines) == []
    (line,) = complaints(lines)
    assert "503" in line


async def test_no_way_to_discord_is_one_plain_line(home: Path):
    async with FakeDiscord().running() as gone:
        pass
    async with running(gone, home) as program:
        status, lines = await program.end()
    assert status == 1
    (line,) = spoken(lines)
    assert "cannot be reached" in line


async def test_a_second_bot_on_the_same_home_is_refused(fake: FakeDiscord, home: Path):
    async with running(fake, home) as first:
        await connected(fake)
        async with running(fake, home) as second:
            status, lines = await second.end()
        assert status == 2
        assert len(spoken(lines)) == 1
        assert len(fake.gateway.opened) == 1
        first.stop()
        assert (await first.end())[0] == 0


async def test_a_rating_that_was_acknowledged_survives_a_sudden_end(fake: FakeDiscord, home: Path):
    async with running(fake, home) as program:
        await connected(fake)
        await fake.answered(await fake.slash("rate", title=TITLE, stars="4.5"))
        program.kill()
        await program.end()
    async with Services.open(settings_of(home)) as services:
        assert await services.ratings.profile(ANA_ID) == {2: 4.5}


async def test_it_ends_cleanly_in_the_middle_of_a_retrain(fake: FakeDiscord, home: Path):
    # So large a community that nobody would wait here for the end of the fit.
    tiny_dataset(users=2000).save(home / "datasets" / "tiny")
    async with running(fake, home) as program:
        await connected(fake)
        await fake.answered(await fake.slash("rate", title=TITLE, stars="4.5"))
        retrain = await fake.slash("retrain", permissions=MEMBER_PERMISSIONS | MANAGE_GUILD)
        await fake.answered(retrain)
        # Its progress is shown, so it is in the middle.
        await fake.rest.requests.first(
            lambda request: request.method == "PATCH" and retrain.payload["token"] in request.path
        )
        fits = await children(program.pid)
        assert fits
        program.stop()
        status, lines = await program.end()

    assert status == 0
    assert spoken(lines) == []
    assert complaints(lines) == []
    assert await alive(fits) == set()
    assert "shutting down" in str(await fake.shown(retrain))
    assert fake.gateway.closed.entries == [1000]
    # A database that was closed has its log folded in.
    assert not (home / "matinee.db-wal").exists()
    with closing(sqlite3.connect(home / "matinee.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    async with Services.open(settings_of(home)) as services:
        current = (await services.training.status()).current
        assert current is not None
        assert current.version == 1
        assert (await services.recommending.recommend(ANA_ID)).personal


async def test_data_are_added_from_a_terminal_while_the_bot_answers(fake: FakeDiscord, home: Path):
    small = movielens(home.parent / "ml-tiny")
    async with running(fake, home) as program:
        await connected(fake)
        adding = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "data", "add", str(small)),
            cwd=home.parent,
            env=os.environ | {"MATINEE_HOME": str(home), "PYTHONPATH": str(CODE)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await adding.communicate()
        assert adding.returncode == 0, err.decode()
        assert "The catalogue is ml-tiny: 4 movies, up to 2021" in out.decode()
        # The work was done in a child; what serves is the new catalogue.
        shown = await fake.shown(await fake.slash("movie", title="Home Video of Nobody"))
        assert "Home Video of Nobody" in str(shown)
        program.stop()
        status, lines = await program.end()
    assert status == 0
    assert spoken(lines) == []
