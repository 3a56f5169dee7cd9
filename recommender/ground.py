"""What a fit works on: the data set in the form in which LightFM learns from it."""

from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse

from recommender.cutting import Cut, as_cut, community, cut
from recommender.datasets import Dataset
from recommender.features import IntArray, ItemFeatures, genre_shares, item_features
from recommender.options import TrainingOptions
from recommender.profiles import ProfileFeatures, usual_stars
from recommender.virtual import content_fans

# scipy is not typed.
sp: Any = scipy.sparse


class Ground:
    """A data set with all that is worked out of it before a fit.

    Attributes
    ----------
    dataset : Dataset
    options : TrainingOptions
    friends : int
        So many of the last ratings are of friends that a bot adds to the community.
    features : ItemFeatures
    shares : float32, shape (n_movies, n_genres)
    profile_features : ProfileFeatures
    item_matrix : sparse float32, shape (n_movies, n_movies + n_features)
        Features of each movie, itself the first of them.
    popularity : float32, shape (n_movies,)
        Number of ratings.
    everyone : Community

    Raises
    ------
    ValueError
        If the catalogue is empty, or a rating is of a movie that it does not have.
    """

    def __init__(self, dataset: Dataset, options: TrainingOptions, friends: int = 0) -> None:
        if not len(dataset.catalogue):
            raise ValueError("there are no movies to fit a model on")
        self.dataset = dataset
        self.options = options
        self.catalogue = dataset.catalogue
        self.features = item_features(dataset.catalogue, options.weights)
        self.shares = genre_shares(dataset.catalogue)
        self.item_matrix = _item_matrix(self.features, options.weights.identity)
        rows = _rows(dataset)
        self.profile_features = ProfileFeatures(
            self.shares, usual_stars(rows, dataset.ratings.stars, len(self.catalogue))
        )
        self.popularity = np.bincount(rows, minlength=len(self.catalogue)).astype(np.float32)
        self.everyone = community(dataset.ratings, rows)
        ids = dataset.ratings.user_ids
        self._is_friend = np.isin(np.unique(ids), ids[len(ids) - friends :])

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Items, profile features, movies and dimensions of a sub-model."""
        movies = len(self.catalogue)
        items = movies + len(self.features.names)
        return items, self.profile_features.learned, movies, self.options.dims

    def virtual_users(self, rng: np.random.Generator) -> tuple[Cut, bool]:
        """The people of one sub-model, and whether invented ones fill up a small community."""
        options = self.options
        community = self._drawn(np.flatnonzero(~self._is_friend), options.most_virtual_users, rng)
        friends = self._drawn(np.flatnonzero(self._is_friend), options.most_virtual_friends, rng)
        people = np.sort(np.concatenate([community, friends]))
        found = cut(self.everyone, people, self.profile_features, options.most_targets, rng)
        missing = options.content_fans - found.profiles.shape[0]
        if missing <= 0:
            return found, False
        fans = list(content_fans(self.features, missing, options.most_targets, rng))
        if not fans:
            return found, True
        invented = as_cut(fans, self.profile_features)
        return Cut(*(sp.vstack(both, format="csr") for both in zip(found, invented, strict=True))), True

    def _drawn(self, people: IntArray, most: int, rng: np.random.Generator) -> IntArray:
        """Some people, each as often as they are to be cut: about `most` cuts in all."""
        if len(people) > most:
            people = rng.choice(people, most, replace=False)
        return np.repeat(people, min(self.options.cuts, max(most // max(len(people), 1), 1)))

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


def _rows(dataset: Dataset) -> npt.NDArray[np.int32]:
    """Catalogue row of each rating's movie."""
    ids = dataset.catalogue.movie_ids
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
