"""Typed ratings whose movie is not known: kept, changed, matched by the rules of titles, and told of once."""

from datetime import date
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.services import unmatched as subject
from bot.services.answers import RatingChange
from bot.services.data import DataSets
from bot.services.exporting import Exports
from bot.services.unmatched import Unmatched, UnmatchedRows, found_lines, kept_line
from bot.services.wording import change_line
from bot.store import imports, meta, personal
from recommender.catalogue import Catalogue, Movie
from recommender.datasets.dataset import Dataset, Ratings
from tests.bot.services.imports import files
from tests.bot.services.imports.conftest import ANA, BEN, MOVIES, Library, opened
from tests.bot.services.imports.files import Film
from tests.bot.services.imports.test_waiting import grow

OPPENHEIMER = Movie(200, "Oppenheimer", 2023, votes=900_000)


def rows_of(library: Library) -> UnmatchedRows:
    return UnmatchedRows(library.store, library.shelf, library.ratings, library.clock)


async def kept(library: Library, text: str, stars: float, user: int = ANA) -> Unmatched:
    row = await rows_of(library).keep(user, f"user {user}", text, stars)
    assert isinstance(row, Unmatched)
    return row


async def waiting(library: Library, user: int = ANA) -> list[tuple[str, float | None]]:
    return [(row.name, row.stars) for row in (await rows_of(library).page(user, size=100)).rows]


async def test_what_is_typed_is_kept_changed_and_taken_back(tmp_path: Path) -> None:
    async with opened(tmp_path, *MOVIES) as library:
        rows = rows_of(library)
        first = await kept(library, "  Oppenheimer   (2023) ", 5.0)
        assert (first.title, first.year, first.previous) == ("Oppenheimer", 2023, None)
        again = await kept(library, "oppenheimer", 3.5)
        assert (again.waiting_id, again.year, again.previous) == (first.waiting_id, 2023, 5.0)
        await rows.keep(ANA, "Ana", "Oppenheimer (2031)", 1.0)
        await rows.keep(BEN, "Ben", "Oppenheimer", 2.0)
        assert await waiting(library) == [("Oppenheimer (2031)", 1.0), ("oppenheimer (2023)", 3.5)]
        with pytest.raises(UserError):
            await rows.remove(BEN, first.waiting_id)
        assert (await rows.remove(ANA, first.waiting_id)).stars == 3.5
        with pytest.raises(UserError):
            await rows.remove(ANA, first.waiting_id)
        assert await waiting(library) == [("Oppenheimer (2031)", 1.0)]
        assert await waiting(library, BEN) == [("Oppenheimer", 2.0)]
        assert await library.stars() == {}


@pytest.mark.parametrize("text", ["", "  ", "\x00", "x" * 301, "x" * 401])
async def test_what_is_no_title_is_not_kept(tmp_path: Path, text: str) -> None:
    async with opened(tmp_path, *MOVIES) as library:
        with pytest.raises(UserError):
            await rows_of(library).keep(ANA, "Ana", text, 5.0)
        assert await waiting(library) == []


@pytest.mark.parametrize("title", ["$", "...", "שלום", "😀" * 100, "'; DROP TABLE ratings; --", "100% <@1>"])
async def test_any_title_is_kept_as_it_was_typed(tmp_path: Path, title: str) -> None:
    async with opened(tmp_path, *MOVIES) as library:
        await rows_of(library).keep(ANA, "Ana", title, 5.0)
        await rows_of(library).keep(ANA, "Ana", title, 4.0)
        assert await waiting(library) == [(title, 4.0)]
        await grow(library, tmp_path, *MOVIES, OPPENHEIMER)
        assert await waiting(library) == [(title, 4.0)]


