"""What the README says of the configuration and of the commands is what the program knows."""

import re
from pathlib import Path

from typer.main import get_command

from bot.cli import build
from bot.cli.run import invite_link
from bot.settings import Settings

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def variables() -> set[str]:
    """Names of all settings in the environment."""
    return {
        str(field.validation_alias or f"MATINEE_{name}").upper()
        for name, field in Settings.model_fields.items()
    }


def test_every_setting_has_a_row_in_the_table_and_no_other() -> None:
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE)) == variables()


def test_the_defaults_are_those_of_the_code() -> None:
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| `([^`]*)` \|", README, re.MULTILINE))
    assert rows["MATINEE_LOG_LEVEL"] == Settings.model_fields["log_level"].default
    assert Path(rows["MATINEE_HOME"]) == Settings.model_fields["home"].default


def test_every_command_line_that_is_named_exists() -> None:
    known = set(get_command(build()).commands)  # pyright: ignore[reportAttributeAccessIssue]
    named = set(re.findall(r"python -m bot (\w+)", README))
    assert {"run", "console", "data", "train", "evaluate", "backup", "doctor"} <= named <= known


def test_the_invitation_asks_for_what_the_bot_needs() -> None:
    assert invite_link() in README
