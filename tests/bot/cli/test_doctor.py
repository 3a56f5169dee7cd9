"""What doctor says about a healthy home and about sick ones."""

import os
import sqlite3
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.cli import checks
from bot.cli.checks import Check, examine
from bot.services.clock import utc_now
from bot.settings import Settings
from bot.store.backup import backup_name

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789AB"


@pytest.fixture(autouse=True)
def no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """Importing LightFM takes a second, and one test is enough for it."""
    monkeypatch.setattr(checks, "_lightfm", lambda: Check("lightfm", "ok", "1.17.3"))


def settings(home: Path, **changes: object) -> Settings:
    plain = {"home": home, "database_url": None, "discord_token": None}
    return Settings().model_copy(update={**plain, **changes})


def found(home: Path, name: str, **changes: object) -> Check:
    return next(check for check in examine(settings(home, **changes), utc_now) if check.name == name)


def test_a_new_machine_is_healthy_and_nothing_is_made(tmp_path: Path) -> None:
    home = tmp_path / "not" / "yet"
    looked = examine(settings(home), utc_now)
    assert all(check.state != "bad" for check in looked), looked
    assert len({check.name for check in looked}) == len(looked) == 14
    assert not (tmp_path / "not").exists()


def test_tmdbs_terms_are_told(tmp_path: Path) -> None:
    without = found(tmp_path, "tmdb")
    assert without.state == "ok", "without a key nothing nags"
    assert "0 movies by TMDB" in without.detail
    assert "teaches no model and is forgotten after 180 days" in without.detail
    assert found(tmp_path, "tmdb", tmdb_key=SecretStr("key")).detail.startswith("a key is set")


def test_who_decides_for_all_servers_is_told(tmp_path: Path) -> None:
    nobody = found(tmp_path, "owner")
    assert nobody.state == "note"
    assert "set it to your Discord id" in nobody.detail
    assert found(tmp_path, "owner", owner_id=7) == Check("owner", "ok", "7, who decides for all servers")


def test_lightfm_is_looked_for_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert checks._lightfm().state == "ok"


@pytest.mark.parametrize(
    ("script", "told"),
    [("exit 1", "cannot be imported"), ("kill -ILL $$", "another processor")],
)
def test_a_lightfm_that_cannot_be_imported_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, told: str
) -> None:
    monkeypatch.undo()
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    check = checks._lightfm()
    assert (check.state, told in check.detail) == ("bad", True)


def test_a_home_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    assert "is a file" in found(tmp_path / "home", "home").detail


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_home_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert found(tmp_path / "home", "home").state == "bad"
    tmp_path.chmod(0o700)


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 10 << 20

    monkeypatch.setattr(checks.shutil, "disk_usage", lambda place: Usage)
    assert found(tmp_path, "disk").state == "bad"


def test_a_damaged_database_is_told_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "matinee.db"
    file.write_bytes(b"no database at all" * 100)
    check = found(tmp_path, "database")
    assert check.state == "bad"
    assert "damaged" in check.detail
    assert file.read_bytes() == b"no database at all" * 100


def test_a_database_of_another_program_is_told(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "matinee.db") as database:
        database.execute("CREATE TABLE theirs (x)")
    database.close()
    assert "another program" in found(tmp_path, "database").detail


def test_an_address_that_is_none_is_told_without_its_password(tmp_path: Path) -> None:
    check = found(tmp_path, "database", database_url="postgres//me:hunter2@host")
    assert check.state == "bad"
    assert "hunter2" not in check.detail


def test_a_broken_model_is_told(tmp_path: Path) -> None:
    assert found(tmp_path, "models").state == "note"
    (tmp_path / "models" / "1").mkdir(parents=True)
    (tmp_path / "models" / "1" / "manifest.json").write_text("{")
    assert found(tmp_path, "models").state == "bad"


@pytest.mark.parametrize(
    ("token", "state"), [(None, "note"), (TOKEN, "ok"), ("not-a-token", "bad"), ("a.b.c", "bad")]
)
def test_a_token_is_judged_by_its_shape_and_never_shown(
    tmp_path: Path, token: str | None, state: str
) -> None:
    check = found(tmp_path, "token", discord_token=None if token is None else SecretStr(token))
    assert check.state == state
    assert token is None or token not in check.detail


def test_backups_that_stopped_coming_are_told(tmp_path: Path) -> None:
    assert found(tmp_path, "backups").state == "note"
    assert "python -m bot backup" in found(tmp_path, "backups", backups=0).detail
    folder = tmp_path / "backups"
    folder.mkdir()
    for days, state in ((9, "note"), (0, "ok")):
        (folder / backup_name(utc_now() - timedelta(days=days), "daily")).write_text("")
        assert found(tmp_path, "backups").state == state


@pytest.mark.parametrize("year", [1970, 2000, 2200])
def test_a_wrong_clock_is_told(tmp_path: Path, year: int) -> None:
    clock: Callable[[], datetime] = lambda: datetime(year, 1, 1, tzinfo=UTC)  # noqa: E731
    check = next(check for check in examine(settings(tmp_path), clock) if check.name == "clock")
    assert check.state == "bad"