@pytest.mark.parametrize(
    ("typed", "come", "stars"),
    [
        ("Oppenheimer (2023)", [OPPENHEIMER], {"Oppenheimer": 4.5}),
        ("oppenheimer 2023", [OPPENHEIMER], {"Oppenheimer": 4.5}),
        ("Oppenheimer", [OPPENHEIMER], {"Oppenheimer": 4.5}),
        # A year is binding.
        ("Oppenheimer (2022)", [OPPENHEIMER], {}),
        # Two of the name, one of them not far better known.
        ("Oppenheimer", [OPPENHEIMER, Movie(201, "Oppenheimer", 1980, votes=800_000)], {}),
        # The year of a title that ends in a number.
        (
            "Wonder Woman 1984",
            [Movie(202, "Wonder Woman 1984", 2020, votes=900_000)],
            {"Wonder Woman 1984": 4.5},
        ),
        # Nearly is not.
        ("Openheimer (2023)", [OPPENHEIMER], {}),
        ("The Oppenheimer (2023)", [OPPENHEIMER], {}),
    ],
)
async def test_a_row_is_matched_only_where_the_title_would_have_been_recorded(
    tmp_path: Path, typed: str, come: list[Movie], stars: dict[str, float]
) -> None:
    async with opened(tmp_path, *MOVIES) as library:
        await rows_of(library).keep(ANA, "Ana", typed, 4.5)
        at_once = library.shelf.current.titles.find(typed).kind == "one"
        assert not at_once
        await grow(library, tmp_path, *MOVIES, *come)
        assert (library.shelf.current.titles.find(typed).kind == "one") == bool(stars)
        assert await library.stars() == stars
        assert await waiting(library) == ([] if stars else [(typed, 4.5)])
        told = await rows_of(library).news(ANA)
        assert [one.movie.title for one in told] == [*stars]
        assert await rows_of(library).news(ANA) == ()
        assert (await library.store.export_person(ANA))["import_waiting"] == [] or not stars


async def test_the_rating_is_of_the_time_at_which_it_was_typed_and_a_later_one_stays(tmp_path: Path) -> None:
    async with opened(tmp_path, *MOVIES) as library:
        typed = await kept(library, "Oppenheimer", 4.5)
        await rows_of(library).keep(BEN, "Ben", "Oppenheimer", 1.0)
        library.clock.advance(days=1)
        library.use(*MOVIES, OPPENHEIMER)
        await library.rate(OPPENHEIMER.movie_id, 3.0, BEN)
        await grow(library, tmp_path, *MOVIES, OPPENHEIMER)
        (row,) = (await library.store.export_person(ANA))["ratings"]
        assert (row["stars"], row["rated_at"]) == (4.5, typed.noted_at.isoformat())
        assert await library.stars(BEN) == {"Oppenheimer": 3.0}
        assert await rows_of(library).news(BEN) == ()
        assert await waiting(library, BEN) == []
        # It is a rating like others.
        (change,) = (await library.store.export_person(ANA))["rating_changes"]
        await library.ratings.undo(ANA, change["change_id"])
        assert await library.stars() == {}


async def test_what_was_cut_off_is_matched_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(tmp_path, *MOVIES) as library:
        await rows_of(library).keep(ANA, "Ana", "Oppenheimer", 4.5)
        with monkeypatch.context() as patch:

            def fail(*_: object, **__: object) -> None:
                raise OSError("the disk is full")

            patch.setattr(subject.changes, "record", fail)
            with pytest.raises(UserError, match="full"):
                await grow(library, tmp_path, *MOVIES, OPPENHEIMER)
        assert await library.stars() == {}
        assert await waiting(library) == [("Oppenheimer", 4.5)]
        await library.imports.start()
        assert await library.stars() == {"Oppenheimer": 4.5}


async def test_imported_rows_wait_among_them_and_can_be_typed_again(tmp_path: Path) -> None:
    async with opened(tmp_path, *MOVIES) as library:
        batch_id = await library.bring(
            files.letterboxd_ratings([Film("Not There", 2015, 2.5), Film("Klaus", 2019, 4.0)])
        )
        assert sorted(await waiting(library)) == [("Klaus (2019)", 4.0), ("Not There (2015)", 2.5)]
        await rows_of(library).keep(ANA, "Ana", "klaus", 5.0)
        assert sorted(await waiting(library)) == [("Not There (2015)", 2.5), ("klaus (2019)", 5.0)]
        await library.imports.undo(ANA, batch_id)
        assert await waiting(library) == [("klaus (2019)", 5.0)]
        # The same row of a file again is not kept twice.
        await library.bring(files.letterboxd_ratings([Film("klaus", 2019, 5.0)]))
        assert await waiting(library) == [("klaus (2019)", 5.0)]


