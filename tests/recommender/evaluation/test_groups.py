"""Held-out groups: who meets whom, what a list is worth to them."""

import numpy as np
import pytest

from recommender import Dataset, Model, TrainingOptions, train
from recommender.evaluation.groups import (
    KINDS,
    METHODS,
    OWN,
    POPULAR,
    compare_groups,
    gatherings,
    likeness,
    merged,
    worth,
)
from recommender.evaluation.protocol import Friend
from tests.recommender.conftest import two_camps


def camp(user: int) -> Friend:
    """Even people love even movies, odd people odd ones."""
    stars = {100 + row: 5.0 if row % 2 == user % 2 else 1.5 for row in range(40)}
    told = {movie_id: stars.pop(movie_id) for movie_id in range(100, 110)}
    return Friend(user, told, frozenset(m for m, given in stars.items() if given >= 4), stars)


PEOPLE = [camp(user) for user in range(20)]


def test_likeness_tells_camps_apart() -> None:
    alike = likeness(PEOPLE)
    assert alike.shape == (20, 20)
    assert np.allclose(alike, alike.T)
    assert np.allclose(np.diag(alike), 1)
    assert alike[0, 2] > 0.9
    assert alike[0, 1] < -0.9


def test_groups_are_of_their_kind_and_size_and_drawn_by_the_seed() -> None:
    found = gatherings(PEOPLE, 4, 1, sizes=(2, 5))
    assert [(kind, size) for kind, size, _ in found] == [
        (kind, size) for kind in KINDS for size in (2, 5) for _ in range(4)
    ]
    for kind, size, members in found:
        ids = [member.user_id for member in members]
        assert len(set(ids)) == size
        if kind == "similar":
            assert len({user % 2 for user in ids}) == 1
        if kind == "opposed":
            assert len({user % 2 for user in ids}) == 2
    again = gatherings(PEOPLE, 4, 1, sizes=(2, 5))
    assert found == again
    assert found != gatherings(PEOPLE, 4, 2, sizes=(2, 5))
    with pytest.raises(ValueError, match="too few"):
        gatherings(PEOPLE[:5], 4, 1, sizes=(2, 5))


def test_what_lists_are_worth(model: Model) -> None:
    alike = worth(model, [camp(0), camp(2)])
    assert set(alike) == set(METHODS)
    assert alike[OWN][0] == pytest.approx(1)
    assert alike["average"] == pytest.approx([1, 1])
    opposed = worth(model, [camp(0), camp(1)])
    assert opposed[OWN][0] == pytest.approx(1), "apart they would both be pleased"
    assert all(least <= mean < 0.8 for method, (mean, least) in opposed.items() if method != OWN)
    assert opposed["fairness"][1] > 0.2, "each finds something"


def test_whose_movies_were_all_told_by_others_does_not_count(model: Model) -> None:
    served = Friend(8, camp(1).told, frozenset({100}), {100: 5.0})
    with_served = worth(model, [camp(0), served])["average"]
    assert with_served[0] == with_served[1], "there is only one whom the list can please"
    assert worth(model, [served])["average"] == [0, 0]


def test_lists_are_merged_by_bordas_count() -> None:
    assert merged([[1, 2, 3], [2, 4, 1]]) == [2, 1, 4, 3]
    assert merged([list(range(20)), list(range(20, 40))])[:4] == [0, 20, 1, 21]


def test_strategies_are_compared_on_people_whom_the_model_never_saw() -> None:
    seen: list[set[int]] = []

    def fit(community: Dataset, seed: int) -> Model:
        seen.append(set(community.ratings.user_ids.tolist()))
        options = TrainingOptions(seed=seed, models=1, dims=8, cuts=4, epochs=2, content_fans=0, threads=1)
        return train(community, options)

    stages: list[str] = []
    with pytest.raises(ValueError, match="too few"):
        compare_groups(two_camps(users=10), fit, seeds=[0], groups=1)
    comparison = compare_groups(
        two_camps(users=80, movies=70),
        fit,
        seeds=[0, 1],
        groups=2,
        on_progress=lambda stage, *_: stages.append(stage),
    )
    assert stages == ["groups, seed 0", "groups, seed 1", "done"]
    assert all(len(inside) < 80 for inside in seen[1:])
    assert len(comparison.of("average", ["random"], [3])) == 4
    mean, least = comparison.mean("fairness")
    assert 0 <= least <= mean <= 1
    assert mean > comparison.mean(POPULAR)[0]
    assert comparison.ahead("fairness", "fairness") == [(0, 0, 0), (0, 0, 0)]
