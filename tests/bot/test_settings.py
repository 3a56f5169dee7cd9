"""Settings from the environment and `.env`."""

import re
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.settings import Settings

NAMES = (
    *("MATINEE_HOME", "DATABASE_URL", "DISCORD_TOKEN"),
    *("MATINEE_OWNER_ID", "MATINEE_TMDB_KEY", "MATINEE_BACKUPS", "MATINEE_LOG_LEVEL"),
    "MATINEE_CATALOGUE_DAYS",
)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_the_defaults(tmp_path: Path):
    settings = Settings.read()
    assert settings.home == tmp_path / "var"
    assert settings.datasets == tmp_path / "var" / "datasets"
    assert settings.models == tmp_path / "var" / "models"
    assert (settings.database_url, settings.discord_token, settings.owner_id) == (None, None, None)
    assert settings.log_level == "INFO"


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch):
    Path(".env").write_text("MATINEE_HOME=/srv/file\nMATINEE_OWNER_ID=42\nDISCORD_TOKEN=' abc.def '\n")
    monkeypatch.setenv("MATINEE_HOME", "/srv/environment")
    monkeypatch.setenv("DATABASE_URL", "sqlite:////srv/x.db")
    settings = Settings.read()
    assert settings.home == Path("/srv/environment")
    assert settings.owner_id == 42
    assert settings.database_url == "sqlite:////srv/x.db"
    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == "abc.def"


def test_empty_is_not_set_and_foreign_names_are_ignored(monkeypatch: pytest.MonkeyPatch):
    Path(".env").write_text("MATINEE_OWNER_ID=\nDISCORD_TOKEN=\nPOSTGRES_PASSWORD=x\n")
    monkeypatch.setenv("MATINEE_HOME", "")
    settings = Settings.read()
    assert settings.owner_id is None
    assert settings.discord_token is None
    assert settings.home == Path("var").absolute()


def test_the_home_stays_where_it_is_when_the_process_moves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    settings = Settings.read()
    monkeypatch.chdir("/")
    assert settings.home == tmp_path / "var"


def test_the_level_of_the_log_in_any_case(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MATINEE_LOG_LEVEL", "debug")
    assert Settings.read().log_level == "DEBUG"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MATINEE_OWNER_ID", "secret"),
        ("MATINEE_OWNER_ID", "-5"),
        ("MATINEE_LOG_LEVEL", "secret"),
        ("MATINEE_BACKUPS", "-1"),
        ("MATINEE_BACKUPS", "secret"),
        ("DISCORD_TOKEN", "two secret words"),
    ],
)
def test_a_bad_value_is_one_line_that_names_it_and_does_not_repeat_it(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(name, value)
    with pytest.raises(UserError) as caught:
        Settings.read()
    line = str(caught.value)
    assert line.startswith(f"{name}: ")
    assert "\n" not in line
    assert "secret" not in line


def test_a_file_in_another_encoding():
    Path(".env").write_bytes("MATINEE_HOME=/srv/Kinöchen".encode("utf-16"))
    with pytest.raises(UserError, match=r"\.env cannot be read as UTF-8"):
        Settings.read()


def test_nothing_secret_is_shown(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DISCORD_TOKEN", "abc.hunter2")
    monkeypatch.setenv("DATABASE_URL", "postgresql://bot:hunter2@host/db")
    settings = Settings.read()
    assert "hunter2" not in repr(settings)
    assert "hunter2" not in str(settings)


def test_the_example_names_every_setting_with_its_default():
    example = (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8")
    named = dict(re.findall(r"^#?([A-Z_]+)=(.*)$", example, re.MULTILINE))
    assert set(named) == set(NAMES)
    assert named["MATINEE_HOME"] == "./var"
    assert named["MATINEE_BACKUPS"] == str(Settings.model_fields["backups"].default)
    assert named["MATINEE_CATALOGUE_DAYS"] == str(Settings.model_fields["catalogue_days"].default)
    assert named["MATINEE_LOG_LEVEL"] == Settings.model_fields["log_level"].default
    fields = Settings.model_fields.items()
    assert {field.validation_alias or f"MATINEE_{name.upper()}" for name, field in fields} == set(NAMES)
