"""A list for a group is a compromise of its members' lists."""

import numpy as np
import pytest

from recommender import Model
from recommender.groups import percentiles, recommend_together

EVEN = {100: 5.0, 104: 4.5, 108: 5.0, 101: 1.0}
ODD = {101: 5.0, 105: 4.5, 109: 5.0, 100: 1.0}


def test_percentiles_do_not_depend_on_the_scale() -> None:
    scores = np.array([3, -1, 7, 7, 0], np.float32)
    assert percentiles(scores).tolist() == [50, 0, 75, 75, 25]
    assert percentiles(scores * 9 - 4).tolist() == percentiles(scores).tolist()


def test_a_group_of_one_gets_its_own_list(model: Model) -> None:
    together = [pick.movie_id for pick in recommend_together(model, [EVEN], 8)]
    assert together == [pick.movie_id for pick in model.recommend(EVEN, 8)]


def test_what_anybody_rated_is_out(model: Model) -> None:
    picks = {pick.movie_id for pick in recommend_together(model, [EVEN, ODD], 40)}
    assert picks == set(range(100, 140)) - EVEN.keys() - ODD.keys()


def test_each_members_place_is_told_and_the_mean_decides(model: Model) -> None:
    picks = recommend_together(model, [EVEN, EVEN | {112: 5.0}, ODD], 40)
    assert [pick.percentile for pick in picks] == sorted((p.percentile for p in picks), reverse=True)
    for pick in picks:
        assert len(pick.members) == 3
        assert pick.percentile == pytest.approx(np.mean(pick.members), abs=1e-3)
    assert picks[0].movie_id % 2 == 0, "two against one"


def test_only_candidates(model: Model) -> None:
    candidates = np.zeros(40, np.bool_)
    candidates[[2, 3]] = True
    assert {pick.movie_id for pick in recommend_together(model, [EVEN], 9, candidates=candidates)} == {
        102,
        103,
    }


def test_nobody_is_no_group(model: Model) -> None:
    with pytest.raises(ValueError, match="at least one"):
        recommend_together(model, [])
