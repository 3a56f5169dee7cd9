"""The stars somebody would probably give: on worlds in which it is known how people give them."""

from dataclasses import replace

import numpy as np
import pytest

from recommender import Model, ModelError, UnknownMovie
from recommender.cutting import community
from recommender.datasets import Dataset, Ratings
from recommender.profiles import Profile
from recommender.star_fitting import fit_stars, learn
from recommender.star_guess import DampedMeans
from recommender.stars import (
    COLUMNS,
    DIRECTIONS,
    GIVEN,
    KNOWN,
    StarEstimate,
    StarParameters,
    StarPredictor,
    facts,
    main_directions,
)
from recommender.training import train
from tests.recommender.star_worlds import MOVIES, PEOPLE, QUICK, by_chance, by_taste, world


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return world(by_taste)


@pytest.fixture(scope="module")
def tastes(dataset: Dataset) -> Model:
    return train(dataset, QUICK)


def ratings(western: float, musical: float, count: int = 20) -> dict[int, float]:
    return {row + 1: musical if row % 2 else western for row in range(count)}


def shown(model: Model, profile: dict[int, float], movies: list[int]) -> list[StarEstimate]:
    found = [one for one in model.stars(profile, movies) if one is not None]
    assert len(found) == len(movies)
    return found


def test_a_persons_taste_and_level_are_both_followed(tastes: Model) -> None:
    asked = [101, 102]
    lover = [one.stars for one in shown(tastes, ratings(4.5, 2.5), asked)]
    harsh_lover = [one.stars for one in shown(tastes, ratings(3.5, 1.5), asked)]
    assert lover == [4.5, 2.5]
    assert harsh_lover == [3.5, 1.5]
    assert [one.stars for one in shown(tastes, ratings(2.5, 4.5), asked)] == [2.5, 4.5]


def test_few_ratings_move_an_estimate_less_than_many(dataset: Dataset) -> None:
    model = train(replace(dataset, ratings=Ratings.empty()), QUICK)
    expected = [float(model.expected_stars(ratings(1, 1, count), [101])[0]) for count in (0, 1, 3, 20)]
    assert expected[0] == 3.5
    assert expected == sorted(expected, reverse=True)
    assert expected[1] > 3
    assert expected[3] < 2.5


def test_the_error_is_what_strangers_show(tastes: Model) -> None:
    """The usual error is that of people who were not learned from."""
    strangers = world(by_taste, 2 * PEOPLE).ratings
    off: list[float] = []
    stated: set[float] = set()
    for number in range(PEOPLE, 2 * PEOPLE):
        mine = strangers.where(strangers.user_ids == number)
        stars = dict(zip(mine.movie_ids.tolist(), mine.stars.tolist(), strict=True))
        asked = list(stars)[20:]
        found = shown(tastes, {movie: stars[movie] for movie in list(stars)[:20]}, asked)
        off += [abs(one.stars - stars[movie]) for one, movie in zip(found, asked, strict=True)]
        stated |= {one.error for one in found}
    assert np.mean(list(stated)) == pytest.approx(np.mean(off), rel=0.1)


def test_what_is_no_better_than_a_guess_is_not_shown() -> None:
    model = train(world(by_chance), QUICK)
    assert not model.star_parameters.error.any()
    assert model.stars(ratings(5, 1), [101, 102]) == [None, None]


def test_without_ratings_nothing_is_shown(tastes: Model) -> None:
    assert tastes.stars({}, [101]) == [None]
    assert tastes.stars(ratings(4.5, 2.5), [101]) != [None]


def test_without_a_community_there_are_estimates_but_none_is_shown(dataset: Dataset) -> None:
    few = replace(dataset, ratings=dataset.ratings.where(dataset.ratings.user_ids < 8))
    for world_of_few in (few, replace(dataset, ratings=Ratings.empty())):
        model = train(world_of_few, QUICK)
        assert 3.5 <= model.expected_stars(ratings(4, 4), [101])[0] <= 4
        assert model.stars(ratings(4, 4), [101]) == [None]


def test_estimates_are_halves_within_the_scale(tastes: Model) -> None:
    movies = list(range(1, 101))
    for profile in (ratings(5, 5), ratings(0.5, 0.5), ratings(5, 0.5)):
        expected = tastes.expected_stars(profile, movies)
        for one, exact in zip(shown(tastes, profile, movies), expected.tolist(), strict=True):
            assert 0.5 <= one.stars <= 5
            assert one.stars * 2 == int(one.stars * 2)
            assert abs(one.stars - exact) <= 0.25


