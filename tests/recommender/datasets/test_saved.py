"""A data set that was saved and then damaged."""

import json
from pathlib import Path

import pytest

from recommender import Movie, load_dataset
from recommender.datasets.dataset import CATALOGUE_FILE, INFO_FILE, RATINGS_FILE, Dataset, DatasetError
from tests.recommender.datasets.editions_on_disk import CSV_EDITION, write_folder


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    load_dataset(write_folder(tmp_path / "ml-mine", CSV_EDITION)).save(tmp_path / "saved")
    return tmp_path / "saved"


def is_refused(folder: Path) -> bool:
    """Whether it is refused, in one line; it is loaded otherwise."""
    try:
        Dataset.load(folder)
    except DatasetError as error:
        line = str(error)
    else:
        return False
    assert "does not hold a readable data set" in line
    assert len(line.splitlines()) == 1
    return True


@pytest.mark.parametrize("name", [INFO_FILE, CATALOGUE_FILE, RATINGS_FILE])
def test_a_file_cut_anywhere_is_refused(saved: Path, name: str) -> None:
    whole = (saved / name).read_bytes()
    for length in range(0, len(whole), 41):
        (saved / name).write_bytes(whole[:length])
        assert is_refused(saved)
    (saved / name).unlink()
    assert is_refused(saved)


@pytest.mark.parametrize("name", [INFO_FILE, CATALOGUE_FILE, RATINGS_FILE])
@pytest.mark.parametrize("flip", [0x01, 0x55, 0x80])
def test_any_broken_byte_is_refused_or_harmless(saved: Path, name: str, flip: int) -> None:
    whole = (saved / name).read_bytes()
    refused = 0
    for position in range(0, len(whole), max(2, len(whole) // 1000)):
        (saved / name).write_bytes(whole[:position] + bytes([whole[position] ^ flip]) + whole[position + 1 :])
        refused += is_refused(saved)
    assert refused > 0


@pytest.mark.parametrize("text", ["[]", "null", "7", '{"name": "x"}', "{", "\ufeff"])
def test_another_document_is_refused(saved: Path, text: str) -> None:
    (saved / INFO_FILE).write_text(text, encoding="utf-8")
    assert is_refused(saved)


@pytest.mark.parametrize("version", [2, 3])
def test_a_catalogue_of_an_earlier_version_is_of_use(saved: Path, version: int) -> None:
    now = Dataset.load(saved).catalogue
    names = Movie._fields[: Movie._fields.index("collection" if version == 2 else "writers")]
    columns = {name: [getattr(movie, name) for movie in now] for name in names}
    (saved / CATALOGUE_FILE).unlink()
    (saved / "catalogue.json").write_text(json.dumps({"format": version, "columns": columns}))
    assert Dataset.load(saved).catalogue.movies == now.movies
    (saved / "catalogue.json").write_text(json.dumps({"format": 1, "columns": columns}))
    assert is_refused(saved)
