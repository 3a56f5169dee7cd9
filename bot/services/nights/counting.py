"""Counting ballots: pure functions of the ballots, whose order does not matter.

The rules, in full:

- **Approval.** The movie that most ballots approve wins.
- **Score.** The movie with the most points wins; no points are 0. Of equal ones, the one that more ballots
  gave points at all.
- **Ranked**, by instant run-off. Each ballot counts for the movie it ranks highest among those still in. Who
  has more than half of the ballots that still name somebody wins; else the movie with the fewest drops out,
  and it is counted again. Of equal ones, that one drops out which had fewer in the last round in which they
  differed.
- What is still equal is decided by the list of candidates as everybody saw it: the one higher on it wins.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.services.nights.answers import Round, Tally, Tie, VoteKind

Choices = Mapping[int, int]
"""A ballot: the value of each movie it names; 1, the rank from 1, or points."""


def count(kind: VoteKind, candidates: Sequence[int], ballots: Sequence[Choices]) -> Tally:
    """Count ballots.

    Parameters
    ----------
    kind : str
    candidates : sequence of int
        Movie keys, in the order in which everybody saw them.
    ballots : sequence of mapping of movie key to int
        What a ballot says of others than the candidates does not count.
    """
    known = [{key: value for key, value in ballot.items() if key in candidates} for ballot in ballots]
    if kind == "ranked":
        return _ranked(candidates, known)
    return _added(kind, candidates, known)


def _added(kind: VoteKind, candidates: Sequence[int], ballots: Sequence[Choices]) -> Tally:
    totals = {key: sum(ballot.get(key, 0) for ballot in ballots) for key in candidates}
    givers = {key: sum(ballot.get(key, 0) > 0 for ballot in ballots) for key in candidates}
    # Sorting keeps the order of the list where all else is equal.
    order = sorted(candidates, key=lambda key: (-totals[key], -givers[key]))
    winner = order[0] if order and totals[order[0]] > 0 else None
    tie: Tie = ""
    if winner is not None and len(order) > 1 and totals[order[1]] == totals[winner]:
        tie = "list" if givers[order[1]] == givers[winner] else "givers"
    return Tally(
        kind=kind,
        ballots=len(ballots),
        winner=winner,
        order=tuple(order),
        totals=totals,
        condorcet=condorcet(kind, candidates, ballots),
        tie=tie,
    )


def _ranked(candidates: Sequence[int], ballots: Sequence[Choices]) -> Tally:
    place = {key: number for number, key in enumerate(candidates)}
    preferences = [sorted(ballot, key=lambda key: (ballot[key], place[key])) for ballot in ballots]
    left, dropped = list(candidates), list[int]()
    rounds: list[Round] = []
    counts: dict[int, int] = {}
    tie: Tie = ""
    while left:
        firsts = Counter(next((key for key in ballot if key in left), None) for ballot in preferences)
        counts = {key: firsts[key] for key in left}
        active = sum(counts.values())
        done = len(left) == 1 or max(counts.values()) * 2 > active
        if done or active == 0:
            rounds.append(Round(counts, firsts[None], None))
            break
        last, how = _last(counts, [earlier.counts for earlier in rounds], place)
        tie = how if len(left) == 2 else ""
        rounds.append(Round(counts, firsts[None], last))
        left.remove(last)
        dropped.append(last)
    # The best of those who are left is first; they are in the order of the list.
    order = [*sorted(left, key=lambda key: -counts[key]), *reversed(dropped)]
    winner = order[0] if order and counts[order[0]] > 0 else None
    return Tally(
        kind="ranked",
        ballots=len(ballots),
        winner=winner,
        order=tuple(order),
        totals=rounds[0].counts if rounds else {},
        rounds=tuple(rounds),
        exhausted=rounds[-1].exhausted if rounds else 0,
        condorcet=condorcet("ranked", candidates, ballots),
        tie=tie if winner is not None else "",
    )


def _last(
    counts: Mapping[int, int], earlier: Sequence[Mapping[int, int]], place: Mapping[int, int]
) -> tuple[int, Tie]:
    """Who drops out, and what decided if the fewest were several's."""
    lowest = [key for key in counts if counts[key] == min(counts.values())]
    if len(lowest) == 1:
        return lowest[0], ""
    for before in reversed(earlier):
        fewest = min(before[key] for key in lowest)
        lowest = [key for key in lowest if before[key] == fewest]
        if len(lowest) == 1:
            return lowest[0], "rounds"
    return max(lowest, key=place.__getitem__), "list"


def condorcet(kind: VoteKind, candidates: Sequence[int], ballots: Sequence[Choices]) -> int | None:
    """The candidate that more ballots prefer than not, against each other one; None if there is none.

    What a ballot does not name it likes less than what it names.
    """

    def liking(ballot: Choices, key: int) -> int:
        if kind == "ranked":
            # Any rank is better than none.
            return -ballot[key] if key in ballot else -len(candidates) - 1 - max(ballot.values(), default=0)
        return ballot.get(key, 0)

    def beats(one: int, other: int) -> bool:
        balance = 0
        for ballot in ballots:
            here, there = liking(ballot, one), liking(ballot, other)
            balance += (here > there) - (here < there)
        return balance > 0

    if len(candidates) < 2:
        return None
    for one in candidates:
        if all(beats(one, other) for other in candidates if other != one):
            return one
    return None
