"""How alike two people are, and when nobody can say."""

import numpy as np
import pytest

from recommender.datasets.averages import Averages
from recommender.taste import match

NOBODY = Averages.nothing()


def taste(seed: int, movies: int = 60) -> dict[int, float]:
    rng = np.random.default_rng(seed)
    return {movie: float(half) / 2 for movie, half in enumerate(rng.integers(1, 11, movies), 1)}


def test_under_five_movies_in_common_nothing_is_said():
    one = taste(1)
    few = {movie: one[movie] for movie in (1, 2, 3, 4)}
    assert match(one, few, NOBODY).alike is None
    assert match(one, few, NOBODY).common == 4
    assert match(one, {}, NOBODY).common == 0
    assert match(one, few | {5: one[5]}, NOBODY).alike is not None


def test_the_same_opinions_are_a_match_and_the_opposite_are_not():
    one = taste(1)
    opposite = {movie: 5.5 - stars for movie, stars in one.items()}
    same, other, strangers = (match(one, two, NOBODY) for two in (one, opposite, taste(2)))
    assert same.alike is not None
    assert other.alike is not None
    assert same.told
    assert same.alike.low > 90
    assert other.told
    assert other.alike.high < 10
    assert not strangers.told


def test_few_movies_leave_the_interval_wide_and_the_value_near_that_of_strangers():
    one = taste(1)
    five = {movie: one[movie] for movie in range(1, 6)}
    few, many = match(one, five, NOBODY).alike, match(one, one, NOBODY).alike
    assert few is not None
    assert many is not None
    assert 50 < few.value < 75
    assert few.low < 50
    assert few.high - few.low > 3 * (many.high - many.low)


def test_it_is_the_same_from_both_sides():
    assert match(taste(1), taste(2), NOBODY) == match(taste(2), taste(1), NOBODY)


def test_a_stricter_friend_of_the_same_taste_is_alike():
    one = {movie: max(stars, 2.0) for movie, stars in taste(1).items()}
    strict = {movie: stars - 1.5 for movie, stars in one.items()}
    found = match(one, strict, NOBODY).alike
    assert found is not None
    assert found.low > 80


def test_liking_what_everybody_likes_is_no_likeness():
    rng = np.random.default_rng(4)
    ids = np.arange(1, 101)
    everybody = rng.uniform(1.5, 4.5, 100)
    counts = np.full(100, 1000)
    averages = Averages(ids, counts, counts * everybody, counts * (everybody**2 + 1))
    one, other = (
        dict(zip(ids.tolist(), (everybody + rng.normal(0, 0.5, 100)).tolist(), strict=True)) for _ in range(2)
    )
    assert match(one, other, NOBODY).told
    assert not match(one, other, averages).told


def test_all_the_same_stars_are_no_error():
    fives = dict.fromkeys(range(1, 11), 5.0)
    found = match(fives, fives, NOBODY).alike
    assert found is not None
    assert found.value > 50
    middling = dict.fromkeys(range(1, 11), 3.5)
    undecided = match(middling, fives, NOBODY).alike
    assert undecided is not None
    assert undecided.value == pytest.approx(50)
