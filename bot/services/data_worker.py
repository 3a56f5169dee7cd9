"""The work on a data set: fetch, read, join, write.

The bot that answers people has it done in a child, ``python -m bot.services.data_worker FOLDER``; a command
that does nothing else does it itself.
"""

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from bot.errors import UserError
from bot.services.data_folder import DataFolder
from bot.services.worker import Reporter, Tell, end_with_parent, step_back
from recommender.datasets.dataset import DatasetError

JOB_FILE = "job.json"


@dataclass(frozen=True, slots=True)
class DataJob:
    """What is to be made.

    Attributes
    ----------
    home : Path
    wanted : tuple of str
        Names and paths of sources, as for `DataFolder.fetch`.
    keep : tuple of int
        Numbers at IMDb of films that are taken from its files in any case.
    renews : str or None
        The data set that is to have what changed in its sources, if that is what it is about.
    memory_bytes : int or None
    niceness : int
        As of a fit.
    """

    home: Path
    wanted: tuple[str, ...]
    keep: tuple[int, ...] = ()
    renews: str | None = None
    memory_bytes: int | None = None
    niceness: int = 0

    def write(self, place: Path) -> None:
        """Write the job to the folder in which it is to be done."""
        document = asdict(self) | {"home": str(self.home)}
        (place / JOB_FILE).write_text(json.dumps(document), encoding="utf-8")

    @classmethod
    def read(cls, place: Path) -> Self:
        """Read what `write` wrote."""
        document: dict[str, Any] = json.loads((place / JOB_FILE).read_text(encoding="utf-8"))
        return cls(
            home=Path(document["home"]),
            wanted=tuple(document["wanted"]),
            keep=tuple(document["keep"]),
            renews=document["renews"],
            memory_bytes=document["memory_bytes"],
            niceness=document["niceness"],
        )


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it.

    Attributes
    ----------
    name : str
        Of the data set that was wanted.
    new : bool
        Whether it lies in the folder of the job; else it is where data sets are.
    """

    name: str
    new: bool


def make(job: DataJob, place: Path, tell: Tell) -> Made:
    """Do the job in a folder.

    Raises
    ------
    DatasetError, UserError, OSError
        As `DataFolder.fetch` does; also where what a data set is to be renewed from has shrunk.
    """
    folder = DataFolder(job.home)
    if job.renews is not None and not folder.is_behind(job.renews, tell):
        return Made(job.renews, new=False)
    return Made(*folder.fetch(job.wanted, tell, place, job.keep))


def main(place: Path) -> int:
    """Do the job in a folder, tell what came of it, and answer the exit status."""
    reporter = Reporter()
    end_with_parent()
    try:
        job = DataJob.read(place)
        step_back(job.niceness, job.memory_bytes)
        made = make(job, place, reporter.progress)
    except MemoryError:
        reporter.write({"error": "the data need more memory than this work may use"})
    except (DatasetError, UserError) as error:
        reporter.write({"error": str(error)})
    except OSError as error:
        reporter.write({"error": f"{error.filename or place}: {error.strerror or error}"})
    else:
        reporter.write({"outcome": asdict(made)})
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
