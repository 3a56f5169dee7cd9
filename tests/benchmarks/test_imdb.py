"""Import of MATINEE_IMDB_SHARE of the whole of IMDb: 8 minutes and 2 GiB for all of it, beside reading alone.

By itself it takes a hundredth. The files are made up (`imdb_scale`); with MATINEE_IMDB_FILES they are taken
from that folder, which is filled first where it is empty.
"""

import gzip
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from recommender import load_dataset

from . import imdb_scale

SHARE = float(os.environ.get("MATINEE_IMDB_SHARE", "0.01"))
SLACK_SECONDS = 20
GIB = 1 << 30

IMPORT = """
import json, resource, sys, time
from pathlib import Path
from recommender.datasets.imdb import ImdbOptions, load_imdb
started = time.perf_counter()
dataset = load_imdb(Path(sys.argv[1]), ImdbOptions(languages=None))
dataset.save(Path(sys.argv[2]))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"s": time.perf_counter() - started, "bytes": peak, "movies": len(dataset.catalogue)}))
"""


def test_import_of_all_titles(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    if benchmark.disabled:
        pytest.skip("making and reading files of millions of rows takes minutes: run with --benchmark-enable")
    folder = Path(os.environ.get("MATINEE_IMDB_FILES") or tmp_path / "imdb")
    if not (folder / "name.basics.tsv.gz").exists():
        imdb_scale.write_imdb(folder, SHARE)
    started, size = time.perf_counter(), 0
    for path in sorted(folder.iterdir()):
        with gzip.open(path, "rb") as stream:
            while piece := stream.read(1 << 20):
                size += len(piece)
    reading = time.perf_counter() - started

    def once() -> dict[str, float]:
        command = [sys.executable, "-c", IMPORT, str(folder), str(tmp_path / "saved")]
        return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)

    found = benchmark.pedantic(once, rounds=1)
    benchmark.extra_info.update(found, reading=reading, unpacked=size)
    assert found["s"] <= 480 * SHARE + SLACK_SECONDS, found
    assert found["bytes"] <= 2 * GIB, found


def test_made_files_have_imdbs_shape_and_are_the_same_again(tmp_path: Path) -> None:
    share = 0.0005
    for name in ("a", "b"):
        imdb_scale.write_imdb(tmp_path / name, share)
    rows: dict[str, int] = {}
    for path in sorted((tmp_path / "a").iterdir()):
        text = gzip.decompress(path.read_bytes())
        assert text == gzip.decompress((tmp_path / "b" / path.name).read_bytes())
        rows[path.name.removesuffix(".tsv.gz")] = text.count(b"\n") - 1
    whole = {name: count / share / 1e6 for name, count in rows.items()}
    assert whole["title.basics"] == whole["title.crew"] == pytest.approx(11.5)
    assert whole["title.ratings"] == pytest.approx(1.6, rel=0.1)
    assert whole["title.akas"] == pytest.approx(52, rel=0.1)
    assert whole["title.principals"] == pytest.approx(94, rel=0.1)
    assert whole["name.basics"] == pytest.approx(14.5)
    dataset = load_dataset(tmp_path / "a")
    assert len(dataset.catalogue) / share == pytest.approx(170_000, rel=0.25)
    assert set(dataset.dropped) == {
        "title.basics: it has too few votes",
        "title.basics: it is a series, an episode or a game",
        "title.basics: it is for adults",
    }
