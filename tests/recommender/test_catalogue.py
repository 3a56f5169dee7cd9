"""A catalogue keeps every fact, and finds every movie, whatever is done to it as a whole."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.catalogue import GENRES, Catalogue, CatalogueError, Movie
from recommender.columns import Texts

texts = st.text(max_size=12)
lists = st.lists(texts, max_size=3).map(tuple)
numbers = st.none() | st.integers(0, 2**31 - 1)
movies = st.builds(
    Movie,
    st.integers(-(2**40), 2**40),
    texts,
    st.none() | st.integers(0, 3000),
    st.lists(st.sampled_from(GENRES), max_size=3, unique=True).map(tuple),
    *[lists] * 4,
    st.none() | texts,
    numbers,
    numbers,
    st.none() | texts,
    numbers,
    lists,
    numbers,
    st.none() | st.floats(1, 10),
    lists,
)
sets = st.lists(movies, max_size=8, unique_by=lambda movie: movie.movie_id)
TODAY = date(2026, 11, 28)


@given(sets)
def test_the_movies_come_back_as_they_were(some: list[Movie]) -> None:
    catalogue = Catalogue(some)
    assert list(catalogue) == some
    assert catalogue.movies == some
    assert [catalogue[movie.movie_id] for movie in some] == some
    assert [catalogue.row(movie.movie_id) for movie in some] == list(range(len(some)))
    assert catalogue.number("year", -7).tolist() == [-7 if one.year is None else one.year for one in some]


@given(sets, st.data())
def test_some_of_them_and_others_behind_them_are_the_same_movies(
    some: list[Movie], data: st.DataObject
) -> None:
    rows = data.draw(st.permutations(range(len(some))))[: data.draw(st.integers(0, len(some)))]
    catalogue, rest = Catalogue(some), [row for row in range(len(some)) if row not in rows]
    taken = catalogue.take(rows)
    assert list(taken) == [some[row] for row in rows]
    assert list(taken.joined(catalogue.take(rest))) == [some[row] for row in [*rows, *rest]]
    assert len(taken.columns.texts) <= len(catalogue.columns.texts)


@given(sets)
def test_saved_and_loaded_it_is_the_same(tmp_path_factory: pytest.TempPathFactory, some: list[Movie]) -> None:
    folder = tmp_path_factory.mktemp("saved")
    Catalogue(some).save(folder / "one")
    loaded = Catalogue.load(folder / "one")
    assert list(loaded) == some
    loaded.save(folder / "two")
    assert (folder / "two").read_bytes() == (folder / "one").read_bytes()


def test_a_number_that_is_not_there_is_no_movie() -> None:
    catalogue = Catalogue([Movie(5, "Five"), Movie(-3, "Three")])
    assert 4 not in catalogue
    assert "5" not in catalogue
    assert catalogue.get(6) is None
    with pytest.raises(KeyError):
        catalogue[2**70]
    with pytest.raises(ValueError, match="share an id"):
        catalogue.joined(Catalogue([Movie(5, "Again")]))


def test_a_file_whose_arrays_do_not_fit_each_other_is_refused(tmp_path: Path) -> None:
    columns = Catalogue([Movie(1, "One", genres=("Drama",)), Movie(2, "Two")]).columns
    strange = {
        "a text is missing": columns._replace(singles=columns.singles + 5),
        "the arrays differ in length": columns._replace(movie_id=columns.movie_id[:1]),
        "do not fit": columns._replace(
            lists=tuple(one._replace(values=one.values[:0]) for one in columns.lists)
        ),
    }
    for problem, content in strange.items():
        saved = Catalogue(columns)
        saved.columns = content
        saved.save(tmp_path / "catalogue.npz")
        with pytest.raises(CatalogueError, match=problem):
            Catalogue.load(tmp_path / "catalogue.npz")


def test_texts_that_begin_within_a_character_are_refused() -> None:
    whole = Texts.of(["é", "a"])
    starts = whole.starts.copy()
    starts[1] = 1
    with pytest.raises(ValueError, match="middle of a character"):
        Texts(whole.buffer, starts)


@pytest.mark.parametrize(
    ("year", "votes", "released"),
    [
        (2025, None, True),
        (2031, 5000, False),
        (2026, None, True),
        (2026, 0, False),
        (2026, 10, True),
        (None, 0, False),
        (None, 3, False),
        (None, None, True),
    ],
)
def test_a_film_that_nobody_can_have_seen_is_not_released(
    year: int | None, votes: int | None, released: bool
) -> None:
    assert Movie(1, "Some Film", year, votes=votes).is_released(TODAY) is released
