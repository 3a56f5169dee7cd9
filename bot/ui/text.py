"""Text of people and titles, made safe for the places where Discord shows it."""

import unicodedata
from collections.abc import Callable, Iterable

from bot.services.foreign import one_line

ELLIPSIS = "…"
UNNAMED = "(no name)"

_MARKDOWN = frozenset("\\*_~|`<>[]#")
_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


def size(text: str) -> int:
    """Length in UTF-16 units: never less than what Discord counts, whichever way it counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def _clean(text: str) -> str:
    """One line; Discord refuses a label in which nothing can be seen, as it does an empty one."""
    line = one_line(text)
    return line if any(unicodedata.category(character)[0] in "LNPS" for character in line) else UNNAMED


def _fit(units: Iterable[str], limit: int) -> str:
    """Join `units` (which are never cut) up to `limit`, with an ellipsis if some had to go."""
    taken: list[str] = []
    used, fits = 0, 0
    for unit in units:
        used += size(unit)
        if used > limit:
            return "".join(taken[:fits]) + ELLIPSIS
        taken.append(unit)
        if used < limit:
            fits = len(taken)
    return "".join(taken)


def _isolated(text: str, limit: int, fit: Callable[[str, int], str]) -> str:
    """Keep a right-to-left text from reordering the line around it."""
    if any(unicodedata.bidirectional(character) in ("R", "AL") for character in text) and limit > 2:
        return f"{_ISOLATE}{fit(text, limit - 2)}{_POP_ISOLATE}"
    return fit(text, limit)


def _escape(character: str) -> str:
    if character in _MARKDOWN:
        return "\\" + character
    return "@\u200b" if character == "@" else character


def plain(text: str, limit: int = 300) -> str:
    """`text` as itself where Discord renders markdown: on one line, nothing in it formats, links or mentions.

    At most `limit` long, ending in an ellipsis if it had to be cut; never empty.
    """

    def fit(text: str, limit: int) -> str:
        return _fit(map(_escape, text), limit)

    # An address is broken before anything is cut: a whole one would be unfolded into a preview.
    return _isolated(_clean(text).replace("://", ":\u200b//"), limit, fit)


def label(text: str, limit: int) -> str:
    """`text` where Discord shows no markdown (buttons, choices, footers): one line, cut, never empty."""
    return _isolated(_clean(text), limit, _fit)


def clip(text: str, limit: int) -> str:
    """Ready-made text, lines and formatting kept, cut to `limit`."""
    return _fit(text, limit)


def joined(lines: Iterable[str], limit: int, *, more: str = "and {count} more") -> str:
    """As many whole lines as fit into `limit`, and how many did not."""
    lines = list(lines)
    text = "\n".join(lines)
    kept = len(lines)
    while size(text) > limit and kept:
        kept -= 1
        text = "\n".join([*lines[:kept], more.format(count=len(lines) - kept)])
    return clip(text, limit)


def sentence(line: str) -> str:
    """The line with its first letter large."""
    return line[:1].upper() + line[1:]
