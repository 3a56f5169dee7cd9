"""Where the console writes: in colour and wrapped on a terminal, whole plain lines in a pipe."""

import unicodedata
from collections.abc import Sequence
from typing import TextIO

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.services.foreign import one_line

_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_NARROWEST, _WIDEST = 20, 100


def isolated(text: str) -> str:
    """`text` on one line that leaves the line around it in its order if it is written from right to left."""
    seen = one_line(text)
    if any(unicodedata.bidirectional(character) in ("R", "AL") for character in seen):
        return f"{_ISOLATE}{seen}{_POP_ISOLATE}"
    return seen


class Screen:
    """Lines of a terminal session.

    Parameters
    ----------
    file : TextIO or None
        Where to write; standard output if None.
    """

    def __init__(self, file: TextIO | None = None) -> None:
        # Nothing that people or data wrote may be taken for markup, so only Text objects have style.
        self.console = Console(file=file, markup=False, highlight=False, emoji=False)
        if self.console.is_terminal:
            self.console.width = min(max(self.console.width, _NARROWEST), _WIDEST)

    def line(self, *parts: str | tuple[str, str] | Text, indent: int = 0) -> None:
        """Write a line of parts, each a text, a text with its style, or rich's own."""
        text = Text.assemble(*parts)
        if self.console.is_terminal:
            self.console.print(Padding(text, (0, 0, 0, indent), expand=False))
        else:
            self.console.print(Text(" " * indent) + text, soft_wrap=True)

    def lines(self, texts: Sequence[str], *, indent: int = 0, style: str = "") -> None:
        """Write plain lines."""
        for text in texts:
            self.line((text, style), indent=indent)

    def heading(self, text: str) -> None:
        """Write a line that stands above others."""
        self.line((text, "bold"))

    def note(self, text: str, *, indent: int = 0) -> None:
        """Write a line that matters less."""
        self.line((text, "dim"), indent=indent)

    def error(self, text: str) -> None:
        """Write the one line that says what was wrong."""
        self.line(("✗ ", "red"), one_line(text))

    def gap(self) -> None:
        """Write an empty line."""
        self.console.print()
