"""``predict``: eight friends' ratings as a file, and what each may think."""

import json
import re
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Call
from tests.bot.cli.test_evaluate import community

__all__ = ["community"]


@pytest.fixture
def friends(tmp_path: Path) -> Path:
    """Eight of them in two camps; all saw movies 1 and 2."""
    rows = [
        f"{user},{movie},{5.0 if user % 2 == movie % 2 else 1.0}"
        for user in range(1, 9)
        for movie in (1, 2, *range(3 + user, 9 + user))
    ]
    path = tmp_path / "friends.csv"
    path.write_text("\n".join(["userId,movieId,rating", *rows, "9,5000,4"]) + "\n")
    return path


def test_each_friend_gets_predictions_for_what_all_saw_and_picks(
    call: Call, community: Path, friends: Path
) -> None:
    ended = call("predict", str(friends), str(community), "--json")
    assert ended.status == 0, ended.err
    answer = json.loads(ended.out)
    assert answer["dropped"] == {"movie is not in the catalogue": 1}
    assert [friend["userId"] for friend in answer["friends"]] == [str(user) for user in range(1, 9)]
    for friend in answer["friends"]:
        odd = int(friend["userId"]) % 2 == 1
        first, second = friend["predictions"]
        assert (first["movieId"], second["movieId"]) == (1, 2)
        assert (first["place"] > second["place"]) == odd
        assert (first["stars"] > second["stars"]) == odd
        assert first["usualError"] < 1
        assert first["rated"] == (5.0 if odd else 1.0)
        assert {pick["movieId"] % 2 for pick in friend["picks"]} == {int(odd)}
        assert all(pick["rated"] is None for pick in friend["picks"])


def test_movies_may_be_named_and_people_get_lines(call: Call, community: Path, friends: Path) -> None:
    ended = call("predict", str(friends), str(community), "--movie", "40")
    assert ended.status == 0, ended.err
    assert "left out: 1 x movie is not in the catalogue" in ended.out
    assert ended.out.count("Movie 40 (1990)") >= 8
    assert "8 (8 ratings)" in ended.out
    assert re.search(r"^ +\d+\.\d  \d\.\d ± \d\.\d  Movie 40", ended.out, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "FRIENDS.csv"),
        (["none.csv", "camps"], "none.csv"),
        (["friends.csv", "nowhere"], "nowhere"),
        (["friends.csv", "camps", "--movie", "5000"], "no movie 5000"),
        (["camps/movies.csv", "camps"], "must begin with the line userId,movieId,rating"),
    ],
)
def test_mistakes_are_told_in_one_line(
    call: Call, community: Path, friends: Path, arguments: list[str], told: str
) -> None:
    ended = call("predict", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert told in ended.err
    assert len(ended.err.splitlines()) == 1
