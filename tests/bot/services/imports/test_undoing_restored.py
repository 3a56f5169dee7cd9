"""Undoing the import of the bot's own export takes back what its restored imports did since, too."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.services.imports.undoing import Undone
from recommender.catalogue import Movie
from tests.bot.services.imports import files
from tests.bot.services.imports.conftest import ANA, BEN, MOVIES, Library, opened
from tests.bot.services.imports.files import ALIEN, Film
from tests.bot.services.imports.test_round_trip import exports
from tests.bot.services.imports.test_waiting import LATER, grow

MISSING = Film("Not There", 2015, 2.5)
EMPTY: dict[str, dict[str, float | None]] = {"ratings": {}, "seen": {}, "watchlist": {}}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "two"


async def exported(
    tmp_path: Path, *brought: str | bytes, unrate: Sequence[int] = ()
) -> tuple[bytes, datetime]:
    """The export of somebody who brought some files and took back some ratings."""
    async with opened(tmp_path / "one", *MOVIES) as library:
        for data in brought:
            await library.bring(data, "export.zip" if isinstance(data, bytes) else "ratings.csv")
            library.clock.advance(hours=1)
        for movie_id in unrate:
            await library.ratings.unrate(ANA, movie_id)
        return (await exports(library).export(ANA, "Ana")).data, library.clock.now


@asynccontextmanager
async def elsewhere(home: Path, now: datetime) -> AsyncIterator[Library]:
    """Another bot, later."""
    async with opened(home, *MOVIES) as library:
        library.clock.now = now
        yield library


async def bring(library: Library, export: bytes) -> int:
    batch_id = await library.bring(export, "matinee.zip", BEN)
    library.clock.advance(hours=1)
    return batch_id


async def test_what_waited_and_found_its_movie_here_is_taken_back(tmp_path: Path, home: Path) -> None:
    content = {
        "ratings.csv": files.letterboxd_ratings([ALIEN, MISSING]),
        "watchlist.csv": files.letterboxd_plain([Film("Wanted", 2020)]),
        "watched.csv": files.letterboxd_plain([Film("Looked At", 2010)]),
    }
    export, now = await exported(tmp_path, files.archive(content))
    async with elsewhere(home, now) as library:
        batch_id = await bring(library, export)
        await grow(library, home, *MOVIES, *LATER)
        assert await library.state(BEN) == {
            "ratings": {"Alien": 4.5, "Not There": 2.5},
            "seen": {"Looked At": None},
            "watchlist": {"Wanted": None},
        }
        assert await library.imports.undo(BEN, batch_id) == Undone(2, 2, 0, 0)
        assert await library.state(BEN) == EMPTY
        left = await library.store.export_person(BEN)
        assert (left["import_entries"], left["import_waiting"]) == ([], [])


async def test_what_was_rated_by_hand_since_stays_and_is_counted(tmp_path: Path, home: Path) -> None:
    export, now = await exported(tmp_path, files.letterboxd_ratings([ALIEN, MISSING]))
    async with elsewhere(home, now) as library:
        batch_id = await bring(library, export)
        await grow(library, home, *MOVIES, *LATER)
        await library.rate(101, 5.0, BEN)
        assert await library.imports.undo(BEN, batch_id) == Undone(1, 0, 1, 0)
        assert await library.stars(BEN) == {"Not There": 5.0}


async def test_a_rating_of_before_is_back(tmp_path: Path, home: Path) -> None:
    export, now = await exported(tmp_path, files.letterboxd_ratings([ALIEN, MISSING]))
    async with elsewhere(home, datetime(2020, 1, 1, tzinfo=UTC)) as library:
        library.use(*MOVIES, *LATER)
        await library.rate(101, 1.0, BEN)
        library.use(*MOVIES)
        library.clock.now = now
        batch_id = await bring(library, export)
        await grow(library, home, *MOVIES, *LATER)
        assert await library.stars(BEN) == {"Alien": 4.5, "Not There": 2.5}
        assert await library.imports.undo(BEN, batch_id) == Undone(2, 0, 0, 0)
        assert await library.stars(BEN) == {"Not There": 1.0}


async def test_rows_of_two_imports_that_turned_out_to_be_one_movie(tmp_path: Path, home: Path) -> None:
    older, newer = MISSING._replace(date="2020-01-01"), Film("Nicht Da", 2015, 4.0)
    export, now = await exported(
        tmp_path, files.letterboxd_ratings([older]), files.letterboxd_ratings([newer])
    )
    async with elsewhere(home, now) as library:
        batch_id = await bring(library, export)
        await grow(library, home, *MOVIES, Movie(101, "Not There", 2015, aliases=("Nicht Da",)))
        changes = (await library.store.export_person(BEN))["rating_changes"]
        assert [row["stars"] for row in changes] == [2.5, 4.0]
        assert await library.imports.undo(BEN, batch_id) == Undone(1, 0, 0, 0)
        assert await library.stars(BEN) == {}


async def test_a_row_that_changed_a_rating_of_the_export(tmp_path: Path, home: Path) -> None:
    older, newer = ALIEN._replace(stars=2.0, date="2020-01-01"), Film("Obcy", 1979, 5.0)
    export, now = await exported(
        tmp_path, files.letterboxd_ratings([older]), files.letterboxd_ratings([newer])
    )
    async with elsewhere(home, now) as library:
        batch_id = await bring(library, export)
        await grow(library, home, MOVIES[0]._replace(aliases=("Obcy",)), *MOVIES[1:])
        assert await library.stars(BEN) == {"Alien": 5.0}
        assert await library.imports.undo(BEN, batch_id) == Undone(1, 0, 0, 0)
        assert await library.stars(BEN) == {}


async def test_an_undone_late_match_lets_what_stood_before_stand_again(tmp_path: Path, home: Path) -> None:
    export, now = await exported(tmp_path, files.letterboxd_ratings([MISSING]))
    async with elsewhere(home, datetime(2020, 1, 1, tzinfo=UTC)) as library:
        library.use(*MOVIES, *LATER)
        mine = await library.bring(
            files.letterboxd_ratings([MISSING._replace(stars=1.0, date="2019-01-01")]), user=BEN
        )
        library.use(*MOVIES)
        library.clock.now = now
        batch_id = await bring(library, export)
        await grow(library, home, *MOVIES, *LATER)
        await library.imports.undo(BEN, batch_id)
        assert await library.stars(BEN) == {"Not There": 1.0}
        assert await library.imports.undo(BEN, mine) == Undone(1, 0, 0, 0)
        assert await library.stars(BEN) == {}


async def test_a_rating_that_was_gone_before_is_not_counted_as_kept(tmp_path: Path, home: Path) -> None:
    export, now = await exported(tmp_path, files.letterboxd_ratings([ALIEN, MISSING]), unrate=[1])
    async with elsewhere(home, now) as library:
        batch_id = await bring(library, export)
        assert await library.imports.undo(BEN, batch_id) == Undone(0, 0, 0, 0)


async def test_what_imports_did_before_the_export_is_not_undone_step_by_step(
    tmp_path: Path, home: Path
) -> None:
    async with opened(tmp_path / "one", *MOVIES) as library:
        library.clock.now = datetime(2019, 1, 1, tzinfo=UTC)
        await library.rate(1, 3.0)
        library.clock.now = datetime(2024, 1, 1, tzinfo=UTC)
        await library.bring(files.letterboxd_ratings([ALIEN._replace(date="2020-01-01")]))
        await library.bring(files.letterboxd_ratings([ALIEN._replace(stars=2.0, date="2022-01-01")]))
        export, now = (await exports(library).export(ANA, "Ana")).data, library.clock.now
    async with elsewhere(home, now) as library:
        batch_id = await bring(library, export)
        assert await library.stars(BEN) == {"Alien": 2.0}
        assert await library.imports.undo(BEN, batch_id) == Undone(1, 0, 0, 0)
        assert await library.stars(BEN) == {}
