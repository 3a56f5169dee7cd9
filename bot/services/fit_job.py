"""What the bot and the child process that fits a model tell each other.

A job is a folder: the parent writes what is to be done into it, the child writes the model, and on the way
there the sub-models that are done, so that the job can be taken up after an interruption. What the
child says on the way comes as lines of JSON.
"""

import json
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import numpy as np

from recommender.datasets.dataset import Ratings
from recommender.storage import read_arrays

JOB_FILE = "job.json"
FRIENDS_FILE = "friends.npz"
MODEL_FOLDER = "model"
CHECKPOINTS_FOLDER = "checkpoints"


@dataclass(frozen=True, slots=True)
class FitJob:
    """A fit to be done.

    Attributes
    ----------
    dataset : Path
        Folder of the saved data set, which brings the catalogue and the community.
    friends : Ratings
        Of the catalogue's movies; those that the data set lacks are not learned from. Who the friends are is
        nobody's business: any numbers will do.
    running : Path or None
        Folder of the model to compare with, if there is one of the same data set.
    options : mapping
        Options of `recommender.options.TrainingOptions` that differ from the default.
    memory_bytes : int or None
        Address space that the child may use; None for no limit.
    niceness : int
        How far the child steps back for others, 0 to 19.
    last_change : int
        The newest change among the friends' ratings; for the parent.
    full : bool
        Whether a fit from the beginning was asked for.
    failed_before : bool
        Whether the fit before came to nothing.
    """

    dataset: Path
    friends: Ratings
    running: Path | None = None
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    memory_bytes: int | None = None
    niceness: int = 10
    last_change: int = 0
    full: bool = False
    failed_before: bool = False

    def taken_up(self, folder: Path) -> Self:
        """This job, or the interrupted one in a folder, if that is the same but for ratings added since.

        What it learns from must still stand: a rating that was taken back, changed or deleted is not
        learned from after all.
        """
        try:
            before = self.read(folder)
        except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
            return self
        same = (before.dataset, before.options) == (self.dataset, dict(self.options))
        if not same or _lines(before.friends) - _lines(self.friends):
            return self
        return replace(
            self,
            friends=before.friends,
            last_change=before.last_change,
            full=self.full or before.full,
        )

    def write(self, folder: Path) -> None:
        """Write the job to its folder."""
        friends = self.friends
        np.savez(
            folder / FRIENDS_FILE,
            user_ids=friends.user_ids,
            movie_ids=friends.movie_ids,
            stars=friends.stars,
            rated_at=friends.rated_at,
        )
        document = {
            "dataset": str(self.dataset),
            "running": None if self.running is None else str(self.running),
            "options": dict(self.options),
            "memory_bytes": self.memory_bytes,
            "niceness": self.niceness,
            "last_change": self.last_change,
            "full": self.full,
            "failed_before": self.failed_before,
        }
        (folder / JOB_FILE).write_text(json.dumps(document), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read what `write` wrote."""
        document = json.loads((folder / JOB_FILE).read_text(encoding="utf-8"))
        arrays = read_arrays(folder / FRIENDS_FILE)
        friends = Ratings(arrays["user_ids"], arrays["movie_ids"], arrays["stars"], arrays["rated_at"])
        return cls(
            dataset=Path(document["dataset"]),
            friends=friends,
            running=None if document["running"] is None else Path(document["running"]),
            options=document["options"],
            memory_bytes=document["memory_bytes"],
            niceness=document["niceness"],
            last_change=document["last_change"],
            full=document["full"],
            failed_before=document["failed_before"],
        )


@dataclass(frozen=True, slots=True)
class FitOutcome:
    """A model that was fitted, saved and loaded back, and how good it is.

    Attributes
    ----------
    friend_ratings, community_ratings : int
        Ratings it was fitted on.
    new : list of float
        NDCG@10 of each held-out person, the friends first; empty where there were too few of them.
    running : list of float or None
        The same of the model it is compared with; None where there was none that could be loaded.
    warm : bool
        Whether it went on with the fit of the running model.
    why : str
        Why it did or did not, in words that follow "because".
    friends : int
        So many of the held-out people, the first ones, are friends.
    """

    friend_ratings: int
    community_ratings: int
    new: list[float]
    running: list[float] | None
    warm: bool
    why: str
    friends: int = 0


def _lines(ratings: Ratings) -> Counter[tuple[int, float, int]]:
    """The ratings without the people, whose numbers are new each time."""
    return Counter(
        zip(ratings.movie_ids.tolist(), ratings.stars.tolist(), ratings.rated_at.tolist(), strict=True)
    )
