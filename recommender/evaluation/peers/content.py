"""A pure content model: movies that have the genres, keywords and people of the liked ones."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from recommender.catalogue import Catalogue
from recommender.datasets import Dataset
from recommender.evaluation.peers.table import Folded, Scores, Signal, Table, liked_counts, sparse
from recommender.evaluation.protocol import Fit
from recommender.features import FeatureWeights, item_features


@dataclass(frozen=True, slots=True)
class ContentOptions:
    """How to compare movies.

    Attributes
    ----------
    keywords : float
        Weight of a keyword, where a genre's is 1; 0 leaves genres alone.
    people : float
        The same of a director or lead.
    rarity : float
        Power of the inverse document frequency that multiplies the weights.
    length : float
        Power of a movie's norm that divides its features; 1 is the cosine.
    signal : Signal
    """

    keywords: float = 2
    rarity: float = 0.5
    length: float = 0
    signal: Signal = "liked"
    people: float = 0


CONTENT_GRID: dict[str, tuple[Any, ...]] = {
    "keywords": (0, 0.25, 0.5, 1, 2, 4),
    "rarity": (0, 0.25, 0.5, 1, 2),
    "length": (0, 0.5, 1),
    "signal": ("liked", "rated", "stars", "centred"),
}

NEW_CONTENT = ContentOptions(people=2)
NEW_CONTENT_GRID: dict[str, tuple[Any, ...]] = {
    "people": (0.5, 1, 2, 4),
    "rarity": (0, 0.5, 1),
    "length": (0, 0.5, 1),
}


def content(options: ContentOptions) -> Fit:
    """Cosine of weighted features with the sum of the told movies' (Lops et al., 2011)."""

    def fit(community: Dataset, _seed: int) -> Folded:
        items = _vectors(community.catalogue, options)

        def answer(told: Any) -> Scores:
            return ((told @ items) @ items.T).toarray()

        return Folded(Table(community.catalogue), options.signal, answer, liked_counts(community))

    return fit


def _vectors(catalogue: Catalogue, options: ContentOptions) -> Any:
    named = item_features(catalogue, FeatureWeights(0, 1, options.keywords, options.people, 0, 0), rare=2)
    frequency = np.bincount(named.columns, minlength=len(named.names))
    inverse = np.log((1 + len(catalogue)) / (1 + frequency)) ** options.rarity
    weights = named.weights * inverse[named.columns]
    shape = (len(catalogue), len(named.names))
    items = sparse.csr_matrix((weights, named.columns, named.starts), shape=shape)
    norms = np.sqrt(np.asarray(items.multiply(items).sum(axis=1))).ravel()
    return sparse.diags(1 / np.where(norms > 0, norms, 1) ** options.length) @ items
