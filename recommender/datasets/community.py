"""Ratings of a community, read in blocks so that 32 million of them take little memory."""

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import pandas

from recommender.datasets.dataset import DatasetError, Ratings
from recommender.datasets.tables import CSV, MOST_ID, RATINGS, Source, Table, check_header, whole

BLOCK = 8 << 20
MOST_RATINGS = 100_000_000

UNREADABLE = "ratings: row cannot be read"
STARS = "ratings: stars are not 0.5 to 5 in halves"
UNKNOWN = "ratings: movie is not in the catalogue"
AGAIN = "ratings: the same person rated the movie again"

_LONGEST_HEADER = 1 << 16
_MOST_SECONDS = 10**12
_STARS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,9})?")

Columns = tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.float32], npt.NDArray[np.int64]]
_pandas: Any = pandas


def read_ratings(
    source: Source, movie_ids: npt.NDArray[np.int64], dropped: Counter[str], table: Table = RATINGS
) -> Ratings:
    """Read the table of ratings; of several by one person for one movie the newest (then the last) counts.

    Parameters
    ----------
    source : Source
    movie_ids : int64, shape (n_movies,)
        Of the catalogue, in any order.
    dropped : Counter
        The number of rows left out is added here, by reason.
    table : Table
        The file; its columns are those of `RATINGS`.

    Raises
    ------
    DatasetError
        If the file cannot be read or no rating is left.
    """
    name = table.stem + source.suffix
    parts: list[Columns] = []
    rows = 0
    with source.files.open(source.folder, name) as stream:
        if source.suffix == CSV:
            header = stream.readline(_LONGEST_HEADER).decode("utf-8-sig", errors="replace")
            check_header(header.split(","), table)
        for block in _blocks(stream, name):
            columns = _typed(block, source.suffix) or _row_by_row(block, source.suffix, dropped)
            parts.append(_usable(columns, movie_ids, dropped))
            rows += len(parts[-1][0])
            if rows > MOST_RATINGS:
                raise DatasetError(f"{name} has more than {MOST_RATINGS:,} ratings")
    if not rows:
        reasons = "; ".join(f"{reason}, {count:,} times" for reason, count in dropped.items())
        raise DatasetError(
            f"{name} of {source.files.place} has no usable rating ({reasons or 'it is empty'})"
        )
    return _newest(parts, dropped)


def renumbered(ratings: Ratings, numbers: Mapping[int, int], dropped: Counter[str]) -> Ratings:
    """The same ratings with the numbers of some movies exchanged; what that makes two of is one again."""
    known, positions = np.unique(ratings.movie_ids, return_inverse=True)
    new = np.array([numbers.get(movie_id, movie_id) for movie_id in known.tolist()], np.int64)
    if (new == known).all():
        return ratings
    columns = ratings.user_ids.astype(np.int32), new[positions].astype(np.int32)
    return _newest([(*columns, ratings.stars, ratings.rated_at)], dropped)


def _blocks(stream: BinaryIO, name: str) -> Iterator[bytes]:
    """The rest of a file in blocks of whole lines."""
    rest = b""
    while data := stream.read(BLOCK):
        end = data.rfind(b"\n") + 1
        if end:
            yield rest + data[:end]
            rest = data[end:]
        elif len(rest) > BLOCK:
            raise DatasetError(f"{name} has a line of more than {BLOCK:,} bytes: it is no table of ratings")
        else:
            rest += data
    if rest:
        yield rest


def _typed(block: bytes, suffix: str) -> Columns | None:
    """User, movie, stars and time of a block, read quickly; None if a row of it does not fit."""
    if suffix != CSV:
        block = block.replace(b"::", b",")
    lines = block.count(b"\n") + (not block.endswith(b"\n"))
    if block.count(b",") != 3 * lines:
        return None
    types = dict(enumerate((np.int64, np.int64, np.float32, np.int64)))
    try:
        frame = _pandas.read_csv(
            io.BytesIO(block), header=None, names=range(4), dtype=types, na_filter=False, engine="c"
        )
    except (ValueError, OverflowError):
        return None
    users, movies, stars, times = (frame[column].to_numpy() for column in range(4))
    for column, most in ((users, MOST_ID), (movies, MOST_ID), (times, _MOST_SECONDS)):
        if column.min() < 0 or column.max() > most:
            return None
    return users.astype(np.int32), movies.astype(np.int32), stars, times


def _row_by_row(block: bytes, suffix: str, dropped: Counter[str]) -> Columns:
    """What `_typed` does, for a block in which not every row is sound."""
    separator = "," if suffix == CSV else "::"
    found: list[tuple[int, int, float, int]] = []
    for line in block.decode("utf-8", errors="replace").splitlines():
        fields = [field.strip(' "') for field in line.split(separator)]
        user, movie = (whole(fields[0]), whole(fields[1])) if len(fields) == 4 else (None, None)
        if user is not None and movie is not None:
            stars = float(fields[2]) if _STARS.fullmatch(fields[2]) else float("nan")
            found.append((user, movie, stars, whole(fields[3], _MOST_SECONDS) or 0))
        elif any(fields):
            dropped[UNREADABLE] += 1
    users, movies, stars, times = zip(*found, strict=True) if found else ((), (), (), ())
    return (
        np.array(users, np.int32),
        np.array(movies, np.int32),
        np.array(stars, np.float32),
        np.array(times, np.int64),
    )


def _usable(columns: Columns, movie_ids: npt.NDArray[np.int64], dropped: Counter[str]) -> Columns:
    users, movies, stars, times = columns
    starred = (stars >= 0.5) & (stars <= 5) & (np.rint(stars * 2) == stars * 2)
    known = np.isin(movies, movie_ids)
    usable = starred & known
    dropped[STARS] += int((~starred).sum())
    dropped[UNKNOWN] += int((starred & ~known).sum())
    return users[usable], movies[usable], stars[usable], times[usable]


def _newest(parts: list[Columns], dropped: Counter[str]) -> Ratings:
    """The blocks put together, in the order of the file, without what was rated again later."""
    columns: list[Any] = list(zip(*parts, strict=True))
    parts.clear()
    users, movies, stars, times = (np.concatenate(columns.pop(0)) for _ in range(4))
    ratings = Ratings(users.astype(np.int64), movies.astype(np.int64), stars, times)
    del users, movies
    pairs = ratings.user_ids << 31 | ratings.movie_ids
    if (pairs[1:] > pairs[:-1]).all():  # as GroupLens sorts them: nothing can be there twice
        return ratings
    order = np.lexsort((ratings.rated_at, pairs))
    pairs = pairs[order]
    last = np.concatenate([pairs[1:] != pairs[:-1], [True]])
    if last.all():
        return ratings
    kept = np.zeros(len(ratings), bool)
    kept[order[last]] = True
    dropped[AGAIN] += int((~last).sum())
    return ratings.where(kept)
