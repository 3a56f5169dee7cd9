"""The arrays of a fitted model."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from recommender.catalogue import GENRES
from recommender.features import FloatArray, ItemFeatures
from recommender.profiles import BLOCKS
from recommender.storage import ModelError, check

AT_ONCE = 16_384
"""Movies whose features are added up at once: those of 200,000 would be half a gigabyte."""
FEWEST_RATINGS = 3
"""A movie with fewer is placed by its features, at the popularity of a usual movie."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """The arrays of a fitted model. D is the number of dimensions, all sub-models side by side.

    Attributes
    ----------
    vectors : float32, shape (n_movies, D)
        Each movie's own embedding and those of its features, weighted and added up (`compose`).
    biases : float32, shape (n_movies,)
    feature_vectors : float32, shape (n_features, D)
        Embeddings of the named features, their weight not included.
    feature_biases : float32, shape (n_features,)
    profile_index : int32, shape (n_profile_columns,)
        Row of each profile feature in `profile_vectors`; -1 for one never met in the fit.
    profile_vectors : float32, shape (n_profile_features, D)
        Embeddings of the profile features.
    mean_profile : float32, shape (D,)
        Vector of the average profile.
    popularity : float32, shape (n_movies,)
        Number of ratings in the training data.
    usual_stars : float32, shape (n_movies,)
        See `recommender.profiles.usual_stars`.
    expected : float32, shape (n_genres,)
        See `recommender.profiles.expected_shares`.
    unit : float32, shape ()
        Spread of the learned scores among a profile's best movies, the measure for the genre affinity.
    feature_profiles : float32, shape (6, n_features + 1, D)
        What the features of a rated movie say that is not among the profile features; see
        `recommender.unmet`.
    fame : float32, shape (n_movies, 2)
        What votes add to a movie with few ratings or none: along the average profile, and to its bias. Both
        are part of `vectors` and `biases`; see `recommender.fame`.
    """

    vectors: FloatArray
    biases: FloatArray
    feature_vectors: FloatArray
    feature_biases: FloatArray
    profile_index: npt.NDArray[np.int32]
    profile_vectors: FloatArray
    mean_profile: FloatArray
    popularity: FloatArray
    usual_stars: FloatArray
    expected: FloatArray
    unit: FloatArray
    feature_profiles: FloatArray
    fame: FloatArray

    @property
    def renown(self) -> FloatArray:
        """The direction in which fame is added to vectors, float32 of shape (D,).

        Its product with the average profile is 1, so that this much is added for the average person.
        """
        length = float(self.mean_profile @ self.mean_profile)
        return (self.mean_profile / (length or 1.0)).astype(np.float32)

    def with_fame(self, fame: FloatArray) -> "Parameters":
        """The same with this fame, where there was none before."""
        return replace(
            self,
            vectors=self.vectors + fame[:, :1] * self.renown,
            biases=self.biases + fame[:, 1],
            fame=fame,
        )

    def check(self, movies: int, features: int, profile_columns: int) -> None:
        """Refuse arrays that do not fit the world they are for.

        Raises
        ------
        ModelError
            If an array has another shape or type than it must have, or holds impossible numbers.
        """
        dims = self.vectors.shape[-1]
        shapes = {
            "vectors": (movies, dims),
            "biases": (movies,),
            "feature_vectors": (features, dims),
            "feature_biases": (features,),
            "profile_index": (profile_columns,),
            "profile_vectors": (len(self.profile_vectors), dims),
            "mean_profile": (dims,),
            "popularity": (movies,),
            "usual_stars": (movies,),
            "expected": (len(GENRES),),
            "unit": (),
            "feature_profiles": (BLOCKS + 3, features + 1, dims),
            "fame": (movies, 2),
        }
        for name, shape in shapes.items():
            kind = np.int32 if name == "profile_index" else np.float32
            check(f"the model's {name}", getattr(self, name), shape, kind)
        if not (self.expected > 0).all():
            raise ModelError("the model's expected holds numbers that are not positive")
        known = len(self.profile_vectors)
        if not ((self.profile_index >= -1) & (self.profile_index < known)).all():
            raise ModelError("the model's profile_index names rows that are not there")


def compose(own: FloatArray, features: ItemFeatures, feature_values: FloatArray) -> FloatArray:
    """What movies are altogether: their own vectors (or biases) plus the weighted ones of their features.

    Parameters
    ----------
    own : float32, shape (n_movies, D) or (n_movies,)
    features : ItemFeatures
    feature_values : float32, shape (n_features, D) or (n_features,)
    """
    total = own.astype(np.float32)
    weights = features.weights.reshape(-1, *[1] * (own.ndim - 1))
    for first in range(0, len(own), AT_ONCE):
        starts = features.starts[first : first + AT_ONCE + 1]
        rows = np.repeat(np.arange(first, first + len(starts) - 1), np.diff(starts))
        entries = slice(int(starts[0]), int(starts[-1]))
        np.add.at(total, rows, feature_values[features.columns[entries]] * weights[entries])
    return total
