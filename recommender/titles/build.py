"""From movies to the names and words under which they are found."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.catalogue import Catalogue
from recommender.columns import Codes, Rows, Texts
from recommender.titles.blocks import Lines, Mask, among, folded
from recommender.titles.folding import CUT, LOOSE, loosened
from recommender.titles.initials import Initials, shorthands
from recommender.titles.names import Names, NearNames, Ranks, distinct
from recommender.titles.words import Words, postings

_AT_ONCE = 1 << 12
"""Movies whose names are folded together: many, and yet with little memory."""

# Only articles that no English title begins with in earnest: "Die Hard" is not "Hard".
_FOREIGN_ARTICLES = frozenset(
    {
        "le",
        "la",
        "les",
        "l",
        "el",
        "los",
        "las",
        "il",
        "gli",
        "der",
        "das",
        "det",
        "une",
        "una",
        "ein",
        "eine",
    }
)
_NOT_A_NAME = frozenset({"part", "episode", "chapter", "volume", "vol", "movie", "film"})


@dataclass(frozen=True, slots=True)
class Tables:
    """What titles are looked up in; movies are known by rank, 0 being the most popular.

    Attributes
    ----------
    names : NearNames
        Titles and aliases.
    loose : Names
        The same with numbers in digits, or without a foreign article, where that differs.
    segments : Names
        Main titles and subtitles of two-part titles: ``The Empire Strikes Back``.
    words : Words
        All words of titles and aliases.
    initials : Initials
        Shorthands of the best known titles.
    """

    names: NearNames
    loose: Names
    segments: Names
    words: Words
    initials: Initials


class _Collected:
    """Keys and ranks on their way into `Names`."""

    def __init__(self) -> None:
        self._keys: list[Texts] = []
        self._ranks: list[Ranks] = []

    def add(self, keys: Texts, ranks: Ranks) -> None:
        """Note keys, each of the movie of this rank."""
        self._keys.append(keys)
        self._ranks.append(ranks)

    def all(self) -> tuple[Texts, Ranks]:
        """What is to be sorted; it is handed over, as a second copy of it would be in the way."""
        keys, ranks = Texts.together(self._keys), np.concatenate([np.zeros(0, np.int32), *self._ranks])
        self._keys.clear()
        self._ranks.clear()
        return keys, ranks


def build(catalogue: Catalogue, order: Rows) -> Tables:
    """Build the tables of the movies of a catalogue.

    Whatever is done to each of 1.5 million names is done to very many in one go, in arrays; only the few that
    have numbers or parts are looked at one by one.

    Parameters
    ----------
    catalogue : Catalogue
    order : int64, shape (n_movies,)
        Places in the catalogue, the most popular movie first.
    """
    names, loose, segments = _Collected(), _Collected(), _Collected()
    words: list[tuple[Texts, Codes, Ranks]] = []
    for first in range(0, len(order), _AT_ONCE):
        texts, counts = catalogue.names(order[first : first + _AT_ONCE])
        owners = np.repeat(np.arange(first, first + len(counts), dtype=np.int32), counts)
        lines = folded(texts)
        ranks = owners[lines.origins]
        names.add(lines.keys(), ranks)
        words.append(postings(lines.words, np.repeat(ranks, np.diff(lines.starts))))
        first_words = lines.starts[:-1]
        foreign = among(lines.words, _FOREIGN_ARTICLES)[first_words] & (np.diff(lines.starts) > 1)
        loose.add(lines.take(foreign).without_first_word().keys(), ranks[foreign])
        numbered = _having(lines, _may_be_loose(lines.words))
        loose.add(_loosened(lines.take(numbered)), ranks[numbered])
        parts, owners, are_main = _parts(texts, owners)
        lines = folded(parts)
        kept = are_main[lines.origins] | _tell_enough(lines)
        lines = lines.take(kept)
        segments.add(_loosened(lines), owners[lines.origins])
    return Tables(
        NearNames.of(*names.all()),
        Names.of(*loose.all()),
        Names.of(*segments.all()),
        Words.of(words),
        shorthands(catalogue, order),
    )


def _having(lines: Lines, words: Mask) -> Mask:
    """Which lines have one of these words."""
    return np.diff(np.concatenate([[0], np.cumsum(words)])[lines.starts]) > 0


def _digits(words: Texts) -> npt.NDArray[np.int64]:
    """How many digits each word has: int64, shape (n_words,)."""
    before = np.concatenate([[0], np.cumsum((words.buffer >= ord("0")) & (words.buffer <= ord("9")))])
    return np.diff(before[words.starts])


def _may_be_loose(words: Texts) -> Mask:
    """Which words `loosened` may write in another way: numbers, and letters among digits."""
    digits = _digits(words)
    return among(words, LOOSE) | ((digits > 0) & (digits < np.diff(words.starts)))


def _loosened(lines: Lines) -> Texts:
    """The keys of the lines with all numbers in digits."""
    may_be = _having(lines, _may_be_loose(lines.words))
    if not may_be.any():
        return lines.keys()
    # Few, so one by one.
    starts: list[int] = lines.starts.tolist()
    words = lines.words
    keys = [
        "".join(loosened([words[number] for number in range(starts[line], starts[line + 1])]))
        for line in np.flatnonzero(may_be).tolist()
    ]
    number_of = np.arange(len(may_be))
    number_of[may_be] = len(may_be) + np.arange(len(keys))
    return Texts.together([lines.keys(), Texts.of(keys)]).take(number_of)


def _tell_enough(lines: Lines) -> Mask:
    """Which subtitles have two words that say something: one tells too little."""
    telling = ~among(lines.words, _NOT_A_NAME) & (_digits(lines.words) < np.diff(lines.words.starts))
    return np.diff(np.concatenate([[0], np.cumsum(telling)])[lines.starts]) > 1


def _parts(texts: Texts, owners: Ranks) -> tuple[Texts, Ranks, Mask]:
    """The parts of those texts that have some, whose they are, and whether each is the main one."""
    buffer = texts.buffer
    colon = (buffer[:-1] == ord(":")) & (buffer[1:] == ord(" "))
    dash = (buffer[:-2] == ord(" ")) & (buffer[1:-1] == ord("-")) & (buffer[2:] == ord(" "))
    at = np.concatenate([np.flatnonzero(colon), np.flatnonzero(dash), np.flatnonzero(buffer == ord("("))])
    parts: list[str] = []
    ranks: list[int] = []
    are_main: list[bool] = []
    for number in distinct(np.searchsorted(texts.starts, at, side="right") - 1).tolist():
        pieces = CUT.split(texts[number])
        parts += pieces
        are_main += [True, *[False] * (len(pieces) - 1)]
        # "Star Wars: Episode V" of "Star Wars: Episode V - The Empire Strikes Back".
        parts += [" ".join(pieces[:length]) for length in range(2, len(pieces))]
        are_main += [True] * (len(pieces) - 2)
        ranks += [int(owners[number])] * (2 * len(pieces) - 2 if len(pieces) > 1 else 1)
    return Texts.of(parts), np.array(ranks, np.int32), np.array(are_main, np.bool_)
