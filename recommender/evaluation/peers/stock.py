"""LightFM as its documentation uses it, and as the notebook did."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import lightfm
import numpy as np

from recommender.datasets import Dataset
from recommender.evaluation.peers.table import Scores, Signal, Table, sparse
from recommender.evaluation.protocol import Fit, Fitted, Friend
from recommender.features import FeatureWeights, item_features

# It is not typed.
LightFM: Any = lightfm.LightFM


@dataclass(frozen=True, slots=True)
class StockOptions:
    """How to fit.

    Attributes
    ----------
    loss : str
    identity : bool
        Whether a movie has a feature of its own.
    content : tuple of str
        Kinds of the features it shares with others.
    weight : float
        Weight of each shared feature, where the movie's own is 1.
    dims, epochs, learning_rate, regularisation
        LightFM's own; the last is ``item_alpha`` and ``user_alpha``.
    signal : Signal
        Ratings that count something are positives, however much they count.
    """

    loss: Literal["warp", "bpr"] = "warp"
    identity: bool = True
    content: tuple[str, ...] = ("genre",)
    weight: float = 1
    dims: int = 32
    epochs: int = 20
    learning_rate: float = 0.05
    regularisation: float = 0
    signal: Signal = "liked"


STOCK_GRID: dict[str, tuple[Any, ...]] = {
    "epochs": (5, 10, 20, 40),
    "signal": ("liked", "rated"),
    "regularisation": (0, 1e-5, 1e-4),
    "dims": (16, 32, 64),
    "learning_rate": (0.02, 0.05, 0.1, 0.15),
}

# With features a fit takes twice as long, so the forms with features take over what was chosen without them.
# Only the weight of the hybrid with BPR was walked; the one with WARP has the same.
HYBRID_GRID: dict[str, tuple[Any, ...]] = {"weight": (0.1, 0.3, 1)}
CONTENT_ONLY_GRID: dict[str, tuple[Any, ...]] = {"epochs": (5, 20, 40)}

COLLABORATIVE_WARP = StockOptions(content=(), epochs=40, regularisation=1e-4)
CONTENT_WARP = replace(COLLABORATIVE_WARP, identity=False, content=("genre", "keyword"))
HYBRID_WARP = replace(COLLABORATIVE_WARP, content=("genre",), weight=0.1)
COLLABORATIVE_BPR = replace(COLLABORATIVE_WARP, loss="bpr", epochs=20, learning_rate=0.1)
CONTENT_BPR = replace(COLLABORATIVE_BPR, identity=False, content=("genre", "keyword"))
HYBRID_BPR = replace(COLLABORATIVE_BPR, content=("genre",), weight=0.1)
NEW_HYBRID = replace(HYBRID_WARP, content=("genre", "keyword", "person"), weight=1, epochs=5)
NEW_HYBRID_GRID: dict[str, tuple[Any, ...]] = {"weight": (0.3, 1), "epochs": (5, 20)}
NOTEBOOK = StockOptions(identity=False, dims=50, epochs=10, signal="rated")
"""The notebook this project began with; as it was, so not tuned."""


@dataclass(frozen=True, slots=True)
class StockLightFM:
    """A user id each, so it has to be fitted again to serve people who rated after the fit."""

    community: Dataset
    seed: int
    options: StockOptions

    def scores(self, friends: Sequence[Friend]) -> Iterator[Scores]:
        """Fit on the community and the friends' positives, then predict for the friends."""
        options, table = self.options, Table(self.community.catalogue)
        known = table.community(self.community, options.signal)
        positives = sparse.vstack([known, table.told(friends, options.signal)]).tocoo()
        positives.data[:] = 1
        items = self._items()
        model = LightFM(
            no_components=options.dims,
            loss=options.loss,
            learning_rate=options.learning_rate,
            item_alpha=options.regularisation,
            user_alpha=options.regularisation,
            random_state=self.seed,
        )
        model.fit(positives, item_features=items, epochs=options.epochs, num_threads=1)
        vectors, biases = items @ model.item_embeddings, items @ model.item_biases
        for number in range(len(friends)):
            yield vectors @ model.user_embeddings[known.shape[0] + number] + biases

    def _items(self) -> Any:
        catalogue, options = self.community.catalogue, self.options
        weights = FeatureWeights(0, *(options.weight * (kind in options.content) for kind in KINDS))
        named = item_features(catalogue, weights)
        shape = (len(catalogue), len(named.names))
        shared = sparse.csr_matrix((named.weights, named.columns, named.starts), shape=shape)
        parts = [sparse.identity(len(catalogue)), shared] if options.identity else [shared]
        return sparse.hstack(parts).tocsr().astype(np.float32)


KINDS = ("genre", "keyword", "person", "decade", "language")


def stock(options: StockOptions) -> Fit:
    """LightFM, fitted once for each group of friends it is asked for."""
    return lambda community, seed: StockLightFM(community, seed, options)


def stock_lightfm(community: Dataset, seed: int) -> Fitted:
    """The hybrid with WARP and common settings, which is what its documentation shows."""
    return StockLightFM(community, seed, StockOptions())
