"""Public data sets, turned into one form.

``load_dataset`` is imported when first used: it needs pandas, and a program that serves a model does not.
"""

from typing import TYPE_CHECKING, Any

from recommender.datasets.dataset import Dataset, DatasetError, Ratings

if TYPE_CHECKING:
    from recommender.datasets.load import load_dataset

__all__ = ["Dataset", "DatasetError", "Ratings", "load_dataset"]


def __getattr__(name: str) -> Any:
    if name == "load_dataset":
        from recommender.datasets.load import load_dataset

        return load_dataset
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
