"""The child process that fits a model: ``python -m bot.services.fit_worker JOB_FOLDER``.

It reads the job from its folder, tells its progress as lines of JSON on standard output, and ends
when its standard input does: the bot holds the other end, so no fit outlives its bot.
"""

import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bot.services.fit_job import CHECKPOINTS_FOLDER, MODEL_FOLDER, FitJob, FitOutcome
from bot.services.fit_way import STATE_FOLDER, Learned, Way, choose
from bot.services.worker import Reporter, Tell, end_with_parent, step_back
from recommender.asking import INFO
from recommender.checkpoints import fingerprint
from recommender.datasets.dataset import Dataset, DatasetError, Ratings
from recommender.evaluation.holdout import held_out_users, ndcg_at_10
from recommender.model import Model, ModelError
from recommender.options import TrainingOptions
from recommender.states import State, StateError

JUDGES = "held_out_friends"
"""Where a model's info has the numbers of the friends who were not learned from."""


class Divided(NamedTuple):
    """Who is learned from, and who judges what was learned.

    Attributes
    ----------
    dataset : Dataset
        The community and the friends without those who judge. Friends get ids that nobody else has.
    friends : Ratings
        Those of the friends who are learned from: the last ones of the data set.
    community : Ratings
        Of the people of the community who judge.
    judges : Ratings
        Of the friends who do. They miss little: nobody has an id in the model, and their ratings are their
        profile whenever they ask for something.
    """

    dataset: Dataset
    friends: Ratings
    community: Ratings
    judges: Ratings


def divided(dataset: Dataset, friends: Ratings) -> Divided:
    """Hold some people out, of the community and, where there are many, of the friends: a tenth of each.

    See `recommender.evaluation.holdout.held_out_users`: with fewer than 150 friends who rated enough all of
    them are learned from.
    """
    community = dataset.ratings
    withheld = np.isin(community.user_ids, held_out_users(community))
    judging = np.isin(friends.user_ids, held_out_users(friends))
    learned = friends.where(~judging)
    lowest = min(int(community.user_ids.min(initial=0)), 0)
    own_ids = lowest - 1 - np.unique(learned.user_ids, return_inverse=True)[1].astype(np.int64)
    own = replace(learned, user_ids=own_ids)
    learn = community.where(~withheld).joined(own)
    return Divided(
        replace(dataset, ratings=learn), learned, community.where(withheld), friends.where(judging)
    )


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
    # What comes from TMDB is not to be learned from, by its terms; the model is grown by it afterwards.
    known = np.isin(job.friends.movie_ids, data.catalogue.movie_ids)
    parts = divided(data, job.friends.where(known))
    running = _running(job.running)
    model, way = _fitted(job, folder, parts, running, tell)
    model.info[JUDGES] = np.unique(parts.judges.user_ids).tolist()
    tell("measuring", 0, 2)
    model.save(folder / MODEL_FOLDER)
    (folder / STATE_FOLDER).rename(folder / MODEL_FOLDER / STATE_FOLDER)
    model = Model.load(folder / MODEL_FOLDER)
    judges = _comparable(parts.judges, running)
    of_friends, new = ndcg_at_10(model, judges), ndcg_at_10(model, parts.community)
    tell("measuring", 1, 2)
    before = None
    if running is not None:
        before = [*ndcg_at_10(running, judges).tolist(), *ndcg_at_10(running, parts.community).tolist()]
    return FitOutcome(
        friend_ratings=len(job.friends),
        community_ratings=len(parts.dataset.ratings) - len(parts.friends),
        new=[*of_friends.tolist(), *new.tolist()],
        running=before,
        warm=way.warm,
        why=way.why,
        friends=len(of_friends),
    )


def _comparable(judges: Ratings, running: Model | None) -> Ratings:
    """Those who can judge both models: nobody of whom the running one learned."""
    if running is None:
        return judges
    return judges.where(np.isin(judges.user_ids, running.info.get(JUDGES, ())))


def _fitted(
    job: FitJob, folder: Path, parts: Divided, running: Model | None, tell: Tell
) -> tuple[Model, Way]:
    """The new model, and in what way it was fitted. Its state is left in the job's folder."""
    # Imported late: LightFM takes a second to load, and everything else is told without it.
    from recommender.training import train, train_on

    dataset, friends = parts.dataset, parts.friends
    options = TrainingOptions(**job.options)
    new_state = folder / STATE_FOLDER
    state, before = _left_by(job.running) if running is not None else (None, None)
    learned = Learned.of(fingerprint(_without_last(dataset, len(friends)), options), friends)
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
            model = train_on(
                dataset,
                state.folder,
                options,
                tell,
                worths=worths,
                state=new_state,
                friends=len(friends),
            )
        except StateError as error:
            print(error, file=sys.stderr)
            way = choose(replace(facts, state=False))
        else:
            replace(learned, at_full=before.at_full).write(new_state)
            return model, way
    model = train(
        dataset,
        options,
        tell,
        friends=len(friends),
        checkpoints=folder / CHECKPOINTS_FOLDER,
        state=new_state,
    )
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


def main(folder: Path) -> int:
    """Do the job in a folder, tell the outcome, and answer the exit status."""
    reporter = Reporter()
    end_with_parent()
    try:
        job = FitJob.read(folder)
        step_back(job.niceness, job.memory_bytes)
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
