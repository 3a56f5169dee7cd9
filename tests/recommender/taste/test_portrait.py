"""What ratings say about taste, and what they do not say yet."""

import numpy as np
import pytest

from recommender.catalogue import Catalogue, Movie
from recommender.datasets.averages import Averages
from recommender.taste import Leaning, portrait
from recommender.taste.estimates import Estimate, leaning, scatter, share

GENRES = ("Western", "Comedy", "Drama")
MOVIES = Catalogue(
    Movie(
        number, f"Movie {number}", 1940 + number, (GENRES[number % 3],), directors=(f"Director {number % 5}",)
    )
    for number in range(1, 91)
)
WESTERNS = [movie.movie_id for movie in MOVIES if "Western" in movie.genres]
OTHERS = [movie.movie_id for movie in MOVIES if "Western" not in movie.genres]


def community(stars: float = 3.5, count: int = 100) -> Averages:
    """Everybody gives every movie about the same."""
    ids = np.array([movie.movie_id for movie in MOVIES], np.int64)
    counts = np.full(len(ids), count)
    return Averages(ids, counts, counts * stars, counts * (stars**2 + 1))


def genre(ratings: dict[int, float], name: str, averages: Averages | None = None) -> Leaning:
    found = portrait(ratings, MOVIES, community() if averages is None else averages)
    (one,) = (one for one in found.genres if one.name == name)
    return one


def fan(westerns: int, others: int = 30) -> dict[int, float]:
    """Somebody who gives Westerns five stars and all else three."""
    return dict.fromkeys(WESTERNS[:westerns], 5.0) | dict.fromkeys(OTHERS[:others], 3.0)


def test_three_westerns_are_not_a_taste_and_ten_are():
    few, many = genre(fan(3), "Western"), genre(fan(10), "Western")
    assert few.verdict == ""
    assert few.love.low < 0 < few.love.value
    assert many.verdict == "loved"
    assert many.love.value > few.love.value
    assert many.love.high - many.love.low < few.love.high - few.love.low


def test_what_everybody_loves_is_no_taste_of_ones_own():
    ids = np.array([movie.movie_id for movie in MOVIES], np.int64)
    counts = np.full(len(ids), 1000)
    stars = np.where(np.isin(ids, WESTERNS), 5.0, 3.0)
    everybody = Averages(ids, counts, counts * stars, counts * (stars**2 + 1))
    assert genre(fan(10), "Western", everybody).verdict == ""
    assert genre(fan(10), "Western", everybody).others == pytest.approx(5, abs=0.05)


def test_four_extreme_ratings_are_none_either():
    assert genre(dict.fromkeys(WESTERNS[:4], 5.0) | dict.fromkeys(OTHERS, 0.5), "Western").verdict == ""


def test_an_amount_is_much_only_where_it_is_no_chance():
    assert genre(fan(3, 3), "Western").amount == ""
    assert genre(fan(30, 20), "Western").amount == "much"
    assert genre(fan(1, 60), "Western").amount == "little"
    assert genre(fan(30, 20), "Western").usual == pytest.approx(1 / 3)


def test_a_strict_rater_is_strict_beyond_doubt_only_after_some_ratings():
    one = portrait({1: 1.0}, MOVIES, community()).level
    many = portrait(dict.fromkeys(OTHERS, 2.5), MOVIES, community()).level
    assert one is not None
    assert many is not None
    assert one.low < 0 < one.high
    assert many.below
    assert many.value == pytest.approx(-1, abs=0.1)


def test_the_most_unusual_opinion_is_of_a_movie_that_others_know():
    ratings = dict.fromkeys(OTHERS[:20], 3.5) | {OTHERS[3]: 0.5, OTHERS[4]: 5.0}
    averages = community()
    found = portrait(ratings, MOVIES, averages).unusual
    assert found is not None
    assert (found.movie_id, found.stars, found.count) == (OTHERS[3], 0.5, 100)
    averages.counts[averages.movie_ids == OTHERS[3]] = 2
    unknown = portrait(ratings, MOVIES, averages).unusual
    assert unknown is not None
    assert unknown.movie_id == OTHERS[4]


def test_decades_are_in_order_and_favourites_have_several_movies():
    loved = {movie.movie_id: 5.0 for movie in MOVIES if movie.directors == ("Director 2",)}
    found = portrait(dict.fromkeys(OTHERS[:30], 3.0) | loved, MOVIES, community())
    names = [one.name for one in found.decades]
    assert names == sorted(names)
    assert found.people[0].name == "Director 2"
    assert found.people[0].love.above
    two = portrait({2: 5.0, 7: 5.0, 1: 1.0}, MOVIES, community())
    assert two.people == ()


def test_nothing_rated_and_one_rating():
    nothing = portrait({}, MOVIES, community())
    assert (nothing.ratings, nothing.mean, nothing.genres, nothing.level) == (0, None, (), None)
    one = portrait({3: 5.0, 999: 1.0}, MOVIES, community())
    assert (one.ratings, one.mean) == (1, 5.0)
    assert [(leaning.name, leaning.verdict, leaning.amount) for leaning in one.genres] == [
        ("Western", "", "")
    ]


def test_without_a_community_nobody_is_compared_with():
    found = portrait(fan(10), MOVIES, Averages.nothing())
    assert not found.community
    assert found.level is None
    assert found.unusual is None
    western = next(one for one in found.genres if one.name == "Western")
    assert western.others is None
    assert western.verdict == "loved"
    assert western.usual == pytest.approx(1 / 3)


def test_the_interval_of_a_leaning_holds_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(2000):
        truth = rng.normal(0, 0.3)
        seen = rng.normal(truth, 0.85, 7)
        found = leaning(float(seen.sum()), 7, 0.85)
        held += found.low <= truth <= found.high
    assert 0.935 < held / 2000 < 0.965


def test_scatter_and_share_start_at_what_is_usual():
    assert scatter(np.zeros(0)) == pytest.approx(0.85)
    assert scatter(np.full(1000, 2.0)) == pytest.approx(2, abs=0.02)
    assert share(0, 0, 0.2).value == pytest.approx(0.2)
    assert share(50, 50, 0.2).high <= 1
    assert share(0, 50, 0.0).low >= 0


def test_a_leaning_that_is_sure_and_tiny_is_none():
    westerns = dict.fromkeys(WESTERNS, 3.5)
    many = Leaning("Drama", 1300, 3.6, 3.5, Estimate(0.07, 0.02, 0.12), Estimate(0.5, 0.4, 0.6), 0.5, 0.4)
    assert many.verdict == ""
    assert genre(westerns, "Western").verdict == ""


def test_an_opinion_near_that_of_others_is_not_unusual():
    assert portrait({1: 4.0}, MOVIES, community()).unusual is None
    found = portrait({1: 1.0}, MOVIES, community()).unusual
    assert found is not None
    assert found.stars == 1


def test_the_share_that_is_told_is_that_of_the_ratings():
    found = genre(fan(3, 3), "Western")
    assert found.found == 0.5
    assert found.share.value < 0.5
