"""The registry of GroupLens' editions."""

import hashlib
import re
from pathlib import Path

import pytest

from recommender.datasets.editions import EDITIONS, Edition, edition_of


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)
def test_every_edition_can_be_checked_and_is_explained(edition: Edition) -> None:
    assert edition.url == f"https://files.grouplens.org/datasets/movielens/{edition.name}.zip"
    pattern = r"sha256:[0-9a-f]{64}|md5:[0-9a-f]{32}"
    # Only the edition that is renewed from time to time cannot be pinned.
    assert (
        edition.name == "ml-latest" if edition.checksum is None else re.fullmatch(pattern, edition.checksum)
    )
    assert "\n" not in edition.licence
    assert "commercial" in edition.licence


def test_an_edition_is_known_by_name_and_by_folder() -> None:
    assert edition_of("ML-1M") is edition_of("ml-1m") is not None
    by_folder = edition_of("ml-10M100K")
    assert by_folder is not None
    assert by_folder.name == "ml-10m"
    assert edition_of("ml-2m") is None


def test_the_pinned_checksum_is_that_of_the_published_file(ml_latest_small_zip: Path) -> None:
    edition = edition_of("ml-latest-small")
    assert edition is not None
    assert edition.bytes == ml_latest_small_zip.stat().st_size
    assert edition.checksum == "sha256:" + hashlib.sha256(ml_latest_small_zip.read_bytes()).hexdigest()
