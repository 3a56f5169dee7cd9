"""``evaluate``: a table for people, an object for programs, one line for mistakes."""

import json
from pathlib import Path

import numpy as np
import pytest

from recommender.evaluation.peers import popular
from recommender.options import TrainingOptions
from tests.bot.cli.conftest import Call
from tests.bot.services.tiny import QUICK
from tests.recommender.datasets.imdb_on_disk import film, votes, write_imdb


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
    bad = {(row["model"], row["given"]): row["mean"] for row in answer["bad@10"]}
    assert bad["Matinée", 3] < 0.2 < bad["most popular", 3]
    # Sixty movies have no long tail, of which nothing is known; JSON has no other word for it than null.
    assert {row["mean"] for row in answer["long-tail ndcg@10"]} == {None}
    (one, three) = answer["stars"]
    assert (one["given"], three["given"]) == (1, 3)
    assert three["rmse"] < three["guess_rmse"]
    assert three["better"][0] == pytest.approx(1 - three["rmse"] / three["guess_rmse"])
    assert set(answer["seconds"]) == {"Matinée", "most popular", "stock LightFM"}


def test_people_get_a_table(call: Call, community: Path) -> None:
    ended = call("evaluate", str(community), "--given", "1", "--seeds", "1")
    assert ended.status == 0, ended.err
    for words in (
        "NDCG@10",
        "most popular",
        "stock LightFM",
        "Matinée",
        "ahead",
        "Stars that people would give",
    ):
        assert words in ended.out
    assert "…" not in ended.out.replace(" … ", ""), "a figure is cut short"
    assert max(len(line) for line in ended.out.splitlines() if "│" not in line) <= 120


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


def test_people_may_tell_their_earliest_ratings(call: Call, community: Path) -> None:
    arguments = ("evaluate", str(community), "--given", "3", "--seeds", "1", "--earliest")
    ended = call(*arguments, "--json")
    assert ended.status == 0, ended.err
    assert json.loads(ended.out)["told"] == "earliest"
    ratings = community / "ratings.csv"
    ratings.write_text(ratings.read_text().replace(",1000000000", ",0"))
    ended = call(*arguments)
    assert (ended.status, ended.out) == (2, "")
    assert "does not say when" in ended.err


@pytest.fixture
def with_new_films(tmp_path: Path) -> tuple[str, str]:
    """An edition in which twenty people liked films of a year that the other forty did not live to see, and
    IMDb's votes on them."""
    rng = np.random.default_rng(7)
    folder = tmp_path / "edition"
    folder.mkdir()
    years = {movie: (1990, 2001)[movie % 4 // 2] if movie <= 60 else 2016 for movie in range(1, 121)}
    movies = [
        f"{movie},Movie {movie} ({year}),{('Drama', 'Comedy')[movie % 2]}" for movie, year in years.items()
    ]
    (folder / "movies.csv").write_text("\n".join(["movieId,title,genres", *movies]) + "\n")
    links = [f"{movie},{movie + 1000}," for movie in years]
    (folder / "links.csv").write_text("\n".join(["movieId,imdbId,tmdbId", *links]) + "\n")
    rows = [
        f"{user},{movie},{5.0 if user % 2 == movie % 2 else 1.0},{1000000000 if movie <= 60 else 1500000000}"
        for user in range(1, 61)
        for first in ((1, 61) if user > 40 else (1,))
        for movie in np.sort(rng.choice(np.arange(first, first + 60), 30, replace=False))
    ]
    (folder / "ratings.csv").write_text("\n".join(["userId,movieId,rating,timestamp", *rows]) + "\n")
    imdb = write_imdb(
        tmp_path / "imdb",
        title_basics=[film(movie + 1000, f"Movie {movie}", year) for movie, year in years.items()],
        title_ratings=[votes(movie + 1000, 5000 + 100 * movie) for movie in years],
    )
    return str(folder), str(imdb)


def test_new_films_are_measured_on_an_edition_joined_with_votes(
    call: Call, with_new_films: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = TrainingOptions(**QUICK)
    monkeypatch.setattr("bot.cli.evaluate_new.TrainingOptions", lambda: quick)
    ended = call("evaluate", *with_new_films, "--new", "--json")
    assert ended.status == 0, ended.err
    answer = json.loads(ended.out)
    assert answer["votes"] == "those of today, for every model alike"
    rows = {(row["model"], row["given"]): row for row in answer["ndcg@10"]}
    assert {model for model, _ in rows} > {"most votes", "weighted rating", "votes and genres", "Matinée"}
    assert {given for _, given in rows} == {3, 10}
    assert answer["people"] == {"3": 20, "10": 20}
    ours, theirs = rows["Matinée", 10], rows["most votes", 10]
    assert theirs["times as good"][0] == pytest.approx(ours["mean"] / theirs["mean"])
    assert ours["mean"] > theirs["mean"], "the camps are told apart by their genres"
    cold = {(row["told"], row["model"]): row["mean"] for row in answer["ratings of cold films"]}
    assert {told for told, _ in cold} == {"ten cold", "five known", "five known, five cold"}
    assert cold["ten cold", "Matinée"] > cold["ten cold", "most popular"]
    gain, low, high = answer["five cold ratings more"]
    assert low <= gain <= high
    assert gain == pytest.approx(
        cold["five known, five cold", "Matinée"] - cold["five known", "Matinée"], abs=1e-9
    )


def test_new_films_need_votes_and_no_other_options(call: Call, community: Path) -> None:
    for arguments, told in (
        ([str(community), "--new"], "have no votes"),
        ([str(community), "--new", "--seeds", "2"], "--json alone"),
        ([str(community), str(community)], "one of each"),
    ):
        ended = call("evaluate", *arguments)
        assert (ended.status, ended.out) == (2, "")
        assert told in ended.err
        assert len(ended.err.splitlines()) == 1


def test_peers_need_the_extra(call: Call, community: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cli.evaluate.find_spec", lambda _name: None)
    ended = call("evaluate", str(community), "--peers")
    assert (ended.status, ended.out) == (2, "")
    assert "pip install .[bench]" in ended.err
    assert len(ended.err.splitlines()) == 1


def test_peers_are_those_of_the_evaluation(
    call: Call, community: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.cli.evaluate.find_spec", lambda name: name)
    monkeypatch.setattr("recommender.evaluation.peers.all_peers", lambda: {"a peer": popular})
    ended = call("evaluate", str(community), "--peers", "--given", "3", "--seeds", "1", "--json")
    assert ended.status == 0, ended.err
    assert {row["model"] for row in json.loads(ended.out)["ndcg@10"]} == {"a peer", "Matinée"}


def test_a_report_is_written(call: Call, community: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shown" / "today"
    arguments = ("evaluate", str(community), "--given", "3", "--seeds", "1", "--report")
    ended = call(*arguments, str(folder), "--json")
    assert ended.status == 0, ended.err
    cold = json.loads(ended.out)["cold"]["ndcg@10 among cold"]
    assert {row["model"] for row in cold} >= {"random order", "genre overlap", "Matinée"}
    assert (folder / "stars.png").is_file()
    assert "index.html" in ended.err
    assert "Matinée" in (folder / "index.html").read_text(encoding="utf-8")
    # A file is where the folder should be: said before an hour of work, not after.
    ended = call(*arguments, str(folder / "index.html"))
    assert (ended.status, ended.out) == (2, "")
    assert "cannot be written" in ended.err
