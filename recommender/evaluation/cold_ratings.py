"""Ratings of cold films: what they tell a model that has learned nothing of these films.

Cold films are made: all community ratings of a random third of the films from `FIRST_YEAR` on are taken
away, and the films stay. Held-out people tell ratings of cold films alone, or some of known films, or both;
relevant are the known films they liked and did not tell of, and known films alone are ranked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from recommender.datasets import Dataset, Ratings
from recommender.evaluation import metrics
from recommender.evaluation.bootstrap import bootstrap
from recommender.evaluation.new_films import NotMeasurable
from recommender.evaluation.protocol import Comparison, Fit, Friend, K, OnProgress
from recommender.evaluation.yardstick import Yardstick
from recommender.profiles import LIKED_FROM

FIRST_YEAR = 2000
SHARE = 3
"""One film in so many becomes cold."""
TOLD = 10
HALF = TOLD // 2
SEEDS = (0, 1, 2, 3, 4)
PEOPLE = 120
COLD, KNOWN, BOTH = "ten cold", "five known", "five known, five cold"
"""What people tell."""


@dataclass(frozen=True, slots=True)
class ColdWorld:
    """A community that knows nothing of some films, and people who do.

    Attributes
    ----------
    seed : int
    community : Dataset
        Without the ratings of cold films, and without the people who are asked.
    known : bool, shape (n_movies,)
        The films that are ranked: those that are not cold.
    friends : mapping of `COLD`, `KNOWN` and `BOTH` to list of Friend
        The same people in the same order.
    """

    seed: int
    community: Dataset
    known: npt.NDArray[np.bool_]
    friends: Mapping[str, Sequence[Friend]]


def cold_world(dataset: Dataset, seed: int, people: int = PEOPLE) -> ColdWorld:
    """Make films cold and draw people who rated ten of them; at most a third of those there are.

    Raises
    ------
    NotMeasurable
        If nobody did.
    """
    catalogue, ratings = dataset.catalogue, dataset.ratings
    rng = np.random.default_rng((seed, 2))
    late = catalogue.movie_ids[catalogue.number("year") >= FIRST_YEAR]
    rated = late[np.isin(late, ratings.movie_ids)]
    cold = rng.choice(rated, len(rated) // SHARE, replace=False)
    is_cold = np.isin(ratings.movie_ids, cold)
    users, counts = np.unique(ratings.user_ids[is_cold], return_counts=True)
    able = users[counts >= TOLD]
    asked = np.sort(rng.choice(able, min(people, len(able) // 3), replace=False))
    friends: dict[str, list[Friend]] = {COLD: [], KNOWN: [], BOTH: []}
    for user_id in asked.tolist():
        of_person = ratings.user_ids == user_id
        draw = np.random.default_rng((seed, user_id))
        cold_ones = draw.permutation(np.flatnonzero(of_person & is_cold))
        known_ones = draw.permutation(np.flatnonzero(of_person & ~is_cold))
        rest = _stars(ratings, known_ones[HALF:])
        liked = frozenset(movie for movie, stars in rest.items() if stars >= LIKED_FROM)
        if not liked:
            continue
        told = {COLD: cold_ones[:TOLD], KNOWN: known_ones[:HALF]}
        told[BOTH] = np.concatenate([told[KNOWN], cold_ones[:HALF]])
        for what, rows in told.items():
            friends[what].append(Friend(user_id, _stars(ratings, rows), liked, rest))
    if not friends[COLD]:
        raise NotMeasurable(f"nobody rated {TOLD} of the films that became cold")
    left = ratings.where(~is_cold & ~np.isin(ratings.user_ids, asked))
    known = ~np.isin(catalogue.movie_ids, cold)
    return ColdWorld(seed, replace(dataset, ratings=left), known, friends)


def compare_cold_ratings(
    worlds: Sequence[ColdWorld],
    models: Mapping[str, Fit],
    on_progress: OnProgress | None = None,
) -> Mapping[str, Comparison]:
    """Measure what models make of ratings of cold films.

    Returns
    -------
    mapping of `COLD`, `KNOWN` and `BOTH` to Comparison
        NDCG@10 among the known films, under the number of ratings told; the people are the same in all three.
    """
    values: dict[str, dict[tuple[str, int], list[float]]] = {COLD: {}, KNOWN: {}, BOTH: {}}
    whose: list[int] = []
    for number, world in enumerate(worlds):
        yardstick = Yardstick(world.community)
        whose += [friend.user_id for friend in world.friends[COLD]]
        for place, (name, fit) in enumerate(models.items()):
            if on_progress:
                on_progress(
                    f"ratings of cold films: {name}", number * len(models) + place, len(worlds) * len(models)
                )
            fitted = fit(world.community, world.seed)
            for what, friends in world.friends.items():
                found = values[what].setdefault((name, len(friends[0].told)), [])
                for friend, scores in zip(friends, fitted.scores(friends), strict=True):
                    best = yardstick.top(scores, world.known & ~yardstick.mask(list(friend.told)))
                    hits = np.zeros(K, np.bool_)
                    hits[: len(best)] = np.isin(yardstick.movie_ids[best], list(friend.relevant))
                    found.append(metrics.ndcg(hits, len(friend.relevant)))
    people = np.array(whose, np.int64)
    return {
        what: Comparison({key: np.array(some) for key, some in found.items()}, {n: people for _, n in found})
        for what, found in values.items()
    }


def gained(found: Mapping[str, Comparison], model: str) -> tuple[float, float, float]:
    """By how much five ratings of cold films improve a list for five known ones; with its 95 % interval."""
    known, both = (found[what] for what in (KNOWN, BOTH))
    difference = both.values[model, TOLD] - known.values[model, HALF]
    return (float(difference.mean()), *bootstrap(difference, both.people[TOLD]))


def _stars(ratings: Ratings, rows: npt.NDArray[np.int64]) -> dict[int, float]:
    return dict(zip(ratings.movie_ids[rows].tolist(), ratings.stars[rows].tolist(), strict=True))
