"""Lists for groups: held-out people meet, each tells ten ratings, and one list has to please them all.

The people are strangers to the community, as in `recommender.evaluation.protocol`. Three kinds of groups are
formed by what the people rated altogether (which no strategy is shown): drawn at random, of the most similar
tastes, of the most opposed ones; likeness is the cosine of their ratings, each person's less their mean, over
all movies (the Pearson correlation with gaps at the mean; Baltrunas, Makcinskas and Ricci, Group
recommendations with rank aggregation and collaborative filtering, RecSys 2010, form theirs by it too).

A movie that any member told of is no candidate for anybody. A list is worth to a member its NDCG@10 over the
other movies that they rated four stars or more; a group's two numbers are the mean and the least of those.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from recommender.datasets import Dataset
from recommender.evaluation.bootstrap import bootstrap
from recommender.evaluation.metrics import ndcg
from recommender.evaluation.protocol import Friend, OnProgress, friends, hold_out
from recommender.features import FloatArray
from recommender.groups import STRATEGIES, Group, Strategy
from recommender.model import Model

K = 10
GIVEN = 10
SIZES = tuple(range(2, 9))
KINDS = ("similar", "random", "opposed")
GROUPS = 25
"""Of each kind and size, for each seed."""

POPULAR, OWN, MERGED = "most popular", "each their own list", "own lists merged"
METHODS = (*STRATEGIES, MERGED, POPULAR, OWN)
"""Of these `OWN` is no list of a group but a bound: what the members would get apart."""

Fit = Callable[[Dataset, int], Model]
Case = tuple[str, str, int]
"""A method, a kind of group and a size."""


@dataclass(frozen=True, slots=True)
class GroupComparison:
    """What every method is worth to the same groups.

    Attributes
    ----------
    values : dict
        By method, kind and size: float64 of shape (n_groups over all seeds, 2), the mean and the least
        NDCG@10 of a group's members.
    """

    values: Mapping[Case, npt.NDArray[np.float64]]

    def of(
        self, method: str, kinds: Sequence[str] = KINDS, sizes: Sequence[int] = SIZES
    ) -> npt.NDArray[np.float64]:
        """The values of all groups of some kinds and sizes: float64, shape (n_groups, 2)."""
        return np.concatenate([self.values[method, kind, size] for kind in kinds for size in sizes])

    def mean(
        self, method: str, kinds: Sequence[str] = KINDS, sizes: Sequence[int] = SIZES
    ) -> tuple[float, float]:
        """Over groups: the mean member's NDCG@10, and that of the member who gets least."""
        mean, least = self.of(method, kinds, sizes).mean(axis=0).tolist()
        return mean, least

    def ahead(
        self, method: str, other: str, kinds: Sequence[str] = KINDS, sizes: Sequence[int] = SIZES
    ) -> list[tuple[float, float, float]]:
        """Paired difference of two methods with its 95 % bootstrap interval over groups.

        Returns
        -------
        list of (mean, low, high)
            Of the mean member and of the one who gets least.
        """
        difference = self.of(method, kinds, sizes) - self.of(other, kinds, sizes)
        return [(float(column.mean()), *bootstrap(column)) for column in difference.T]


def compare_groups(
    dataset: Dataset,
    fit: Fit,
    *,
    seeds: Sequence[int] = (0, 1, 2),
    people: int = 150,
    groups: int = GROUPS,
    on_progress: OnProgress | None = None,
) -> GroupComparison:
    """Measure the strategies on held-out groups, beside popularity and the members' own lists.

    Parameters
    ----------
    dataset : Dataset
    fit : callable
        Makes a model of a community, with a seed.
    seeds : sequence of int
        Each draws other people and groups and another start of the fit.
    people : int
        Held out per seed.
    groups : int
        Of each kind and size, for each seed.
    on_progress : callable, optional

    Returns
    -------
    GroupComparison
    """
    values: dict[Case, list[list[float]]] = {}
    for number, seed in enumerate(seeds):
        if on_progress:
            on_progress(f"groups, seed {seed}", number, len(seeds))
        held_out = hold_out(dataset.ratings, people, seed)
        inside = ~np.isin(dataset.ratings.user_ids, held_out)
        model = fit(replace(dataset, ratings=dataset.ratings.where(inside)), seed)
        asked = friends(dataset.ratings, held_out, GIVEN, seed)
        for kind, size, members in gatherings(asked, groups, seed):
            for method, row in worth(model, members).items():
                values.setdefault((method, kind, size), []).append(row)
    if on_progress:
        on_progress("done", len(seeds), len(seeds))
    return GroupComparison({case: np.array(rows) for case, rows in values.items()})


