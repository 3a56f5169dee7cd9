"""The tables of a title index in a file: made once for a catalogue, and read at every later start."""

import unicodedata
import zipfile
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.catalogue import Catalogue
from recommender.columns import Rows, Texts
from recommender.storage import read_arrays
from recommender.titles.build import Tables, build
from recommender.titles.initials import shorthands
from recommender.titles.names import Names, NearNames
from recommender.titles.words import Words

FORMAT = 1
"""To be raised with every change of what the tables hold."""

WORTH = 5000
"""The tables of fewer movies are made as soon as read."""

Arrays = dict[str, npt.NDArray[Any]]

_UNREADABLE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)


def tables_of(catalogue: Catalogue, order: Rows, file: Path | None = None) -> Tables:
    """The tables of the movies of a catalogue; see `recommender.titles.build.build`.

    Parameters
    ----------
    catalogue : Catalogue
    order : int64, shape (n_movies,)
        Places in the catalogue, the most popular movie first.
    file : Path, optional
        Where they are kept. If it does not hold those of these very movies they are built and written there;
        where that fails they are built at the next start again.
    """
    if file is None or len(order) < WORTH:
        return build(catalogue, order)
    key = _key(catalogue, order)
    try:
        arrays = read_arrays(file)
        if np.array_equal(arrays["key"], key):
            return _from(arrays, catalogue, order)
    except _UNREADABLE:
        pass
    tables = build(catalogue, order)
    _write(file, {"key": key, **_arrays(tables)})
    return tables


def _key(catalogue: Catalogue, order: Rows) -> npt.NDArray[np.uint8]:
    """A digest of all that the tables are made of."""
    columns = catalogue.columns
    names, counts = columns.singles[0], columns.lists[1]
    digest = blake2b(f"{FORMAT} {unicodedata.unidata_version}".encode())
    for array in (order, columns.texts.buffer, columns.texts.starts, names, counts.starts, counts.values):
        digest.update(np.ascontiguousarray(array).data)
    return np.frombuffer(digest.digest(), np.uint8)


def _arrays(tables: Tables) -> Arrays:
    arrays: Arrays = {"starts": tables.words.starts, "postings": tables.words.postings}
    for name, texts in (
        ("names", tables.names.keys.texts),
        ("loose", tables.loose.keys.texts),
        ("segments", tables.segments.keys.texts),
        ("words", tables.words.words.texts),
    ):
        arrays |= {f"{name}_texts": texts.buffer, f"{name}_starts": texts.starts}
    ranks = {"names": tables.names, "loose": tables.loose, "segments": tables.segments}
    return arrays | {f"{name}_ranks": table.ranks for name, table in ranks.items()}


def _from(arrays: Arrays, catalogue: Catalogue, order: Rows) -> Tables:
    def texts(name: str) -> Texts:
        return Texts(arrays[f"{name}_texts"], arrays[f"{name}_starts"])

    return Tables(
        NearNames(texts("names"), arrays["names_ranks"]),
        Names(texts("loose"), arrays["loose_ranks"]),
        Names(texts("segments"), arrays["segments_ranks"]),
        Words(texts("words"), arrays["starts"], arrays["postings"]),
        shorthands(catalogue, order),
    )


def _write(file: Path, arrays: Arrays) -> None:
    """Write the file whole or not at all. A full disk takes nothing from those who look for titles."""
    beside = file.with_name(f".{file.name}")
    try:
        with beside.open("wb") as stream:
            np.savez(stream, allow_pickle=False, **arrays)
        beside.replace(file)
    except OSError:
        beside.unlink(missing_ok=True)
