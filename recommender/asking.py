"""Which movies to ask a person about: those whose answer teaches the model most.

What an answer is worth is measured, not derived: people of the community are given a few of their own
ratings, then one more, and how much better the list for the rest of their ratings becomes says what that one
was worth (Golbandi, Koren and Lempel, On Bootstrapping Recommender Systems, CIKM 2010, choose seed movies by
the error of what follows from them; here it is the NDCG). Uncertainty, which is the usual measure, proved
worse than chance: the list gains most from answers it can use. The worth counts by the chance that the person
has an answer at all, which decides among surveys of strangers (Rashid et al., Getting to Know You, IUI 2002).
"""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recommender.datasets.dataset import Ratings
from recommender.features import FloatArray, IntArray
from recommender.model import Model
from recommender.profiles import LIKED_FROM

INFO = "asking"
"""Where a model's info keeps what answers are worth: pairs of movie id and worth."""
WELL_KNOWN = 300
"""Questions are about so many of the most rated movies."""
RANKED = 1000
"""Lists are judged among so many of the most rated movies."""
PEOPLE = 1500
TRIES = 16
"""So many movies are tried on each person, at most, each of `STARTS` times."""
STARTS = (0, 2, 4)
DOUBT = 30.0
"""Trials at which a movie's measured worth counts by half."""
K = 10


def questions(
    model: Model,
    ratings: Mapping[int, float],
    k: int = 1,
    *,
    asked: Collection[int] = (),
    candidates: npt.NDArray[np.bool_] | None = None,
) -> list[int]:
    """The movies to ask about next, the most telling first.

    Parameters
    ----------
    model : Model
        Without measured worths it asks about the most rated movies.
    ratings : mapping of movie id to stars
        What is known of the person; no rated movie is asked about, nor another one of its franchise.
    k : int
        At most so many.
    asked : collection of int
        Movie ids that are not to be asked about, such as those the person has not seen.
    candidates : bool, shape (n_movies,), optional
        Only movies where it is true.

    Returns
    -------
    list of int
        Movie ids, among the well-known ones; fewer than `k` when there are no more.
    """
    rows = well_known(model)
    open_ = ~np.isin(model.movie_ids[rows], [*ratings, *asked])
    open_ &= ~np.isin(model.franchises[rows], model.franchises[model.profile(ratings).rows])
    if candidates is not None:
        open_ &= candidates[rows]
    worth = np.zeros(len(rows))
    measured = dict[int, float](model.info.get(INFO, ()))
    if measured:
        worth += [measured.get(movie_id, 0.0) for movie_id in model.movie_ids[rows].tolist()]
        worth -= worth.min()
    else:
        worth += 1
    # The chance of an answer grows with the number of people who had one. Its square root is a middle way:
    # good where many questions are lost, and where none are.
    worth *= np.sqrt(model.popularity[rows] + 1)
    best = np.argsort(-np.where(open_, worth, -1), kind="stable")[: min(k, int(open_.sum()))]
    return model.movie_ids[rows[best]].tolist()


def well_known(model: Model, most: int = WELL_KNOWN) -> IntArray:
    """Rows of the most rated movies, the most rated first."""
    return np.argsort(-model.popularity, kind="stable")[:most].astype(np.int64)


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
        rated are kept near 0. To be stored in ``model.info[INFO]``.
    """
    rows = well_known(model)
    places = {int(movie_id): place for place, movie_id in enumerate(model.movie_ids[rows].tolist())}
    total, trials = np.zeros(len(rows)), np.zeros(len(rows))
    ranked = well_known(model, RANKED)
    for told, tried, relevant in _trials(ratings, places, seed):
        gains = _quality(model, ranked, told, tried, relevant)
        where = [places[movie_id] for movie_id in tried]
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


def _quality(
    model: Model, ranked: IntArray, told: dict[int, float], tried: dict[int, float], relevant: list[int]
) -> FloatArray:
    """NDCG@10 of the list after each of the tried ratings, float32 of shape (n_tried,)."""
    people: list[FloatArray] = []
    affinities: list[FloatArray] = []
    for movie_id, stars in tried.items():
        profile = model.profile({**told, movie_id: stars})
        people.append(model.rating_vectors(profile).sum(axis=0))
        affinities.append(model.affinity_by_rating(profile, 0.0).sum(axis=0))
    known = [*told, *tried]
    rows = ranked[~np.isin(model.movie_ids[ranked], known)]
    scores = np.stack(people) @ model.parameters.vectors[rows].T + model.parameters.biases[rows]
    scores += np.stack(affinities) @ model.has_genre[rows].T
    best = np.argpartition(-scores, min(K, len(rows) - 1), axis=1)[:, :K]
    best = np.take_along_axis(best, np.argsort(-np.take_along_axis(scores, best, 1), axis=1), 1)
    discount = (1 / np.log2(np.arange(2, K + 2)))[: best.shape[1]]
    hits = np.isin(model.movie_ids[rows][best], relevant)
    return (hits @ discount / discount[: len(relevant)].sum()).astype(np.float32)
