"""Changing `.env` a variable at a time."""

import os
import stat
from pathlib import Path

import pytest
from pydantic_settings import DotEnvSettingsSource

from bot.cli.env_file import EnvFile
from bot.errors import UserError
from bot.settings import Settings


@pytest.fixture
def env(tmp_path: Path) -> Path:
    return tmp_path / ".env"


def put(env: Path, name: str, value: str) -> str:
    EnvFile(env, env.with_name(".env.example")).put(name, value)
    return env.read_bytes().decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "A=new\n"),
        ("A=old\n", "A=new\n"),
        ("A=old", f"A=new{os.linesep}"),
        ("# A is the token\nA=old # why\nB=2\n", "# A is the token\nA=new\nB=2\n"),
        ("# A=example\n\nB=2\n", "# A=example\nA=new\n\nB=2\n"),
        ("B=2", "B=2\nA=new\n"),
        ("A=1\nB=2\nA=3\n", "A=1\nB=2\nA=new\n"),
        ("export A=old\nAA=1\nBA=2\n", "A=new\nAA=1\nBA=2\n"),
        ("A=old\r\nB=2\r\n", "A=new\r\nB=2\r\n"),
        ("what is this\n\tB = 'x'\n", "what is this\n\tB = 'x'\nA=new\n"),
    ],
)
def test_one_variable_is_set_and_the_rest_stays(env: Path, before: str, after: str) -> None:
    env.write_bytes(before.encode())
    assert put(env, "A", "new") == after


def test_a_new_file_begins_as_the_example_and_is_its_owners_alone(env: Path) -> None:
    env.with_name(".env.example").write_text("# all\nDISCORD_TOKEN=\n", encoding="utf-8")
    old = os.umask(0)
    try:
        assert put(env, "DISCORD_TOKEN", "a.b-c_d") == "# all\nDISCORD_TOKEN=a.b-c_d\n"
    finally:
        os.umask(old)
    assert stat.S_IMODE(env.stat().st_mode) == 0o600
    assert sorted(path.name for path in env.parent.iterdir()) == [".env", ".env.example"]


def test_a_file_that_others_could_read_is_closed(env: Path) -> None:
    env.write_text("A=1\n", encoding="utf-8")
    env.chmod(0o644)
    put(env, "A", "2")
    assert stat.S_IMODE(env.stat().st_mode) == 0o600


def test_a_link_stays_one(env: Path, tmp_path: Path) -> None:
    real = tmp_path / "secrets"
    real.write_text("A=1\n", encoding="utf-8")
    env.symlink_to(real)
    assert put(env, "A", "2") == "A=2\n"
    assert env.is_symlink()


@pytest.mark.parametrize("value", ["two\nlines", "it's", "\x00"])
def test_what_cannot_be_written_changes_nothing(env: Path, value: str) -> None:
    env.write_text("A=1\n", encoding="utf-8")
    with pytest.raises(UserError, match="A must be one line"):
        put(env, "A", value)
    assert env.read_text(encoding="utf-8") == "A=1\n"


def test_a_file_that_is_no_text_is_left_alone(env: Path) -> None:
    env.write_bytes(b"A=\xff\xfe\n")
    with pytest.raises(UserError, match="cannot be written"):
        put(env, "A", "2")
    assert env.read_bytes() == b"A=\xff\xfe\n"


@pytest.mark.parametrize("value", ["plain", "with space", "#hash", 'a"b', "a\\b", "$HOME", "ü"])
def test_the_settings_read_what_was_written(env: Path, value: str) -> None:
    put(env, "MATINEE_HOME", value)
    assert DotEnvSettingsSource(Settings, env_file=env)()["home"] == value
