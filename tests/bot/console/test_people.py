"""Who speaks in the console."""

import pytest

from bot.console.people import person
from bot.errors import UserError
from tests.bot.console.conftest import Terminal


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


async def test_a_name_that_nobody_goes_by_is_an_error_that_lists_who_is_known(terminal: Terminal) -> None:
    known = await terminal.services.privacy.known()
    for line in (
        *("!ratings Anna", "!taste Anna", "!compare Anna", "!watchlist show Anna", "!group Anna, Ben"),
        *("!watchlist together Anna", "!night plan in 3 days 20:00 who: Anna"),
    ):
        answer = await terminal.say("as Zoe", line)
        assert answer.startswith("✗ nobody is called “Anna”; known: Ana, "), line
        assert "“as Anna” lets somebody new speak" in answer
    assert await terminal.services.privacy.known() == known


async def test_who_has_spoken_is_known(terminal: Terminal) -> None:
    answer = await terminal.say("as Xaver", "as Zoe", "!ratings xaver")
    assert "has rated nothing" in answer


async def test_two_of_one_name_are_told_apart_by_number(terminal: Terminal) -> None:
    movie = terminal.services.movies.find("Alien (1979)").movies[0]
    for number in (10**17, 10**17 + 1):
        await terminal.services.ratings.rate(number, "Sam", movie.movie_id, 4.0)
    asked = await terminal.say("!ratings Sam")
    assert f"Sam ({10**17}), Sam ({10**17 + 1}); write the number in brackets instead" in asked
    assert "Sam has rated 1 movie" in await terminal.say(f"!ratings {10**17}")