async def test_only_so_many_rows_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "MOST_KEPT", 2)
    async with opened(tmp_path, *MOVIES) as library:
        rows = rows_of(library)
        await library.bring(files.letterboxd_ratings([Film("Not There", 2015, 2.5)]))
        await rows.keep(ANA, "Ana", "Klaus", 5.0)
        with pytest.raises(UserError, match="2 rows of yours wait"):
            await rows.keep(ANA, "Ana", "Oppenheimer", 5.0)
        await rows.keep(ANA, "Ana", "Klaus", 4.0)
        await rows.keep(BEN, "Ben", "Oppenheimer", 5.0)
        async with library.store.read() as db:
            assert await imports.kept_count(db, ANA) == 2


async def test_what_waits_goes_along_with_an_export_and_is_matched_there(tmp_path: Path) -> None:
    async with opened(tmp_path / "here", *MOVIES) as library:
        await rows_of(library).keep(ANA, "Ana", "Oppenheimer", 4.5)
        await rows_of(library).keep(ANA, "Ana", "Klaus (2019)", 5.0)

        async def paint(_user: int, _name: str) -> list[object]:
            return []

        data = (await Exports(library.store, paint, library.clock).export(ANA, "Ana")).data  # type: ignore[arg-type]
    async with opened(tmp_path / "there", *MOVIES) as library:
        batch_id = await library.bring(data, "export.zip")
        assert sorted(await waiting(library)) == [("Klaus (2019)", 5.0), ("Oppenheimer", 4.5)]
        await grow(library, tmp_path / "there", *MOVIES, OPPENHEIMER)
        assert await library.stars() == {"Oppenheimer": 4.5}
        await library.imports.undo(ANA, batch_id)
        assert await waiting(library) == []


async def test_all_of_it_is_deleted_with_the_person(tmp_path: Path) -> None:
    async with opened(tmp_path, *MOVIES) as library:
        await rows_of(library).keep(ANA, "Ana", "Oppenheimer", 4.5)
        await rows_of(library).keep(ANA, "Ana", "Klaus", 4.5)
        await grow(library, tmp_path, *MOVIES, OPPENHEIMER)
        async with library.store.write() as db:
            await personal.delete_person(db, ANA)
        assert await waiting(library) == []
        assert await rows_of(library).news(ANA) == ()


@pytest.mark.parametrize(
    ("catalogue", "until", "said"),
    [
        (MOVIES, None, "ends in 2021"),
        ((*MOVIES, Movie(9_9, "Later", 2031)), None, "ends in 2021"),
        ((*MOVIES, OPPENHEIMER), "2023-07-20", "ends on 20 July 2023"),
        (MOVIES, "2023-07-20", "ends in 2021"),
        ((Movie(1, "Nobody Knows When", None),), None, ""),
    ],
)
async def test_it_says_truly_up_to_when_movies_are_known(
    tmp_path: Path, catalogue: tuple[Movie, ...], until: str | None, said: str
) -> None:
    async with opened(tmp_path, *MOVIES) as library:
        day = None if until is None else date.fromisoformat(until)
        Dataset("some", Catalogue(catalogue), Ratings.empty(), until=day).save(tmp_path / "datasets" / "some")
        await DataSets(library.store, library.shelf, tmp_path, library.clock).add("some")
        rows = rows_of(library)
        assert rows.reach == said
        row = await kept(library, "Zzyzx", 4.5)
        known = f" (my catalogue {said})" if said else ""
        assert (
            kept_line(row, rows.reach, "*Zzyzx*")
            == f"I do not know *Zzyzx* yet{known}. Kept; it counts as soon as I do."
        )
        async with library.store.read() as db:
            assert await meta.get(db, meta.UNSETTLED) == ""


