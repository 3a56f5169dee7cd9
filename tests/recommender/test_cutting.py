"""Cutting a community at once gives what cutting its people one by one does."""

from typing import NamedTuple

import numpy as np
import pytest

from recommender import cutting
from recommender.cutting import Community, Cut, community, cut, profile_matrix
from recommender.datasets import Dataset, Ratings
from recommender.features import IntArray, genre_shares
from recommender.profiles import LIKED_FROM, Profile, ProfileFeatures
from recommender.virtual import FEWEST_RATINGS, LONGEST_PROFILE


@pytest.fixture
def features(camps: Dataset) -> ProfileFeatures:
    movies = len(camps.catalogue)
    return ProfileFeatures(genre_shares(camps.catalogue), np.linspace(2, 4, movies, dtype=np.float32))


@pytest.fixture
def everyone(camps: Dataset) -> Community:
    """Half of the dislikes become neutral, so that every block is met."""
    ratings = camps.ratings
    stars = np.where((ratings.stars < 2) & (ratings.movie_ids % 3 == 0), 3.5, ratings.stars)
    changed = Ratings(ratings.user_ids, ratings.movie_ids, stars.astype(np.float32), ratings.rated_at)
    return community(changed, ratings.movie_ids - 100)


def made(
    everyone: Community,
    features: ProfileFeatures,
    *people: int,
    times: int = 20,
    most_targets: int = 5,
    seed: int = 1,
) -> Cut:
    """Cuts of these people, or of everyone."""
    chosen = np.array(people or range(len(everyone)), np.int64)
    return cut(everyone, np.repeat(chosen, times), features, most_targets, np.random.default_rng(seed))


class OneCut(NamedTuple):
    profile: IntArray
    targets: IntArray


def cut_one_by_one(everyone: Community, times: int, most_targets: int, seed: int) -> list[OneCut]:
    """What `cut` is to draw, written down plainly."""
    rng = np.random.default_rng(seed)
    found: list[OneCut] = []
    for rows, stars in map(everyone.profile, range(len(everyone))):
        for _ in range(times if len(rows) >= FEWEST_RATINGS else 0):
            length = min(int(np.exp(rng.uniform(0, np.log(LONGEST_PROFILE + 1)))), len(rows) - 2)
            order = rng.permutation(len(rows))
            rest = order[length:]
            targets = rows[rest[stars[rest] >= LIKED_FROM]][:most_targets]
            if len(targets):
                found.append(OneCut(rows[order[:length]], targets))
    return found


def parts(found: Cut, features: ProfileFeatures, user: int) -> tuple[set[int], set[int], set[int]]:
    """Rows of a virtual user's profile, of its targets, and of what is neither right nor wrong."""
    profile = found.profiles[user].indices
    rated = profile[(profile >= 3 * features.movies) & (profile < 4 * features.movies)] - 3 * features.movies
    example = found.examples[user]
    targets, known = example.indices[example.data == 1], example.indices[example.data == -1]
    return set(rated.tolist()), set(targets.tolist()), set(known.tolist())


def test_a_community_is_sorted_by_person(camps: Dataset) -> None:
    shuffled = np.random.default_rng(0).permutation(len(camps.ratings))
    ratings = camps.ratings
    mixed = Ratings(
        ratings.user_ids[shuffled],
        ratings.movie_ids[shuffled],
        ratings.stars[shuffled],
        ratings.rated_at[shuffled],
    )
    together = community(mixed, mixed.movie_ids - 100)
    assert len(together) == 60
    for number, user_id in enumerate(np.unique(ratings.user_ids)):
        own = mixed.user_ids == user_id
        assert np.array_equal(together.profile(number).rows, mixed.movie_ids[own] - 100)
        assert np.array_equal(together.profile(number).stars, mixed.stars[own])


def test_some_people_keep_all_of_their_ratings(everyone: Community) -> None:
    some = everyone.some(np.array([7, 2, 50]))
    assert len(some) == 3
    for place, person in enumerate((7, 2, 50)):
        for ours, whole in zip(some.profile(place), everyone.profile(person), strict=True):
            assert np.array_equal(ours, whole)
    assert len(everyone.some(np.zeros(0, np.int64))) == 0


def test_sorted_ratings_are_not_copied(camps: Dataset) -> None:
    rows = (camps.ratings.movie_ids - 100).astype(np.int32)
    together = community(camps.ratings, rows)
    assert np.shares_memory(together.rows, rows)
    assert np.shares_memory(together.stars, camps.ratings.stars)


