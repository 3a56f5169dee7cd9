"""``evaluate --groups``: a table for people, an object for programs, one line for mistakes."""

import json
from pathlib import Path

import pytest

from recommender.evaluation.groups import KINDS, METHODS, SIZES
from tests.bot.cli.conftest import Call
from tests.bot.cli.test_evaluate import community

__all__ = ["community"]


def test_strategies_are_compared_on_the_same_groups(call: Call, community: Path) -> None:
    ended = call("evaluate", str(community), "--groups", "--seeds", "1", "--json")
    assert ended.status == 0, ended.err
    answer = json.loads(ended.out)
    rows = {(row["method"], row["kind"], row["size"]): row for row in answer["groups"]}
    assert set(rows) == {(method, kind, size) for method in METHODS for kind in KINDS for size in SIZES}
    assert all(0 <= row["least"] <= row["mean"] <= 1 for row in rows.values())
    altogether = {row["method"]: row for row in answer["all"]}
    assert altogether["fairness"]["mean"] > altogether["most popular"]["mean"]
    # Two camps: who are alike can be pleased by one list, who are opposed cannot.
    assert rows["average", "similar", 4]["least"] > rows["average", "opposed", 4]["least"]
    (mean, low, high), _ = altogether["fairness"]["behind_default"]
    assert (mean, low, high) == (0, 0, 0)


def test_people_get_a_table(call: Call, community: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    ended = call("evaluate", str(community), "--groups", "--seeds", "1")
    assert ended.status == 0, ended.err
    for words in ("mean · least", "opposed", "least misery", "own lists merged", "most popular", "a bound"):
        assert words in ended.out


@pytest.mark.parametrize("other", [("--peers",), ("--earliest",), ("--given", "3"), ("--report", "x")])
def test_other_options_do_not_go_with_it(call: Call, community: Path, other: tuple[str, ...]) -> None:
    ended = call("evaluate", str(community), "--groups", *other)
    assert (ended.status, ended.out) == (2, "")
    assert "alone" in ended.err
    assert len(ended.err.splitlines()) == 1
