"""Text of people and data in a terminal."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from bot.console.screen import Screen, isolated


def terminal(width: int) -> tuple[Screen, io.StringIO]:
    """A screen that believes in a terminal without colours."""
    file = io.StringIO()
    screen = Screen(file)
    screen.console = Console(
        file=file,
        force_terminal=True,
        color_system=None,
        width=width,
        markup=False,
        highlight=False,
        emoji=False,
    )
    return screen, file


@given(st.text())
def test_cleaned_text_is_one_line_that_controls_nothing(text: str) -> None:
    shown = isolated(text)
    assert "\x1b" not in shown
    assert len(shown.splitlines()) <= 1
    assert shown.count("\u2068") == shown.count("\u2069") <= 1


def test_escape_sequences_and_line_ends_do_nothing() -> None:
    assert isolated("a\x1b[31mred\r\nb\x07\x9b2J") == "a[31mred b2J"
    assert isolated("a\u202eb\u2066c") == "abc"


def test_right_to_left_text_is_kept_to_itself() -> None:
    assert isolated("שלום") == "\u2068שלום\u2069"
    assert isolated("Amélie") == "Amélie"


@pytest.mark.parametrize("text", ["[bold]x[/bold]", "[/]", ":smile:", "[link=file:///]x"])
def test_markup_of_others_is_only_text(text: str) -> None:
    file = io.StringIO()
    screen = Screen(file)
    screen.line(text)
    screen.heading(text)
    screen.error(text)
    assert file.getvalue() == f"{text}\n{text}\n✗ {text}\n"


def test_a_pipe_gets_whole_lines_without_colour() -> None:
    file = io.StringIO()
    Screen(file).line(("word " * 100, "bold red"), indent=3)
    assert file.getvalue() == "   " + "word " * 100 + "\n"


@pytest.mark.parametrize("title", ["word " * 60, "黒澤明" * 50, "🎬" * 100, "a" * 300])
def test_a_terminal_gets_lines_that_fit_and_keep_their_indent(title: str) -> None:
    screen, file = terminal(40)
    screen.line(title, indent=4)
    lines = file.getvalue().splitlines()
    assert len(lines) > 1
    assert all(cell_len(line) <= 40 for line in lines)
    assert all(line.startswith("    ") for line in lines)