def test_the_estimate_is_the_posterior_mean(tastes: Model) -> None:
    """Against the same regression written as a Gaussian process (Rasmussen and Williams, 2006, 2.12)."""
    p = tastes.star_parameters
    traits = facts(tastes.catalogue, tastes.parameters, p.basis)
    movies = np.hstack([traits, p.biases[:, None]]).astype(np.float64)
    anybody = p.mean + p.biases + movies @ p.usual_weights
    profile = ratings(4.5, 2.5, 7)
    told = [movie - 1 for movie in profile]
    between = movies @ p.spread @ movies.T
    inner = between[np.ix_(told, told)] + np.diag(p.doubt[told])
    surprise = np.linalg.solve(inner, np.array(list(profile.values())) - anybody[told])
    wanted = np.clip(anybody + between[:, told] @ surprise, 0.5, 5)
    np.testing.assert_allclose(tastes.expected_stars(profile, tastes.movie_ids.tolist()), wanted, atol=1e-4)


def test_the_same_seed_learns_the_same(tastes: Model, dataset: Dataset) -> None:
    everyone = community(dataset.ratings, dataset.ratings.movie_ids - 1)
    again = fit_stars(dataset.catalogue, tastes.parameters, everyone, QUICK.seed)
    for name in StarParameters.__dataclass_fields__:
        assert np.array_equal(getattr(again, name), getattr(tastes.star_parameters, name)), name


def test_a_movie_that_nobody_rated_is_expected_by_its_genre(dataset: Dataset) -> None:
    rng = np.random.default_rng(2)
    everyone = [
        Profile(rows, np.where(rows % 2, 2.5, 4.0).astype(np.float32))
        for rows in (rng.choice(MOVIES - 2, 40, replace=False) for _ in range(300))
    ]
    popularity = np.bincount(np.concatenate([one.rows for one in everyone]), minlength=MOVIES)
    blank = train(replace(dataset, ratings=Ratings.empty()), QUICK).parameters
    parameters = replace(blank, popularity=popularity.astype(np.float32))
    basis = np.zeros((blank.vectors.shape[1], DIRECTIONS), np.float32)
    traits = facts(dataset.catalogue, parameters, basis)
    learned = learn(everyone, traits, basis)
    nobody = Profile(np.zeros(0, np.int64), np.zeros(0, np.float32))
    guess = StarPredictor(learned, traits, parameters.popularity)
    western, musical = guess.expected(nobody, np.array([MOVIES - 2, MOVIES - 1]))
    assert western == pytest.approx(4, abs=0.3)
    assert musical == pytest.approx(2.5, abs=0.3)
    assert learned.doubt[-1] > learned.doubt[0]


def test_directions_are_those_in_which_rated_movies_differ() -> None:
    rng = np.random.default_rng(3)
    vectors = rng.normal(0, 1, (300, 12)) * np.array([9, 9, *[0.1] * 10])
    basis = main_directions(vectors.astype(np.float32), np.full(300, 50, np.float32))
    np.testing.assert_allclose(basis.T @ basis, np.eye(DIRECTIONS), atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(basis[:2, :2], axis=0), [1, 1], atol=1e-2)
    few = main_directions(vectors[:, :3].astype(np.float32), np.zeros(300, np.float32))
    assert few.shape == (3, DIRECTIONS)
    assert not few[:, 3:].any()


def test_damped_means_by_hand() -> None:
    """Two movies, two people, worked out until nothing changes."""
    rows = np.array([0, 1], np.int64)
    everyone = [Profile(rows, np.array([5, 3], np.float32)), Profile(rows, np.array([4, 2], np.float32))]
    guess = DampedMeans(everyone, 2, for_movie=2, for_person=2)
    # Mean 3.5; the movies' leftovers are 2 times 1 of 4, the people's 2 times a half of 4.
    np.testing.assert_allclose(guess.biases, [0.5, -0.5])
    one = Profile(np.array([0], np.int64), np.array([5], np.float32))
    np.testing.assert_allclose(guess.expected(one, np.array([1])), [3.5 - 0.5 + 1.0 / 3])


def test_unknown_movies_and_wrong_stars_are_refused(tastes: Model) -> None:
    with pytest.raises(UnknownMovie):
        tastes.stars({}, [10_000])
    with pytest.raises(ValueError, match="stars of movie 1"):
        tastes.stars({1: 6.0}, [2])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"biases": np.zeros(3, np.float32)}, "biases of the model's stars has shape"),
        ({"mean": np.array(np.nan, np.float32)}, "not finite"),
        ({"doubt": np.zeros(MOVIES, np.float32)}, "not positive"),
        (
            {"error": np.zeros((len(KNOWN), len(GIVEN) + 1), np.float32)},
            "error of the model's stars has shape",
        ),
        ({"basis": np.zeros((5, DIRECTIONS), np.float32)}, "basis of the model's stars has shape"),
        ({"spread": -np.eye(COLUMNS, dtype=np.float32)}, "no covariance"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(change: dict[str, np.ndarray], message: str) -> None:
    with pytest.raises(ModelError, match=message):
        replace(StarParameters.unknown(MOVIES, 4), **change).check(MOVIES, 4)
