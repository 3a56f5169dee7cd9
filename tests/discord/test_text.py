"""Whatever titles and names are, what is shown of them stays within the limits and formats nothing."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.foreign import MOST_MARKS
from bot.ui.text import UNNAMED, clip, joined, label, plain, sentence, size
from tests.discord.films import WILD_TITLES

TEXTS = st.one_of(
    st.text(max_size=400),
    st.text(alphabet="*_`~|<>@#[]()\\-: \n\t\u200b\u202e\u05d0😀é", max_size=400),
    st.sampled_from(WILD_TITLES),
)


@given(TEXTS, st.integers(5, 300))
def test_plain_and_label_keep_the_limit_and_show_something_on_one_line(text: str, limit: int) -> None:
    for shown in (plain(text, limit), label(text, limit)):
        assert 0 < size(shown) <= limit
        assert "\n" not in shown
        assert shown.strip()
        shown.encode()


@given(TEXTS, st.integers(5, 300))
def test_nothing_in_a_plain_text_formats_links_or_mentions(text: str, limit: int) -> None:
    shown = plain(text, limit)
    rest = shown.replace("\\\\", "")
    for character in "*_~|`<>[]#":
        assert rest.count(character) == rest.count("\\" + character)
    assert "@everyone" not in shown
    assert "@here" not in shown
    assert "://" not in shown


@given(
    st.integers(0, 320), st.sampled_from(["https://", "HTTP://", "steam://", "x://://"]), st.integers(20, 300)
)
def test_an_address_is_broken_wherever_the_text_is_cut(before: int, scheme: str, limit: int) -> None:
    shown = plain("a" * before + f" {scheme}example.org/path " + "b" * 300, limit)
    assert "://" not in shown
    assert size(shown) <= limit


MARKS = "".join(map(chr, (*range(0x300, 0x370), *range(0x20D0, 0x20F1), *range(0x1AB0, 0x1AC0))))


@given(st.text(alphabet=MARKS + "aé\u200b\u200d", max_size=400))
def test_no_letter_carries_a_tower_of_marks(text: str) -> None:
    for shown in (plain(text), label(text, 300)):
        tower = 0
        for character in shown:
            category = unicodedata.category(character)
            tower = tower + 1 if category in ("Mn", "Me") else tower if category == "Cf" else 0
            assert tower <= MOST_MARKS


@pytest.mark.parametrize(
    "text",
    ["Việt Nam", unicodedata.normalize("NFD", "Việt Nam"), "नमस्ते", "ที่นี่", "שָׁלוֹם", "❤️‍🔥", "बॉलीवुड क्षत्रिय"],
)
def test_letters_keep_the_marks_that_languages_give_them(text: str) -> None:
    assert label(text, 100).strip("\u2068\u2069") == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Contact (1997)", "Contact (1997)"),
        ("*batteries not included", "\\*batteries not included"),
        ("a\nb\t c", "a b c"),
        ("", UNNAMED),
        ("\u200b\u3164", UNNAMED),
        ("Amélie 😀", "Amélie 😀"),
        ("\u202eevil", "evil"),
    ],
)
def test_plain_shows_a_text_as_it_is(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_right_to_left_text_is_isolated() -> None:
    assert plain("שלום") == "\u2068שלום\u2069"
    assert size(label("ש" * 50, 20)) <= 20


def test_a_cut_text_says_so() -> None:
    assert plain("a" * 10, 5) == "aaaa…"
    assert plain("a" * 5, 5) == "aaaaa"
    assert label("😀" * 10, 5) == "😀😀…"
    assert clip("line\nline", 6) == "line\n…"


def test_escapes_are_not_cut_in_two() -> None:
    assert plain("*" * 10, 6) == "\\*\\*…"


@given(st.lists(st.text(min_size=1, max_size=50), max_size=40), st.integers(30, 300))
def test_joined_lines_keep_the_limit(lines: list[str], limit: int) -> None:
    assert size(joined(lines, limit)) <= limit


def test_joined_says_how_many_lines_are_left_out() -> None:
    assert joined(["x" * 10] * 5, 40) == "xxxxxxxxxx\nxxxxxxxxxx\nand 3 more"
    assert joined(["a", "b"], 40) == "a\nb"


def test_sentence() -> None:
    assert sentence("say which movie") == "Say which movie"
    assert sentence("") == ""
