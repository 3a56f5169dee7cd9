"""What is known of films that nobody of a community rated: how many people voted on them, and how."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from recommender.datasets import Dataset
from recommender.evaluation.peers.popular import Popular
from recommender.evaluation.peers.table import Scores, Table, liked_counts
from recommender.evaluation.protocol import Fit, Fitted, Friend
from recommender.features import genre_shares

ENOUGH_VOTES = 25_000
"""What IMDb's list of the 250 best asks for."""


def most_votes(community: Dataset, _seed: int) -> Popular:
    """The films that most people voted on."""
    return Popular(_log_votes(community))


def weighted_rating(community: Dataset, _seed: int) -> Popular:
    """IMDb's weighted rating: the mean vote, drawn towards that of all films as if by so many more votes."""
    votes = community.catalogue.number("votes").astype(np.float32)
    mean = community.catalogue.columns.mean_vote
    usual = float(np.nanmean(mean)) if not np.isnan(mean).all() else 0.0
    own = np.where(np.isnan(mean), usual, mean)
    return Popular(((votes * own + ENOUGH_VOTES * usual) / (votes + ENOUGH_VOTES)).astype(np.float32))


@dataclass(frozen=True, slots=True)
class VotesAndGenresOptions:
    """How much the genres count.

    Attributes
    ----------
    genres : float
        What a film gains, in powers of ten of its votes, that has exactly the genres of what was liked.
    length : float
        Power of the length of a film's genre vector that divides it; 1 is the cosine.
    likes : bool
        Whether the likes of the community stand in for votes, where the films ranked have some.
    """

    genres: float = 0.15
    length: float = 0
    likes: bool = False


VOTES_AND_GENRES_GRID: dict[str, tuple[Any, ...]] = {
    "genres": (0.1, 0.15, 0.25, 0.35, 0.5, 1, 2),
    "length": (0, 0.5, 1),
}


@dataclass(frozen=True, slots=True)
class VotesAndGenres:
    """Log votes plus the likeness of genres to those of the liked films."""

    table: Table
    votes: Scores
    genres: Scores
    strength: float

    def scores(self, friends: Sequence[Friend]) -> Iterator[Scores]:
        """Scores from the told ratings alone."""
        tastes = self.table.told(friends, "liked") @ self.genres
        tastes /= np.maximum(np.linalg.norm(tastes, axis=1, keepdims=True), 1e-9)
        for taste in tastes:
            yield (self.votes + self.strength * (self.genres @ taste)).astype(np.float32)


def votes_and_genres(options: VotesAndGenresOptions) -> Fit:
    """Log votes, or log likes, plus genre match."""

    def fit(community: Dataset, _seed: int) -> Fitted:
        has = (genre_shares(community.catalogue) > 0).astype(np.float32)
        lengths = np.maximum(np.linalg.norm(has, axis=1, keepdims=True), 1) ** options.length
        known = np.log10(liked_counts(community) + 1) if options.likes else _log_votes(community)
        return VotesAndGenres(Table(community.catalogue), known, has / lengths, options.genres)

    return fit


def _log_votes(community: Dataset) -> Scores:
    return np.log10(community.catalogue.number("votes") + 1).astype(np.float32)
