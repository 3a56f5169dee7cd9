"""What the model has to beat, each served as well as it can be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import lightfm
import numpy as np
import numpy.typing as npt
import scipy.sparse

from recommender.datasets import Dataset
from recommender.evaluation.protocol import Fit, Fitted, Friend
from recommender.features import FeatureWeights, item_features
from recommender.model import Model
from recommender.profiles import LIKED_FROM
from recommender.training import TrainingOptions, train

Scores = npt.NDArray[np.float32]
# Neither of the two is typed.
LightFM: Any = lightfm.LightFM
sparse: Any = scipy.sparse


@dataclass(frozen=True, slots=True)
class Matinee:
    """The model of this project, ranked as `recommender.SAFE` does."""

    model: Model

    def scores(self, friends: Sequence[Friend]) -> Iterator[Scores]:
        """Scores known from the told ratings alone."""
        return (self.model.scores(friend.told) for friend in friends)


@dataclass(frozen=True, slots=True)
class Popular:
    """The same list for everybody: the movies most often liked."""

    counts: Scores

    def scores(self, friends: Sequence[Friend]) -> Iterator[Scores]:
        """Number of liked ratings of each movie."""
        return (self.counts for _ in friends)


@dataclass(frozen=True, slots=True)
class StockLightFM:
    """LightFM as its documentation uses it: a user id each, identity and genres as item features, WARP.

    It cannot serve people who rated after the fit, so it is fitted again with what they told.
    """

    community: Dataset
    seed: int
    dims: int = 32
    epochs: int = 20

    def scores(self, friends: Sequence[Friend]) -> Iterator[Scores]:
        """Fit on the community and the friends' liked ratings, then predict for the friends."""
        row_of = {movie.movie_id: row for row, movie in enumerate(self.community.catalogue)}
        ratings = self.community.ratings
        liked = ratings.where(ratings.stars >= LIKED_FROM)
        users, user_rows = np.unique(liked.user_ids, return_inverse=True)
        pairs = [
            (len(users) + number, row_of[movie])
            for number, friend in enumerate(friends)
            for movie, stars in friend.told.items()
            if stars >= LIKED_FROM
        ]
        rows = np.concatenate([user_rows, np.array([user for user, _ in pairs], np.int64)])
        columns = [row_of[movie] for movie in liked.movie_ids.tolist()] + [row for _, row in pairs]
        shape = (len(users) + len(friends), len(row_of))
        positives = sparse.coo_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=shape)
        items = self._items()
        model = LightFM(no_components=self.dims, loss="warp", random_state=self.seed)
        model.fit(positives, item_features=items, epochs=self.epochs, num_threads=1)
        vectors, biases = items @ model.item_embeddings, items @ model.item_biases
        for number in range(len(friends)):
            yield vectors @ model.user_embeddings[len(users) + number] + biases

    def _items(self) -> Any:
        named = item_features(self.community.catalogue, FeatureWeights(1, 1, 0, 0, 0, 0))
        movies = len(self.community.catalogue)
        shape = (movies, len(named.names))
        genres = sparse.csr_matrix((named.weights, named.columns, named.starts), shape=shape)
        return sparse.hstack([sparse.identity(movies), genres]).tocsr().astype(np.float32)


def matinee(options: TrainingOptions) -> Fit:
    """The project's model with these options, but the seed of the comparison."""
    return lambda community, seed: Matinee(train(community, replace(options, seed=seed)))


def popular(community: Dataset, _seed: int) -> Fitted:
    """Fit `Popular`."""
    liked = community.ratings.movie_ids[community.ratings.stars >= LIKED_FROM]
    counts = np.zeros(len(community.catalogue), np.float32)
    movie_ids = np.array([movie.movie_id for movie in community.catalogue], np.int64)
    order = np.argsort(movie_ids)
    np.add.at(counts, order[np.searchsorted(movie_ids[order], liked)], 1)
    return Popular(counts)


def stock_lightfm(community: Dataset, seed: int) -> Fitted:
    """Fit `StockLightFM`, once for each group of friends it is asked for."""
    return StockLightFM(community, seed)
