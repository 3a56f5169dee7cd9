"""The counts: their rules by example, and what must hold for any ballots."""

from collections.abc import Sequence
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.nights.answers import VoteKind
from bot.services.nights.counting import Choices, condorcet, count

A, B, C, D = 11, 22, 33, 44
KINDS: tuple[VoteKind, ...] = ("approval", "ranked", "score")


def ranks(*keys: int) -> dict[int, int]:
    return {key: rank for rank, key in enumerate(keys, 1)}


@st.composite
def elections(draw: st.DrawFn) -> tuple[VoteKind, list[int], list[Choices]]:
    kind = draw(st.sampled_from(KINDS))
    candidates = draw(st.lists(st.integers(1, 99), min_size=1, max_size=6, unique=True))
    some = st.lists(st.sampled_from(candidates), unique=True)
    if kind == "ranked":
        ballot = some.map(lambda keys: ranks(*keys))
    elif kind == "approval":
        ballot = some.map(lambda keys: dict.fromkeys(keys, 1))
    else:
        ballot = st.dictionaries(st.sampled_from(candidates), st.integers(0, 5))
    return kind, candidates, draw(st.lists(ballot, max_size=9))


def liking(kind: VoteKind, ballot: Choices, key: int) -> float:
    """How a voter ranks a movie; told apart from the code by saying it in another way."""
    if kind == "ranked":
        return 1 / ballot[key] if key in ballot else 0
    return ballot.get(key, 0)


def test_most_approvals_win_and_the_list_breaks_a_tie():
    tally = count("approval", [A, B, C], [{B: 1, C: 1}, {C: 1}, {B: 1}, {A: 1}])
    assert (tally.winner, tally.tie, tally.order) == (B, "list", (B, C, A))
    assert tally.totals == {A: 1, B: 2, C: 2}
    assert count("approval", [C, B, A], [{B: 1, C: 1}]).winner == C


def test_of_equal_points_those_of_more_people_win():
    tally = count("score", [A, B], [{A: 5}, {B: 3}, {B: 2}])
    assert (tally.winner, tally.tie) == (B, "givers")
    assert count("score", [A, B], [{A: 5, B: 1}, {B: 3}]).winner == A


def test_the_run_off_moves_ballots_on():
    """A has most first choices; with C out, its voters make B win."""
    ballots = [ranks(A)] * 4 + [ranks(B, C)] * 3 + [ranks(C, B)] * 2
    tally = count("ranked", [A, B, C], ballots)
    assert [(dict(one.counts), one.dropped) for one in tally.rounds] == [
        ({A: 4, B: 3, C: 2}, C),
        ({A: 4, B: 5}, None),
    ]
    assert (tally.winner, tally.order, tally.tie) == (B, (B, A, C), "")


def test_of_equal_ones_that_one_drops_out_which_had_fewer_before():
    """B and C are equal in the second round; B had fewer first choices in the first."""
    ballots = [ranks(A)] * 4 + [ranks(B, A)] * 2 + [ranks(C, A)] * 3 + [ranks(D, B)]
    tally = count("ranked", [A, B, C, D], ballots)
    assert [one.dropped for one in tally.rounds] == [D, B, None]
    assert tally.winner == A


def test_an_equal_end_is_decided_by_the_list():
    tally = count("ranked", [B, A], [ranks(A), ranks(B)])
    assert (tally.winner, tally.tie) == (B, "list")
    assert count("ranked", [A, B], [ranks(A), ranks(B)]).winner == A


def test_an_equal_end_is_decided_by_the_rounds_before():
    ballots = [ranks(A)] * 3 + [ranks(B)] * 2 + [ranks(C, B)]
    tally = count("ranked", [C, B, A], ballots)
    assert (tally.winner, tally.tie) == (A, "rounds")


def test_exhausted_ballots_are_counted_and_do_not_block_the_win():
    ballots = [ranks(A)] * 3 + [ranks(B)] * 2 + [ranks(C)] * 2 + [ranks(D)] * 2
    tally = count("ranked", [A, B, C, D], ballots)
    assert tally.winner == A
    assert tally.exhausted == 4
    assert [one.exhausted for one in tally.rounds] == [0, 2, 4]


def test_a_cycle_has_no_condorcet_winner():
    assert condorcet("ranked", [A, B, C], [ranks(A, B, C), ranks(B, C, A), ranks(C, A, B)]) is None