def test_the_features_of_many_people_are_those_of_each(
    everyone: Community, features: ProfileFeatures
) -> None:
    together = profile_matrix(features, everyone.rows.astype(np.int64), everyone.stars, everyone.sizes)
    assert together.shape == (60, features.columns)
    for person in range(60):
        cells = features.cells(everyone.profile(person))
        wanted = np.bincount(cells.columns, cells.weights, features.columns).astype(np.float32)
        assert together[person].toarray()[0] == pytest.approx(wanted, rel=1e-6)


def test_a_profile_weighs_what_its_ratings_do(everyone: Community, features: ProfileFeatures) -> None:
    for person in range(60):
        whole, found = everyone.profile(person), made(everyone, features, person, times=10)
        for user in range(found.profiles.shape[0]):
            rated, _, _ = parts(found, features, user)
            given = np.isin(whole.rows, list(rated))
            cells = features.cells(Profile(whole.rows[given], whole.stars[given]))
            wanted = np.bincount(cells.columns, cells.weights, features.columns).astype(np.float32)
            assert found.profiles[user].toarray()[0] == pytest.approx(wanted, rel=1e-6)


def test_each_liked_movie_is_told_a_target_or_known(everyone: Community, features: ProfileFeatures) -> None:
    for person in range(60):
        whole, found = everyone.profile(person), made(everyone, features, person, most_targets=5)
        liked = set(whole.rows[whole.stars >= 4].tolist())
        assert 10 < found.profiles.shape[0] == found.examples.shape[0] <= 20
        for user in range(found.profiles.shape[0]):
            rated, targets, known = parts(found, features, user)
            assert not rated & targets, "a movie explains itself"
            assert 1 <= len(rated) <= min(LONGEST_PROFILE, len(whole.rows) - 2)
            assert targets <= liked
            assert len(targets) == min(5, len(liked - rated))
            assert known == rated | (liked - targets)


def test_chance_is_that_of_the_cuts_one_by_one(everyone: Community, features: ProfileFeatures) -> None:
    slow = cut_one_by_one(everyone, 100, 5, seed=2)
    fast = made(everyone, features, times=100)
    lengths = [len(user.profile) for user in slow]
    own = fast.profiles[:, 3 * features.movies : 4 * features.movies]
    quartiles = (0.25, 0.5, 0.75)
    assert np.quantile(own.getnnz(axis=1), quartiles) == pytest.approx(np.quantile(lengths, quartiles), abs=1)
    told = np.bincount(np.concatenate([user.profile for user in slow]), minlength=features.movies)
    aimed = np.bincount(np.concatenate([user.targets for user in slow]), minlength=features.movies)
    assert own.getnnz(axis=0) == pytest.approx(told, rel=0.15)
    assert fast.profiles.shape[0] == pytest.approx(len(slow), rel=0.02)
    assert (fast.examples > 0).getnnz(axis=0) == pytest.approx(aimed, rel=0.15)


def test_each_rating_of_a_person_is_as_likely_in_the_profile() -> None:
    whole = Community(np.arange(10), np.full(10, 5, np.float32), np.array([0, 10]))
    bare = ProfileFeatures(np.zeros((10, 2), np.float32), np.full(10, 3, np.float32))
    found = made(whole, bare, times=4000, most_targets=2)
    assert np.ptp(found.profiles[:, 30:40].getnnz(axis=0)) < 400
    assert np.ptp((found.examples > 0).getnnz(axis=0)) < 200


def test_people_with_too_few_ratings_or_nothing_to_aim_at_are_left_out(features: ProfileFeatures) -> None:
    few, cool = FEWEST_RATINGS - 1, 2 * FEWEST_RATINGS
    rows = np.concatenate([np.arange(few), np.arange(cool)])
    stars = np.concatenate([np.full(few, 5), np.full(cool, 3)]).astype(np.float32)
    found = made(Community(rows, stars, np.array([0, few, few + cool])), features)
    assert found.profiles.shape == (0, features.columns)
    assert found.examples.shape == (0, features.movies)
    assert made(Community(rows[:0], stars[:0], np.zeros(1, np.int64)), features).profiles.shape[0] == 0


def test_the_same_seed_cuts_the_same(everyone: Community, features: ProfileFeatures) -> None:
    first, second, other = (made(everyone, features, seed=seed).profiles for seed in (1, 1, 2))
    assert np.array_equal(first.toarray(), second.toarray())
    assert first.shape != other.shape or not np.array_equal(first.toarray(), other.toarray())


def test_blocks_keep_people_in_order(
    everyone: Community, features: ProfileFeatures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cutting, "BLOCK", 100)
    order = np.random.default_rng(3).permutation(60).tolist()
    found = made(everyone, features, *order, times=2)
    whole = [set(everyone.profile(person).rows.tolist()) for person in order]
    reached = 0
    for user in range(found.profiles.shape[0]):
        rated, targets, known = parts(found, features, user)
        met = rated | targets | known
        while not met <= whole[reached]:
            reached += 1
    assert reached > 50
