"""New films: how well those are recommended that came out after all that a model has learned of.

The data is as it was at the beginning of a year, the *cut*. The community are the people who rated only
before it. Who rated later and liked at least three of the new films, those of the cut's year and after, is
asked: they tell a few ratings of older films, given at any time, and relevant are the new films they liked.
All new films that `FEWEST_VOTES` people or more voted on are ranked.

A catalogue has the votes of today and not those of the cut, for every model alike: all of them know a little
of what became famous.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from recommender.datasets import Dataset, Ratings
from recommender.evaluation import metrics
from recommender.evaluation.protocol import Comparison, Fit, Friend, K, OnProgress
from recommender.evaluation.yardstick import Yardstick
from recommender.profiles import LIKED_FROM

CUTS = (2014, 2015, 2016)
GIVEN = (3, 10)
DRAWS = 5
FEWEST_VOTES = 100
FEWEST_LIKED = 3
VOTES_OF_TODAY = "votes are those of today, for every model alike"

Mask = npt.NDArray[np.bool_]


class NotMeasurable(ValueError):
    """A data set that does not say enough; the message says what it lacks."""


@dataclass(frozen=True, slots=True)
class AtCut:
    """What there is at a cut.

    Attributes
    ----------
    cut : int
        The year.
    community : Dataset
        With the ratings of those who rated only before it.
    candidates : bool, shape (n_movies,)
        The new films that are ranked.
    older : Ratings
        Those of older films by the people who are asked; none of their people is in the community.
    liked : mapping of user id to set of int
        The candidates that each of them liked.
    """

    cut: int
    community: Dataset
    candidates: Mask
    older: Ratings
    liked: Mapping[int, frozenset[int]]

    def friends(self, given: int, draw: int) -> list[Friend]:
        """Everybody who has as many ratings of older films as are told; each draw is of other ones."""
        return list(self._friends(given, draw))

    def _friends(self, given: int, draw: int) -> Iterator[Friend]:
        order = np.argsort(self.older.user_ids, kind="stable")
        users, starts = np.unique(self.older.user_ids[order], return_index=True)
        for user_id, rows in zip(users.tolist(), np.split(order, starts[1:]), strict=True):
            if len(rows) < given:
                continue
            told = np.random.default_rng((draw, user_id, given)).permutation(rows)[:given]
            films, stars = self.older.movie_ids[told].tolist(), self.older.stars[told].tolist()
            yield Friend(user_id, dict(zip(films, stars, strict=True)), self.liked[user_id])


def at_cut(dataset: Dataset, cut: int) -> AtCut:
    """The data as it was at the beginning of a year.

    Raises
    ------
    NotMeasurable
        If ratings have no times or movies no votes, or if there is nobody to learn from or to ask.
    """
    catalogue, ratings = dataset.catalogue, dataset.ratings
    if not ratings.rated_at.any():
        raise NotMeasurable("it does not say when its ratings were given")
    if not catalogue.number("votes").any():
        raise NotMeasurable("its movies have no votes; join it with IMDb's files")
    new = catalogue.number("year") >= cut
    candidates = new & (catalogue.number("votes") >= FEWEST_VOTES)
    later = ratings.rated_at >= datetime(cut, 1, 1, tzinfo=UTC).timestamp()
    of_candidates = np.isin(ratings.movie_ids, catalogue.movie_ids[candidates])
    liked = ratings.where(of_candidates & (ratings.stars >= LIKED_FROM))
    users, counts = np.unique(liked.user_ids, return_counts=True)
    came_later = np.unique(ratings.user_ids[later])
    asked = np.intersect1d(users[counts >= FEWEST_LIKED], came_later)
    older = ratings.where(
        np.isin(ratings.user_ids, asked) & ~np.isin(ratings.movie_ids, catalogue.movie_ids[new])
    )
    if not len(older) or np.isin(ratings.user_ids, came_later).all():
        raise NotMeasurable(f"too few people rated films before and after the beginning of {cut}")
    return AtCut(
        cut,
        replace(dataset, ratings=ratings.where(~np.isin(ratings.user_ids, came_later))),
        candidates,
        older,
        {user: frozenset(liked.movie_ids[liked.user_ids == user].tolist()) for user in asked.tolist()},
    )


def compare_new(
    worlds: Sequence[AtCut],
    models: Mapping[str, Fit],
    *,
    given: Sequence[int] = GIVEN,
    draws: int = DRAWS,
    on_progress: OnProgress | None = None,
) -> Comparison:
    """Measure models on new films.

    Parameters
    ----------
    worlds : sequence of AtCut
    models : mapping of name to Fit
    given : sequence of int
        Numbers of ratings told.
    draws : int
        Of the told ratings. All draws of a cut are asked at once, each as people of their own.
    on_progress : callable, optional

    Returns
    -------
    Comparison
        NDCG@10 of each person at each cut and draw.
    """
    values: dict[tuple[str, int], list[float]] = {}
    whose: dict[int, list[int]] = {n: [] for n in given}
    for number, world in enumerate(worlds):
        yardstick = Yardstick(world.community)
        friends = {n: [friend for draw in range(draws) for friend in world.friends(n, draw)] for n in given}
        for n in given:
            whose[n] += [friend.user_id for friend in friends[n]]
        for place, (name, fit) in enumerate(models.items()):
            if on_progress:
                done, steps = number * len(models) + place, len(worlds) * len(models)
                on_progress(f"new in {world.cut}: {name}", done, steps)
            fitted = fit(world.community, 0)
            for n in given:
                found = values.setdefault((name, n), [])
                for friend, scores in zip(friends[n], fitted.scores(friends[n]), strict=True):
                    best = yardstick.top(scores, world.candidates)
                    hits = np.zeros(K, np.bool_)
                    hits[: len(best)] = np.isin(yardstick.movie_ids[best], list(friend.relevant))
                    found.append(metrics.ndcg(hits, len(friend.relevant)))
    if on_progress:
        on_progress("done", 1, 1)
    people = {n: np.array(ids, np.int64) for n, ids in whose.items()}
    return Comparison({key: np.array(some) for key, some in values.items()}, people)
