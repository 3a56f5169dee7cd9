"""Every movie of ml-latest-small and of the sample of IMDb, typed by its title: none is recorded wrongly."""

from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from ..recommender.test_titles_sample import check_known, check_missing_ones, joined

PARTS = 100
"""A hundredth of the movies is taken out at once."""


def test_every_movie_known_and_missing(
    benchmark: BenchmarkFixture, ml_latest_small_zip: Path, imdb_sample: Path
) -> None:
    if benchmark.disabled:
        pytest.skip("100,000 titles take a quarter of an hour: run with --benchmark-enable")
    world = joined(ml_latest_small_zip, imdb_sample)

    def check() -> None:
        for movie in world.catalogue:
            check_known(world, movie)
        check_missing_ones(world, list(range(len(world.catalogue))), PARTS)

    benchmark.pedantic(check, rounds=1)
    benchmark.extra_info.update(movies=len(world.catalogue))
