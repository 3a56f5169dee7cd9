"""The friends protocol: strangers give a few ratings, and every model ranks the rest for them.

The held-out people are removed from the community before anything is learned. Each gives N ratings, drawn at
random or their earliest; all others of theirs are the truth. Every model answers for the same people with
the same ratings, so that results are compared pair by pair.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from recommender.datasets import Dataset, Ratings
from recommender.evaluation.bootstrap import bootstrap, bootstrap_ratio
from recommender.evaluation.metrics import coverage
from recommender.evaluation.yardstick import ALL_MEASURES, K, Yardstick
from recommender.profiles import LIKED_FROM

__all__ = [
    "Comparison",
    "Fit",
    "Fitted",
    "Friend",
    "K",
    "OnFitted",
    "OnProgress",
    "Times",
    "bootstrap",
    "compare",
    "friends",
    "hold_out",
    "validation_split",
]

Values = Mapping[tuple[str, int], npt.NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Friend:
    """A held-out person.

    Attributes
    ----------
    user_id : int
    told : mapping of movie id to stars
    relevant : frozenset of int
        Movies they like that they did not tell of.
    rated : mapping of movie id to stars
        All ratings that they did not tell of, of liked movies or not. No model may look at these two.
    """

    user_id: int
    told: Mapping[int, float]
    relevant: frozenset[int]
    rated: Mapping[int, float] = field(default_factory=dict[int, float])


class Fitted(Protocol):
    """A model that has learned from a community and answers for people outside it."""

    def scores(self, friends: Sequence[Friend]) -> Iterable[npt.NDArray[np.float32]]:
        """Scores of all movies in the catalogue's order, for one friend after the other."""
        ...


Fit = Callable[[Dataset, int], Fitted]
"""Learns from a community (a data set without the held-out people), with a seed."""

OnProgress = Callable[[str, int, int], None]

