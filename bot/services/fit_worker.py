"""The child process that fits a model: ``python -m bot.services.fit_worker JOB_FOLDER``.

It reads the job from its folder, tells its progress as lines of JSON on standard output, and ends
when its standard input does: the bot holds the other end, so no fit outlives its bot.
"""

import contextlib
import json
import os
import resource
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from bot.services.fit_job import CHECKPOINTS_FOLDER, MODEL_FOLDER, FitJob, FitOutcome
from bot.services.fit_way import STATE_FOLDER, Learned, Way, choose
from recommender.asking import INFO
from recommender.catalogue import Catalogue
from recommender.checkpoints import fingerprint
from recommender.datasets.dataset import Dataset, DatasetError, Ratings
from recommender.evaluation.holdout import held_out_users, ndcg_at_10
from recommender.model import Model, ModelError
from recommender.options import TrainingOptions
from recommender.states import State, StateError

SECONDS_BETWEEN_LINES = 0.2
ORPHANED = 3

Tell = Callable[[str, int, int], None]


class Reporter:
    """Writes JSON lines to what was standard output; whatever else is printed goes to standard error."""

    def __init__(self) -> None:
        self._lines = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
        os.dup2(2, 1)
        self._told = ("", 0.0)

    def progress(self, stage: str, done: int, total: int) -> None:
        """Tell how far the fit is, not more often than a person could read."""
        now = time.monotonic()
        last_stage, last_time = self._told
        if stage == last_stage and done < total and now - last_time < SECONDS_BETWEEN_LINES:
            return
        self._told = (stage, now)
        self.write({"progress": {"stage": stage, "done": done, "total": total}})

    def write(self, message: Mapping[str, Any]) -> None:
        """Write one line."""
        self._lines.write(json.dumps(message) + "\n")


def divided(dataset: Dataset, friends: Ratings) -> tuple[Dataset, Ratings]:
    """The community without the held-out people, joined by the friends; and the held-out people's ratings.

    Friends get ids that nobody in the community has.
    """
    community = dataset.ratings
    withheld = np.isin(community.user_ids, held_out_users(community))
    lowest = min(int(community.user_ids.min(initial=0)), 0)
    own_ids = lowest - 1 - np.unique(friends.user_ids, return_inverse=True)[1].astype(np.int64)
    own = Ratings(own_ids, friends.movie_ids, friends.stars, friends.rated_at)
    learn = community.where(~withheld).joined(own)
    return Dataset(dataset.name, dataset.catalogue, learn, dataset.acknowledgement), community.where(withheld)


def fit(job: FitJob, folder: Path, tell: Tell) -> FitOutcome:
    """Do the job: fit, save, load back, measure.

    Raises
    ------
    DatasetError
        If the data set cannot be read.
    ModelError
        If the saved model cannot be loaded back.
    """
    tell("reading the data", 0, 1)
    data = Dataset.load(job.dataset)
    data = replace(data, catalogue=data.catalogue.joined(Catalogue(job.newer)))
    dataset, held_out = divided(data, job.friends)
    running = _running(job.running)
    model, way = _fitted(job, folder, dataset, running, tell)
    tell("measuring", 0, 2)
    model.save(folder / MODEL_FOLDER)
    (folder / STATE_FOLDER).rename(folder / MODEL_FOLDER / STATE_FOLDER)
    model = Model.load(folder / MODEL_FOLDER)
    new = ndcg_at_10(model, held_out)
    tell("measuring", 1, 2)
    return FitOutcome(
        friend_ratings=len(job.friends),
        community_ratings=len(dataset.ratings) - len(job.friends),
        new=new.tolist(),
        running=None if running is None else ndcg_at_10(running, held_out).tolist(),
        warm=way.warm,
        why=way.why,
    )


def _fitted(
    job: FitJob, folder: Path, dataset: Dataset, running: Model | None, tell: Tell
) -> tuple[Model, Way]:
    """The new model, and in what way it was fitted. Its state is left in the job's folder."""
    # Imported late: LightFM takes a second to load, and everything else is told without it.
    from recommender.training import train, train_on

    options = TrainingOptions(**job.options)
    new_state = folder / STATE_FOLDER
    state, before = _left_by(job.running) if running is not None else (None, None)
    learned = Learned.of(fingerprint(_without_last(dataset, len(job.friends)), options), job.friends)
    facts = learned.facts(
        before,
        asked=job.full,
        failed_before=job.failed_before,
        ratings=len(dataset.ratings),
        rounds=0 if state is None else state.rounds,
    )
    way = choose(facts)
    if way.warm and before is not None and state is not None and running is not None:
        worths = running.info.get(INFO, ())
        try:
            model = train_on(dataset, state.folder, options, tell, worths=worths, state=new_state)
        except StateError as error:
            print(error, file=sys.stderr)
            way = choose(replace(facts, state=False))
        else:
            replace(learned, at_full=before.at_full).write(new_state)
            return model, way
    model = train(dataset, options, tell, checkpoints=folder / CHECKPOINTS_FOLDER, state=new_state)
    learned.write(new_state)
    return model, way


def _left_by(running: Path | None) -> tuple[State, Learned] | tuple[None, None]:
    """What the fit of the running model left to go on with."""
    if running is None:
        return None, None
    folder = running / STATE_FOLDER
    learned = Learned.read(folder)
    try:
        return (None, None) if learned is None else (State.open(folder), learned)
    except StateError:
        return None, None


def _without_last(dataset: Dataset, number: int) -> Dataset:
    """The data set without its last ratings, which are not copied."""
    ratings = dataset.ratings
    kept = slice(len(ratings) - number)
    return replace(
        dataset,
        ratings=Ratings(
            ratings.user_ids[kept], ratings.movie_ids[kept], ratings.stars[kept], ratings.rated_at[kept]
        ),
    )


def _running(folder: Path | None) -> Model | None:
    """The model to compare with. One that cannot be read is no reason to keep it."""
    if folder is None:
        return None
    try:
        return Model.load(folder)
    except ModelError as error:
        print(f"the running model cannot be compared with: {error}", file=sys.stderr)
        return None


def _step_back(job: FitJob) -> None:
    """Leave the machine to others: low priority, bounded memory, first in line when memory runs out."""
    os.nice(job.niceness)
    if job.memory_bytes is not None:
        # macOS has the limit in name only and may refuse it.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (job.memory_bytes, job.memory_bytes))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _end_with_parent() -> None:
    """End this process when standard input does, which the system closes when the bot dies."""

    def wait() -> None:
        while os.read(0, 1024):
            pass
        os._exit(ORPHANED)

    threading.Thread(target=wait, daemon=True).start()


def main(folder: Path) -> int:
    """Do the job in a folder, tell the outcome, and answer the exit status."""
    reporter = Reporter()
    _end_with_parent()
    try:
        job = FitJob.read(folder)
        _step_back(job)
        outcome = fit(job, folder, reporter.progress)
    except MemoryError:
        reporter.write({"error": "the fit needs more memory than it may use"})
    except (DatasetError, ModelError) as error:
        reporter.write({"error": str(error)})
    else:
        reporter.write({"outcome": asdict(outcome)})
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
