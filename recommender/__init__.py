"""Recommendations for people who brought a few ratings: data sets, training, models, explanations.

What needs more than numpy (``load_dataset``, ``train``) is imported when first used,
so that a program that only serves a model never loads it.
"""

from typing import TYPE_CHECKING, Any

from recommender.catalogue import Catalogue, Movie
from recommender.datasets.dataset import Dataset, DatasetError, Ratings
from recommender.explain import Evidence, Explanation, Part
from recommender.model import Model, Recommendation, UnknownMovie
from recommender.options import TrainingOptions
from recommender.ranking import ADVENTUROUS, BALANCED, SAFE, Ranking
from recommender.storage import ModelError

if TYPE_CHECKING:
    from recommender.datasets import load_dataset
    from recommender.training import train

__all__ = [
    "ADVENTUROUS",
    "BALANCED",
    "SAFE",
    "Catalogue",
    "Dataset",
    "DatasetError",
    "Evidence",
    "Explanation",
    "Model",
    "ModelError",
    "Movie",
    "Part",
    "Ranking",
    "Ratings",
    "Recommendation",
    "TrainingOptions",
    "UnknownMovie",
    "load_dataset",
    "train",
]


def __getattr__(name: str) -> Any:
    if name == "load_dataset":
        from recommender.datasets import load_dataset

        return load_dataset
    if name == "train":
        from recommender.training import train

        return train
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
