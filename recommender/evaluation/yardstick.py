"""All measures of one ranked list, from the scores of all movies for one person.

In all of them a *candidate* is a movie that the person did not tell of; *relevant* are those of the
person's other ratings that are at least four stars; the list is the ten candidates with the highest
scores. Movies with equal scores stand in a random order, the same for everybody, as the order of a
catalogue is not without knowledge: a MovieLens catalogue begins with the well-known ones.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from recommender.datasets import Dataset
from recommender.evaluation import metrics

K = 10
SHORT = 5
HEAD = 200
"""So many of the most rated movies are well known; all others are the long tail."""
BAD = 2.5

MEASURES: Mapping[str, str] = {
    "ndcg@10": "normalised discounted cumulated gain of the ten",
    "recall@10": "share of the relevant movies that are among the ten",
    "precision@5": "share of the first five that are relevant",
    "hit@5": "whether one of the first five is relevant",
    "auc": "chance that a relevant movie stands above another candidate",
    "bad@10": "share of picks rated 2.5 or less among the picks whose rating is known",
    "popularity@10": "mean percentile of the ten by number of ratings",
    "diversity@10": "1 minus the mean likeness of the ten's genres, pair by pair",
}
TAIL = "long-tail "
ALL_MEASURES = (*MEASURES, *(TAIL + name for name in MEASURES))

BoolArray = npt.NDArray[np.bool_]


class Asked(Protocol):
    """What is known of the person who is asked."""

    @property
    def told(self) -> Mapping[int, float]: ...
    @property
    def relevant(self) -> frozenset[int]: ...
    @property
    def rated(self) -> Mapping[int, float]: ...


class Yardstick:
    """Measures lists of the movies of one community.

    Parameters
    ----------
    community : Dataset
        Its ratings say which movies are popular.
    """

    def __init__(self, community: Dataset) -> None:
        catalogue = community.catalogue
        self.movie_ids = np.array([movie.movie_id for movie in catalogue], np.int64)
        self._row_of = {movie_id: row for row, movie_id in enumerate(self.movie_ids.tolist())}
        rated = np.isin(community.ratings.movie_ids, self.movie_ids)
        rows = self.rows(community.ratings.movie_ids[rated].tolist())
        counts = np.bincount(rows, minlength=len(self.movie_ids))
        self._order = np.random.default_rng(0).permutation(len(self.movie_ids))
        self.tail = np.ones(len(self.movie_ids), np.bool_)
        self.tail[np.argsort(-counts, kind="stable")[:HEAD]] = False
        self.popularity = metrics.percentiles(counts)
        self._genres = _unit_genres([movie.genres for movie in catalogue])

    def rows(self, movie_ids: Sequence[int]) -> npt.NDArray[np.int64]:
        """Positions of movies in the catalogue; those it does not have are left out."""
        return np.array([self._row_of[m] for m in movie_ids if m in self._row_of], np.int64)

    def mask(self, movie_ids: Sequence[int]) -> BoolArray:
        """Bool of shape (n_movies,): which movies are among these."""
        mask = np.zeros(len(self.movie_ids), np.bool_)
        mask[self.rows(movie_ids)] = True
        return mask

    def top(
        self, scores: npt.NDArray[np.float32], candidates: BoolArray, k: int = K
    ) -> npt.NDArray[np.int64]:
        """Rows of the best candidates, best first; int64 of shape (at most k,)."""
        rows = self._order[candidates[self._order]]
        values = scores[rows]
        if len(rows) > k:
            least = np.partition(values, len(rows) - k)[len(rows) - k]
            near = values >= least
            rows, values = rows[near], values[near]
        return rows[np.argsort(-values, kind="stable")[:k]]

    def measure(
        self, scores: npt.NDArray[np.float32], friend: Asked
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
        """Every measure among all movies and among the long tail.

        Parameters
        ----------
        scores : float32, shape (n_movies,)
        friend : Asked

        Returns
        -------
        float64, shape (len(ALL_MEASURES),)
            NaN where a measure says nothing of this person: nothing relevant in the long tail, no
            pick with a known rating.
        int64, shape (at most 10,)
            Rows of the picks among all movies, best first.

        Raises
        ------
        ValueError
            If a score is no number; such a model ranks nothing.
        """
        if np.isnan(scores).any():
            raise ValueError("a score is not a number")
        candidates = ~self.mask(list(friend.told))
        relevant = self.mask(list(friend.relevant))
        everything, picks = self._among(scores, friend, candidates, relevant)
        tail, _ = self._among(scores, friend, candidates & self.tail, relevant & self.tail)
        return np.concatenate([everything, tail]), picks

    def tail_picks(self, scores: npt.NDArray[np.float32], friend: Asked) -> npt.NDArray[np.int64]:
        """Rows of the picks among the long tail alone, best first; int64 of shape (at most 10,)."""
        return self.top(scores, ~self.mask(list(friend.told)) & self.tail)

    def _among(
        self, scores: npt.NDArray[np.float32], friend: Asked, candidates: BoolArray, relevant: BoolArray
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
        picks = self.top(scores, candidates)
        total = int(relevant.sum())
        hits = np.zeros(K, np.bool_)
        hits[: len(picks)] = relevant[picks]
        stars = [friend.rated[m] for m in self.movie_ids[picks].tolist() if m in friend.rated]
        found = (
            metrics.ndcg(hits, total),
            metrics.recall(hits, total),
            metrics.precision(hits[:SHORT]),
            float(hits[:SHORT].any()),
            metrics.auc(scores[relevant & candidates], scores[candidates & ~relevant]),
        )
        of_list = (
            float(np.mean(np.array(stars) <= BAD)) if stars else np.nan,
            float(self.popularity[picks].mean()) if len(picks) else np.nan,
            metrics.diversity(self._genres[picks]),
        )
        return np.array([*(found if total else [np.nan] * len(found)), *of_list]), picks


def _unit_genres(genres: Sequence[Sequence[str]]) -> npt.NDArray[np.float64]:
    names = {name: column for column, name in enumerate(sorted({g for some in genres for g in some}))}
    matrix = np.zeros((len(genres), max(len(names), 1)))
    for row, some in enumerate(genres):
        matrix[row, [names[name] for name in some]] = 1
    return matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1)
