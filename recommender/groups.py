"""One list for several people.

Scores of different people have different scales, so it is their places among all movies that are brought
together, by one of `STRATEGIES`. The first four are those of Masthoff (Group Modeling, User Modeling and
User-Adapted Interaction 14, 2004); ``fairness`` takes the best of ``average`` by turns, as
`recommender.slates` has it.

Who has no ratings has no places, and is left out of every strategy: they neither pull the list towards what
everybody likes nor hold it up. Only when nobody has ratings all count, as the average person.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from recommender import slates
from recommender.features import FloatArray, IntArray
from recommender.model import Model
from recommender.person import best_of, scores_of

Strategy = Literal["average", "least misery", "most pleasure", "average without misery", "fairness"]
STRATEGIES: tuple[Strategy, ...] = get_args(Strategy)
DEFAULT: Strategy = "fairness"
"""On held-out groups it is best both for the mean member and for the one who gets least (README)."""

MISERY = 90.0
"""A movie that any member places lower than this stands behind all others in ``average without misery``."""

WISH, MOST_WISHES = 0.5, 2
"""What a movie lacks to 100 is halved for each member who has it on a watchlist, for two of them at most.

So a movie at 96 counts as one at 98 or 99: it passes those that are about as good, and nothing else.
"""

Mask = npt.NDArray[np.bool_]
Ranks = npt.NDArray[np.int32]


class GroupRecommendation(NamedTuple):
    """A movie for a group.

    Attributes
    ----------
    movie_id : int
    percentile : float
        Mean of the members' percentiles, whatever the strategy.
    members : tuple of float
        The percentile of each, in their order; NaN for a member without ratings.
    chosen_for : tuple of int
        Places of the members for whom ``fairness`` chose it more than for the others; empty where it serves
        all about alike, and in other strategies.
    """

    movie_id: int
    percentile: float
    members: tuple[float, ...]
    chosen_for: tuple[int, ...] = ()

    @property
    def disagreement(self) -> float:
        """Mean distance between two members' percentiles, over all pairs.

        Average pairwise disagreement of Amer-Yahia, Roy, Chawlat, Das and Yu, Group Recommendation:
        Semantics and Efficiency, VLDB 2009.
        """
        known = np.sort([place for place in self.members if not np.isnan(place)])
        if len(known) < 2:
            return 0.0
        # In rising order the place at i is the higher one of i pairs, and the lower one of the others.
        signs = 2 * np.arange(len(known)) - (len(known) - 1)
        return float(2 * (signs @ known) / (len(known) * (len(known) - 1)))


class Group:
    """Several people as a model sees them; what takes long is worked out once for all questions.

    Members are ranked as in `recommender.ranking.SAFE`: what sets one of them apart divides the others, and
    groups of all kinds got less from it (`recommender.evaluation.groups`).

    Parameters
    ----------
    model : Model
    members : sequence of ratings by movie id
        Ids that the model does not know are ignored.

    Attributes
    ----------
    people : tuple of Person
        The members, in their order.
    heard : tuple of int
        Places in `people` of those whose percentiles count.

    Raises
    ------
    ValueError
        If there are no members, or stars lie outside 0.5 to 5.
    """

    def __init__(self, model: Model, members: Sequence[Mapping[int, float]]) -> None:
        if not members:
            raise ValueError("a group needs at least one member")
        self.model = model
        self.people = tuple(model.person(ratings) for ratings in members)
        raters = tuple(place for place, person in enumerate(self.people) if person.rated)
        self.heard = raters or tuple(range(len(self.people)))

    def best(
        self,
        k: int = 10,
        strategy: Strategy = DEFAULT,
        *,
        candidates: Mask | None = None,
        wanted: IntArray | None = None,
        one_per_franchise: bool = False,
        rewatch: bool = False,
    ) -> list[GroupRecommendation]:
        """The best movies for the group, best first; fewer than `k` when there are no more.

        Parameters
        ----------
        k : int
        strategy : Strategy
        candidates : bool, shape (n_movies,), optional
            Only movies where it is true.
        wanted : int, shape (n_movies,), optional
            How many members have a movie on their watchlist; see `WISH`.
        one_per_franchise : bool
            As for `Model.recommend`.
        rewatch : bool
            Also movies that a member has rated; they are left out otherwise.
        """
        allowed = np.ones(len(self.model.movie_ids), np.bool_) if candidates is None else candidates.copy()
        if not rewatch:
            for person in self.people:
                allowed[[self.model.row(movie_id) for movie_id in person.rated]] = False
        lacking = np.ones(len(allowed)) if wanted is None else WISH ** np.minimum(wanted, MOST_WISHES)
        franchises = self.model.franchises if one_per_franchise else None
        score = 100 - (100 - self._together(strategy)) * lacking
        if strategy == "average without misery":
            score -= 100 * (self._ranks.min(axis=0) < MISERY / 100 * self._last)
        score, rows = score.astype(np.float32), np.flatnonzero(allowed)
        if strategy == "fairness":
            pool = best_of(score, rows, max(slates.POOL, k), franchises)
            places = 100 - (100 - self._percent(self._ranks[:, pool])) * lacking[pool]
            columns, chosen_for = slates.fair(places.astype(np.float32), k)
            heard = np.array(self.heard)
            return [
                one._replace(chosen_for=tuple(heard[served].tolist()))
                for one, served in zip(self._of_rows(pool[columns]), chosen_for, strict=True)
            ]
        return self._of_rows(best_of(score, rows, k, franchises))

    def of(self, movie_ids: Sequence[int]) -> list[GroupRecommendation]:
        """What the group may think of movies, rated or not, in their order.

        Raises
        ------
        UnknownMovie
            If the model has never seen one.
        """
        return self._of_rows(np.array([self.model.row(movie_id) for movie_id in movie_ids], np.int64))

    @property
    def _last(self) -> int:
        """The rank of a movie whose score is above all others."""
        return max(len(self.model.movie_ids) - 1, 1)

    @cached_property
    def _ranks(self) -> Ranks:
        """Number of movies below each, for each that is heard: int32, shape (n_heard, n_movies)."""
        return ranks(scores_of([self.people[place] for place in self.heard]))

    def _percent(self, numbers: npt.NDArray[np.int32 | np.int64 | np.float64]) -> FloatArray:
        return np.multiply(100 / self._last, numbers).astype(np.float32)

    def _together(self, strategy: Strategy) -> FloatArray:
        """The group's place of each movie, 0 to 100: float32, shape (n_movies,)."""
        # Sums of whole numbers are the same whatever the order of the members.
        if strategy == "least misery":
            return self._percent(self._ranks.min(axis=0))
        if strategy == "most pleasure":
            return self._percent(self._ranks.max(axis=0))
        return self._percent(self._ranks.sum(axis=0) / len(self.heard))

    def _of_rows(self, rows: IntArray) -> list[GroupRecommendation]:
        places = np.full((len(self.people), len(rows)), np.nan)
        places[list(self.heard)] = 100 / self._last * self._ranks[:, rows]
        means = np.nanmean(places, axis=0)
        return [
            GroupRecommendation(movie_id, percentile, tuple(members))
            for movie_id, percentile, members in zip(
                self.model.movie_ids[rows].tolist(), means.tolist(), places.T.tolist(), strict=True
            )
        ]


def ranks(scores: FloatArray) -> Ranks:
    """How many scores of the same person lie below each one; equal scores share the lowest rank.

    Parameters
    ----------
    scores : float32, shape (n_people, n_movies)

    Returns
    -------
    int32, shape (n_people, n_movies)
    """
    found = np.empty(scores.shape, np.int32)
    places = np.arange(scores.shape[1], dtype=np.int32)
    for mine, own in zip(found, scores, strict=True):
        # The bits of floats are in order as whole numbers, once all of a negative one are turned and the sign
        # of the others. NumPy sorts 16 bits by radix, so the lower half and then the upper one take a third
        # of the time that the order of floats does. Adding 0 makes negative zeros positive ones.
        bits = (own + np.float32(0)).view(np.int32)
        keys = bits ^ (bits >> 31 | np.int32(-0x80000000))
        order = np.argsort(keys.astype(np.uint16), kind="stable")
        order = order[np.argsort((keys >> 16).astype(np.uint16)[order], kind="stable")]
        ordered = keys[order]
        first = places.copy()
        first[1:][ordered[1:] == ordered[:-1]] = 0
        np.maximum.accumulate(first, out=first)
        mine[order] = first
    return found
