"""``evaluate``: a table for people, an object for programs, one line for mistakes."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.bot.cli.conftest import Call


@pytest.fixture
def community(tmp_path: Path) -> Path:
    """Sixty people in two camps, as MovieLens writes them."""
    rng = np.random.default_rng(4)
    folder = tmp_path / "camps"
    folder.mkdir()
    movies = [f"{movie},Movie {movie} (1990),{('Drama', 'Comedy')[movie % 2]}" for movie in range(1, 61)]
    (folder / "movies.csv").write_text("\n".join(["movieId,title,genres", *movies]) + "\n")
    ratings = [
        f"{user},{movie},{5.0 if user % 2 == movie % 2 else 1.0},1000000000"
        for user in range(1, 61)
        for movie in np.sort(rng.choice(np.arange(1, 61), 40, replace=False))
    ]
    (folder / "ratings.csv").write_text("\n".join(["userId,movieId,rating,timestamp", *ratings]) + "\n")
    return folder


def test_models_are_compared_on_the_same_people(call: Call, community: Path) -> None:
    ended = call("evaluate", str(community), "--given", "3,1", "--seeds", "1", "--json")
    assert ended.status == 0, ended.err
    answer = json.loads(ended.out)
    rows = {(row["model"], row["given"]): row for row in answer["ndcg@10"]}
    assert set(rows) == {(m, n) for m in ("Matinée", "most popular", "stock LightFM") for n in (1, 3)}
    # The camps are easily told apart, but a third of a camp's movies was not rated by its people.
    assert rows["Matinée", 3]["mean"] > 0.6
    mean, low, high = rows["most popular", 3]["ahead"]
    assert 0 < low < mean < high
    assert rows["Matinée", 3]["ahead"] == [0, 0, 0]


def test_people_get_a_table(call: Call, community: Path) -> None:
    ended = call("evaluate", str(community), "--given", "1", "--seeds", "1")
    assert ended.status == 0, ended.err
    for words in ("NDCG@10", "most popular", "stock LightFM", "Matinée", "ahead"):
        assert words in ended.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--given", "0"], "from 1 to 25"),
        (["--given", "1,99"], "from 1 to 25"),
        (["--given", "some"], "whole numbers"),
        (["nowhere"], "nowhere"),
        ([], "too few raters"),
    ],
)
def test_mistakes_are_told_in_one_line(call: Call, arguments: list[str], told: str) -> None:
    ended = call("evaluate", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert told in ended.err
    assert len(ended.err.splitlines()) == 1