def test_the_run_off_may_pass_over_the_condorcet_winner_and_says_who_that_is():
    ballots = [ranks(A, B, C)] * 4 + [ranks(C, B, A)] * 4 + [ranks(B, A, C)] * 3
    tally = count("ranked", [A, B, C], ballots)
    assert tally.condorcet == B
    assert tally.winner == A


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_votes(kind: VoteKind):
    for ballots in ([], [{}, {}]):
        tally = count(kind, [B, A], ballots)
        assert (tally.winner, tally.order, tally.condorcet, tally.tie) == (None, (B, A), None, "")
        assert tally.ballots == len(ballots)
    assert count(kind, [], []).order == ()


@pytest.mark.parametrize("kind", KINDS)
def test_one_voter_gets_what_they_want(kind: VoteKind):
    wish = {B: 1} if kind != "score" else {B: 5, A: 4}
    assert count(kind, [A, B, C], [wish]).winner == B


@given(elections(), st.randoms())
def test_the_order_of_ballots_does_not_matter(election: tuple[VoteKind, list[int], list[Choices]], chance):
    kind, candidates, ballots = election
    mixed = [dict(chance.sample(list(ballot.items()), len(ballot))) for ballot in ballots]
    chance.shuffle(mixed)
    assert count(kind, candidates, mixed) == count(kind, candidates, ballots)


@given(elections())
def test_a_condorcet_winner_is_reported_exactly_where_there_is_one(
    election: tuple[VoteKind, list[int], list[Choices]],
):
    kind, candidates, ballots = election
    wins = dict.fromkeys(candidates, 0)
    for one, other in combinations(candidates, 2):
        for_one = sum(liking(kind, ballot, one) > liking(kind, ballot, other) for ballot in ballots)
        for_other = sum(liking(kind, ballot, one) < liking(kind, ballot, other) for ballot in ballots)
        wins[one] += for_one > for_other
        wins[other] += for_other > for_one
    expected = [key for key in candidates if wins[key] == len(candidates) - 1 > 0]
    assert count(kind, candidates, ballots).condorcet == (expected[0] if expected else None)


@given(elections())
def test_every_count_names_all_candidates_and_loses_no_ballot(
    election: tuple[VoteKind, list[int], list[Choices]],
):
    kind, candidates, ballots = election
    tally = count(kind, candidates, ballots)
    assert sorted(tally.order) == sorted(candidates)
    assert tally.ballots == len(ballots)
    named = any(value > 0 for ballot in ballots for value in ballot.values())
    assert (tally.winner is not None) == named
    if named:
        assert tally.winner == tally.order[0]
    for one in tally.rounds:
        assert sum(one.counts.values()) + one.exhausted == len(ballots)


@given(elections())
def test_more_than_half_of_the_first_choices_win_the_run_off(
    election: tuple[VoteKind, list[int], list[Choices]],
):
    _, candidates, ballots = election
    tally = count("ranked", candidates, ballots)
    for key, firsts in tally.totals.items():
        if firsts * 2 > sum(tally.totals.values()):
            assert tally.winner == key
            assert len(tally.rounds) == 1


@given(elections(), st.data())
def test_one_more_approval_never_hurts(election: tuple[VoteKind, list[int], list[Choices]], data):
    _, candidates, ballots = election
    yes: Sequence[Choices] = [dict.fromkeys(ballot, 1) for ballot in ballots]
    winner = count("approval", candidates, yes).winner
    if winner is not None:
        assert count("approval", candidates, [*yes, {winner: 1}]).winner == winner


def test_small_run_offs_agree_with_the_rule_by_hand():
    """All elections of three full ballots on three movies: the first choices of two decide, else the list."""
    orders = list(permutations([A, B, C]))
    for ballots in ([ranks(*x), ranks(*y), ranks(*z)] for x in orders for y in orders for z in orders):
        firsts = [next(iter(ballot)) for ballot in ballots]
        most = max(set(firsts), key=firsts.count)
        if firsts.count(most) > 1:
            expected = most
        else:
            # One each: C, the last on the list, drops out, and its ballot decides.
            (deciding,) = (ballot for ballot in ballots if next(iter(ballot)) == C)
            expected = A if deciding[A] < deciding[B] else B
        assert count("ranked", [A, B, C], ballots).winner == expected
