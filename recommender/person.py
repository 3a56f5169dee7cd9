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
FAME = 0.6
"""How much more the movies' popularity counts with one rating; with n it is `FAME` / n² more."""
NEWNESS = 0.15
"""What a year takes away, in units of the score, from a movie placed by its fame that is newer than all that
the community and the person know: the newest film that somebody rated tells how new their picks may be."""
WIDER = 3
"""So many times as many movies are looked at when some of them are to be passed over."""


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
    fame : float
        What the movies' popularity is multiplied with: with the first ratings the best guess, and then less.

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
        count = len(self.rated)
        self.fame = 1 - adventure + (FAME / count**2 if count else 0.0)
        self.newest = int(model.years[self._profile.rows].max(initial=0))
        self._having: dict[int, list[int]] = {}

    def newness(self, years: IntArray) -> FloatArray:
        """What is taken away from the scores of movies that are newer than everybody's by so many years.

        Parameters
        ----------
        years : int64, shape (n,)
            From `Model.ahead`.

        Returns
        -------
        float32, shape (n,)
        """
        strength = NEWNESS * float(self.model.parameters.unit)
        # Who has told nothing yet may be somebody who waits for this week's film.
        known = max(self.newest - self.model.newest_year, 0) if self.rated else years.max(initial=0)
        return (strength * np.maximum(years - known, 0)).astype(np.float32)

    @cached_property
    def scores(self) -> FloatArray:
        """Score of every movie, float32 of shape (n_movies,); see `Model.scores`."""
        return scores_of([self])[0]

    @property
    def taste(self) -> FloatArray:
        """The person's vector, without what everybody gets: float32, shape (D,)."""
        average = np.float32(self.adventure) * self.model.parameters.mean_profile
        return self.vectors.sum(axis=0) - average

    def popular_lift(self, movie_id: int) -> float:
        """By how much what everybody likes raises a movie's score above that of a middling one.

        Raises
        ------
        UnknownMovie
            If the model has never seen the movie.
        """
        shared, known = self.model.popular_lifts
        row = self.model.row(movie_id)
        return (1 - self.adventure) * float(shared[row]) + self.fame * float(known[row])

    def having(self, column: int) -> list[int]:
        """Which of the rated movies have a feature, as places in `rated`."""
        places = self._having.get(column)
        if places is None:
            columns, owners = self._features
            places = self._having[column] = owners[columns == column].tolist()
        return places

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
        groups = self.model.franchises if one_per_franchise else None
        # Mostly some of the highest scores of all are those of movies that are allowed.
        above = highest(scores, WIDER * k + len(self.rated))
        best = _first(above[allowed[above]], groups, k)
        if len(best) < k:
            best = best_of(scores, np.flatnonzero(allowed), k, groups)
            above = np.flatnonzero(scores >= scores[best].min(initial=np.inf))
        values = scores[best]
        places = len(scores) - len(above) + np.searchsorted(np.sort(scores[above]), values)
        percentiles = 100 * places / max(len(scores) - 1, 1)
        rows = zip(self.model.movie_ids[best].tolist(), values.tolist(), percentiles.tolist(), strict=True)
        return list(map(Recommendation._make, rows))

    def percentile(self, movie_id: int) -> float:
        """Place of a movie among all movies; see `Model.percentile`."""
        score = self.scores[self.model.row(movie_id)]
        return 100 * int(np.count_nonzero(self.scores < score)) / max(len(self.scores) - 1, 1)


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
    more = np.empty_like(parameters.biases)
    ahead = np.flatnonzero(model.ahead)
    for mine, person in zip(scores, people, strict=True):
        mine[ahead] -= person.newness(model.ahead[ahead])
        np.multiply(parameters.biases, np.float32(person.fame), out=more)
        mine += more
        model.genre_sets.add_up(person.affinity.sum(axis=0), out=more)
        mine += more
    return scores


def best_of(scores: FloatArray, rows: IntArray, k: int, groups: IntArray | None = None) -> IntArray:
    """The best of some movies, best first.

    Parameters
    ----------
    scores : float32, shape (n_movies,)
    rows : int64, shape (n_chosen,)
        Only these.
    k : int
    groups : int64, shape (n_movies,), optional
        Only the best movie of each, if given.
    """
    chosen = scores[rows]
    wide = WIDER * k
    while True:
        best = _first(rows[highest(chosen, wide)], groups, k)
        if len(best) == k or wide >= len(rows):
            return best
        wide *= WIDER


def highest(scores: FloatArray, k: int) -> IntArray:
    """The rows of the `k` highest scores and of those equal to the last of them, best first."""
    whole = len(scores) // CHUNK
    if whole > k:
        # The k highest of the chunks' best are k scores: none below them is among the k highest of all.
        chunks = scores[: whole * CHUNK].reshape(CHUNK, whole).max(axis=0)
        rows = np.flatnonzero(scores >= np.partition(chunks, -k)[-k])
    else:
        rows = np.arange(len(scores))
    # Equal scores keep the catalogue's order, so that the list is the same on every machine.
    return rows[np.argsort(-scores[rows], kind="stable")]


def _first(ranked: IntArray, groups: IntArray | None, k: int) -> IntArray:
    """The first `k` of a ranked list, one of each group if there are groups."""
    return ranked[:k] if groups is None else one_of_each(ranked, groups, k)
