"""Choosing the peers' options, on people that no test asks.

``python -m recommender.evaluation.tuning peers DATA [--only NAME]`` walks each peer's grid, one option
after the other from the chosen values on, until a round changes nothing, and prints what it measured.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.datasets import Dataset, Ratings, load_dataset
from recommender.evaluation.metrics import ndcg
from recommender.evaluation.peers import Peer, peers_with_grids
from recommender.evaluation.protocol import Fit, Fitted, Friend, K, friends, hold_out

GIVEN = (1, 3, 5, 10, 20)
SEEDS = (100, 101, 102)
TEST_SEEDS = range(5)
TEST_PEOPLE = 150
ROUNDS = 3

Means = npt.NDArray[np.float64]


def validation_people(ratings: Ratings) -> npt.NDArray[np.int64]:
    """The people with at least 30 ratings whom none of the test's seeds holds out.

    The others stay in the community, so it is as large as in a test; they are learned from, never asked.

    Returns
    -------
    int64, shape (n_people,)
    """
    users, counts = np.unique(ratings.user_ids, return_counts=True)
    tested = [hold_out(ratings, TEST_PEOPLE, seed) for seed in TEST_SEEDS]
    return np.setdiff1d(users[counts >= 30], np.concatenate(tested))


class Validation:
    """The validation people's questions, the same for every setting."""

    def __init__(self, dataset: Dataset) -> None:
        people = validation_people(dataset.ratings)
        ratings = dataset.ratings
        self.dataset = dataset
        self.community = replace(dataset, ratings=ratings.where(~np.isin(ratings.user_ids, people)))
        self.asked: Mapping[tuple[int, int], Sequence[Friend]] = {
            (seed, n): friends(ratings, people, n, seed) for seed in SEEDS for n in GIVEN
        }

    def ndcg(self, fit: Fit) -> Means:
        """NDCG@10, mean over people and seeds, float64 of shape (len(GIVEN),)."""
        values = np.zeros((len(SEEDS), len(GIVEN)))
        for row, seed in enumerate(SEEDS):
            fitted = fit(self.community, seed)
            for column, n in enumerate(GIVEN):
                values[row, column] = self._mean(fitted, self.asked[seed, n])
        return values.mean(axis=0)

    def _mean(self, fitted: Fitted, asked: Sequence[Friend]) -> float:
        movie_ids = np.array([movie.movie_id for movie in self.dataset.catalogue], np.int64)
        row_of = {movie_id: row for row, movie_id in enumerate(movie_ids.tolist())}
        values: list[float] = []
        for friend, scores in zip(asked, fitted.scores(asked), strict=True):
            still_open = scores.copy()
            still_open[[row_of[movie] for movie in friend.told]] = -np.inf
            best = np.argpartition(-still_open, K)[:K]
            best = best[np.argsort(-still_open[best], kind="stable")]
            values.append(ndcg(np.isin(movie_ids[best], list(friend.relevant)), len(friend.relevant)))
        return float(np.mean(values))


def walk(peer: Peer, ndcg: Callable[[Fit], Means], rounds: int = ROUNDS) -> Iterator[tuple[Any, Means]]:
    """Measure settings of a peer by coordinate search; none is measured twice.

    Parameters
    ----------
    peer : Peer
    ndcg : callable
        Gives the quality of a fit by number of ratings told; their mean decides.
    rounds : int
        Times each option is walked, at most.

    Yields
    ------
    tuple of (options, float64 of shape (n_given,))
    """
    measured: dict[Any, Means] = {peer.options: ndcg(peer.fit(peer.options))}
    yield peer.options, measured[peer.options]
    best = peer.options
    for _ in range(rounds):
        before = best
        for option, values in peer.grid.items():
            for options in [replace(best, **{option: value}) for value in values]:
                if options not in measured:
                    measured[options] = ndcg(peer.fit(options))
                    yield options, measured[options]
            best = max(measured, key=lambda options: float(measured[options].mean()))
        if best == before:
            return


def main(arguments: Sequence[str] | None = None) -> None:
    """Tune and print, one line per setting; the best per peer and per number of ratings at the end."""
    parser = argparse.ArgumentParser(prog="python -m recommender.evaluation.tuning")
    parser.add_argument("what", choices=["peers"])
    parser.add_argument("data", help="a data set as `python -m bot data add` takes it")
    parser.add_argument("--only", action="append", help="the name of a peer; may be given several times")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args(arguments)
    validation = Validation(load_dataset(asked.data))
    for name, peer in peers_with_grids().items():
        if asked.only and name not in asked.only:
            continue
        _tune(name, peer, validation, asked.rounds)


def _tune(name: str, peer: Peer, validation: Validation, rounds: int) -> None:
    measured: dict[Any, Means] = {}
    for options, means in walk(peer, validation.ndcg, rounds):
        measured[options] = means
        _say(name, options, means)
    best = max(measured, key=lambda options: float(measured[options].mean()))
    _say(f"BEST {name}", best, measured[best])
    for column, n in enumerate(GIVEN):
        at = max(measured, key=lambda options: float(measured[options][column]))
        _say(f"best of {name} at {n}", at, measured[at])


def _say(what: str, options: Any, means: Means) -> None:
    figures = " ".join(f"{value:.4f}" for value in means)
    sys.stdout.write(f"{what:32} {means.mean():.4f} | {figures} | {options}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
