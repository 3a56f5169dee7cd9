"""Options written into a line."""

import pytest

from bot.console.flags import Flags, nothing_behind, split_flags
from bot.errors import UserError

NAMES = ("genre", "exclude_genre", "from_year")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Flags("", {})),
        ("5", Flags("5", {})),
        ("genre: Drama", Flags("", {"genre": "Drama"})),
        ("5 genre:Sci-Fi from_year: 1980", Flags("5", {"genre": "Sci-Fi", "from_year": "1980"})),
        ("exclude_genre: Film-Noir", Flags("", {"exclude_genre": "Film-Noir"})),
        ("Mission: Impossible genre: Action", Flags("Mission: Impossible", {"genre": "Action"})),
        ("Alien: subgenre: x", Flags("Alien: subgenre: x", {})),
    ],
)
def test_options_are_taken_out_of_the_line(text: str, expected: Flags) -> None:
    assert split_flags(text, NAMES) == expected


@pytest.mark.parametrize("text", ["genre:", "genre: from_year: 1980", "genre: a genre: b"])
def test_an_option_without_value_or_twice_is_a_mistake(text: str) -> None:
    with pytest.raises(UserError, match="genre"):
        split_flags(text, NAMES)


def test_a_number_is_a_whole_one() -> None:
    assert split_flags("from_year: 1980", NAMES).whole("from_year") == 1980
    assert split_flags("", NAMES).whole("from_year") is None


@pytest.mark.parametrize("text", ["1980.5", "x", "١٩٨٠", "9" * 30, "1e3", "--1"])
def test_what_is_no_whole_number_is_a_mistake(text: str) -> None:
    with pytest.raises(UserError, match="from_year must be a whole number"):
        split_flags(f"from_year: {text}", NAMES).whole("from_year")


def test_nothing_may_stand_behind_some_commands() -> None:
    nothing_behind("", "about")
    with pytest.raises(UserError, match="!about"):
        nothing_behind("x", "about")
