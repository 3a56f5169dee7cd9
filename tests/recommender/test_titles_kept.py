"""The tables of a title index are kept in a file, and made anew where that does not fit."""

from pathlib import Path

import numpy as np
import pytest

from recommender.catalogue import Catalogue, Movie
from recommender.titles import TitleIndex, kept

MOVIES = [
    Movie(1, "The Lord of the Rings: The Two Towers", 2002, aliases=("Der Herr der Ringe", "指輪物語")),
    Movie(2, "Rocky II", 1979),
    Movie(3, "Amélie", 2001, aliases=("Le Fabuleux Destin d'Amélie Poulain",)),
    Movie(4, "$", 1971),
    Movie(5, "Rocky", 1976),
]
TYPED = (
    "rocky",
    "Rocky 2",
    "rokcy",
    "lotr",
    "two towers",
    "指輪",
    "fabuleux destin",
    "herr der",
    "$",
    "am",
    "",
)


@pytest.fixture(autouse=True)
def even_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "WORTH", 0)


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the catalogues whose tables were built."""
    sizes: list[int] = []
    build = kept.build

    def watched(catalogue: Catalogue, order: np.ndarray) -> kept.Tables:
        sizes.append(len(catalogue))
        return build(catalogue, order)

    monkeypatch.setattr(kept, "build", watched)
    return sizes


def test_an_index_that_was_kept_answers_as_the_one_that_was_built(tmp_path: Path, built: list[int]) -> None:
    file = tmp_path / "titles.npz"
    fresh, again = (TitleIndex(Catalogue(MOVIES), range(50, 55), file) for _ in range(2))
    assert built == [5]
    for text in TYPED:
        assert fresh.find(text) == again.find(text)
        assert fresh.suggest(text) == again.suggest(text)
    assert again.find("rocky").movies[0] == MOVIES[4]
    assert [one.name for one in tmp_path.iterdir()] == ["titles.npz"]


def test_other_titles_or_another_order_are_made_anew(tmp_path: Path, built: list[int]) -> None:
    file = tmp_path / "titles.npz"
    TitleIndex(Catalogue(MOVIES), file=file)
    renamed = [*MOVIES[:4], MOVIES[4]._replace(title="Creed")]
    assert TitleIndex(Catalogue(renamed), file=file).find("creed").movies == (renamed[4],)
    assert TitleIndex(Catalogue(MOVIES), file=file).find("creed").movies == ()
    aliased = [*MOVIES[:4], MOVIES[4]._replace(aliases=("Roki",))]
    assert TitleIndex(Catalogue(aliased), file=file).suggest("roki")[0] == aliased[4]
    assert len(built) == 4
    TitleIndex(Catalogue(aliased), range(5), file=file)
    assert len(built) == 5
    TitleIndex(Catalogue(aliased), [10.0 * one for one in range(5)], file=file)
    assert len(built) == 5


@pytest.mark.parametrize("damage", ["cut", "changed", "emptied", "other"])
def test_a_damaged_file_is_made_anew(tmp_path: Path, built: list[int], damage: str) -> None:
    file = tmp_path / "titles.npz"
    TitleIndex(Catalogue(MOVIES), file=file)
    whole = file.read_bytes()
    middle = len(whole) // 2
    file.write_bytes(
        {
            "cut": whole[:middle],
            "changed": whole.replace(b"rocky", b"rokki"),
            "emptied": b"",
            "other": b"no index at all" * 100,
        }[damage]
    )
    index = TitleIndex(Catalogue(MOVIES), file=file)
    assert len(built) == 2
    assert index.suggest("rocky")[0] in (MOVIES[1], MOVIES[4])
    assert file.read_bytes() == whole


def test_where_nothing_can_be_written_titles_are_found_all_the_same(tmp_path: Path) -> None:
    index = TitleIndex(Catalogue(MOVIES), file=tmp_path / "missing" / "titles.npz")
    assert index.find("Rocky II").movies == (MOVIES[1],)
    assert not (tmp_path / "missing").exists()


def test_a_small_catalogue_needs_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "WORTH", len(MOVIES) + 1)
    TitleIndex(Catalogue(MOVIES), file=tmp_path / "titles.npz")
    assert not list(tmp_path.iterdir())
