"""Fit LightFM on virtual users, and take from it what a `Model` needs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import lightfm
import numpy as np
import numpy.typing as npt
import scipy.sparse

from recommender import asking
from recommender.checkpoints import Checkpoints, fingerprint
from recommender.compression import score_directions
from recommender.cutting import Cut, as_cut, community, cut
from recommender.datasets import Dataset
from recommender.features import FloatArray, ItemFeatures, genre_shares, item_features
from recommender.model import Model
from recommender.neighbours import KINDS, Neighbours, Weights, neighbours
from recommender.options import TrainingOptions
from recommender.parameters import Parameters, compose
from recommender.profiles import ProfileFeatures, expected_shares
from recommender.star_fitting import fit_stars
from recommender.virtual import content_fans

# Neither of the two is typed.
LightFM: Any = lightfm.LightFM
sp: Any = scipy.sparse

FEWEST_RATINGS = 3
SAMPLE = 20_000
"""Virtual users from whom the directions of the scores are taken, about."""

OnProgress = Callable[[str, int, int], None]
"""Called with a stage, how much of it is done, and how much there is."""


def train(
    dataset: Dataset,
    options: TrainingOptions | None = None,
    on_progress: OnProgress | None = None,
    *,
    checkpoints: Path | None = None,
) -> Model:
    """Fit a model on a data set.

    Parameters
    ----------
    dataset : Dataset
        May have few ratings or none; then invented people teach the model what resembles what.
    options : TrainingOptions, optional
    on_progress : callable, optional
        Called from the fitting threads. An exception that it raises ends the fit.
    checkpoints : Path, optional
        A folder that keeps each sub-model as it is done. If the fit is interrupted, the next one with the
        same data, options and folder takes them from there; it comes to the same model, bit for bit. The
        folder is the caller's to remove.

    Returns
    -------
    Model

    Raises
    ------
    ValueError
        If the catalogue is empty.
    """
    if not len(dataset.catalogue):
        raise ValueError("there are no movies to fit a model on")
    options = options or TrainingOptions()
    on_progress = on_progress or _quiet
    key = "" if checkpoints is None else fingerprint(dataset, options)
    fit = _Fit(dataset, options, on_progress, Checkpoints(checkpoints, key))
    parts, near = fit.parts()
    on_progress("putting together", 0, 2)
    model = fit.assemble(parts, near)
    on_progress("putting together", 1, 2)
    model.info[asking.INFO] = asking.measure(model, dataset.ratings, options.seed)
    on_progress("putting together", 2, 2)
    return model


class _Part(NamedTuple):
    """What one sub-model leaves."""

    item_vectors: FloatArray
    item_biases: FloatArray
    profile_vectors: FloatArray
    learned: npt.NDArray[np.bool_]


class _Fit:
    def __init__(
        self, dataset: Dataset, options: TrainingOptions, on_progress: OnProgress, checkpoints: Checkpoints
    ) -> None:
        self.dataset = dataset
        self.options = options
        self.catalogue = dataset.catalogue
        self.features = item_features(dataset.catalogue, options.weights)
        self.shares = genre_shares(dataset.catalogue)
        self.profile_features = ProfileFeatures(self.shares)
        self.item_matrix = _item_matrix(self.features, options.weights.identity)
        rows = _rows(dataset)
        self.popularity = np.bincount(rows, minlength=len(self.catalogue)).astype(np.float32)
        self.everyone = community(dataset.ratings, rows)
        self._checkpoints = checkpoints
        self._on_progress = on_progress
        self._epochs_done = 0
        self._ended: BaseException | None = None
        self._lock = Lock()

    def parts(self) -> tuple[list[_Part], Neighbours]:
        """All sub-models and the neighbours, worked out or kept from before, some at the same time."""
        self._tell(0)
        with ThreadPoolExecutor(self.options.threads) as pool:
            try:
                near = pool.submit(self._neighbours)
                return list(pool.map(self._part, range(self.options.models))), near.result()
            except BaseException as error:
                self._ended = error
                raise

    def _part(self, number: int) -> _Part:
        try:
            return self._kept_or_fitted(number)
        except BaseException as error:
            self._ended = error
            raise

    def _kept_or_fitted(self, number: int) -> _Part:
        name = f"sub-model-{number}"
        kept = self._checkpoints.load(name)
        if kept is not None:
            self._tell(self.options.epochs)
            return _Part(**kept)
        part = self._fitted(number)
        self._checkpoints.keep(name, part._asdict())
        return part

    def _tell(self, epochs: int) -> None:
        """Count epochs that are done."""
        with self._lock:
            self._epochs_done += epochs
            self._on_progress("fitting", self._epochs_done, self.options.models * self.options.epochs)

    def _fitted(self, number: int) -> _Part:
        """Fit one sub-model, each epoch on its own cuts."""
        options = self.options
        seed = np.random.SeedSequence((options.seed, number))
        rng = np.random.default_rng(seed)
        model = LightFM(
            no_components=options.dims,
            loss="warp",
            learning_rate=options.learning_rate,
            item_alpha=options.regularisation,
            user_alpha=options.regularisation,
            max_sampled=options.negatives,
            random_state=np.random.RandomState(int(seed.generate_state(1)[0])),
        )
        met = np.zeros(self.profile_features.learned, np.bool_)
        learned = self.popularity >= FEWEST_RATINGS
        for _ in range(options.epochs):
            if self._ended is not None:
                # Else the other threads would go on to the end of their sub-models.
                raise self._ended
            users, invented = self.virtual_users(rng)
            if not users.profiles.shape[0]:
                return self._nothing_learned()
            profiles = users.profiles[:, : self.profile_features.learned]
            # A movie with fewer ratings is placed by its features: what could be learned of it is chance.
            chosen = np.flatnonzero((self.popularity >= FEWEST_RATINGS) | invented)
            examples = users.examples.tocsc()[:, chosen]
            items = self.item_matrix[chosen]
            model.fit_partial(examples, user_features=profiles, item_features=items, epochs=1, num_threads=1)
            met |= np.asarray(profiles.getnnz(axis=0) > 0)
            learned[chosen] |= np.asarray((examples > 0).getnnz(axis=0) > 0)
            self._tell(1)
        vectors = np.where(met[:, None], model.user_embeddings, np.float32(0))
        return _Part(model.item_embeddings, model.item_biases, vectors, learned)

    def _nothing_learned(self) -> _Part:
        items = len(self.catalogue) + len(self.features.names)
        profiles, dims = self.profile_features.learned, self.options.dims
        return _Part(
            np.zeros((items, dims), np.float32),
            np.zeros(items, np.float32),
            np.zeros((profiles, dims), np.float32),
            np.zeros(len(self.catalogue), np.bool_),
        )

    def virtual_users(self, rng: np.random.Generator) -> tuple[Cut, bool]:
        """The people of one sub-model, and whether invented ones fill up a small community."""
        options = self.options
        most = options.most_virtual_users
        chosen = np.arange(len(self.everyone))
        if len(chosen) > most:
            chosen = rng.choice(len(chosen), most, replace=False)
        times = min(options.cuts, max(most // max(len(chosen), 1), 1))
        found = cut(self.everyone, chosen, self.profile_features, times, options.most_targets, rng)
        missing = options.content_fans - found.profiles.shape[0]
        if missing <= 0:
            return found, False
        fans = list(content_fans(self.features, missing, options.most_targets, rng))
        if not fans:
            return found, True
        invented = as_cut(fans, self.profile_features)
        return Cut(*(sp.vstack(both, format="csr") for both in zip(found, invented, strict=True))), True

    def assemble(self, parts: list[_Part], near: Neighbours) -> Model:
        """One model whose scores are the sums of the parts' scores."""
        movies = len(self.catalogue)
        items: FloatArray = np.hstack([part.item_vectors for part in parts])
        item_biases = np.sum([part.item_biases for part in parts], axis=0)
        own, own_biases = self._identities(parts, items[:movies], item_biases[:movies])
        features, feature_biases = items[movies:], item_biases[movies:]
        biases = compose(own_biases, self.features, feature_biases)
        profile_vectors = np.hstack([part.profile_vectors for part in parts])
        profile_vectors = np.pad(profile_vectors, ((0, movies), (0, 0)))
        profiles = self.virtual_users(np.random.default_rng(self.options.seed))[0].profiles

        people_vectors = _some(profiles, SAMPLE) @ profile_vectors
        strength = _spread(people_vectors, compose(own, self.features, features), biases)
        own = np.hstack([own, near.recommended * strength])
        features = np.pad(features, ((0, 0), (0, near.recommended.shape[1])))
        profile_vectors = np.hstack([profile_vectors, near.profile_vectors(self.profile_features)])

        if own.shape[1] > self.options.serving_dims:
            important = np.sqrt(self.popularity + 1)[:, None]
            whole = compose(own, self.features, features)
            people_vectors = _some(profiles, SAMPLE) @ profile_vectors
            for_items, for_profiles = score_directions(
                people_vectors, whole * important, self.options.serving_dims
            )
            own, features, profile_vectors = (
                own @ for_items,
                features @ for_items,
                profile_vectors @ for_profiles,
            )
        people_vectors = profiles @ profile_vectors
        met = np.flatnonzero(np.any(profile_vectors != 0, axis=1))
        index = np.full(len(profile_vectors), -1, np.int32)
        index[met] = np.arange(len(met), dtype=np.int32)
        vectors = compose(own, self.features, features)
        parameters = Parameters(
            vectors=vectors,
            biases=biases,
            feature_vectors=features.astype(np.float32),
            feature_biases=feature_biases.astype(np.float32),
            profile_index=index,
            profile_vectors=profile_vectors[met].astype(np.float32),
            mean_profile=(people_vectors.sum(axis=0) / max(len(people_vectors), 1)).astype(np.float32),
            popularity=self.popularity,
            expected=expected_shares(self.shares, self.popularity),
            unit=np.array(_spread(_some(people_vectors, 100), vectors, biases), np.float32),
        )
        stars = fit_stars(self.catalogue, parameters, self.everyone, self.options.seed)
        return Model(self.catalogue, self.features, parameters, self.info(), stars)

    def _neighbours(self) -> Neighbours:
        kept = self._checkpoints.load("neighbours")
        if kept is not None:
            pairs = ((kept[f"{kind}_rated"], kept[f"{kind}_recommended"]) for kind in KINDS)
            return Neighbours(*(Weights(*pair) for pair in pairs))
        near = neighbours(self.everyone, len(self.catalogue), self.options.neighbour_dims)
        pairs = zip(KINDS, near, strict=True)
        self._checkpoints.keep(
            "neighbours",
            {f"{kind}_{name}": array for kind, both in pairs for name, array in both._asdict().items()},
        )
        return near

    def _identities(
        self, parts: list[_Part], vectors: FloatArray, biases: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """What the movies themselves weigh, without their features.

        A movie that hardly anybody rated has none. It is placed by its features, at the popularity of a
        usual movie.
        """
        weight = np.float32(self.options.weights.identity)
        learned = np.any([part.learned for part in parts], axis=0)
        usual = np.median(biases[learned]) if learned.any() else np.float32(0)
        return np.where(learned[:, None], vectors * weight, 0), np.where(learned, biases, usual) * weight

    def info(self) -> dict[str, Any]:
        """What a model tells of its origin."""
        return {
            "dataset": self.dataset.name,
            "acknowledgement": self.dataset.acknowledgement,
            "ratings": len(self.dataset.ratings),
            "users": len(self.everyone),
            "movies": len(self.catalogue),
            "options": asdict(self.options),
        }


def _quiet(_stage: str, _done: int, _total: int) -> None:
    pass


def _rows(dataset: Dataset) -> npt.NDArray[np.int32]:
    """Catalogue row of each rating's movie."""
    ids = np.array([movie.movie_id for movie in dataset.catalogue], np.int64)
    order = np.argsort(ids)
    movies = dataset.ratings.movie_ids
    place = np.minimum(np.searchsorted(ids[order], movies), len(ids) - 1)
    strange = ids[order[place]] != movies
    if strange.any():
        raise ValueError(f"a rating is of movie {movies[strange][0]}, which is not in the catalogue")
    return order[place].astype(np.int32)


def _item_matrix(features: ItemFeatures, identity: float) -> Any:
    movies = len(features.starts) - 1
    shape = (movies, len(features.names))
    named = sp.csr_matrix((features.weights, features.columns, features.starts), shape=shape)
    return sp.hstack([sp.identity(movies) * identity, named]).tocsr().astype(np.float32)


def _spread(people_vectors: FloatArray, vectors: FloatArray, biases: FloatArray) -> float:
    """Standard deviation of the scores of a person's best 200 movies, mean over some people."""
    if not len(people_vectors):
        return 1.0
    scores = _some(people_vectors, 100) @ vectors.T + biases
    best = -np.partition(-scores, min(199, scores.shape[1] - 1), axis=1)[:, :200]
    return float(best.std(axis=1).mean())


def _some(rows: Any, about: int) -> Any:
    """Evenly spread rows of an array or sparse matrix, about so many of them."""
    return rows[:: max(rows.shape[0] // about, 1)]