OnFitted = Callable[[Fitted, Dataset, Mapping[int, Sequence[Friend]], int], None]
"""Called with a fitted model, its community, the people it is asked about by number of ratings told, and the
seed."""


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds that a model took, mean over seeds: to learn, and to answer all questions.

    LightFM cannot serve people who rated after the fit; what it learns for them counts as answering.
    """

    fit: float
    answer: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """One measure, NDCG@10 unless another was asked for with `of`, of several models for the same people.

    Attributes
    ----------
    values : dict
        By model and number of ratings told: float64 of shape (n_friends over all seeds,).
        NaN where the measure says nothing of a person, who is then left out of means and pairs.
    people : dict
        By number of ratings told: whose values these are, int64 of the same shape.
    measured : dict
        `values` of every measure by its name (`recommender.evaluation.yardstick.ALL_MEASURES`).
    coverage, tail_coverage : dict
        By model and number of ratings told: share of the catalogue in at least one list, and of the long tail
        in at least one list of its movies alone; mean over seeds.
    times : dict
        By model.
    """

    values: Values
    people: Mapping[int, npt.NDArray[np.int64]] = field(default_factory=dict[int, npt.NDArray[np.int64]])
    measured: Mapping[str, Values] = field(default_factory=dict[str, Values])
    coverage: Mapping[tuple[str, int], float] = field(default_factory=dict[tuple[str, int], float])
    tail_coverage: Mapping[tuple[str, int], float] = field(default_factory=dict[tuple[str, int], float])
    times: Mapping[str, Times] = field(default_factory=dict[str, Times])

    @property
    def models(self) -> list[str]:
        """Their names, in the order they were given in."""
        return list(dict.fromkeys(name for name, _ in self.values))

    @property
    def given(self) -> list[int]:
        """Numbers of ratings told."""
        return list(dict.fromkeys(n for _, n in self.values))

    def of(self, measure: str) -> "Comparison":
        """The same comparison in another measure."""
        return replace(self, values=self.measured[measure])

    def mean(self, model: str, given: int) -> float:
        """Mean over people and seeds; NaN if the measure says nothing of anybody."""
        return _mean(self.values[model, given])

    def interval(self, model: str, given: int) -> tuple[float, float]:
        """95 % bootstrap interval of the mean, over people."""
        return bootstrap(self.values[model, given], self.people.get(given))

    def advantage(self, model: str, other: str, given: int) -> tuple[float, float, float]:
        """Mean paired difference between two models and its 95 % bootstrap interval."""
        difference = self.values[model, given] - self.values[other, given]
        return (_mean(difference), *bootstrap(difference, self.people.get(given)))

    def ratio(self, model: str, other: str, given: int) -> tuple[float, float, float]:
        """How many times as good a model is as another, and its 95 % bootstrap interval over people.

        The ratio of the two means; infinite if the other one has nothing.
        """
        mine, theirs = self.values[model, given], self.values[other, given]
        below = float(theirs.sum())
        ratio = float(mine.sum()) / below if below else float("inf")
        return (ratio, *bootstrap_ratio(mine, theirs, self.people[given]))


def hold_out(ratings: Ratings, people: int, seed: int) -> npt.NDArray[np.int64]:
    """Draw people with at least 30 ratings, at most a quarter of those there are."""
    users, counts = np.unique(ratings.user_ids, return_counts=True)
    able = users[counts >= 30]
    rng = np.random.default_rng(seed)
    return np.sort(rng.choice(able, min(people, len(able) // 4), replace=False))


def validation_split(dataset: Dataset, people: int, seed: int) -> tuple[Dataset, npt.NDArray[np.int64]]:
    """A community to tune on, and people to tune for, none of whom a test with this seed asks.

    The people whom `compare` holds out with this seed are in neither, so that tuning never sees them.

    Parameters
    ----------
    dataset : Dataset
    people : int
        Held out, both for the test and for validation.
    seed : int

    Returns
    -------
    Dataset
        Without the people of the test and without those of the validation.
    int64, shape (n_people,)
        Ids of the validation people; their ratings are in `dataset`.
    """
    tested = hold_out(dataset.ratings, people, seed)
    rest = dataset.ratings.where(~np.isin(dataset.ratings.user_ids, tested))
    validating = hold_out(rest, people, seed)
    return replace(dataset, ratings=rest.where(~np.isin(rest.user_ids, validating))), validating


def friends(
    ratings: Ratings, user_ids: npt.NDArray[np.int64], given: int, seed: int, *, earliest: bool = False
) -> list[Friend]:
    """Each held-out person tells `given` ratings; left out are those with no liked movie besides.

    Parameters
    ----------
    ratings : Ratings
    user_ids : int64, shape (n_people,)
    given : int
    seed : int
    earliest : bool
        The first ones by time instead of random ones; of ratings at the same second the seed draws.
    """
    found: list[Friend] = []
    for user_id in user_ids.tolist():
        mine = ratings.where(ratings.user_ids == user_id)
        order = np.random.default_rng((seed, user_id, given)).permutation(len(mine))
        if earliest:
            order = order[np.argsort(mine.rated_at[order], kind="stable")]
        told, rest = _by_movie(mine, order[:given]), _by_movie(mine, order[given:])
        liked = frozenset(movie for movie, stars in rest.items() if stars >= LIKED_FROM)
        if liked:
            found.append(Friend(user_id, told, liked, rest))
    return found


def compare(
    dataset: Dataset,
    models: Mapping[str, Fit],
    *,
    given: Sequence[int] = (1, 3, 5, 10, 20),
    seeds: Sequence[int] = (0, 1, 2),
    people: int = 120,
    earliest: bool = False,
    on_progress: OnProgress | None = None,
    on_fitted: OnFitted | None = None,
) -> Comparison:
    """Measure models against each other.

    Parameters
    ----------
    dataset : Dataset
    models : mapping of name to Fit
    given : sequence of int
        Numbers of ratings told.
    seeds : sequence of int
        Each draws other held-out people, other told ratings and another start of the fit.
    people : int
        Held out per seed.
    earliest : bool
        People tell their first ratings by time instead of random ones.
    on_progress : callable, optional
    on_fitted : callable, optional
        Measures more of each model while it is there.

    Returns
    -------
    Comparison
    """
    rounds: dict[tuple[str, int], list[_Answers]] = {}
    times: dict[str, list[Times]] = {}
    whose: dict[int, list[int]] = {n: [] for n in given}
    steps = [(seed, name) for seed in seeds for name in models]
    for seed in seeds:
        held_out = hold_out(dataset.ratings, people, seed)
        inside = ~np.isin(dataset.ratings.user_ids, held_out)
        community = replace(dataset, ratings=dataset.ratings.where(inside))
        asked = {n: friends(dataset.ratings, held_out, n, seed, earliest=earliest) for n in given}
        yardstick = Yardstick(community)
        for n in given:
            whose[n] += [friend.user_id for friend in asked[n]]
        for name, fit in models.items():
            if on_progress:
                on_progress(name, steps.index((seed, name)), len(steps))
            started = time.perf_counter()
            fitted = fit(community, seed)
            fit_seconds, answer_seconds = time.perf_counter() - started, 0.0
            for n in given:
                answers = _answer(fitted, asked[n], yardstick)
                answer_seconds += answers.seconds
                rounds.setdefault((name, n), []).append(answers)
            times.setdefault(name, []).append(Times(fit_seconds, answer_seconds))
            if on_fitted:
                on_fitted(fitted, community, asked, seed)
    if on_progress:
        on_progress("done", len(steps), len(steps))
    return _collected(rounds, times, whose)


@dataclass(frozen=True, slots=True)
class _Answers:
    measured: npt.NDArray[np.float64]
    coverage: float
    tail_coverage: float
    seconds: float


def _answer(fitted: Fitted, asked: Sequence[Friend], yardstick: Yardstick) -> _Answers:
    started = time.perf_counter()
    measuring = 0.0
    measured = np.zeros((len(asked), len(ALL_MEASURES)))
    picks, tail_picks = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for number, (friend, scores) in enumerate(zip(asked, fitted.scores(asked), strict=True)):
        before = time.perf_counter()
        measured[number], picked = yardstick.measure(scores, friend)
        picks.append(picked)
        tail_picks.append(yardstick.tail_picks(scores, friend))
        measuring += time.perf_counter() - before
    seconds = time.perf_counter() - started - measuring
    everywhere = coverage(np.concatenate(picks), len(yardstick.tail))
    in_tail = coverage(np.concatenate(tail_picks), int(yardstick.tail.sum()))
    return _Answers(measured, everywhere, in_tail, seconds)


def _collected(
    rounds: Mapping[tuple[str, int], Sequence[_Answers]],
    times: Mapping[str, Sequence[Times]],
    whose: Mapping[int, Sequence[int]],
) -> Comparison:
    tables = {key: np.concatenate([one.measured for one in some]) for key, some in rounds.items()}
    measured = {
        name: {key: table[:, column] for key, table in tables.items()}
        for column, name in enumerate(ALL_MEASURES)
    }
    return Comparison(
        values=measured["ndcg@10"],
        people={n: np.array(ids, np.int64) for n, ids in whose.items()},
        measured=measured,
        coverage={key: float(np.mean([one.coverage for one in some])) for key, some in rounds.items()},
        tail_coverage={
            key: float(np.mean([one.tail_coverage for one in some])) for key, some in rounds.items()
        },
        times={
            name: Times(float(np.mean([t.fit for t in some])), float(np.mean([t.answer for t in some])))
            for name, some in times.items()
        },
    )


def _mean(values: npt.NDArray[np.float64]) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _by_movie(ratings: Ratings, rows: npt.NDArray[np.int64]) -> dict[int, float]:
    return dict(zip(ratings.movie_ids[rows].tolist(), ratings.stars[rows].tolist(), strict=True))
