"""What a fit leaves beside its model, so that the next one can go on with it: its sub-models, raw, and
the neighbours.

The state is a folder. A later fit writes a state of its own, in which what it left alone are the same
files.
"""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from recommender.checkpoints import UNREADABLE, Piece, read_piece, write_piece

STATE_FILE = "state.json"
FORMAT = 2


class StateError(Exception):
    """A state that cannot be gone on with; the message is one line."""


@dataclass(frozen=True, slots=True)
class State:
    """The state of a fit, in a folder.

    Attributes
    ----------
    folder : Path
    models : int
        Number of sub-models.
    rounds : int
        How often the sub-models were gone on with since they were fitted from the beginning.
    """

    folder: Path
    models: int
    rounds: int

    @classmethod
    def open(cls, folder: Path) -> "State":
        """The state in a folder.

        Raises
        ------
        StateError
            If there is none, or it cannot be read.
        """
        try:
            document = json.loads((folder / STATE_FILE).read_text(encoding="utf-8"))
            if document["format"] != FORMAT:
                raise StateError(f"{folder} is of another version")
            return cls(folder, int(document["models"]), int(document["rounds"]))
        except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
            raise StateError(f"{folder} holds no state: {error}") from error

    @classmethod
    def create(cls, folder: Path, models: int, rounds: int) -> "State":
        """An empty folder for a state. It is one only when all has been kept and `finish` was called.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return cls(folder, models, rounds)

    def turn(self, at_once: int) -> list[int]:
        """Whose turn it is to be gone on with: the next few sub-models, all in turn over the rounds."""
        first = self.rounds * at_once
        return [(first + number) % self.models for number in range(min(at_once, self.models))]

    def load(self, name: str) -> Piece:
        """Read a piece.

        Raises
        ------
        StateError
            If it cannot be read.
        """
        file = self._file(name)
        try:
            return read_piece(file)
        except UNREADABLE as error:
            raise StateError(f"{file} cannot be read: {error}") from error

    def keep(self, name: str, piece: Piece) -> None:
        """Write a piece.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        write_piece(self._file(name), piece)

    def keep_from(self, other: "State", name: str) -> None:
        """Take over a piece that another state has.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        source, target = other._file(name), self._file(name)
        try:
            # Nobody writes into these files, so both may have the same one.
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)

    def finish(self) -> None:
        """Make it a state: everything has been kept.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        document = {"format": FORMAT, "models": self.models, "rounds": self.rounds}
        (self.folder / STATE_FILE).write_text(json.dumps(document), encoding="utf-8")

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.npz"
