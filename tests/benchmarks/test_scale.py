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
    found = benchmark.pedantic(lambda: measure(SIZE, tmp_path), rounds=1)
    benchmark.extra_info.update(found)
    part = SIZE / scale.RATINGS
    assert found["import_s"] <= 300 * part + 10, found
    assert found["import_bytes"] <= 4 * GIB * part + SLACK, found
    assert found["train_s"] <= 2400, found
    assert found["train_bytes"] <= 8 * GIB, found


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
    line = '{"ratings": %d, "import_s": 1, "import_bytes": 2, "train_s": 3, "train_bytes": 4}\n'
    file.write_text(line % 3_000_000 + line % 1_000_000 + '{"ratings": 10', encoding="utf-8")
    found = measured(file)
    assert [line["ratings"] for line in found] == [1_000_000, 3_000_000]
    plot(found, tmp_path / "growth.png")
    assert (tmp_path / "growth.png").stat().st_size > 10_000
