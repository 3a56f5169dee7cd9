"""What all tests share: real data where it is, and property tests that do not watch the clock."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

REAL_DATA = Path(os.environ.get("MATINEE_TEST_DATA") or Path(__file__).parents[2] / "shared" / "data")

FRESH = int(os.environ.get("MATINEE_TEST_SEED") or datetime.now(UTC).strftime("%Y%m%d"))
"""What tests begin with that are to see something else each day; printed, and set to see the same again."""

# Nobody's key is used up by tests.
os.environ.pop("MATINEE_TMDB_KEY", None)

LONGEST = (
    *("recommender/test_quality.py", "durability/test_kill_night.py", "imports/test_fuzz.py"),
    *("wire/test_nights.py", "services/test_warm_retrain.py", "cli/test_evaluate.py"),
)
"""The files that take longest."""


def pytest_report_header() -> str:
    """Say with what today's failures can be had again."""
    return f"MATINEE_TEST_SEED={FRESH}"


def pytest_configure(config: pytest.Config) -> None:
    """Where there is one core for each test process, keep each to its own.

    The event loop and the database's thread hand over to each other thousands of times a second, which
    costs half as much on one core.
    """
    worker = getattr(config, "workerinput", None)
    if worker is None or not hasattr(os, "sched_setaffinity"):
        return
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) == worker["workercount"]:
        os.sched_setaffinity(0, {cores[int(worker["workerid"].removeprefix("gw"))]})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the longest files first, so that no process idles at the end."""
    items.sort(key=lambda item: not item.path.as_posix().endswith(LONGEST))


settings.register_profile("matinee", deadline=None, derandomize=True)
settings.load_profile("matinee")


def _real(name: str) -> Path:
    path = REAL_DATA / name
    if not path.exists():
        pytest.skip(f"needs real data that is not part of the repository: {name} (see MATINEE_TEST_DATA)")
    return path


@pytest.fixture(scope="session")
def ml_latest_small_zip() -> Path:
    """MovieLens ml-latest-small as GroupLens publishes it."""
    return _real("ml-latest-small.zip")


@pytest.fixture(scope="session")
def the_movies_dataset() -> Path:
    """A folder with files of Kaggle's The Movies Dataset."""
    return _real("the-movies-dataset")


@pytest.fixture(scope="session")
def imdb_sample() -> Path:
    """A folder with IMDb's six files, cut down to 84,188 films."""
    return _real("imdb-sample")
