"""The finished pieces of a long fit, kept on disk, so that an interrupted one need not begin anew."""

import hashlib
import json
import logging
import os
import shutil
import zipfile
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.datasets.dataset import Dataset
from recommender.options import TrainingOptions
from recommender.storage import read_arrays

Piece = dict[str, npt.NDArray[Any]]

LIBRARIES = ("numpy", "scipy", "rectools-lightfm")

UNREADABLE = (OSError, EOFError, ValueError, zipfile.BadZipFile)
"""What reading a damaged piece raises."""

logger = logging.getLogger(__name__)


class Checkpoints:
    """Pieces of one fit, by name; those of any other fit in the same folder are removed.

    Parameters
    ----------
    folder : Path or None
        None keeps nothing.
    key : str
        From `fingerprint`: pieces with the same key and name are the same.
    """

    def __init__(self, folder: Path | None, key: str = "") -> None:
        self._folder = None if folder is None else folder / key
        if self._folder is None:
            return
        if not self._folder.is_dir():
            shutil.rmtree(self._folder.parent, ignore_errors=True)
        self._folder.mkdir(parents=True, exist_ok=True)

    def load(self, name: str) -> Piece | None:
        """A piece that was kept; None if there is none that can be read."""
        if self._folder is None:
            return None
        file = self._folder / f"{name}.npz"
        try:
            return read_piece(file)
        except FileNotFoundError:
            return None
        except UNREADABLE as error:
            logger.warning("%s cannot be read and is made again: %s", file.name, error)
            return None

    def keep(self, name: str, piece: Piece) -> None:
        """Keep a piece: the whole of it or nothing. Where the disk is full the fit goes on without."""
        if self._folder is None:
            return
        try:
            write_piece(self._folder / f"{name}.npz", piece)
        except OSError as error:
            logger.warning("%s of the fit cannot be kept: %s", name, error)


def read_piece(file: Path) -> Piece:
    """Read what `write_piece` wrote.

    Raises
    ------
    OSError, EOFError, ValueError, zipfile.BadZipFile
        If it cannot be read; see `UNREADABLE`.
    """
    return read_arrays(file)


def write_piece(file: Path, piece: Piece) -> None:
    """Write arrays to a file: the whole of it or nothing.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    unfinished = file.with_suffix(".unfinished")
    with unfinished.open("wb") as stream:
        np.savez(stream, **piece)  # pyright: ignore[reportArgumentType]  # none is named allow_pickle
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(file)


def fingerprint(dataset: Dataset, options: TrainingOptions, friends: int = 0) -> str:
    """What a fit's result depends on, in short: data, options, this library and those it calculates with.

    Parameters
    ----------
    dataset : Dataset
    options : TrainingOptions
    friends : int
        As in `recommender.training.train`.
    """
    digest = hashlib.sha256()
    without_threads = asdict(options) | {"threads": None}
    libraries = {name: version(name) for name in LIBRARIES}
    digest.update(json.dumps([without_threads, libraries, friends], sort_keys=True).encode())
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    for movie in dataset.catalogue:
        digest.update(repr(movie).encode())
    ratings = dataset.ratings
    for array in (ratings.user_ids, ratings.movie_ids, ratings.stars):
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
