"""Many texts folded at once, in arrays: a Python object for each of 1.5 million names would take too long."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recommender.columns import Rows, Texts, ragged, starts_of
from recommender.titles.folding import ARTICLES, CHARACTERS, fold

_BLANK = ord(" ")
_DROPPED_BETWEEN_INITIALS = tuple(map(ord, ".*"))
_PIECE = 8
_HALF = "surrogatepass"

Characters = npt.NDArray[np.uint32]
Mask = npt.NDArray[np.bool_]


class Lines(NamedTuple):
    """Folded texts without articles, as words.

    Attributes
    ----------
    words : Texts
        All words, one after another.
    starts : int64, shape (n_lines + 1,)
        Line i's words are those from ``starts[i]`` to ``starts[i + 1]``; it has one at least.
    origins : int64, shape (n_lines,)
        Which text each line was; a text in which nothing is left is none.
    """

    words: Texts
    starts: Rows
    origins: Rows

    def keys(self) -> Texts:
        """The words of each line run together."""
        return Texts(self.words.buffer, self.words.starts[self.starts])

    def take(self, lines: Mask) -> "Lines":
        """Some of the lines."""
        words, counts = ragged(starts_of(np.diff(self.starts)), np.flatnonzero(lines))
        return Lines(self.words.take(words), starts_of(counts).astype(np.int64), self.origins[lines])

    def without_first_word(self) -> "Lines":
        """The lines, which have two words at least, without the first one of each."""
        others = np.delete(np.arange(len(self.words)), self.starts[:-1])
        return Lines(self.words.take(others), self.starts - np.arange(len(self.starts)), self.origins)


def folded(texts: Texts) -> Lines:
    """Fold texts as `recommender.titles.folding.fold` does, and leave out articles as `words_of` does."""
    codes, places = characters(texts)
    number_of = np.zeros(int(codes.max(initial=0)) + 1, np.int32)
    number_of[codes] = 1
    distinct = np.flatnonzero(number_of)
    number_of[distinct] = np.arange(len(distinct), dtype=np.int32)
    becomes = [CHARACTERS[code] for code in distinct.tolist()]
    lengths = np.array([len(one) for one in becomes], np.int32)
    spelt = np.array([ord(character) for one in becomes for character in one], np.uint32)
    begins = starts_of(lengths)
    numbers = number_of[codes]
    counts = lengths[numbers]
    counts[_between_initials(codes, places)] = 0
    there = np.flatnonzero(counts)
    numbers = numbers[there]
    out = spelt[begins[numbers]]
    # Few characters become several.
    longer = np.flatnonzero(counts[there] > 1)
    more, extra = ragged(begins, numbers[longer].astype(np.int64))
    more = np.delete(more, np.cumsum(extra) - extra)
    out = np.insert(out, np.repeat(longer + 1, extra - 1), spelt[more])
    starts = np.concatenate([[0], np.cumsum(counts)])[places]
    lines = _words(out, starts)
    empty = np.setdiff1d(np.arange(len(texts)), lines.origins, assume_unique=True)
    # What has no letter and no digit, such as "$": few, so one by one.
    shown = [(origin, symbols) for origin in empty.tolist() if (symbols := fold(texts[origin]))]
    return _with_symbols(lines, shown) if shown else lines


def characters(texts: Texts) -> tuple[Characters, Rows]:
    """The code points of all texts, and where each text begins among them: shape (n_texts + 1,)."""
    codes = np.frombuffer(str(texts.buffer.data, "utf-8", _HALF).encode("utf-32-le", _HALF), np.uint32)
    begins = np.zeros(len(texts.buffer) + 1, np.int64)
    np.cumsum((texts.buffer & 0xC0) != 0x80, out=begins[1:])
    return codes, begins[texts.starts]


def _between_initials(codes: Characters, places: Rows) -> Rows:
    """Where the dots of "L.A." are, which do not part it into words."""
    dots = np.flatnonzero(np.isin(codes, _DROPPED_BETWEEN_INITIALS))
    texts = np.searchsorted(places, dots, side="right") - 1
    begin, end = places[texts], places[texts + 1]
    inside = (dots > begin) & (dots + 1 < end)
    dots, begin, end = dots[inside], begin[inside], end[inside]

    def is_word(at: Rows, there: Mask) -> Mask:
        found = [chr(code).isalnum() or code == ord("_") for code in codes[np.where(there, at, 0)].tolist()]
        return np.array(found, np.bool_) & there

    always = np.ones(len(dots), np.bool_)
    fits = is_word(dots - 1, always) & is_word(dots + 1, always)
    fits &= ~is_word(dots - 2, dots - 2 >= begin) & ~is_word(dots + 2, dots + 2 < end)
    return dots[fits]


def _words(codes: Characters, starts: Rows) -> Lines:
    """Lines of characters, parted at blanks."""
    solid = codes != _BLANK
    begins = solid.copy()
    begins[1:] &= ~solid[:-1]
    inner = starts[:-1][np.diff(starts) > 0]
    begins[inner] |= solid[inner]
    places = np.flatnonzero(begins)
    line_starts = np.searchsorted(places, starts)
    codes = codes[solid]
    word_starts = np.concatenate([np.cumsum(solid) - solid, [len(codes)]])[np.append(places, len(solid))]
    kept = _not_articles(codes, word_starts, line_starts)
    if not kept.all():
        codes = codes[np.repeat(kept, np.diff(word_starts))]
        word_starts = np.concatenate([[0], np.cumsum(np.diff(word_starts)[kept])])
        line_starts = np.concatenate([[0], np.cumsum(kept)])[line_starts]
    origins = np.flatnonzero(np.diff(line_starts))
    sizes = 1 + (codes >= 0x80) + (codes >= 0x800) + (codes >= 0x10000)
    buffer = np.frombuffer(str(codes.tobytes(), "utf-32-le").encode(), np.uint8)
    byte_starts = starts_of(sizes)[word_starts]
    return Lines(Texts(buffer, byte_starts), np.append(line_starts[origins], line_starts[-1]), origins)


def _not_articles(codes: Characters, words: Rows, lines: Rows) -> Mask:
    """Which words to keep: all but articles, and these where a line has nothing else."""
    lengths = np.diff(words)
    articles = np.zeros(len(lengths), np.bool_)
    for article in ARTICLES:
        places = np.flatnonzero(lengths == len(article))
        for at, character in enumerate(article):
            places = places[codes[words[places] + at] == ord(character)]
        articles[places] = True
    others = np.concatenate([[0], np.cumsum(~articles)])[lines]
    nothing_else = np.diff(others) == 0
    return ~articles | np.repeat(nothing_else, np.diff(lines))


def _with_symbols(lines: Lines, shown: list[tuple[int, str]]) -> Lines:
    split = [text.split() for _, text in shown]
    words = Texts.of([word for line in split for word in line])
    starts = starts_of([len(line) for line in split])[1:] + lines.starts[-1]
    return Lines(
        lines.words.joined(words),
        np.concatenate([lines.starts, starts]),
        np.concatenate([lines.origins, np.array([origin for origin, _ in shown], np.int64)]),
    )


def among(words: Texts, some: Iterable[str]) -> Mask:
    """Which of the words are among some others, of eight letters of ASCII at most."""
    wanted = _pieces(Texts.of(sorted(some)))
    mine = _pieces(words)(np.arange(len(words)), 0)
    short = np.diff(words.starts) <= _PIECE
    return short & np.isin(mine, wanted(np.arange(len(list(some))), 0))


def _pieces(texts: Texts) -> Callable[[Rows, int], npt.NDArray[np.uint64]]:
    """What gives eight bytes of some texts, from a depth on, as numbers in the order of the texts."""
    buffer = texts.buffer if len(texts.buffer) >= _PIECE else np.pad(texts.buffer, (0, _PIECE))
    windows = np.lib.stride_tricks.sliding_window_view(buffer, _PIECE)

    def piece(rows: Rows, depth: int) -> npt.NDArray[np.uint64]:
        begin = texts.starts[rows] + np.int32(depth)
        left = np.clip(texts.starts[rows + 1] - begin, 0, _PIECE)
        at = np.minimum(begin, len(windows) - 1)
        values = windows[at].view(">u8")[:, 0].astype(np.uint64)
        # To shift by all 64 bits changes nothing; so in two steps.
        before, after = (4 * (begin - at)).astype(np.uint64), (4 * (_PIECE - left)).astype(np.uint64)
        values = values << before << before
        return values >> after >> after << after << after

    return piece


def in_order(texts: Texts) -> tuple[Rows, Mask]:
    """Sort texts by their characters, eight bytes at a time.

    Returns
    -------
    order : int64, shape (n,)
        The numbers of the texts, sorted.
    is_new : bool, shape (n,)
        In this order: whether the text differs from the one before it.
    """
    count = len(texts)
    is_new = np.zeros(count, np.bool_)
    if not count:
        return np.zeros(0, np.int64), is_new
    piece = _pieces(texts)
    starts = texts.starts
    everything = np.arange(count)
    keys = piece(everything, 0)
    order = np.argsort(keys)
    keys = keys[order]
    is_new[0] = True
    is_new[1:] = keys[1:] != keys[:-1]
    places, depth = everything, _PIECE
    while True:
        groups = np.cumsum(is_new[places]) - 1
        sizes = np.bincount(groups)
        longer = starts[order[places] + 1] - starts[order[places]] > depth
        unsettled = (sizes > 1) & (np.bincount(groups, longer) > 0)
        chosen = unsettled[groups]
        places, groups = places[chosen], groups[chosen]
        if not len(places):
            return order, is_new
        rows = order[places]
        keys = piece(rows, depth)
        again = np.lexsort((keys, groups))
        order[places], keys = rows[again], keys[again]
        is_new[places[1:]] |= keys[1:] != keys[:-1]
        depth += _PIECE
