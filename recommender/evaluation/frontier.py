"""What the two levers of a ranking cost and bring, on a grid of their values."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from recommender.catalogue import Movie
from recommender.datasets import Dataset
from recommender.evaluation.protocol import Friend
from recommender.evaluation.yardstick import ALL_MEASURES, K, Yardstick
from recommender.model import Model
from recommender.ranking import Ranking

ADVENTURES = (0.0, 0.2, 0.4, 0.6)
CALIBRATIONS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5)
DISTANT = {
    "Western": "Sci-Fi",
    "Horror": "Romance",
    "Animation": "Horror",
    "Sci-Fi": "Romance",
    "Musical": "Action",
    "War": "Comedy",
    "Romance": "Horror",
    "Comedy": "War",
    "Crime": "Children",
    "Documentary": "Action",
}
"""The ten genres of the fan test, and the genre that each one's fan dislikes."""
LOVED, DISLIKED = 5, 3


@dataclass(frozen=True, slots=True)
class Fan:
    """Loves five well-known films of a genre (5 stars) and dislikes three of a distant one (1.5 stars)."""

    genre: str
    told: dict[int, float]


@dataclass(frozen=True, slots=True)
class Point:
    """A ranking and what it does.

    Attributes
    ----------
    ranking : Ranking
    ndcg, tail_ndcg : float
        NDCG@10, among all and among long-tail movies; means over people.
    overlap : float
        Share of their ten picks that two strangers have in common.
    popularity : float
        Mean percentile of the picks by number of ratings.
    fans, least_fan : float
        How many of a fan's ten picks have the fan's genre: mean over fans, and the fewest.
    """

    ranking: Ranking
    ndcg: float
    tail_ndcg: float
    overlap: float
    popularity: float
    fans: float
    least_fan: float


def fans(dataset: Dataset) -> list[Fan]:
    """The most rated films that have a genre, not its distant one, and at most two others.

    Genres for which a catalogue has too few films are left out.
    """
    ids, counts = np.unique(dataset.ratings.movie_ids, return_counts=True)
    known = dict(zip(ids.tolist(), counts.tolist(), strict=True))
    well_known = sorted(dataset.catalogue, key=lambda movie: -known.get(movie.movie_id, 0))
    found: list[Fan] = []
    for genre, distant in DISTANT.items():
        loved = _only(well_known, genre, distant)[:LOVED]
        disliked = _only(well_known, distant, genre)[:DISLIKED]
        if len(loved) == LOVED and len(disliked) == DISLIKED:
            found.append(Fan(genre, dict.fromkeys(loved, 5.0) | dict.fromkeys(disliked, 1.5)))
    return found


def _only(movies: Sequence[Movie], genre: str, without: str) -> list[int]:
    return [
        movie.movie_id
        for movie in movies
        if genre in movie.genres and without not in movie.genres and len(movie.genres) <= 3
    ]


def frontier(
    model: Model,
    community: Dataset,
    asked: Sequence[Friend],
    adventures: Sequence[float] = ADVENTURES,
    calibrations: Sequence[float] = CALIBRATIONS,
) -> list[Point]:
    """Measure a model with every pair of the levers' values.

    Parameters
    ----------
    model : Model
        Fitted on `community`.
    community : Dataset
        Without the people asked; its ratings say what is popular.
    asked : sequence of Friend
        Neighbours in it count as strangers.
    adventures, calibrations : sequence of float
        As of a `Ranking`: weakened while the ratings are few, as when people are served.

    Returns
    -------
    list of Point
        By adventure, then calibration.
    """
    rankings = [Ranking(a, c) for a in adventures for c in calibrations]
    return [measure(model, community, asked, ranking) for ranking in rankings]


def measure(model: Model, community: Dataset, asked: Sequence[Friend], ranking: Ranking) -> Point:
    """One point of the frontier; see `frontier`."""
    yardstick = Yardstick(community)
    rows: list[npt.NDArray[np.float64]] = []
    lists: list[set[int]] = []
    for friend in asked:
        levers = ranking.after(len(friend.told))
        scores = model.scores(friend.told, levers.adventure, levers.calibration)
        values, picks = yardstick.measure(scores, friend)
        rows.append(values)
        lists.append(set(picks.tolist()))
    table = dict(zip(ALL_MEASURES, np.array(rows).reshape(-1, len(ALL_MEASURES)).T, strict=True))
    hits = [_genre_hits(model, fan, ranking) for fan in fans(community)]
    return Point(
        ranking,
        ndcg=_mean(table["ndcg@10"]),
        tail_ndcg=_mean(table["long-tail ndcg@10"]),
        overlap=_mean(np.array([len(one & other) / K for one, other in pairwise(lists)])),
        popularity=_mean(table["popularity@10"]),
        fans=_mean(np.array(hits, np.float64)),
        least_fan=float(min(hits, default=0)),
    )


def _genre_hits(model: Model, fan: Fan, ranking: Ranking) -> int:
    picks = model.recommend(fan.told, K, ranking)
    return sum(fan.genre in model.catalogue[pick.movie_id].genres for pick in picks)


def _mean(values: npt.NDArray[np.float64]) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
