"""Rows that a corrected file replaced wait again when its import is undone."""

from pathlib import Path
from typing import Any

import pytest

from bot.errors import UserError
from bot.services.imports.telling import undone_line
from bot.services.privacy import Privacy
from bot.store import imports
from recommender.catalogue import Movie
from tests.bot.services.imports import files
from tests.bot.services.imports.conftest import ANA, MOVIES, Library, opened
from tests.bot.services.imports.files import ALIEN, Film
from tests.bot.services.imports.test_waiting import grow

TYPO, LOST = Film("Teh Matrix", 1999, 4.5), Film("Lost", 2001, 2.0)


async def waiting(library: Library) -> list[Any]:
    async with library.store.read() as db:
        return list(await imports.waiting(db, ANA))


async def counts(library: Library) -> dict[str, int]:
    """How many rows of each import wait, by file."""
    return {one.file: one.waiting for one in await library.imports.recent(ANA)}


async def correct(library: Library, batch_id: int, old: str, new: str) -> int:
    """Bring the waiting rows of an import again with a correction."""
    text = (await library.imports.unmatched(ANA, batch_id)).decode("utf-8-sig")
    assert old in text
    return await library.bring(text.replace(old, new), "unmatched.csv")


async def test_undoing_a_correction_brings_back_what_waited(library: Library) -> None:
    first = await library.bring(files.letterboxd_ratings([ALIEN, TYPO, LOST]))
    before, table = await waiting(library), await library.imports.unmatched(ANA, first)
    second = await correct(library, first, "Teh", "The")
    assert await library.stars() == {"Alien": 4.5, "The Matrix": 4.5}
    # What found no movie again waits as a row of the second import, and once.
    assert await counts(library) == {"unmatched.csv": 1, "ratings.csv": 0}
    assert [row.title for row in await waiting(library)] == ["Lost"]
    with pytest.raises(UserError, match="has found its movie"):
        await library.imports.unmatched(ANA, first)
    undone = await library.imports.undo(ANA, second)
    assert (undone.ratings, undone.waiting) == (1, 2)
    assert undone_line(undone).endswith("; without a movie again: 2 rows")
    assert await library.stars() == {"Alien": 4.5}
    assert await waiting(library) == before
    assert await library.imports.unmatched(ANA, first) == table
    # And they can be corrected as if nothing had been.
    await correct(library, first, "Teh", "The")
    assert await library.stars() == {"Alien": 4.5, "The Matrix": 4.5}


async def test_nothing_of_an_import_that_was_undone_waits_again(library: Library) -> None:
    first = await library.bring(files.letterboxd_ratings([ALIEN, TYPO]))
    second = await correct(library, first, "Teh", "The")
    await library.imports.undo(ANA, first)
    assert (await library.store.export_person(ANA))["import_waiting"] == []
    undone = await library.imports.undo(ANA, second)
    assert (undone.ratings, undone.waiting) == (1, 0)
    assert (await library.store.export_person(ANA))["import_waiting"] == []
    assert await library.stars() == {}


async def test_corrections_of_corrections_are_undone_in_any_order(library: Library) -> None:
    first = await library.bring(files.letterboxd_ratings([TYPO]))
    before = await waiting(library)
    second = await correct(library, first, "Teh", "Tha")
    between = await waiting(library)
    third = await correct(library, second, "Tha", "The")
    assert await waiting(library) == []
    await library.imports.undo(ANA, third)
    assert await waiting(library) == between
    third = await correct(library, second, "Tha", "The")
    await library.imports.undo(ANA, second)
    assert await waiting(library) == before
    assert (await library.imports.undo(ANA, third)).waiting == 0
    assert await waiting(library) == before


async def test_a_row_that_was_corrected_finds_no_movie_later(tmp_path: Path) -> None:
    async with opened(tmp_path, *MOVIES) as library:
        first = await library.bring(files.letterboxd_ratings([Film("Not There", 2015, 2.5)]))
        second = await correct(library, first, "Not There,2015", "Alien,1979")
        late = Movie(101, "Not There", 2015)
        await grow(library, tmp_path, *MOVIES, late)
        assert await library.stars() == {"Alien": 2.5}
        await library.imports.undo(ANA, second)
        assert await library.stars() == {}
        assert [row.title for row in await waiting(library)] == ["Not There"]
        # It waits like any other: for the next time that the catalogue grows.
        await grow(library, tmp_path, *MOVIES, late, Movie(102, "Any", 2000), name="larger still")
        assert await library.stars() == {"Not There": 2.5}


async def test_what_was_corrected_is_told_and_goes_with_its_person(library: Library) -> None:
    privacy = Privacy(library.store, library.clock)
    first = await library.bring(files.letterboxd_ratings([TYPO]))
    await correct(library, first, "Teh", "The")
    assert "1 imported or typed row that found no movie" in (await privacy.kept(ANA)).lines
    await privacy.delete(ANA)
    assert not any((await library.store.export_person(ANA)).values())
