"""The log, and what must not be in it."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.logs import HIDDEN, DiscreetFormatter, set_up_logging
from bot.settings import Settings

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
    for name in ("MATINEE_LOG_LEVEL", "DISCORD_TOKEN", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


def read(text: str) -> Settings:
    Path(".env").write_text(text)
    return Settings.read()


def test_secrets_are_hidden_in_messages_arguments_and_tracebacks() -> None:
    try:
        raise RuntimeError(f"refused {TOKEN}")
    except RuntimeError:
        record = logging.LogRecord("x", 40, __file__, 1, "sent %s", (TOKEN,), sys.exc_info())
    text = DiscreetFormatter([TOKEN, ""]).format(record)
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


def test_commands_for_people_are_quiet_unless_a_level_was_chosen() -> None:
    set_up_logging(read(""), quiet=True)
    assert logging.getLogger().level == logging.WARNING
    set_up_logging(read("MATINEE_LOG_LEVEL=debug\n"), quiet=True)
    assert logging.getLogger().level == logging.DEBUG
    set_up_logging(read(""))
    assert logging.getLogger().level == logging.INFO
