"""CSV files that the bot hands out are harmless in a spreadsheet, and say the same when they come back."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import bot
from bot.services.exporting import letterboxd_table
from bot.services.imports.formats import returned
from bot.services.imports.parsing import parse
from bot.services.sheets import as_csv, original
from bot.store.imports import StoredWaiting
from recommender.datasets.title import one_line

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
TITLES = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(("", "'", "''", "=", "-", "@", "+", "'=", "''-")),
        st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20),
    ),
)


def cells(text: str) -> list[list[str]]:
    """The cells below the header, as a spreadsheet finds them."""
    return list(csv.reader(io.StringIO(text, newline="")))[1:]


def waiting(title: str, **facts: Any) -> StoredWaiting:
    noted = {"stars": 3.5, "noted_at": datetime(2024, 5, 1, tzinfo=UTC), "aliases": "", "why": "-"} | facts
    return StoredWaiting(1, 2, 3, "rating", title, 1999, 78748, 348, **noted)


@pytest.mark.parametrize("begin", FORMULAS)
@pytest.mark.parametrize("apostrophes", ["", "'", "''"])
def test_no_cell_begins_like_a_formula(begin: str, apostrophes: str) -> None:
    hostile = f"{apostrophes}{begin}cmd|' /C calc'!A0"
    text = as_csv(("Title", "Rating"), [(hostile, -1.5)])
    ((title, number),) = cells(text)
    assert not title.startswith(FORMULAS)
    assert original(title) == hostile
    # A number is no formula, and has to stay one.
    assert number == "-1.5"


@pytest.mark.parametrize("harmless", ["'71", "'", "''", "Alien", "", "8 ½", "a=b", "'Round Midnight"])
def test_what_is_no_formula_stays_as_it_is(harmless: str) -> None:
    assert cells(as_csv(("Title",), [(harmless, "")])) == [[harmless, ""]]
    assert original(harmless) == harmless


@given(st.lists(st.text(), min_size=1))
@example(["'=1", "=1", "''=1", "-", "'-"])
def test_every_text_comes_back_as_it_was(texts: list[str]) -> None:
    # A line of nothing at all would be none.
    (found,) = cells(as_csv(["x"] * len(texts), [["x", *texts]]))
    found = found[1:]
    assert [original(cell) for cell in found] == texts


@given(TITLES)
@example("=HYPERLINK(A1)")
@example("-30-")
@example("'-30-")
@example("'71")
@example("@midnight")
@example("+1")
def test_a_row_without_a_movie_is_imported_with_the_title_it_had(title: str) -> None:
    data = returned.write([waiting(title)])
    for row in cells(data.decode("utf-8-sig")):
        assert not any(cell.startswith(FORMULAS) for cell in row)
    (entry,) = parse("without-a-movie.csv", data).entries
    assert (entry.title, entry.year, entry.stars) == (one_line(title), 1999, 3.5)
    assert (entry.imdb_id, entry.tmdb_id, entry.replaces) == (78748, 348, (2, 3))


@given(TITLES, st.integers(1, 10))
def test_the_tables_of_an_export_are_imported_with_the_values_they_had(title: str, halves: int) -> None:
    rows = [{"title": title, "year": 1999, "imdb_id": 78748, "tmdb_id": 348, "stars": halves / 2}]
    text = letterboxd_table(rows)
    for row in cells(text):
        assert not any(cell.startswith(FORMULAS) for cell in row)
    (entry,) = parse("ratings.csv", text.encode()).entries
    assert (entry.title, entry.year, entry.stars) == (one_line(title), 1999, halves / 2)


def test_nothing_else_writes_csv() -> None:
    root = Path(bot.__file__).parent
    writers = [
        file
        for file in root.rglob("*.py")
        if "csv.writer" in (text := file.read_text()) or "DictWriter" in text
    ]
    assert [file.relative_to(root).as_posix() for file in writers] == ["services/sheets.py"]
