"""What a rating says beyond its stars."""

import numpy as np
import pytest

from recommender.catalogue import GENRES
from recommender.features import FloatArray
from recommender.profiles import CAUTION, DAMPING, GenreAffinity, Profile, ProfileFeatures, usual_stars


def deviations(usual: list[float], stars: list[float], sizes: list[int]) -> FloatArray:
    """Of people who rated movies 0, 1, 2... each."""
    shares = np.zeros((len(usual), len(GENRES)), np.float32)
    features = ProfileFeatures(shares, np.array(usual, np.float32))
    rows = np.concatenate([np.arange(size) for size in sizes])
    return features.deviations(Profile(rows, np.array(stars, np.float32)), np.array(sizes))


def test_usual_stars_are_the_mean_of_much_rated_movies_and_that_of_all_for_the_others() -> None:
    rows = np.array([0] * 1000 + [1] * 10)
    stars = np.array([4.0] * 1000 + [1.0] * 10, np.float32)
    mean = stars.mean()
    much, little, never = usual_stars(rows, stars, 3).tolist()
    assert much == pytest.approx(4, abs=0.01)
    assert little == pytest.approx((10 * 1 + DAMPING * mean) / (10 + DAMPING))
    assert never == pytest.approx(mean)


def test_without_ratings_all_movies_are_alike() -> None:
    nothing = np.zeros(0, np.int64)
    assert np.ptp(usual_stars(nothing, np.zeros(0, np.float32), 3)) == 0


def test_the_same_stars_for_a_better_movie_are_less() -> None:
    good, bad = deviations([4.5, 2.5], [3.5, 3.5], [2])
    assert bad - good == pytest.approx(2)
    assert bad > 0 > good


def test_what_somebody_always_gives_deviates_less_the_more_often_they_do() -> None:
    for count in (1, 3, 100):
        found = deviations([3] * count, [5] * count, [count])
        assert found == pytest.approx(np.full(count, 2 * CAUTION / (count + CAUTION)))


def test_each_person_has_a_mean_of_their_own() -> None:
    together = deviations([3, 4], [5, 5, 1, 2], [2, 2])
    assert together[:2] == pytest.approx(deviations([3, 4], [5, 5], [2]))
    assert together[2:] == pytest.approx(deviations([3, 4], [1, 2], [2]))
    assert len(deviations([3, 4], [5], [0, 1, 0])) == 1


def test_the_affinities_of_many_people_are_those_of_each() -> None:
    rng = np.random.default_rng(5)
    shares = rng.dirichlet(np.ones(4), 30).astype(np.float32)
    affinity = GenreAffinity(shares, np.full(4, 0.25, np.float32))
    people = [rng.permutation(30)[:size] for size in (1, 12, 3, 30)]
    stars = [rng.integers(1, 11, len(rows)).astype(np.float32) / 2 for rows in people]
    each = [affinity.by_rating(Profile(*one)) for one in zip(people, stars, strict=True)]
    sizes = np.array([len(rows) for rows in people])
    together = affinity.by_rating(Profile(np.concatenate(people), np.concatenate(stars)), sizes)
    assert together == pytest.approx(np.vstack(each), abs=1e-6)
    assert np.abs(together).max() > 0.01