def gatherings(
    people: Sequence[Friend], groups: int, seed: int, sizes: Sequence[int] = SIZES
) -> list[tuple[str, int, list[Friend]]]:
    """So many groups of each kind and size, as (kind, size, members).

    A group of a kind begins with a random person; then whoever is most like (or unlike) its members so far
    joins, out of a random half of the people, so that not all groups are the same few.

    Parameters
    ----------
    people : sequence of Friend
        At least twice as many as the largest size.
    groups, seed : int
    sizes : sequence of int
    """
    if len(people) < 2 * max(sizes):
        raise ValueError(f"{len(people)} people are too few for groups of {max(sizes)}")
    alike = likeness(people)
    rng = np.random.default_rng((seed, 5))
    found: list[tuple[str, int, list[Friend]]] = []
    for kind in KINDS:
        sign = {"similar": 1.0, "random": 0.0, "opposed": -1.0}[kind]
        for size in sizes:
            for _ in range(groups):
                first, *pool = rng.permutation(len(people))[: len(people) // 2 + 1].tolist()
                members: list[int] = [first]
                while len(members) < size:
                    # Without a sign all are equal, and the first of a random order joins.
                    best = max(pool, key=lambda one: sign * float(alike[one, members].mean()))
                    pool.remove(best)
                    members.append(best)
                found.append((kind, size, [people[place] for place in members]))
    return found


def likeness(people: Sequence[Friend]) -> FloatArray:
    """Cosine of two people's ratings less their means: float32, shape (n_people, n_people)."""
    rated = [{**person.told, **person.rated} for person in people]
    column = {movie_id: place for place, movie_id in enumerate(sorted(set[int]().union(*rated)))}
    table = np.zeros((len(people), len(column)), np.float32)
    for mine, ratings in zip(table, rated, strict=True):
        mean = sum(ratings.values()) / len(ratings)
        mine[[column[movie_id] for movie_id in ratings]] = [stars - mean for stars in ratings.values()]
    table /= np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-9)
    return table @ table.T


def worth(model: Model, members: Sequence[Friend]) -> dict[str, list[float]]:
    """Mean and least NDCG@10 of the members, by method."""
    told = {movie_id for member in members for movie_id in member.told}
    candidates = ~np.isin(model.movie_ids, list(told))
    wanted = [member.relevant - told for member in members]
    group = Group(model, [member.told for member in members])

    def listed(strategy: Strategy) -> list[int]:
        return [pick.movie_id for pick in group.best(K, strategy, candidates=candidates)]

    own = [[pick.movie_id for pick in person.best(K, candidates)] for person in group.people]
    rows = np.flatnonzero(candidates)
    popular = model.movie_ids[rows[np.argsort(-model.popularity[rows], kind="stable")][:K]].tolist()
    shared = {strategy: listed(strategy) for strategy in STRATEGIES}
    lists = {**shared, MERGED: merged(own), POPULAR: popular}
    answer = {method: _values([some] * len(members), wanted) for method, some in lists.items()}
    return answer | {OWN: _values(own, wanted)}


def merged(lists: Sequence[Sequence[int]]) -> list[int]:
    """Ten of the members' lists by Borda's count: the first of a list gets K points, the next one less.

    Of equals the one first that stands highest in somebody's list, then the one with the lower number.
    """
    points: dict[int, int] = {}
    highest: dict[int, int] = {}
    for some in lists:
        for place, movie_id in enumerate(some):
            points[movie_id] = points.get(movie_id, 0) + K - place
            highest[movie_id] = min(place, highest.get(movie_id, K))
    return sorted(points, key=lambda movie_id: (-points[movie_id], highest[movie_id], movie_id))[:K]


def _values(lists: Sequence[Sequence[int]], wanted: Sequence[frozenset[int]]) -> list[float]:
    # Whose every liked movie was told by somebody else cannot be served, and does not count.
    found = [
        ndcg(np.array([movie_id in liked for movie_id in some] + [False] * (K - len(some))), len(liked))
        for some, liked in zip(lists, wanted, strict=True)
        if liked
    ]
    return [float(np.mean(found)), min(found)] if found else [0.0, 0.0]
