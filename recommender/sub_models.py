"""One of the LightFM models whose scores a `Model` adds: fitted, or gone on with, an epoch at a time."""

from typing import Any, NamedTuple, Self

import lightfm
import numpy as np
import numpy.typing as npt

from recommender.features import FloatArray
from recommender.options import TrainingOptions

# Not typed.
LightFM: Any = lightfm.LightFM


class SubModel(NamedTuple):
    """All that one sub-model has learned, and how far: enough to go on with it.

    The steps are LightFM's Adagrad accumulators, the sums of squared gradients. With new ones in their place
    the first epoch would take large steps again, away from what was learned.

    Attributes
    ----------
    item_vectors, item_vector_steps : float32, shape (n_movies + n_features, dims)
    item_biases, item_bias_steps : float32, shape (n_movies + n_features,)
    profile_vectors, profile_vector_steps : float32, shape (n_learned_profile_columns, dims)
    profile_biases, profile_bias_steps : float32, shape (n_learned_profile_columns,)
    met : bool, shape (n_learned_profile_columns,)
        Profile features that some virtual user had.
    learned : bool, shape (n_movies,)
        Movies that something was learned of.
    """

    item_vectors: FloatArray
    item_vector_steps: FloatArray
    item_biases: FloatArray
    item_bias_steps: FloatArray
    profile_vectors: FloatArray
    profile_vector_steps: FloatArray
    profile_biases: FloatArray
    profile_bias_steps: FloatArray
    met: npt.NDArray[np.bool_]
    learned: npt.NDArray[np.bool_]

    @classmethod
    def untaught(cls, items: int, profiles: int, movies: int, dims: int) -> Self:
        """One that scores nothing."""
        return cls(
            np.zeros((items, dims), np.float32),
            np.ones((items, dims), np.float32),
            np.zeros(items, np.float32),
            np.ones(items, np.float32),
            np.zeros((profiles, dims), np.float32),
            np.ones((profiles, dims), np.float32),
            np.zeros(profiles, np.float32),
            np.ones(profiles, np.float32),
            np.zeros(profiles, np.bool_),
            np.zeros(movies, np.bool_),
        )

    def fits(self, items: int, profiles: int, movies: int, dims: int) -> bool:
        """Whether the arrays have these shapes and hold numbers."""
        usual = self.untaught(items, profiles, movies, dims)
        return all(
            mine.shape == theirs.shape and mine.dtype == theirs.dtype and bool(np.isfinite(mine).all())
            for mine, theirs in zip(self, usual, strict=True)
        )

    @property
    def known_profile_vectors(self) -> FloatArray:
        """`profile_vectors`, zero where they are still what chance began with."""
        return np.where(self.met[:, None], self.profile_vectors, np.float32(0))


class Learner:
    """Fits one sub-model.

    Parameters
    ----------
    options : TrainingOptions
    seed : int
        For LightFM's own draws.
    before : SubModel, optional
        What to go on with, instead of beginning by chance.
    """

    def __init__(self, options: TrainingOptions, seed: int, before: SubModel | None = None) -> None:
        self._model = LightFM(
            no_components=options.dims,
            loss="warp",
            learning_rate=options.learning_rate,
            item_alpha=options.regularisation,
            user_alpha=options.regularisation,
            max_sampled=options.negatives,
            random_state=np.random.RandomState(seed),
        )
        if before is not None:
            self._go_on_with(before)

    def epoch(self, examples: Any, profiles: Any, items: Any) -> None:
        """Learn from the examples once.

        Parameters
        ----------
        examples : sparse float32, shape (n_virtual_users, n_items)
            1 for a target.
        profiles : sparse float32, shape (n_virtual_users, n_learned_profile_columns)
        items : sparse float32, shape (n_items, n_movies + n_features)
        """
        self._model.fit_partial(
            examples, user_features=profiles, item_features=items, epochs=1, num_threads=1
        )

    def result(self, met: npt.NDArray[np.bool_], learned: npt.NDArray[np.bool_]) -> SubModel:
        """What has been learned so far."""
        model = self._model
        return SubModel(
            model.item_embeddings,
            model.item_embedding_gradients,
            model.item_biases,
            model.item_bias_gradients,
            model.user_embeddings,
            model.user_embedding_gradients,
            model.user_biases,
            model.user_bias_gradients,
            met,
            learned,
        )

    def _go_on_with(self, before: SubModel) -> None:
        # LightFM initialises what is None at the first epoch and goes on with what is not. It writes into
        # these arrays, so they are copies. Adagrad has no momentum, but there must be arrays of it.
        model = self._model
        model.item_embeddings = before.item_vectors.copy()
        model.item_embedding_gradients = before.item_vector_steps.copy()
        model.item_embedding_momentum = np.zeros_like(before.item_vectors)
        model.item_biases = before.item_biases.copy()
        model.item_bias_gradients = before.item_bias_steps.copy()
        model.item_bias_momentum = np.zeros_like(before.item_biases)
        model.user_embeddings = before.profile_vectors.copy()
        model.user_embedding_gradients = before.profile_vector_steps.copy()
        model.user_embedding_momentum = np.zeros_like(before.profile_vectors)
        model.user_biases = before.profile_biases.copy()
        model.user_bias_gradients = before.profile_bias_steps.copy()
        model.user_bias_momentum = np.zeros_like(before.profile_biases)
