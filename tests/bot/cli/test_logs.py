"""The log, and what must not be in it."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
import yarl
from sqlalchemy import make_url

from bot.cli import main
from bot.cli.logs import HIDDEN, DiscreetFormatter, Discretion, set_up_logging, tell
from bot.cli.output import Failure
from bot.settings import Settings
from tests.bot.cli.conftest import ROOT

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789AB"


@pytest.fixture(autouse=True)
def root_logger() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("MATINEE_LOG_LEVEL", "MATINEE_TMDB_KEY", "DISCORD_TOKEN", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


def read(text: str) -> Settings:
    Path(".env").write_text(text)
    return Settings.read()


def test_secrets_are_hidden_in_messages_arguments_and_tracebacks() -> None:
    try:
        raise RuntimeError(f"refused {TOKEN}")
    except RuntimeError:
        record = logging.LogRecord("x", 40, __file__, 1, "sent %s", (TOKEN,), sys.exc_info())
    text = DiscreetFormatter(Discretion([TOKEN, ""])).format(record)
    assert TOKEN not in text
    assert text.count(HIDDEN) >= 2
    assert "RuntimeError" in text


def test_the_log_goes_to_standard_error_without_token_or_database_password(
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = "postgresql://me:hunter2@host/db"
    set_up_logging(read(f"DISCORD_TOKEN={TOKEN}\nDATABASE_URL={url}\n"))
    logging.getLogger("anything").info("token %s, database %s, password hunter2", TOKEN, url)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"INFO anything: token {HIDDEN}, database {HIDDEN}, password {HIDDEN}" in captured.err


PASSWORD = 'h%nter2/ é+"&='
ADDRESSES = [
    f"postgresql://me:{quote(PASSWORD, safe='')}@host:5432/db",
    f"postgresql://host/db?user=me&password={quote_plus(PASSWORD)}&ssl=require",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_database_password_is_hidden_however_it_is_written(address: str) -> None:
    url = make_url(address)
    ways = [
        PASSWORD,
        quote(PASSWORD),
        quote(PASSWORD, safe=""),
        quote(PASSWORD, safe="").lower(),
        quote(quote(PASSWORD, safe="")),
        quote_plus(PASSWORD),
        json.dumps(PASSWORD),
        repr(PASSWORD),
        ascii(PASSWORD),
        address,
        url.render_as_string(hide_password=False),
        repr({"password": PASSWORD}),
        str(yarl.URL("https://host/x").with_query(secret=PASSWORD)),
    ]
    discreet = Discretion.of(read(f"DATABASE_URL={address}\n"))
    for way in ways:
        told = discreet(f"cannot connect: {way}, give up")
        assert HIDDEN in told, way
        assert "nter2" not in told, way
    assert discreet("host, db and ssl=require stay") == "host, db and ssl=require stay"


@pytest.mark.parametrize("key", ["0123456789abcdef0123456789abcdef", "eyJhbGciOi.J9.abc-_def"])
def test_the_key_of_tmdb_is_hidden_where_an_address_with_it_is_logged(
    capsys: pytest.CaptureFixture[str], key: str
) -> None:
    set_up_logging(read(f"MATINEE_TMDB_KEY={key}\n"))
    try:
        raise ConnectionError(str(yarl.URL("https://api/3/movie/1").with_query(api_key=key)))
    except ConnectionError:
        logging.getLogger("aiohttp.client").exception("failed with %s", {"Authorization": f"Bearer {key}"})
    told = capsys.readouterr().err
    assert key not in told
    assert told.count(HIDDEN) == 2


def test_the_line_in_which_a_command_ends_holds_no_secret(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise Failure(f"Discord cannot be reached with\n{TOKEN}")

    monkeypatch.setattr("bot.cli.doctor.doctor", fails)
    read(f"DISCORD_TOKEN={TOKEN}\n")
    assert main(["doctor"]) == 1
    assert capsys.readouterr().err == f"Discord cannot be reached with {HIDDEN}\n"
    # Where the settings themselves are the mistake, there is nothing to hide.
    Path(".env").write_text("MATINEE_OWNER_ID=none\n")
    tell("MATINEE_OWNER_ID: must be a number")
    assert capsys.readouterr().err == "MATINEE_OWNER_ID: must be a number\n"


CRASHES = {
    "nobody catches it": "raise RuntimeError(secret)",
    "in a thread": "def fails(): raise RuntimeError(secret)\n"
    "thread = threading.Thread(target=fails); thread.start(); thread.join()",
    "as a warning": "import warnings; warnings.warn(secret)",
    "in a task": "import asyncio\n"
    "async def fails(): raise RuntimeError(secret)\n"
    "async def runs():\n"
    "    task = asyncio.create_task(fails()); await asyncio.sleep(0); await asyncio.sleep(0); del task\n"
    "asyncio.run(runs())",
}


@pytest.mark.parametrize("crash", CRASHES.values(), ids=CRASHES)
def test_a_fault_that_nobody_catches_is_told_without_secrets(crash: str) -> None:
    program = (
        "import sys, threading\n"
        "from bot.cli.logs import log_crashes, set_up_logging\n"
        "from bot.settings import Settings\n"
        "log_crashes()\n"
        "set_up_logging(Settings.read())\n"
        "secret = sys.argv[1]\n" + crash
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, TOKEN],
        env=os.environ | {"DISCORD_TOKEN": TOKEN, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert HIDDEN in ended.stderr
    assert TOKEN not in ended.stderr


def test_commands_for_people_are_quiet_unless_a_level_was_chosen() -> None:
    set_up_logging(read(""), quiet=True)
    assert logging.getLogger().level == logging.WARNING
    set_up_logging(read("MATINEE_LOG_LEVEL=debug\n"), quiet=True)
    assert logging.getLogger().level == logging.DEBUG
    set_up_logging(read(""))
    assert logging.getLogger().level == logging.INFO
