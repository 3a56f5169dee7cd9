"""A list for a group is a compromise of its members' lists."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender import SAFE, Model, slates
from recommender.groups import MISERY, STRATEGIES, Group, GroupRecommendation, Strategy, ranks
from recommender.slates import fair

EVEN = {100: 5.0, 104: 4.5, 108: 5.0, 101: 1.0}
ODD = {101: 5.0, 105: 4.5, 109: 5.0, 100: 1.0}
KEEN_ODD = ODD | {113: 5.0}
NOBODY: dict[int, float] = {}

profiles = st.dictionaries(st.integers(100, 139), st.sampled_from([0.5, 1.5, 3.0, 4.5, 5.0]), max_size=6)
groups = st.lists(profiles, min_size=1, max_size=6)
each = pytest.mark.parametrize("strategy", STRATEGIES)
# A model is never changed, so that all examples can have the same one.
examples = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def ids(picks: list[GroupRecommendation]) -> list[int]:
    return [pick.movie_id for pick in picks]


def test_ranks_are_places_in_order() -> None:
    scores = np.random.default_rng(5).standard_normal((3, 500)).astype(np.float32).round(2)
    expected = [np.searchsorted(np.sort(own), own).tolist() for own in scores]
    assert ranks(scores).tolist() == expected


def test_ranks_do_not_depend_on_the_scale() -> None:
    scores = np.array([[3, -1, 7, 7, -0.5], [1, 1, 1, 2, 0], [-2, -0.0, 0.0, -3, 1]], np.float32)
    assert ranks(scores).tolist() == [[2, 0, 3, 3, 1], [1, 1, 1, 4, 0], [1, 2, 2, 0, 4]]
    assert ranks(scores * 8).tolist() == ranks(scores).tolist()


@each
def test_a_group_of_one_gets_its_own_safe_list(model: Model, strategy: Strategy) -> None:
    together = Group(model, [EVEN]).best(8, strategy)
    alone = model.recommend(EVEN, 8, SAFE)
    assert ids(together) == [pick.movie_id for pick in alone]
    assert [pick.percentile for pick in together] == pytest.approx([pick.percentile for pick in alone])
    assert all(pick.disagreement == 0 for pick in together)


@each
@examples
@given(members=groups, data=st.data())
def test_the_order_of_the_members_does_not_matter(
    model: Model, strategy: Strategy, members: list[dict[int, float]], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(members))))
    one = Group(model, members).best(10, strategy)
    other = Group(model, [members[place] for place in order]).best(10, strategy)
    assert ids(one) == ids(other)
    for pick, same in zip(one, other, strict=True):
        assert [pick.members[place] for place in order] == pytest.approx(same.members, nan_ok=True)
        assert pick.disagreement == pytest.approx(same.disagreement)


@each
@examples
@given(members=groups, k=st.integers(1, 40), candidates=st.sets(st.integers(0, 39)))
def test_what_anybody_rated_and_what_is_no_candidate_is_out(
    model: Model, strategy: Strategy, members: list[dict[int, float]], k: int, candidates: set[int]
) -> None:
    mask = np.isin(np.arange(40), list(candidates))
    rated = {movie_id for member in members for movie_id in member}
    free = {100 + row for row in candidates}
    group = Group(model, members)
    picks = ids(group.best(k, strategy, candidates=mask))
    assert len(picks) == len(set(picks)) == min(k, len(free - rated))
    assert set(picks) <= free - rated
    again = ids(group.best(k, strategy, candidates=mask, rewatch=True))
    assert set(again) <= free
    assert len(again) == min(k, len(free))


@each
@examples
@given(members=groups)
def test_who_has_no_ratings_changes_nothing(
    model: Model, strategy: Strategy, members: list[dict[int, float]]
) -> None:
    alone = Group(model, members).best(10, strategy)
    accompanied = Group(model, [NOBODY, *members, NOBODY]).best(10, strategy)
    assert ids(accompanied) == ids(alone)
    if any(members):
        assert all(np.isnan(pick.members[0]) for pick in accompanied)
        assert [p.percentile for p in accompanied] == pytest.approx([p.percentile for p in alone])


def test_without_any_ratings_everybody_is_the_average_person(model: Model) -> None:
    together = ids(Group(model, [NOBODY, NOBODY]).best(8))
    assert together == [pick.movie_id for pick in model.recommend({}, 8)]


def test_each_members_place_is_told_and_disagreement_is_their_distance(model: Model) -> None:
    for pick in Group(model, [EVEN, ODD, KEEN_ODD]).best(40):
        assert pick.percentile == pytest.approx(np.mean(pick.members))
        distances = [abs(one - other) for one, other in combinations(pick.members, 2)]
        assert pick.disagreement == pytest.approx(np.mean(distances))


def test_what_each_strategy_looks_at(model: Model) -> None:
    group = Group(model, [EVEN, EVEN | {112: 5.0}, ODD])
    places = {s: [np.round(p.members, 6) for p in group.best(40, s)] for s in STRATEGIES}
    means = [round(float(np.mean(p)), 4) for p in places["average"]]
    assert means == sorted(means, reverse=True)
    assert [min(p) for p in places["least misery"]] == sorted(map(min, places["least misery"]), reverse=True)
    assert [max(p) for p in places["most pleasure"]] == sorted(
        map(max, places["most pleasure"]), reverse=True
    )
    misery = [min(p) < MISERY for p in places["average without misery"]]
    assert misery == sorted(misery), "who is miserable comes last"
    assert places["average"][0][0] > places["average"][0][2], "two against one"


def test_without_misery_who_is_miserable_stands_behind_all_others(model: Model) -> None:
    group = Group(model, [EVEN | {106: 5.0}, EVEN | {114: 5.0}])
    average = group.best(40, "average")
    bearable = [pick for pick in average if min(pick.members) >= MISERY]
    parted = bearable + [pick for pick in average if min(pick.members) < MISERY]
    assert bearable
    assert ids(parted) != ids(average), (
        "the average puts one that somebody cannot bear before one that both can"
    )
    assert ids(group.best(40, "average without misery")) == ids(parted)


def test_fairness_serves_a_minority_that_the_average_forgets(model: Model) -> None:
    group = Group(model, [EVEN, EVEN | {112: 5.0}, EVEN | {116: 4.5}, ODD])
    assert not any(movie_id % 2 for movie_id in ids(group.best(5, "average")))
    assert sum(movie_id % 2 for movie_id in ids(group.best(5, "fairness"))) == 1, "one of four, one of five"


def test_a_fair_slate_is_proportional() -> None:
    places = np.array([[100, 99, 98, 0, 0, 0], [100, 99, 98, 0, 0, 0], [0, 0, 0, 98, 99, 100]], np.float32)
    assert fair(places, 3).columns.tolist() == [0, 1, 5], "two of three have the same taste"
    assert fair(places[1:], 4).columns.tolist() == [0, 5, 1, 4], "one of two"
    assert sorted(fair(places, 9).columns.tolist()) == list(range(6))
    nothing = fair(places[:, :0], 3)
    assert nothing.columns.tolist() == []
    assert nothing.chosen_for.shape == (0, 3)


def test_a_fair_slate_tells_for_whom_each_movie_was_chosen() -> None:
    rising = np.arange(100, dtype=np.float32)
    places = np.array([rising, rising, rising[::-1]])
    both, third = [True, True, False], [False, False, True]
    columns, chosen_for = fair(places, 3)
    assert columns.tolist() == [99, 98, 0]
    assert chosen_for.tolist() == [both, both, third]
    alike = fair(places[:2], 3).chosen_for
    assert not alike.any(), "of people with one taste nobody is served more than the other"


def test_fairness_names_the_member_it_serves_as_they_stand_in_the_group(model: Model) -> None:
    group = Group(model, [NOBODY, EVEN, EVEN | {112: 5.0}, EVEN | {116: 4.5}, ODD])
    for pick in group.best(5, "fairness"):
        assert 0 not in pick.chosen_for, "who has no ratings is not served by name"
        assert (4 in pick.chosen_for) == (pick.movie_id % 2 == 1)
        highest = max(pick.members[1:])
        assert all(pick.members[place] > highest - 25 for place in pick.chosen_for)
    assert all(pick.chosen_for == () for pick in group.best(5, "average"))


def test_fairness_shows_nothing_that_the_others_cannot_bear(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slates, "POOL", 6)
    group = Group(model, [EVEN, EVEN | {112: 5.0}, EVEN | {116: 4.5}, ODD])
    assert set(ids(group.best(6, "fairness"))) == set(ids(group.best(6, "average")))


@each
def test_a_watchlist_raises_a_movie(model: Model, strategy: Strategy) -> None:
    group = Group(model, [EVEN, KEEN_ODD])
    before = ids(group.best(40, strategy))
    risen = 0
    for movie_id in before[1:]:
        wanted = np.zeros(40, np.int64)
        wanted[movie_id - 100] = 1
        by_one = ids(group.best(40, strategy, wanted=wanted)).index(movie_id)
        by_all = ids(group.best(40, strategy, wanted=2 * wanted)).index(movie_id)
        by_crowd = ids(group.best(40, strategy, wanted=9 * wanted)).index(movie_id)
        assert by_crowd == by_all <= by_one <= before.index(movie_id)
        risen += by_one < before.index(movie_id)
    assert risen > len(before) / 4


def test_a_wish_halves_what_a_movie_lacks(model: Model) -> None:
    group = Group(model, [EVEN, ODD])
    # Fairness puts movies side by side that differ; here the places themselves are looked at.
    ranked = group.best(40, "average")
    for place, pick in enumerate(ranked):
        wanted = np.zeros(40, np.int64)
        wanted[pick.movie_id - 100] = 1
        raised = 100 - (100 - pick.percentile) / 2
        better = sum(other.percentile > raised + 1e-4 for other in ranked[:place])
        level = sum(abs(other.percentile - raised) <= 1e-4 for other in ranked)
        risen = ids(group.best(40, "average", wanted=wanted)).index(pick.movie_id)
        assert better <= risen <= better + level


def test_the_opinion_on_named_movies(model: Model) -> None:
    group = Group(model, [EVEN, NOBODY])
    asked = group.of([139, 100, 102])
    assert ids(asked) == [139, 100, 102]
    for pick in asked:
        lever_free = Group(model, [EVEN]).of([pick.movie_id])[0]
        assert pick.members[0] == pytest.approx(lever_free.percentile)
    assert group.of([]) == []
    with pytest.raises(KeyError):
        group.of([5])


def test_nobody_is_no_group(model: Model) -> None:
    with pytest.raises(ValueError, match="at least one"):
        Group(model, [])
