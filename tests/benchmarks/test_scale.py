"""Import and training at the size of MATINEE_SCALE ratings: at 32 million 5 min and 4 GiB, 40 min and 8 GiB.

By itself it takes 100,000 ratings; `python -m tests.benchmarks.growth` measures all sizes.
"""

import csv
import os
from pathlib import Path

import numpy as np
import pandas
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from . import scale
from .growth import GIB, measure, measured, plot

SIZE = int(os.environ.get("MATINEE_SCALE", "100000"))
SLACK = 1 << 29
"""What a process takes that has next to no data."""


def test_import_and_training(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    if benchmark.disabled:
        pytest.skip("import and training at scale take minutes: run with --benchmark-enable")
    if not Path("/proc/self/status").exists():
        pytest.skip("reads the size from Linux' /proc")
    importing = measure(SIZE, "import", tmp_path)
    training = benchmark.pedantic(lambda: measure(SIZE, "train", tmp_path), rounds=1)
    benchmark.extra_info.update(importing=importing, training=training)
    part = SIZE / scale.RATINGS
    assert importing["s"] <= 300 * part + 10, importing
    assert importing["bytes"] <= 4 * GIB * part + SLACK, importing
    assert training["s"] <= 2400, training
    assert training["bytes"] <= 8 * GIB, training


def test_a_peer_is_measured_or_says_why_not(tmp_path: Path) -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("reads the size from Linux' /proc")
    found = measure(20_000, "most popular", tmp_path)
    assert (found["ratings"], found["what"]) == (20_000, "most popular")
    assert found["bytes"] > 1 << 26
    assert found["cpu_s"] > 0
    assert "KeyError" in measure(20_000, "nobody's", tmp_path)["error"]


def test_made_data_has_the_shape_of_movielens(tmp_path: Path) -> None:
    shape = scale.shape_of(200_000)
    written = scale.write(tmp_path, shape, seed=3)
    table = pandas.read_csv(tmp_path / "ratings.csv")
    assert list(table.columns) == ["userId", "movieId", "rating", "timestamp"]
    assert len(table) == written == pytest.approx(200_000, rel=0.01)
    assert not table.duplicated(["userId", "movieId"]).any()
    assert (table[["userId", "movieId"]].diff().fillna(0).userId >= 0).all()
    activity = table.userId.value_counts()
    assert len(activity) == shape.people
    assert activity.min() >= 20
    assert 60 < activity.median() < 90
    with (tmp_path / "movies.csv").open(encoding="utf-8", newline="") as file:
        movies = [int(row["movieId"]) for row in csv.DictReader(file)]
    popularity = table.movieId.value_counts().reindex(movies, fill_value=0)
    assert popularity.sum() == len(table), "only of movies that are there"
    assert popularity.median() < 20
    assert 0.3 * shape.people < popularity.max() < 0.8 * shape.people
    assert set(table.rating) == set(np.arange(0.5, 5.5, 0.5))
    assert 3.4 < table.rating.mean() < 3.8


def test_the_same_seed_makes_the_same_data(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        scale.write(tmp_path / name, scale.shape_of(20_000), seed)
    for file in ("ratings.csv", "movies.csv", "links.csv", "tags.csv"):
        a, b, c = ((tmp_path / name / file).read_bytes() for name in "abc")
        assert a == b != c


def test_what_was_measured_is_taken_up_and_drawn(tmp_path: Path) -> None:
    file = tmp_path / "growth.jsonl"
    assert measured(file) == []
    line = '{"ratings": %d, "what": "%s", "s": 1, "cpu_s": 2, "bytes": 3}\n'
    failed = '{"ratings": 1000000, "what": "EASE", "error": "MemoryError"}\n'
    whole = line % (3_000_000, "import") + line % (1_000_000, "import") + line % (1_000_000, "train") + failed
    file.write_text(whole + '{"ratings": 10', encoding="utf-8")
    found = measured(file)
    assert [(line["ratings"], line["what"]) for line in found[:2]] == [
        (3_000_000, "import"),
        (1_000_000, "import"),
    ]
    assert len(found) == 4
    plot(found, tmp_path / "growth.png")
    assert (tmp_path / "growth.png").stat().st_size > 10_000
