"""What somebody typed, and the ways to read it."""

import re
from dataclasses import dataclass, replace

from recommender.titles.folding import article_first, fold, spellings, words_of

LONGEST = 400
MOST_WORDS = 80

_YEAR_IN_PARENTHESES = re.compile(r"(.*\S)\s*[(\[]\s*(\d{1,4})\s*[)\]]?")
_YEAR_AT_THE_END = re.compile(r"(.*\S)\s+(\d{1,4})")
_BETWEEN = re.compile(r"\)\s*\(")
_KNOWN_AS = re.compile(r"^a\.?k\.?a\.?\s+", re.IGNORECASE)
_FIRST_YEAR, _LAST_YEAR = 1870, 2100


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand what was typed.

    Attributes
    ----------
    text : str
        Folded title, articles included.
    words : list of str
        Its words without articles.
    spellings : frozenset of str
        The ways to write it; see `recommender.titles.folding.spellings`.
    years : tuple of int or None
        First and last year meant; a year half typed means a decade or a century.
    also : frozenset of str
        The ways to write what stood in parentheses behind the title: it is that of a movie that has it as
        another title, and of no other.
    """

    text: str
    words: list[str]
    spellings: frozenset[str]
    years: tuple[int, int] | None = None
    also: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """The words run together, as titles are compared."""
        return "".join(self.words)

    @property
    def has_whole_year(self) -> bool:
        """Whether a year was typed to its end."""
        return self.years is not None and self.years[0] == self.years[1]


def readings(text: str) -> list[Reading]:
    """All ways to read a text, likeliest first: as a title, and as a title with a year behind it.

    A year in parentheses is meant as one: ``Dune (1984)``. A bare number at the end may as well belong
    to the title: ``Blade Runner 2049``. No reading has an empty title; text of nothing but blanks and
    control characters has no reading.
    """
    return [way for way in _readings(" ".join(text[:LONGEST].split())) if way.words]


def _readings(text: str) -> list[Reading]:
    whole = _titles(text, None)
    in_parentheses = _YEAR_IN_PARENTHESES.fullmatch(text)
    match = in_parentheses or _YEAR_AT_THE_END.fullmatch(text)
    years = _years(match[2]) if match else None
    if match is None or years is None:
        return whole
    dated = _titles(match[1], years)
    if not in_parentheses:
        return [*whole, *dated]
    # "Twelve Monkeys (a.k.a. 12 Monkeys) (1995)": the aliases may be written otherwise here.
    main, _, rest = match[1].partition(" (")
    names = _BETWEEN.split(rest.rstrip(")")) if rest else ()
    also = frozenset[str]().union(*(spellings(_KNOWN_AS.sub("", name)) for name in names))
    return [*dated, *(replace(way, also=also) for way in (_titles(main, years) if names else ())), *whole]


def _titles(text: str, years: tuple[int, int] | None) -> list[Reading]:
    """The text as a title; "Run, Hide, Die" with the article in front, and as it stands."""
    return [
        Reading(folded, words_of(folded)[:MOST_WORDS], spellings(title), years)
        for title in dict.fromkeys((article_first(text), text))
        for folded in (fold(title),)
    ]


def _years(digits: str) -> tuple[int, int] | None:
    scale = 10 ** (4 - len(digits))
    first = int(digits) * scale
    last = first + scale - 1
    return (first, last) if first <= _LAST_YEAR and last >= _FIRST_YEAR else None
