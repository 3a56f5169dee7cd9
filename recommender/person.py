"""What a model makes of somebody's ratings: worked out once for scores, the best movies, and explanations."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from recommender.features import FloatArray, IntArray
from recommender.franchises import one_of_each

if TYPE_CHECKING:
    from recommender.model import Model

CHUNK = 64
WIDER = 3
"""So many times as many movies are looked at when some of them are to be passed over."""

RULED_OUT = -np.finfo(np.float32).max
"""Instead of the score of a movie that must not be recommended."""


class Recommendation(NamedTuple):
    """A movie to watch; `percentile` (0-100) is its place among all movies for this profile."""

    movie_id: int
    score: float
    percentile: float


class Person:
    """Somebody known only by their ratings.

    Parameters
    ----------
    model : Model
    ratings : mapping of movie id to stars
        Unknown ids are ignored; may be empty.
    adventure, calibration : float
        As for `Model.scores`.

    Attributes
    ----------
    rated : tuple of int
        Movie ids of the ratings that count.
    stars : dict
        The stars of these movies.
    vectors : float32, shape (n_rated, D)
        What each rating adds to the person's vector.
    affinity : float32, shape (n_rated, n_genres)
        What each rating adds to the score of a movie with a genre.

    Raises
    ------
    ValueError
        If stars lie outside 0.5 to 5.
    """

    def __init__(
        self, model: "Model", ratings: Mapping[int, float], adventure: float, calibration: float
    ) -> None:
        self.model = model
        self.adventure = adventure
        self._profile = model.profile(ratings)
        known: list[int] = model.movie_ids[self._profile.rows].tolist()
        self.rated = tuple(known)
        self.stars = {movie_id: ratings[movie_id] for movie_id in known}
        self.vectors = model.rating_vectors(self._profile)
        self.affinity = model.affinity_by_rating(self._profile, calibration)
        self._having: dict[int, tuple[list[int], IntArray]] = {}

    @cached_property
    def scores(self) -> FloatArray:
        """Score of every movie, float32 of shape (n_movies,); see `Model.scores`."""
        return scores_of([self])[0]

    @property
    def taste(self) -> FloatArray:
        """The person's vector, without what everybody gets: float32, shape (D,)."""
        average = np.float32(self.adventure) * self.model.parameters.mean_profile
        return self.vectors.sum(axis=0) - average

    def having(self, column: int) -> tuple[list[int], IntArray]:
        """Which of the rated movies have a feature: their ids, and their places in `rated`."""
        found = self._having.get(column)
        if found is None:
            columns, owners = self._features
            places = owners[columns == column]
            found = self._having[column] = [self.rated[place] for place in places.tolist()], places
        return found

    @cached_property
    def _features(self) -> tuple[IntArray, IntArray]:
        """The features of all rated movies, and the places in `rated` of those that have them."""
        entries, counts = self.model.features.of_all(self._profile.rows)
        return self.model.features.columns[entries], np.repeat(np.arange(len(counts)), counts)

    def best(
        self,
        k: int,
        candidates: npt.NDArray[np.bool_] | None = None,
        one_per_franchise: bool = False,
    ) -> list[Recommendation]:
        """The best movies, best first, never a rated one; see `Model.recommend`."""
        scores = self.scores
        allowed = np.ones(len(scores), np.bool_) if candidates is None else candidates.copy()
        allowed[self._profile.rows] = False
        # The score plus 0 or nearly minus infinity: sums are several times faster than a choice for each.
        masked = allowed.astype(np.float32)
        masked -= 1
        masked *= -RULED_OUT
        masked += scores
        best = best_rows(masked, k, self.model.franchises if one_per_franchise else None)
        values = scores[best]
        return [
            Recommendation(*one)
            for one in zip(
                self.model.movie_ids[best].tolist(),
                values.tolist(),
                percentiles(scores, values),
                strict=True,
            )
        ]

    def percentile(self, movie_id: int) -> float:
        """Place of a movie among all movies; see `Model.percentile`."""
        return percentiles(self.scores, self.scores[[self.model.row(movie_id)]])[0]


def scores_of(people: Sequence[Person]) -> FloatArray:
    """Scores of several people of one model, for whom its vectors are read only once; see `Model.scores`.

    Returns
    -------
    float32, shape (n_people, n_movies)
    """
    model, parameters = people[0].model, people[0].model.parameters
    if len(people) == 1:
        scores = (parameters.vectors @ people[0].taste)[None]
    else:
        tastes = np.stack([person.taste for person in people], axis=1)
        scores = np.ascontiguousarray((parameters.vectors @ tastes).T)
    for mine, person in zip(scores, people, strict=True):
        mine += parameters.biases * np.float32(1 - person.adventure)
        mine += model.by_genres(person.affinity.sum(axis=0))
    return scores


def percentiles(scores: FloatArray, values: FloatArray) -> list[float]:
    """Place of each value among all scores: 0 for the lowest score, 100 for the highest.

    Parameters
    ----------
    scores : float32, shape (n_movies,)
    values : float32, shape (n_values,)
        Some of the scores.
    """
    if not len(values):
        return []
    # The values are mostly the highest ones, so that all but a few scores are below every one of them.
    above = scores[scores >= values.min()]
    below = len(scores) - len(above)
    others = max(len(scores) - 1, 1)
    return [100 * (below + int(np.count_nonzero(above < value))) / others for value in values]


def best_rows(masked: FloatArray, k: int, franchises: IntArray | None = None) -> IntArray:
    """The rows of the `k` highest scores, best first, without those that are `RULED_OUT`.

    Parameters
    ----------
    masked : float32, shape (n_movies,)
    k : int
    franchises : int64, shape (n_movies,), optional
        Only the best movie of each, if given.
    """
    if franchises is None:
        return highest(masked, k)
    wide = WIDER * k
    ranked = highest(masked, wide)
    best = one_of_each(ranked, franchises, k)
    while len(best) < k and len(ranked) == wide:
        wide *= WIDER
        ranked = highest(masked, wide)
        best = one_of_each(ranked, franchises, k)
    return best


def highest(masked: FloatArray, k: int) -> IntArray:
    """The rows of the `k` highest scores, best first, without those that are `RULED_OUT`."""
    least = RULED_OUT / 2
    whole = len(masked) // CHUNK
    if whole > k:
        # The k highest of the chunks' best are k scores: none below them is among the k highest of all.
        chunks = masked[: whole * CHUNK].reshape(CHUNK, whole).max(axis=0)
        least = max(least, np.partition(chunks, -k)[-k])
    rows = np.flatnonzero(masked >= least)
    # Equal scores keep the catalogue's order, so that the list is the same on every machine.
    return rows[np.lexsort((rows, -masked[rows]))][:k]
