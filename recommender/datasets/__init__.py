"""Public data sets, turned into one form."""

from recommender.datasets.dataset import Dataset, DatasetError, Ratings

__all__ = ["Dataset", "DatasetError", "Ratings"]
