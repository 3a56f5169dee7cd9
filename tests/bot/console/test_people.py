"""Who speaks in the console."""

import pytest

from bot.console.people import person
from bot.errors import UserError


def test_a_name_is_the_same_person_for_ever() -> None:
    # The number is in databases: it must never become another one.
    assert person("Ana").user_id == person("  ana ").user_id == -1917860713187313457
    assert person("Ana").user_id != person("Ben").user_id


def test_numbers_are_nobodys_at_discord_and_fit_the_database() -> None:
    for name in ("Ana", "Ben", "黒澤", "🎬", "x" * 32):
        assert -(2**63) <= person(name).user_id < 0


def test_a_name_is_shown_as_written() -> None:
    assert person("  Ana   Lucía ").name == "Ana Lucía"
    assert person("Lucía").user_id == person("Luci\u0301a").user_id


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "x" * 33, "\x1b"])
def test_no_name_is_a_mistake(name: str) -> None:
    with pytest.raises(UserError, match=r"name|as Ana"):
        person(name)
