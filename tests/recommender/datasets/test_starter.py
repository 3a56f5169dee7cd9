"""Reading the starter set, and the check that tells what is wrong with it."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from recommender.catalogue import Movie
from recommender.datasets.dataset import DatasetError
from recommender.datasets.starter import (
    FILMS,
    FRIENDS,
    STARTER,
    check_starter,
    load_friends,
    load_starter,
    main,
)

Rows = list[list[str]]
TITLE, YEAR, GENRES, CAST, KEYWORDS, LANGUAGE = 1, 2, 3, 5, 6, 7


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (FILMS, FRIENDS):
        shutil.copy(STARTER / name, tmp_path / name)
    return tmp_path


def change(file: Path, edit: Callable[[Rows], object]) -> None:
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    edit(rows)
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def put(row: int, column: int, value: str) -> Callable[[Rows], object]:
    return lambda rows: rows[row].__setitem__(column, value)


def test_the_starter_set_is_read_as_it_is_written(folder: Path) -> None:
    people = ["Akira Kurosawa", "Tatsuya Nakadai|Mieko Harada"]
    fields = ["7", "Ran", "1985", "Action|Drama", *people, "war|betrayal|madness", "ja", "乱"]
    change(folder / FILMS, lambda rows: rows.__setitem__(slice(1, None), [fields]))
    dataset = load_starter(folder)
    assert dataset.name == "starter"
    assert len(dataset.ratings) == 0
    assert list(dataset.catalogue) == [
        Movie(
            7,
            "Ran",
            1985,
            ("Action", "Drama"),
            aliases=("乱",),
            directors=("Akira Kurosawa",),
            cast=("Tatsuya Nakadai", "Mieko Harada"),
            keywords=("war", "betrayal", "madness"),
            language="ja",
        )
    ]


def test_friends_rate_by_movie_id(folder: Path) -> None:
    movie = next(iter(load_starter(folder).catalogue))
    change(
        folder / FRIENDS,
        lambda rows: rows.__setitem__(slice(1, None), [["Zoe", movie.title, str(movie.year), "3.5"]]),
    )
    assert load_friends(folder) == {"Zoe": {movie.movie_id: 3.5}}


def test_nothing_is_wrong_with_the_starter_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_starter() == []
    assert main() == 0
    assert capsys.readouterr().out == ""


def test_problems_are_printed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    change(folder / FILMS, put(1, YEAR, "1066"))
    problems = check_starter(folder)
    monkeypatch.setattr("recommender.datasets.starter.check_starter", lambda: problems)
    assert main() == 1
    assert capsys.readouterr().out == "".join(f"{problem}\n" for problem in problems)


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        (put(5, YEAR, "1066"), "the year is not plausible"),
        (put(5, TITLE, " A film"), "begins or ends with a space"),
        (put(5, TITLE, "Am�lie"), "a character was lost in an encoding"),
        (put(5, GENRES, "Drama|Splatter"), "genres must be MovieLens' names"),
        (put(5, GENRES, "Drama|Drama"), "genres must be MovieLens' names"),
        (put(5, GENRES, ""), "genres must be MovieLens' names"),
        (put(5, KEYWORDS, "war|love"), "three to six different keywords"),
        (put(5, KEYWORDS, "a|b|c|d|e|f|g"), "three to six different keywords"),
        (put(5, KEYWORDS, "war|war|love"), "three to six different keywords"),
        (put(5, CAST, "A|B|C|D"), "at most three leads"),
        (put(5, LANGUAGE, "English"), "is no ISO 639-1 code"),
        (lambda rows: rows.append(["999999", *rows[5][1:]]), "is there 2 times"),
        (lambda rows: rows.append(list(rows[5])), "share an id"),
        (lambda rows: rows.__delitem__(slice(900, None)), "there must be 1000"),
        (
            lambda rows: rows.__setitem__(slice(1, None), [r for r in rows[1:] if r[YEAR][:3] != "193"]),
            "1930s",
        ),
        (put(0, TITLE, "name"), "must have the columns"),
        (lambda rows: rows[5].pop(), "not 9 fields"),
        (put(5, YEAR, "soon"), "is not a catalogue"),
    ],
)
def test_a_wrong_film_is_told(folder: Path, edit: Callable[[Rows], object], problem: str) -> None:
    change(folder / FILMS, edit)
    assert any(problem in line for line in check_starter(folder)), check_starter(folder)


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        (put(1, 3, "5.5"), "half stars from 0.5 to 5"),
        (put(1, 3, "4.2"), "half stars from 0.5 to 5"),
        (put(1, 3, "nan"), "half stars from 0.5 to 5"),
        (put(1, 3, "good"), "cannot be read"),
        (put(1, 1, "No Such Film"), "cannot be read"),
        (lambda rows: rows.append(list(rows[1])), "2 times"),
        (lambda rows: rows.__setitem__(slice(1, 20), []), "25 to 40 are wanted"),
    ],
)
def test_a_wrong_rating_is_told(folder: Path, edit: Callable[[Rows], object], problem: str) -> None:
    change(folder / FRIENDS, edit)
    assert any(problem in line for line in check_starter(folder)), check_starter(folder)


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\x00", b'movie_id,"title'])
@pytest.mark.parametrize("name", [FILMS, FRIENDS])
def test_a_file_that_cannot_be_read_is_one_line(folder: Path, name: str, content: bytes | None) -> None:
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    with pytest.raises(DatasetError) as caught:
        load_friends(folder)
    assert "\n" not in str(caught.value)
    assert name in str(caught.value)
    assert check_starter(folder) == [str(caught.value)]
