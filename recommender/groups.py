"""One list for several people."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recommender.features import FloatArray
from recommender.franchises import one_of_each
from recommender.model import Model
from recommender.ranking import BALANCED, Ranking


class GroupRecommendation(NamedTuple):
    """A movie for a group: the mean of its members' percentiles, and each member's own, in their order."""

    movie_id: int
    percentile: float
    members: tuple[float, ...]


def percentiles(scores: FloatArray) -> FloatArray:
    """Place of each score among all of them, 0 to 100, equal scores sharing the lowest place.

    Scores of different people have different scales; places can be compared.
    """
    return (100 * np.searchsorted(np.sort(scores), scores) / max(len(scores) - 1, 1)).astype(np.float32)


def recommend_together(
    model: Model,
    members: Sequence[Mapping[int, float]],
    k: int = 10,
    ranking: Ranking = BALANCED,
    candidates: npt.NDArray[np.bool_] | None = None,
    one_per_franchise: bool = False,
) -> list[GroupRecommendation]:
    """The best movies for a group by the average of its members' percentiles, best first.

    Average is the strategy that studies of groups found people to use themselves (Masthoff, Group Modeling,
    User Modeling and User-Adapted Interaction 14, 2004).

    Parameters
    ----------
    model : Model
    members : sequence of ratings by movie id
        A movie that any of them has rated is not recommended.
    k : int
        At most so many.
    ranking : Ranking
    candidates : bool, shape (n_movies,), optional
        Only movies where it is true.
    one_per_franchise : bool
        As for `Model.recommend`.

    Raises
    ------
    ValueError
        If there are no members, or stars lie outside 0.5 to 5.
    """
    if not members:
        raise ValueError("a group needs at least one member")
    levers = [ranking.after(len(ratings)) for ratings in members]
    places = np.stack(
        [
            percentiles(model.scores(ratings, lever.adventure, lever.calibration))
            for ratings, lever in zip(members, levers, strict=True)
        ]
    )
    allowed = np.ones(places.shape[1], np.bool_) if candidates is None else candidates.copy()
    for ratings in members:
        allowed[model.profile(ratings).rows] = False
    rows = np.flatnonzero(allowed)
    together = places.mean(axis=0)
    ranked = rows[np.argsort(-together[rows], kind="stable")]
    best = one_of_each(ranked, model.franchises, k) if one_per_franchise else ranked[:k]
    return [
        GroupRecommendation(int(model.movie_ids[row]), float(together[row]), tuple(places[:, row].tolist()))
        for row in best
    ]
