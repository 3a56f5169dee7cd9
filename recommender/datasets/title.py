"""Titles as MovieLens writes them, taken apart: ``Postman, The (Postino, Il) (1994)``."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_ARTICLES = frozenset(
    article
    for language in (
        "The A An",
        "Le La Les L' Un Une Des",
        "El La Los Las Lo Un Una Unos Unas",
        "Il Lo La I Gli Le L' Un Uno Una Un'",
        "O A Os As Um Uma",
        "Der Die Das Ein Eine",
        "De Het Een 't",
        "Den Det De En Ett Et",
        "Els Az",
    )
    for article in language.split()
)
_ENGLISH = frozenset({"the", "a", "an"})
_YEAR = re.compile(r"((?:18|19|20)\d\d)(?:\s*[-–—]\s*(?:\d{4})?)?")
_ALSO = re.compile(r"(?:^|[\s,;/]+)(?:a\.\s?k\.\s?a\.?|aka|also known as)(?=[\s:])[\s:]*", re.IGNORECASE)
# What stands in front of parentheses that belong to the title: "Birdman: Or (The Unexpected Virtue ...)".
_UNFINISHED = re.compile(r"(?::|\b(?:or|and|of))$", re.IGNORECASE)
_MEDIUM = frozenset({"tv", "tv movie", "tv series", "tv mini-series", "video", "v"})
# Control characters, and halves of characters, which no file can hold.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class ParsedTitle(NamedTuple):
    """What was written as a title.

    Attributes
    ----------
    title : str
        Article in front, without year and alternative titles; empty if nothing was written.
    year : int or None
    aliases : tuple of str
        Alternative and original titles, different from `title` and from each other.
    """

    title: str
    year: int | None
    aliases: tuple[str, ...]


def parse_title(text: str) -> ParsedTitle:
    """Take a title of MovieLens apart.

    ``City of Lost Children, The (Cité des enfants perdus, La) (1995)`` is *The City of Lost Children* of
    1995, also known as *La Cité des enfants perdus*. Parentheses count as alternative titles only at the end.
    """
    rest = one_line(text)
    year: int | None = None
    groups: list[str] = []
    while (split := _last_parentheses(rest)) is not None:
        before, inner = split
        found = _YEAR.fullmatch(inner) if year is None else None
        if found:
            year = int(found[1])
        elif _UNFINISHED.search(before):
            break
        else:
            groups.append(inner)
        rest = before
    title = in_reading_order(rest)
    aliases: dict[str, str] = {}
    for group in reversed(groups):
        for alias in _alternatives(group):
            aliases.setdefault(alias.casefold(), alias)
    aliases.pop(title.casefold(), None)
    return ParsedTitle(title, year, tuple(aliases.values()))


def one_line(text: str) -> str:
    """A text of one line, whatever control characters it had, with single blanks."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def in_reading_order(title: str) -> str:
    """Put the article behind a title in front of it: ``Auberge espagnole, L'`` is ``L'Auberge espagnole``."""
    name, comma, article = title.rpartition(",")
    article = article.strip().replace("’", "'")
    if not comma or not name.strip():
        return title
    if article not in _ARTICLES and article.casefold() not in _ENGLISH:
        return title
    return f"{article}{name.strip()}" if article.endswith("'") else f"{article} {name.strip()}"


def _last_parentheses(text: str) -> tuple[str, str] | None:
    """Split ``Hero (Ying xiong)`` into ``Hero`` and ``Ying xiong``; None if nothing ends in parentheses."""
    if not text.endswith(")"):
        return None
    depth = 0
    for position in range(len(text) - 1, 0, -1):
        depth += (text[position] == ")") - (text[position] == "(")
        if depth == 0:
            before = text[:position].rstrip()
            return (before, text[position + 1 : -1].strip()) if before else None
    return None


def _alternatives(group: str) -> Iterator[str]:
    for part in _ALSO.split(group):
        alias = in_reading_order(part.strip(" ,;"))
        if alias and alias.casefold() not in _MEDIUM:
            yield alias