def test_many_at_once_are_told_briefly() -> None:
    found = [subject.Found(f"film {n}", Movie(n, f"Film {n}", 2031), 4.0) for n in range(8)]
    lines = found_lines(found)
    assert lines[0] == "I know Film 0 (2031) now: the 4 stars that you gave “film 0” count"
    assert lines[-1] == "and 3 more that waited"
    assert len(lines) == 6


async def rated(library: Library) -> list[tuple[str, float, bool]]:
    page = await library.ratings.page(ANA)
    return [(one.movie.name, one.stars, one.known) for one in page.ratings]


async def test_a_film_with_another_number_at_imdb_is_followed(tmp_path: Path) -> None:
    old = Movie(100, "Oppenheimer", 2023, imdb_id=111, tmdb_id=5)
    new = Movie(500, "Oppenheimer", 2023, imdb_id=222)
    async with opened(tmp_path, *MOVIES) as library:
        await grow(library, tmp_path, *MOVIES, old, name="first")
        await library.rate(100, 4.5)
        for catalogue in ([*MOVIES, new], [*MOVIES, new._replace(movie_id=7000)], [*MOVIES, new]):
            await grow(library, tmp_path, *catalogue)
            assert await rated(library) == [("Oppenheimer (2023)", 4.5, True)]
            assert await library.ratings.profile(ANA) == {catalogue[-1].movie_id: 4.5}
        (row,) = (await library.store.export_person(ANA))["ratings"]
        assert (row["imdb_id"], row["tmdb_id"]) == (222, 5)


@pytest.mark.parametrize(
    ("there", "come"),
    [
        # Another film of that name and year, which was there all the time.
        ([Movie(101, "Oppenheimer", 2023, imdb_id=222)], [Movie(101, "Oppenheimer", 2023, imdb_id=222)]),
        ([], [Movie(101, "Oppenheimer", 2024, imdb_id=222)]),
        ([], [Movie(101, "Oppenheimer", 2023, imdb_id=222, tmdb_id=6)]),
        ([], [Movie(101, "Oppenheimer", 2023, imdb_id=222), Movie(102, "Oppenheimer", 2023, imdb_id=333)]),
        ([], []),
    ],
)
async def test_a_film_that_vanished_keeps_its_rating_and_becomes_no_other(
    tmp_path: Path, there: list[Movie], come: list[Movie]
) -> None:
    old = Movie(100, "Oppenheimer", 2023, imdb_id=111, tmdb_id=5)
    async with opened(tmp_path, *MOVIES) as library:
        await grow(library, tmp_path, *MOVIES, old, *there, name="first")
        await library.rate(100, 4.5)
        await grow(library, tmp_path, *MOVIES, *come)
        assert await rated(library) == [("Oppenheimer (2023)", 4.5, False)]
        assert await library.ratings.profile(ANA) == {}
        await grow(library, tmp_path, *MOVIES, old, *there, name="back")
        assert await library.ratings.profile(ANA) == {100: 4.5}


async def test_rating_a_film_that_vanished_changes_its_rating(tmp_path: Path) -> None:
    old = Movie(100, "Oppenheimer", 2023, imdb_id=111)
    async with opened(tmp_path, *MOVIES) as library:
        await grow(library, tmp_path, *MOVIES, old, name="first")
        await library.rate(100, 4.5)
        await grow(library, tmp_path, *MOVIES)
        change = await rows_of(library).keep(ANA, "Ana", "oppenheimer", 2.0)
        assert isinstance(change, RatingChange)
        assert "recorded 2 stars for Oppenheimer (2023), was 4½" in change_line(change)
        assert "counts again as soon as it is back" in change_line(change)
        assert await waiting(library) == []
        assert await rated(library) == [("Oppenheimer (2023)", 2.0, False)]
        # Somebody else's is not theirs.
        assert isinstance(await rows_of(library).keep(BEN, "Ben", "Oppenheimer", 3.0), Unmatched)
        await grow(library, tmp_path, *MOVIES, old, name="back")
        assert await library.stars() == {"Oppenheimer": 2.0}
        assert await library.ratings.profile(BEN) == {100: 3.0}
