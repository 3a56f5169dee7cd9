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


THREE_MOVIES = np.eye(3, dtype=np.float32)
"""A Western, a horror movie and a drama."""
LIKED_NEUTRAL_DISLIKED = Profile(np.array([0, 1, 2]), np.array([5, 3, 1], np.float32))


def test_the_genres_of_what_was_liked_and_of_what_was_disliked_are_features_and_of_nothing_else() -> None:
    features = ProfileFeatures(THREE_MOVIES, np.full(3, 3, np.float32))
    columns, weights, owners = features.cells(LIKED_NEUTRAL_DISLIKED)
    # Behind four blocks of three movies: the genres of the liked ones, then those of the disliked ones.
    genres = (columns >= 12) & (columns < features.learned)
    assert features.learned == 18
    assert columns[genres].tolist() == [12, 17]
    assert owners[genres].tolist() == [0, 2]
    assert weights[genres] == pytest.approx([3**-0.75] * 2)
    assert columns[~genres].tolist() == [0, 4, 8, 9, 10, 11, 18, 19, 20, 21, 22, 23]


def test_affinity_is_what_exceeds_chance_by_hand() -> None:
    affinity = GenreAffinity(THREE_MOVIES, np.array([0.25, 0.25, 0.5], np.float32))
    parts = affinity.by_rating(LIKED_NEUTRAL_DISLIKED)
    # Three ratings have 3 / 7 of the strength, divided by 6; rare genres count 0.25 ** -0.6 and 0.5 ** -0.6.
    rare, common = 3 / 7 / 6 * 0.25**-0.6, 3 / 7 / 6 * 0.5**-0.6
    # A Western is 0.75 more than expected, of which chance explains the root of 0.25 * 0.75 * 0.6.
    western = (0.75 - 0.1125**0.5) * rare
    # A drama is half a genre more or less than expected, and chance explains the root of 0.5 * 0.5 * 0.6.
    drama = (0.5 - 0.15**0.5) * common
    # A quarter less is within chance. A liked Western speaks against dramas, as does a disliked drama.
    assert parts == pytest.approx(np.array([[western, 0, -drama], [0, 0, 0], [0, 0, -drama]]), abs=1e-6)
    assert (western, drama) == (pytest.approx(0.068035, abs=1e-6), pytest.approx(0.012202, abs=1e-6))
