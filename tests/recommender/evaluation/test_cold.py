"""Cold movies: nothing of them is learned, and only what is known of a movie helps."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from recommender.catalogue import Catalogue, Movie
from recommender.datasets import Dataset, Ratings
from recommender.evaluation.cold import AMONG_ALL, cold_movies, compare_cold, genre_overlap, shuffled
from recommender.evaluation.protocol import Fitted, Friend, hold_out

MOVIES = 200


@pytest.fixture(scope="module")
def camps() -> Dataset:
    """Half of the people like comedies and nothing else, the others dramas."""
    rng = np.random.default_rng(2)
    genres = ("Comedy", "Drama")
    catalogue = Catalogue(Movie(m, f"Movie {m}", genres=(genres[m % 2],)) for m in range(MOVIES))
    pairs = [(user, movie) for user in range(80) for movie in rng.permutation(MOVIES)[:100].tolist()]
    users, movies = np.array(pairs, np.int64).T
    stars = np.where(users % 2 == movies % 2, 5, 1).astype(np.float32)
    return Dataset("camps", catalogue, Ratings(users, movies, stars, np.zeros_like(users)))


def test_a_tenth_of_the_known_movies_is_cold(camps: Dataset) -> None:
    cold = cold_movies(camps.ratings, 0)
    assert len(cold) == 20
    assert not np.array_equal(cold, cold_movies(camps.ratings, 1))
    rare = camps.ratings.where(camps.ratings.user_ids < 19)
    assert len(cold_movies(rare, 0)) == 0, "no movie has twenty ratings"


def test_nothing_is_learned_of_cold_movies_and_held_out_people(camps: Dataset) -> None:
    left: list[Dataset] = []
    asked: list[Friend] = []

    class Watching:
        def scores(self, friends: Sequence[Friend]) -> Iterator[np.ndarray]:
            asked.extend(friends)
            return (np.zeros(MOVIES, np.float32) for _ in friends)

    def fit(community: Dataset, seed: int) -> Fitted:
        left.append(community)
        return Watching()

    compare_cold(camps, {"watching": fit}, seeds=(0,))
    (community,) = left
    assert not np.isin(community.ratings.user_ids, hold_out(camps.ratings, 120, 0)).any()
    learned = set(community.ratings.movie_ids.tolist())
    assert len(learned) == MOVIES - 20
    assert asked
    for friend in asked:
        assert friend.told.keys() <= learned
        assert friend.relevant
        assert not friend.relevant & learned


def test_genres_place_cold_movies_and_chance_does_not(camps: Dataset) -> None:
    compared = compare_cold(camps, {"genres": genre_overlap, "chance": shuffled}, seeds=(0, 1))
    advantage, low, _ = compared.advantage("genres", "chance", 10)
    assert advantage > low > 0.1
    among_all = compared.of(AMONG_ALL)
    assert among_all.mean("genres", 10) < compared.mean("genres", 10)
