"""What the model has to beat, each tuned and served as well as it can be.

Each peer's module has its options, whose defaults are the chosen values, and the grid they were chosen
from, on the validation people of `recommender.evaluation.tuning`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from recommender.evaluation.peers import stock as _stock
from recommender.evaluation.peers.content import (
    CONTENT_GRID,
    NEW_CONTENT,
    NEW_CONTENT_GRID,
    ContentOptions,
    content,
)
from recommender.evaluation.peers.ease import EASE_GRID, EaseOptions, ease
from recommender.evaluation.peers.factors import (
    FUNK_SVD_GRID,
    PURE_SVD_GRID,
    FunkSvdOptions,
    PureSvdOptions,
    funk_svd,
    pure_svd,
)
from recommender.evaluation.peers.fame import (
    VOTES_AND_GENRES_GRID,
    VotesAndGenresOptions,
    most_votes,
    votes_and_genres,
    weighted_rating,
)
from recommender.evaluation.peers.neighbours import NEIGHBOUR_GRID, NeighbourOptions, item_knn
from recommender.evaluation.peers.own import Matinee, matinee
from recommender.evaluation.peers.popular import POPULAR_GRID, Popular, PopularOptions, most_popular
from recommender.evaluation.peers.stock import (
    CONTENT_ONLY_GRID,
    HYBRID_GRID,
    STOCK_GRID,
    StockLightFM,
    stock,
    stock_lightfm,
)
from recommender.evaluation.protocol import Fit

__all__ = [
    "LIKES_AND_GENRES",
    "Matinee",
    "Peer",
    "Popular",
    "StockLightFM",
    "all_peers",
    "matinee",
    "new_film_peers",
    "peers_with_grids",
    "popular",
    "stock_lightfm",
    "votes_and_genres",
]

popular = most_popular(PopularOptions(signal="liked"))
"""Most often liked, as people expect of the name; `all_peers` has the slightly better sum of stars."""

LIKES_AND_GENRES = VotesAndGenresOptions(genres=0.3, length=0.5, likes=True)
"""The genre-based ranking of films that the community knows, for `recommender.evaluation.cold_ratings`."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A peer with its chosen options and the grid they come from; an empty grid: it is as it is."""

    fit: Callable[[Any], Fit]
    options: Any
    grid: Mapping[str, tuple[Any, ...]]


def peers_with_grids() -> dict[str, Peer]:
    """All peers by name, those of `implicit` only where the extra ``bench`` is installed."""
    peers = {
        "most popular": Peer(most_popular, PopularOptions(), POPULAR_GRID),
        "item-kNN": Peer(item_knn, NeighbourOptions(), NEIGHBOUR_GRID),
        "Funk SVD": Peer(funk_svd, FunkSvdOptions(), FUNK_SVD_GRID),
        "PureSVD": Peer(pure_svd, PureSvdOptions(), PURE_SVD_GRID),
        "EASE": Peer(ease, EaseOptions(), EASE_GRID),
        "content": Peer(content, ContentOptions(), CONTENT_GRID),
        "LightFM WARP": Peer(stock, _stock.COLLABORATIVE_WARP, STOCK_GRID),
        "LightFM WARP content": Peer(stock, _stock.CONTENT_WARP, CONTENT_ONLY_GRID),
        "LightFM WARP hybrid": Peer(stock, _stock.HYBRID_WARP, HYBRID_GRID),
        "LightFM BPR": Peer(stock, _stock.COLLABORATIVE_BPR, STOCK_GRID),
        "LightFM BPR content": Peer(stock, _stock.CONTENT_BPR, CONTENT_ONLY_GRID),
        "LightFM BPR hybrid": Peer(stock, _stock.HYBRID_BPR, HYBRID_GRID),
        "the notebook": Peer(stock, _stock.NOTEBOOK, {}),
    }
    if find_spec("implicit") is not None:
        from recommender.evaluation.peers import implicit_models as im

        peers["implicit ALS"] = Peer(im.implicit_als, im.AlsOptions(), im.ALS_GRID)
        peers["implicit BPR"] = Peer(im.implicit_bpr, im.BprOptions(), im.BPR_GRID)
    return peers


def all_peers() -> dict[str, Fit]:
    """All peers by name, as `recommender.evaluation.protocol.compare` takes them."""
    return {name: peer.fit(peer.options) for name, peer in peers_with_grids().items()}


def new_film_peers() -> dict[str, Peer]:
    """The peers that say something of films nobody rated, chosen on other cuts than a test's.

    See `recommender.evaluation.new_films`; what was chosen for `all_peers` is kept where only that is walked
    which places a new film.
    """
    return {
        "most votes": Peer(lambda _: most_votes, None, {}),
        "weighted rating": Peer(lambda _: weighted_rating, None, {}),
        "votes and genres": Peer(votes_and_genres, VotesAndGenresOptions(), VOTES_AND_GENRES_GRID),
        "content with people": Peer(content, NEW_CONTENT, NEW_CONTENT_GRID),
        "LightFM hybrid": Peer(stock, _stock.NEW_HYBRID, _stock.NEW_HYBRID_GRID),
    }
