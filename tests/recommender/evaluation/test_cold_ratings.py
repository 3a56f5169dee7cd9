"""Ratings of cold films: the films lose theirs in the community, and people tell theirs."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from recommender.catalogue import Catalogue, Movie
from recommender.datasets import Dataset, Ratings
from recommender.evaluation.cold_ratings import BOTH, COLD, KNOWN, TOLD, cold_world, compare_cold_ratings
from recommender.evaluation.new_films import NotMeasurable
from recommender.evaluation.peers import popular
from recommender.evaluation.protocol import Fitted, Friend

MOVIES = 150


@pytest.fixture(scope="module")
def camps() -> Dataset:
    """Half of the people like even films and nothing else, the others odd ones."""
    rng = np.random.default_rng(3)
    catalogue = Catalogue(Movie(m, f"Film {m}", 1990 if m < 60 else 2005) for m in range(MOVIES))
    rows = [(user, movie) for user in range(60) for movie in rng.permutation(MOVIES)[:90].tolist()]
    users, movies = np.array(rows, np.int64).T
    stars = np.where(users % 2 == movies % 2, 5, 1).astype(np.float32)
    return Dataset("camps", catalogue, Ratings(users, movies, stars, np.zeros_like(users)))


def test_nothing_is_known_of_cold_films_and_of_who_is_asked(camps: Dataset) -> None:
    world = cold_world(camps, 0, people=15)
    cold = set(camps.catalogue.movie_ids[~world.known].tolist())
    assert len(cold) == 30
    assert min(cold) >= 60, "older films stay known"
    learned = world.community.ratings
    assert not cold & set(learned.movie_ids.tolist())
    for ten, five, both in zip(*(world.friends[what] for what in (COLD, KNOWN, BOTH)), strict=True):
        assert ten.user_id == five.user_id == both.user_id
        assert ten.user_id not in learned.user_ids
        assert len(ten.told) == len(both.told) == TOLD
        assert ten.told.keys() <= cold
        assert not five.told.keys() & cold
        assert both.told.keys() - five.told.keys() < ten.told.keys()
        assert ten.relevant == five.relevant == both.relevant
        assert not ten.relevant & (cold | five.told.keys())
    assert not np.array_equal(cold_world(camps, 1).known, world.known)


def test_who_listens_to_cold_ratings_wins(camps: Dataset) -> None:
    class Listening:
        def scores(self, friends: Sequence[Friend]) -> Iterator[np.ndarray]:
            for friend in friends:
                liked = [movie for movie, stars in friend.told.items() if stars == 5]
                yield (camps.catalogue.movie_ids % 2 == (liked or [0])[0] % 2).astype(np.float32)

    def listening(community: Dataset, _seed: int) -> Fitted:
        assert len(community.catalogue) == MOVIES
        return Listening()

    found = compare_cold_ratings(
        [cold_world(camps, seed, people=10) for seed in (0, 1)], {"listening": listening, "popular": popular}
    )
    assert set(found) == {COLD, KNOWN, BOTH}
    ahead, low, _ = found[COLD].advantage("listening", "popular", TOLD)
    assert ahead > low > 0.1
    assert len(found[COLD].values["popular", TOLD]) == 20


def test_a_world_without_anybody_to_ask_is_refused(camps: Dataset) -> None:
    early = replace(camps, catalogue=Catalogue(movie._replace(year=1980) for movie in camps.catalogue))
    with pytest.raises(NotMeasurable, match="nobody rated 10"):
        cold_world(early, 0)
