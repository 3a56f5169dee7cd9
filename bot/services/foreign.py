"""Text that people or data wrote, made harmless for any place in which it is shown."""

import unicodedata

MOST_MARKS = 4
"""So many marks stand on one letter in any language; towers of them reach into the lines around."""

_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def one_line(text: str) -> str:
    """`text` on one line, without what could turn, hide, break or cover what stands around it."""
    characters: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        if character.isspace() or character in _BLANK_LETTERS:
            characters.append(" ")
        elif character not in _BIDI_CONTROLS and category not in ("Cc", "Cs", "Co"):
            # What is invisible carries no marks, so it does not begin a new tower.
            marks = marks + 1 if category in ("Mn", "Me") else marks if category == "Cf" else 0
            if marks <= MOST_MARKS:
                characters.append(character)
    return " ".join("".join(characters).split())


def short(text: str, most: int = 60) -> str:
    """What is quoted of a text in a line about it: its beginning."""
    line = one_line(text)
    return line if len(line) <= most else f"{line[: most - 1]}…"
