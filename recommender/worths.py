"""What answers are worth: by how much a rating of a movie improves the list for who gave it.

Measured, not derived: people of the community are given a few of their own ratings, then one more, and how
much better the list for the rest of their ratings becomes says what that one was worth (Golbandi, Koren and
Lempel, On Bootstrapping Recommender Systems, CIKM 2010, choose seed movies by the error of what follows from
them; here it is the NDCG). Uncertainty, which is the usual measure, proved worse than chance: the list gains
most from answers it can use.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from recommender.asking import well_known
from recommender.cutting import profile_matrix
from recommender.datasets.dataset import Ratings
from recommender.features import FloatArray, IntArray
from recommender.model import Model
from recommender.profiles import LIKED_FROM, Profile

RANKED = 1000
"""Lists are judged among so many of the most rated movies."""
PEOPLE = 1500
TRIES = 16
"""So many movies are tried on each person, at most, each of `STARTS` times."""
STARTS = (0, 2, 4)
DOUBT = 30.0
"""Trials at which a movie's measured worth counts by half."""
K = 10


def measure(model: Model, ratings: Ratings, seed: int = 0) -> list[list[float]]:
    """What answers about the well-known movies are worth: by how much they raise people's NDCG@10.

    Parameters
    ----------
    model : Model
    ratings : Ratings
        Of the community; some of its people are drawn if they are many.
    seed : int

    Returns
    -------
    list of [movie id, worth]
        Relative to the other movies that the same people could be asked about; movies that few people
        rated are kept near 0. To be stored in ``model.info`` under `recommender.asking.INFO`.
    """
    rows = well_known(model)
    places = {int(movie_id): place for place, movie_id in enumerate(model.movie_ids[rows].tolist())}
    total, trials = np.zeros(len(rows)), np.zeros(len(rows))
    ranked = well_known(model, RANKED)
    meetings = list(_trials(ratings, places, seed))
    people, affinities = _people(model, meetings)
    ends = np.cumsum([len(trial.tried) for trial in meetings]).tolist()
    for trial, end in zip(meetings, ends, strict=True):
        mine = slice(end - len(trial.tried), end)
        gains = _quality(model, ranked, trial, people[mine], affinities[mine])
        where = [places[movie_id] for movie_id in trial.tried]
        total[where] += gains - gains.mean()
        trials[where] += 1
    worth = total / (trials + DOUBT)
    return [list(pair) for pair in zip(places, np.round(worth, 6).tolist(), strict=True)]


class _Trial(NamedTuple):
    """A person's ratings so far, those to be tried as the next one, and the liked movies of the rest."""

    told: dict[int, float]
    tried: dict[int, float]
    relevant: list[int]


def _trials(ratings: Ratings, places: Mapping[int, int], seed: int) -> Iterator[_Trial]:
    rng = np.random.default_rng(seed)
    order = np.argsort(ratings.user_ids, kind="stable")
    _, starts = np.unique(ratings.user_ids[order], return_index=True)
    people: list[IntArray] = np.split(order, starts[1:])
    drawn: list[int] = np.sort(rng.permutation(len(people))[:PEOPLE]).tolist()
    for number in drawn:
        for start in STARTS:
            mine = rng.permutation(people[number])
            movies, stars = ratings.movie_ids[mine].tolist(), ratings.stars[mine].tolist()
            half = len(mine) // 2
            relevant = [m for m, s in zip(movies[half:], stars[half:], strict=True) if s >= LIKED_FROM]
            told = dict(zip(movies[:start], stars[:start], strict=True))
            rest = zip(movies[start:half], stars[start:half], strict=True)
            tried = dict([(m, s) for m, s in rest if m in places][:TRIES])
            if relevant and len(tried) > 1:
                yield _Trial(told, tried, relevant)


def _people(model: Model, trials: Sequence[_Trial]) -> tuple[FloatArray, FloatArray]:
    """Vectors and genre affinities of people with each of the tried ratings, trial after trial."""
    ratings = [(*trial.told.items(), one) for trial in trials for one in trial.tried.items()]
    row_of = model.row_of
    rows = np.array([row_of[movie_id] for movie_id, _ in chain.from_iterable(ratings)], np.int64)
    stars = np.array([stars for _, stars in chain.from_iterable(ratings)], np.float32)
    sizes = np.array([len(of_one) for of_one in ratings], np.int64)
    index = model.parameters.profile_index
    met = np.flatnonzero(index >= 0)
    profiles = profile_matrix(model.profile_features, rows, stars, sizes)[:, met]
    affinity = model.affinity_by_rating(Profile(rows, stars), 0.0, sizes)
    of_people = np.zeros((len(sizes), affinity.shape[1]), np.float32)
    np.add.at(of_people, np.repeat(np.arange(len(sizes)), sizes), affinity)
    return profiles @ model.parameters.profile_vectors[index[met]], of_people


def _quality(
    model: Model, ranked: IntArray, trial: _Trial, people: FloatArray, affinities: FloatArray
) -> FloatArray:
    """NDCG@10 of the list after each of the tried ratings, float32 of shape (n_tried,)."""
    known = [*trial.told, *trial.tried]
    rows = ranked[~np.isin(model.movie_ids[ranked], known)]
    scores = people @ model.parameters.vectors[rows].T + model.parameters.biases[rows]
    scores += affinities @ model.genre_sets.of(rows).T
    best = np.argpartition(-scores, min(K, len(rows) - 1), axis=1)[:, :K]
    best = np.take_along_axis(best, np.argsort(-np.take_along_axis(scores, best, 1), axis=1), 1)
    discount = (1 / np.log2(np.arange(2, K + 2)))[: best.shape[1]]
    hits = np.isin(model.movie_ids[rows][best], trial.relevant)
    return (hits @ discount / discount[: len(trial.relevant)].sum()).astype(np.float32)
