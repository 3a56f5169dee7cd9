"""Fit LightFM on virtual users, and take from it what a `Model` needs."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Lock

import numpy as np

from recommender.asking import INFO
from recommender.assembling import assemble
from recommender.checkpoints import Checkpoints, fingerprint
from recommender.datasets import Dataset
from recommender.ground import Ground
from recommender.growing import extended
from recommender.model import Model
from recommender.neighbours import Neighbours, neighbours
from recommender.options import TrainingOptions
from recommender.parameters import FEWEST_RATINGS
from recommender.states import State, StateError
from recommender.sub_models import Learner, SubModel
from recommender.worths import measure

AT_ONCE = 2
"""Sub-models that learn for one more epoch when an earlier fit is gone on with."""

NEIGHBOURS = "neighbours"
"""The name by which the neighbours are kept."""
MOVIES = "movies"
"""The name by which the ids of the movies are kept that were fitted."""

FEWEST_FITTED = 10_000
"""A fit meets the rated movies and, if these are fewer, the best known of the others up to this number."""

OnProgress = Callable[[str, int, int], None]
"""Called with a stage, how much of it is done, and how much there is."""


def train(
    dataset: Dataset,
    options: TrainingOptions | None = None,
    on_progress: OnProgress | None = None,
    *,
    friends: int = 0,
    checkpoints: Path | None = None,
    state: Path | None = None,
) -> Model:
    """Fit a model on a data set.

    Parameters
    ----------
    dataset : Dataset
        May have few ratings or none; then invented people teach the model what resembles what. A movie that
        nobody rated is not fitted but placed by its features and its fame afterwards, unless the rated ones
        are fewer than `FEWEST_FITTED`: so the size of the catalogue costs a fit nothing.
    options : TrainingOptions, optional
    on_progress : callable, optional
        Called from the fitting threads. An exception that it raises ends the fit.
    friends : int
        So many of the last ratings are of friends that a bot adds to the community: see
        `TrainingOptions.most_virtual_friends`.
    checkpoints : Path, optional
        A folder that keeps each sub-model as it is done. If the fit is interrupted, the next one with the
        same data, options and folder takes them from there; it comes to the same model, bit for bit. The
        folder is the caller's to remove.
    state : Path, optional
        A folder in which to leave what `train_on` can go on with.

    Returns
    -------
    Model

    Raises
    ------
    ValueError
        If the catalogue is empty.
    OSError
        If the state cannot be written.
    """
    options = options or TrainingOptions()
    on_progress = on_progress or _quiet
    key = "" if checkpoints is None else fingerprint(dataset, options, friends)
    fitted = _fitted(dataset)
    ground = Ground(fitted, options, friends)
    parts, near = _Fit(ground, on_progress, Checkpoints(checkpoints, key)).parts()
    if state is not None:
        new = State.create(state, options.models, 0)
        for number, part in enumerate(parts):
            new.keep(sub_model(number), part._asdict())
        new.keep(NEIGHBOURS, near.arrays())
        new.keep(MOVIES, {MOVIES: fitted.catalogue.movie_ids})
        new.finish()
    on_progress("putting together", 0, 2)
    model = _whole(assemble(ground, parts, near), dataset)
    on_progress("putting together", 1, 2)
    model.info[INFO] = measure(model, dataset.ratings, options.seed)
    on_progress("putting together", 2, 2)
    return model


def train_on(
    dataset: Dataset,
    before: Path,
    options: TrainingOptions | None = None,
    on_progress: OnProgress | None = None,
    *,
    worths: Sequence[Sequence[float]],
    state: Path,
    friends: int = 0,
) -> Model:
    """Go on with an earlier fit, after ratings were added to what it learned from.

    A few sub-models, in turn over the rounds, learn for one more epoch, from all ratings there are now. The
    others stay as they are, and so do the neighbours, which take long and which a few ratings more do not
    change. Popularity, the average profile and the stars are worked out anew from all ratings.

    Parameters
    ----------
    dataset : Dataset
        With all movies that the earlier fit met. Ratings of others count at the next `train`.
    before : Path
        The state that the earlier fit left.
    options : TrainingOptions, optional
        The same as in the earlier fit.
    on_progress : callable, optional
        As in `train`.
    worths : sequence of (movie id, worth)
        What answers are worth, from the info of the earlier model under `recommender.asking.INFO`; a few
        ratings more do not change it.
    state : Path
        A folder in which to leave what the next fit can go on with.
    friends : int
        As in `train`.

    Returns
    -------
    Model
        The same, bit for bit, for the same data, options and state.

    Raises
    ------
    StateError
        If the earlier state cannot be read, or is of other movies or options.
    ValueError
        If the catalogue is empty.
    OSError
        If the state cannot be written.
    """
    options = options or TrainingOptions()
    on_progress = on_progress or _quiet
    earlier = State.open(before)
    fitted, of_friends = _fitted_before(dataset, friends, earlier)
    ground = Ground(fitted, options, of_friends)
    parts, near = _Fit(ground, on_progress, Checkpoints(None)).parts_from(earlier)
    later = State.create(state, options.models, earlier.rounds + 1)
    renewed = earlier.turn(AT_ONCE)
    for number, part in enumerate(parts):
        if number in renewed:
            later.keep(sub_model(number), part._asdict())
        else:
            later.keep_from(earlier, sub_model(number))
    later.keep_from(earlier, NEIGHBOURS)
    later.keep_from(earlier, MOVIES)
    later.finish()
    on_progress("putting together", 0, 1)
    model = _whole(assemble(ground, parts, near), dataset)
    model.info[INFO] = [list(pair) for pair in worths]
    on_progress("putting together", 1, 1)
    return model


def sub_model(number: int) -> str:
    """The name by which a sub-model is kept."""
    return f"sub-model-{number}"


def _fitted(dataset: Dataset) -> Dataset:
    """The part of a data set that a fit meets."""
    catalogue = dataset.catalogue
    rated = np.isin(catalogue.movie_ids, dataset.ratings.movie_ids)
    best_known = np.lexsort((-catalogue.number("votes"), ~rated))
    most = max(int(rated.sum()), FEWEST_FITTED)
    if most >= len(catalogue):
        return dataset
    return replace(dataset, catalogue=catalogue.take(np.sort(best_known[:most])))


def _fitted_before(dataset: Dataset, friends: int, earlier: State) -> tuple[Dataset, int]:
    """The part of a data set that an earlier fit met, and how many of its last ratings are of friends."""
    movie_ids = earlier.load(MOVIES).get(MOVIES, np.zeros(0, np.int64))
    rows = dataset.catalogue.rows(movie_ids)
    if not len(rows) or rows.min() < 0:
        raise StateError(f"{earlier.folder} is of other movies")
    if len(rows) == len(dataset.catalogue):
        return dataset, friends
    kept = np.isin(dataset.ratings.movie_ids, movie_ids)
    fitted = replace(dataset, catalogue=dataset.catalogue.take(rows), ratings=dataset.ratings.where(kept))
    return fitted, int(kept[len(kept) - friends :].sum())


def _whole(model: Model, dataset: Dataset) -> Model:
    """A model of the fitted movies, with all the others."""
    if len(dataset.catalogue) == len(model.catalogue):
        return model
    model.info["movies"] = len(dataset.catalogue)
    return extended(model, dataset.catalogue)


class _Fit:
    """The sub-models and the neighbours of one fit."""

    def __init__(self, ground: Ground, on_progress: OnProgress, checkpoints: Checkpoints) -> None:
        self._ground = ground
        self._options = ground.options
        self._checkpoints = checkpoints
        self._on_progress = on_progress
        self._epochs_done = self._epochs = 0
        self._ended: BaseException | None = None
        self._lock = Lock()

    def parts(self) -> tuple[list[SubModel], Neighbours]:
        """All sub-models and the neighbours, worked out or kept from before, some at the same time."""
        self._epochs = self._options.models * self._options.epochs
        return self._at_once(self._kept_or_fitted, self._neighbours)

    def parts_from(self, earlier: State) -> tuple[list[SubModel], Neighbours]:
        """Those of an earlier fit, a few sub-models gone on with."""
        if earlier.models != self._options.models:
            raise StateError(f"{earlier.folder} is of other options")
        self._epochs = len(earlier.turn(AT_ONCE))
        return self._at_once(partial(self._gone_on_with, earlier), partial(self._same_neighbours, earlier))

    def _at_once(
        self, make: Callable[[int], SubModel], make_near: Callable[[], Neighbours]
    ) -> tuple[list[SubModel], Neighbours]:
        def part(number: int) -> SubModel:
            try:
                return make(number)
            except BaseException as error:
                self._ended = error
                raise

        self._tell(0)
        with ThreadPoolExecutor(self._options.threads) as pool:
            try:
                near = pool.submit(make_near)
                return list(pool.map(part, range(self._options.models))), near.result()
            except BaseException as error:
                self._ended = error
                raise

    def _kept_or_fitted(self, number: int) -> SubModel:
        kept = self._checkpoints.load(sub_model(number))
        if kept is not None and kept.keys() == set(SubModel._fields):
            part = SubModel(**kept)
            if part.fits(*self._ground.shape):
                self._tell(self._options.epochs)
                return part
        part = self._learned(np.random.SeedSequence((self._options.seed, number)), self._options.epochs)
        self._checkpoints.keep(sub_model(number), part._asdict())
        return part

    def _gone_on_with(self, earlier: State, number: int) -> SubModel:
        try:
            before = SubModel(**earlier.load(sub_model(number)))
        except TypeError as error:
            raise StateError(f"{earlier.folder} is of another version") from error
        if not before.fits(*self._ground.shape):
            raise StateError(f"{earlier.folder} is of other movies or options")
        if number not in earlier.turn(AT_ONCE):
            return before
        seed = np.random.SeedSequence((self._options.seed, number, earlier.rounds + 1))
        return self._learned(seed, 1, before)

    def _same_neighbours(self, earlier: State) -> Neighbours:
        try:
            near = Neighbours.of_arrays(earlier.load(NEIGHBOURS))
        except KeyError as error:
            raise StateError(f"{earlier.folder} is of another version") from error
        if not near.fits(len(self._ground.catalogue)):
            raise StateError(f"{earlier.folder} is of other movies")
        return near

    def _tell(self, epochs: int) -> None:
        """Count epochs that are done."""
        with self._lock:
            self._epochs_done += epochs
            self._on_progress("fitting", self._epochs_done, self._epochs)

    def _learned(self, seed: np.random.SeedSequence, epochs: int, before: SubModel | None = None) -> SubModel:
        """Fit one sub-model or go on with it, each epoch on its own cuts."""
        rng = np.random.default_rng(seed)
        learner = Learner(self._options, int(seed.generate_state(1)[0]), before)
        met = np.zeros(self._ground.profile_features.learned, np.bool_)
        learned = self._ground.popularity >= FEWEST_RATINGS
        if before is not None:
            met |= before.met
            learned |= before.learned
        for _ in range(epochs):
            if self._ended is not None:
                # Else the other threads would go on to the end of their sub-models.
                raise self._ended
            users, invented = self._ground.virtual_users(rng)
            if not users.profiles.shape[0]:
                return before or SubModel.untaught(*self._ground.shape)
            profiles = users.profiles[:, : self._ground.profile_features.learned]
            # A movie with fewer ratings is placed by its features: what could be learned of it is chance.
            chosen = np.flatnonzero((self._ground.popularity >= FEWEST_RATINGS) | invented)
            examples = users.examples.tocsc()[:, chosen]
            learner.epoch(examples, profiles, self._ground.item_matrix[chosen])
            met |= np.asarray(profiles.getnnz(axis=0) > 0)
            learned[chosen] |= np.asarray((examples > 0).getnnz(axis=0) > 0)
            self._tell(1)
        return learner.result(met, learned)

    def _neighbours(self) -> Neighbours:
        kept = self._checkpoints.load(NEIGHBOURS)
        with suppress(KeyError):
            near = None if kept is None else Neighbours.of_arrays(kept)
            if near is not None and near.fits(len(self._ground.catalogue)):
                return near
        near = neighbours(self._ground.everyone, self._ground.profile_features, self._options.neighbour_dims)
        self._checkpoints.keep(NEIGHBOURS, near.arrays())
        return near


def _quiet(_stage: str, _done: int, _total: int) -> None:
    pass
