"""Whether chosen questions teach the model more than random ones.

Half of each held-out person's ratings, drawn at random, is what they can answer from; the liked movies of the
other half are the truth. They start with a few ratings, are asked one movie after the other, and after five
answers every movie outside the first half is ranked for them. All strategies meet the same halves, so that
results are compared pair by pair.
"""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from recommender.asking import questions, well_known
from recommender.datasets import Ratings
from recommender.evaluation.metrics import ndcg
from recommender.model import Model
from recommender.profiles import LIKED_FROM

K = 10
ANSWERS = 5
Strategy = Literal["asker", "random", "popular random"]
STRATEGIES: tuple[Strategy, ...] = ("asker", "random", "popular random")

Choose = Callable[[Mapping[int, float], list[int]], int | None]
"""From the ratings so far and the movies already asked about to the next one."""


class Interview(NamedTuple):
    """What became of each person, in the same order for every strategy.

    Attributes
    ----------
    ndcg : float64, shape (n_people,)
        NDCG@10 at the end.
    answers : int64, shape (n_people,)
        Questions that were answered.
    """

    ndcg: npt.NDArray[np.float64]
    answers: npt.NDArray[np.int64]


def interview(
    model: Model, ratings: Ratings, *, start: int = 0, turns: int | None = None, seed: int = 0
) -> dict[Strategy, Interview]:
    """Ask held-out people with each strategy.

    Parameters
    ----------
    model : Model
        Fitted without these people.
    ratings : Ratings
        Everything they rated.
    start : int
        Number of ratings known before the first question.
    turns : int, optional
        Questions at most; one about a movie the person has not rated is lost. Without it questions are
        only about movies the person has rated, so that what an answer is worth is measured alone.
    seed : int

    Returns
    -------
    dict
        By strategy. All ask about the same well-known movies: ``random`` draws evenly, ``popular random``
        by the number of ratings.
    """
    results: dict[Strategy, list[tuple[float, int]]] = {strategy: [] for strategy in STRATEGIES}
    for user_id in np.unique(ratings.user_ids).tolist():
        mine = ratings.where(ratings.user_ids == user_id)
        order = np.random.default_rng((seed, user_id, start)).permutation(len(mine))
        half = len(mine) // 2
        stars = dict(zip(mine.movie_ids[order].tolist(), mine.stars[order].tolist(), strict=True))
        movies = list(stars)
        answers = {movie: stars[movie] for movie in movies[:half]}
        relevant = [movie for movie in movies[half:] if stars[movie] >= LIKED_FROM]
        if not relevant:
            continue
        open_ = np.ones(len(model.movie_ids), np.bool_)
        if turns is None:
            open_ = np.isin(model.movie_ids, list(answers))
        for strategy in STRATEGIES:
            rng = np.random.default_rng((seed, user_id, start, 1))
            told = {movie: answers[movie] for movie in movies[: min(start, half)]}
            count = _ask(_chooser(strategy, model, open_, rng), told, answers, turns)
            results[strategy].append((_measure(model, told, movies[:half], relevant), count))
    return {
        strategy: Interview(np.array([v for v, _ in found]), np.array([n for _, n in found], np.int64))
        for strategy, found in results.items()
    }


def _ask(choose: Choose, told: dict[int, float], answers: Mapping[int, float], turns: int | None) -> int:
    """Ask until there are five answers, adding them to `told`; how many there are."""
    asked: list[int] = []
    given = 0
    while given < ANSWERS and (turns is None or len(asked) < turns):
        movie = choose(told, asked)
        if movie is None:
            break
        asked.append(movie)
        if movie in answers:
            told[movie] = answers[movie]
            given += 1
    return given


def _chooser(
    strategy: Strategy,
    model: Model,
    open_: npt.NDArray[np.bool_],
    rng: np.random.Generator,
) -> Choose:
    known = well_known(model)

    def chosen(told: Mapping[int, float], asked: list[int]) -> int | None:
        return next(iter(questions(model, told, 1, asked=asked, candidates=open_)), None)

    def drawn(told: Mapping[int, float], asked: list[int]) -> int | None:
        rows = known[open_[known]]
        rows = rows[~np.isin(model.movie_ids[rows], [*told, *asked])]
        if not len(rows):
            return None
        weights = model.popularity[rows] + 1.0 if strategy == "popular random" else np.ones(len(rows))
        return int(model.movie_ids[rng.choice(rows, p=weights / weights.sum())])

    return chosen if strategy == "asker" else drawn


def _measure(model: Model, told: Mapping[int, float], hidden: list[int], relevant: list[int]) -> float:
    scores = model.scores(told)
    rows = np.flatnonzero(~np.isin(model.movie_ids, hidden))
    best = rows[np.argsort(-scores[rows], kind="stable")[:K]]
    return ndcg(np.isin(model.movie_ids[best], relevant), len(relevant))
