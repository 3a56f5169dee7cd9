"""Facts of many movies in few arrays, because a Python object for each fact would fill the memory.

All texts of a catalogue are in one `Texts`, each under a number; what a movie is called, and who made it, are
lists of such numbers (`Lists`).
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]

_LARGEST = np.iinfo(np.int32).max
_AT_ONCE = 1 << 14


class Texts:
    """Texts, each found by its number, in one buffer.

    Parameters
    ----------
    buffer : uint8, shape (n_bytes,)
        In UTF-8, one after the other.
    starts : int32, shape (n + 1,)
        Text i is ``buffer[starts[i]:starts[i + 1]]``.

    Raises
    ------
    ValueError
        If these are not texts.
    """

    def __init__(self, buffer: npt.NDArray[np.uint8], starts: Codes) -> None:
        self.buffer = np.ascontiguousarray(buffer, np.uint8)
        self.starts = np.ascontiguousarray(starts, np.int32)
        check_starts(self.starts, len(self.buffer))
        inner = self.buffer[self.starts[self.starts < len(self.buffer)]]
        if (inner & 0xC0 == 0x80).any():
            raise ValueError("a text begins in the middle of a character")
        self._bytes, self._starts = self.buffer.data, self.starts.data

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Texts":
        """The texts, numbered in their order."""
        # Half a character, which only a broken source has, is kept rather than refused.
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        return cls(np.frombuffer(b"".join(encoded), np.uint8), starts_of([len(one) for one in encoded]))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, number: int) -> str:
        text = self._bytes[self._starts[number] : self._starts[number + 1]]
        return str(text, "utf-8", "surrogatepass")

    def check(self) -> None:
        """See to it that every text can be read.

        Raises
        ------
        ValueError
            If the buffer is not UTF-8.
        """
        str(self._bytes, "utf-8", "surrogatepass")

    @classmethod
    def together(cls, parts: "Sequence[Texts]") -> "Texts":
        """The texts of several, one after the other.

        Raises
        ------
        ValueError
            If they have more than 2 GiB.
        """
        ends = np.cumsum([0, *(len(part.buffer) for part in parts)])
        if ends[-1] > _LARGEST:
            raise ValueError("the texts of a catalogue have more than 2 GiB")
        starts = [
            part.starts[1:] + np.int32(end) for part, end in zip(parts, ends[:-1].tolist(), strict=True)
        ]
        buffers = [part.buffer for part in parts]
        return cls(
            np.concatenate([np.zeros(0, np.uint8), *buffers]),
            np.concatenate([np.zeros(1, np.int32), *starts]),
        )

    def part(self, numbers: slice) -> "Texts":
        """Some of the texts that follow each other, without a copy of them."""
        first, last, _ = numbers.indices(len(self))
        starts = self.starts[first : last + 1]
        return Texts(self.buffer[starts[0] : starts[-1]], starts - starts[0])

    def take(self, numbers: Rows) -> "Texts":
        """Some of the texts, numbered anew."""
        starts = starts_of(self.starts[numbers + 1] - self.starts[numbers])
        buffer = np.empty(starts[-1], np.uint8)
        # Each byte has a number of eight bytes for a moment, so not all at once.
        for first in range(0, len(numbers), _AT_ONCE):
            some = numbers[first : first + _AT_ONCE]
            entries, _ = ragged(self.starts, some)
            np.take(self.buffer, entries, out=buffer[starts[first] : starts[first + len(some)]], mode="clip")
        return Texts(buffer, starts)

    def joined(self, other: "Texts") -> "Texts":
        """These texts, then the other ones."""
        return Texts.together([self, other])


class Lists(NamedTuple):
    """A list of numbers for each movie.

    Attributes
    ----------
    starts : int32, shape (n_movies + 1,)
        Movie i's numbers are ``values[starts[i]:starts[i + 1]]``.
    values : int32, shape (n_values,)
    """

    starts: Codes
    values: Codes

    @classmethod
    def of(cls, rows: Rows, values: Codes, movies: int) -> "Lists":
        """From pairs of a movie's row and a value, the rows ascending."""
        return cls(starts_of(np.bincount(rows, minlength=movies)), values.astype(np.int32))

    @classmethod
    def empty(cls, movies: int) -> "Lists":
        """Nothing for each of so many movies."""
        return cls(np.zeros(movies + 1, np.int32), np.zeros(0, np.int32))

    def take(self, rows: Rows) -> "Lists":
        """The lists of some movies."""
        entries, counts = ragged(self.starts, rows)
        return Lists(starts_of(counts), self.values[entries])

    def joined(self, other: "Lists", shift: int) -> "Lists":
        """These lists, then the other ones, whose values become greater by `shift`."""
        return Lists(
            np.concatenate([self.starts, other.starts[1:] + self.starts[-1]]),
            np.concatenate([self.values, other.values + np.int32(shift)]),
        )


def starts_of(counts: Iterable[int] | npt.NDArray[np.integer]) -> Codes:
    """Where each of some runs of these lengths begins, and the end of the last one."""
    lengths = np.asarray(counts, np.int64)
    starts = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=starts[1:])
    if starts[-1] > _LARGEST:
        raise ValueError("a catalogue has more facts than can be numbered")
    return starts.astype(np.int32)


def ragged(starts: Codes, rows: Rows) -> tuple[Rows, Rows]:
    """Places of the entries of several runs, one run after the other, and the length of each run.

    Parameters
    ----------
    starts : int32, shape (n + 1,)
    rows : int64, shape (m,)

    Returns
    -------
    places : int64, shape (n_entries,)
    counts : int64, shape (m,)
    """
    first = starts[rows].astype(np.int64)
    counts = starts[rows + 1] - first
    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - (ends - counts), counts), counts


def check_starts(starts: Codes, entries: int) -> None:
    """Refuse starts that do not divide so many entries into runs.

    Raises
    ------
    ValueError
    """
    sound = starts.ndim == 1 and len(starts) > 0 and starts[0] == 0 and starts[-1] == entries
    if not sound or (np.diff(starts) < 0).any():
        raise ValueError("the runs of an array do not fit it")
