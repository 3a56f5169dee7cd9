"""The part of a model that is worked out: who is rated with whom."""

import numpy as np
import pytest
from scipy import sparse

from recommender import Dataset
from recommender.catalogue import GENRES
from recommender.cutting import Community, community
from recommender.datasets import Ratings
from recommender.neighbours import FEWEST_RATINGS, Neighbours, Weights, neighbours
from recommender.profiles import Profile, ProfileFeatures

MOVIES = 40


@pytest.fixture(scope="module")
def liked(camps: Dataset) -> Ratings:
    """The people of two camps as if each rated the movies of their own camp alone."""
    return camps.ratings.where(camps.ratings.stars > 3)


@pytest.fixture(scope="module")
def everyone(liked: Ratings) -> Community:
    return community(liked, liked.movie_ids - 100)


def weights(kind: Weights) -> np.ndarray:
    return kind.rated @ kind.recommended.T


def features(movies: int = MOVIES) -> ProfileFeatures:
    shares = np.zeros((movies, len(GENRES)), np.float32)
    return ProfileFeatures(shares, np.full(movies, 3, np.float32))


def of_kind(near: Neighbours, kind: str) -> np.ndarray:
    """The vectors of all profile features, as far as they are of one kind."""
    ends = dict(zip(near._fields, np.cumsum([one.rated.shape[1] for one in near]), strict=True))
    dims = getattr(near, kind).rated.shape[1]
    directions = np.zeros((near.recommended.shape[1], dims), np.float32)
    directions[ends[kind] - dims : ends[kind]] = np.eye(dims)
    return near.profile_vectors(features(len(near.recommended)), directions)


KINDS = pytest.mark.parametrize("kind", ["cosine", "conditional"])


@KINDS
def test_movies_of_the_same_people_speak_for_each_other(everyone: Community, kind: str) -> None:
    found = weights(getattr(neighbours(everyone, features(), 20), kind))
    same = np.add.outer(np.arange(MOVIES), np.arange(MOVIES)) % 2 == 0
    np.fill_diagonal(same, False)
    other = np.add.outer(np.arange(MOVIES), np.arange(MOVIES)) % 2 == 1
    assert found[same].min() > found[other].max()


@KINDS
def test_few_dimensions_keep_what_matters(everyone: Community, kind: str) -> None:
    most, few = (getattr(neighbours(everyone, features(), dims), kind) for dims in (MOVIES, 4))
    assert np.corrcoef(weights(most).ravel(), weights(few).ravel())[0, 1] > 0.9
    assert few.rated.shape == (MOVIES, 4)


def test_a_movie_with_too_few_ratings_is_an_average_one(liked: Ratings) -> None:
    rare = MOVIES
    few = np.unique(liked.user_ids)[: FEWEST_RATINGS - 1]
    told = Ratings(few, np.full(len(few), 100 + rare), np.full(len(few), 5, np.float32), np.zeros_like(few))
    together = liked.joined(told)
    near = neighbours(community(together, together.movie_ids - 100), features(MOVIES + 1), 20)
    assert not near.recommended[rare].any()
    assert not near.cosine.rated[rare].any()
    assert not near.conditional.rated[rare].any()
    assert not near.adjusted.rated[rare].any()
    assert np.allclose(near.recommended[:MOVIES].mean(axis=0), 0, atol=1e-5)


def test_a_better_rating_counts_more(everyone: Community) -> None:
    near = neighbours(everyone, features(), 10)
    vectors = of_kind(near, "conditional")
    liked, neutral, disliked = (vectors[block * MOVIES : (block + 1) * MOVIES] for block in range(3))
    assert liked.any()
    assert (np.abs(liked) >= np.abs(neutral)).all()
    assert (neutral * liked >= 0).all()
    # What resembles a disliked movie is lowered.
    assert (disliked * liked <= 0).all()
    assert disliked.any()
    assert not vectors[3 * MOVIES :].any()


def test_the_cosine_fades_as_ratings_come_in(everyone: Community) -> None:
    near = neighbours(everyone, features(), 10)
    vectors = of_kind(near, "cosine")

    def of_first_rating(count: int) -> np.ndarray:
        rows = np.arange(count)
        cells = features().cells(Profile(rows, np.full(count, 4.0, np.float32)))
        mine = cells.owners == 0
        return cells.weights[mine] @ vectors[cells.columns[mine]]

    np.testing.assert_allclose(of_first_rating(1), 0.8 * near.cosine.rated[0], rtol=1e-5)
    np.testing.assert_allclose(of_first_rating(4), of_first_rating(1) / 8, rtol=1e-5)


def test_what_the_same_people_found_better_than_usual_speaks_for_each_other(camps: Dataset) -> None:
    """Everybody rated movies of both camps: that two were rated by the same people tells nothing."""
    ratings = camps.ratings
    everyone = community(ratings, ratings.movie_ids - 100)
    near = neighbours(everyone, features(), 10)
    vectors = of_kind(near, "adjusted")

    def opinion(stars: float) -> np.ndarray:
        """What the first movie's rating beside two usual ones says for each movie."""
        cells = features().cells(Profile(np.arange(3), np.array([stars, 3, 3], np.float32)))
        mine = cells.owners == 0
        return near.adjusted.recommended @ (cells.weights[mine] @ vectors[cells.columns[mine]])

    better, usual, worse = opinion(5), opinion(3), opinion(1)
    assert better[2::2].min() > better[1::2].max()
    assert worse[2::2].max() < worse[1::2].min()
    assert np.abs(usual).max() < np.abs(better).max() / 2


def test_without_ratings_there_is_nothing() -> None:
    nobody = Ratings.empty()
    near = neighbours(community(nobody, nobody.movie_ids), features(5), 10)
    assert near.conditional.rated.shape == (5, 0)
    assert of_kind(near, "conditional").shape == (features(5).columns, 0)


def test_the_same_ratings_give_the_same_weights(everyone: Community) -> None:
    first, second = neighbours(everyone, features(), 8), neighbours(everyone, features(), 8)
    for name, array in first.arrays().items():
        assert np.array_equal(array, second.arrays()[name])


def test_people_are_the_sum_of_their_features(everyone: Community) -> None:
    near = neighbours(everyone, features(), 10)
    rng = np.random.default_rng(2)
    profiles = sparse.random(7, features().columns, 0.1, "csr", np.float32, rng)
    directions = rng.standard_normal((30, 4)).astype(np.float32)
    plain = profiles @ near.profile_vectors(features(), directions)
    assert near.people_vectors(features(), profiles) @ directions == pytest.approx(plain, rel=1e-3, abs=1e-5)
    assert np.abs(plain).max() > 0.1
