"""A large import is stored a slice at a time: others write in between, and it is one import all the same."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.errors import UserError
from bot.services.imports import service
from bot.services.imports.formats import own
from bot.services.privacy import Privacy
from bot.store import Connection, imports
from recommender.catalogue import Movie
from tests.bot.services.imports import files
from tests.bot.services.imports.conftest import ANA, BEN, MOVIES, Library, opened
from tests.bot.services.imports.files import ALIEN, AMELIE, MATRIX, Film
from tests.bot.services.imports.test_round_trip import exported, live
from tests.bot.services.imports.test_waiting import grow

ROWS = 40
FILMS = [Film(f"Film Number {n}", 1950 + n % 70, 3.0) for n in range(ROWS)]
KNOWN = [Movie(1001 + n, film.title, film.year) for n, film in enumerate(FILMS)]
UNKNOWN = [Film(f"Nobody's Number {n}", 1950 + n % 70, 3.0) for n in range(ROWS)]
CLEO = 33


@pytest.fixture(autouse=True)
def short_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "AT_ONCE", 7)


class Cut(Exception):
    """Stands for whatever ends an import: a full disk, a mistake of ours."""


def after_each_write(library: Library, then: Callable[[int], Awaitable[None]]) -> None:
    """Have something done after each transaction that writes, told which one it was, from 1."""
    write, count = library.store.write, 0

    @asynccontextmanager
    async def watched() -> AsyncGenerator[Connection]:
        nonlocal count
        async with write() as db:
            yield db
        count += 1
        await then(count)

    library.store.write = watched


async def everything(library: Library, *people: int) -> dict[str, Any]:
    """All that is kept of people, but for imports that wait to be confirmed."""
    found: dict[str, Any] = {}
    for person in people:
        tables = await library.store.export_person(person)
        for table, rows in tables.items():
            if table == "hidden_ratings":
                # Hidden first of all, and so it stays: nobody is to see half of what somebody hides.
                continue
            found[f"{person} {table}"] = [row for row in rows if row.get("applied_at", "") is not None]
    return found


def content(known: list[Film], unknown: list[Film]) -> bytes:
    return files.archive(
        {
            "ratings.csv": files.letterboxd_ratings([*known[:-10], *unknown]),
            "watched.csv": files.letterboxd_plain(known[-10:]),
            "watchlist.csv": files.letterboxd_plain(known[:10]),
        }
    )


async def test_others_write_and_are_heard_in_the_middle_of_an_import(tmp_path: Path) -> None:
    async with opened(tmp_path, *KNOWN) as library:
        preview = await library.begin(content(FILMS, UNKNOWN), "export.zip")
        library.clock.advance(seconds=1)
        heard: list[int] = []

        async def rate(number: int) -> None:
            if number == 10:
                heard.append(len(await library.stars(ANA)))
                library.store.write = plain
                # What is written here is on disk while the import goes on.
                await library.rate(1005, 1.5, BEN)
                await library.rate(1025, 5.0, ANA)
                await library.rate(1001, 5.0, ANA)
                assert await library.stars(BEN) == {"Film Number 4": 1.5}

        plain = library.store.write
        after_each_write(library, rate)
        done = await library.imports.confirm(ANA, "Ana", preview.batch_id)
        assert 0 < heard[0] < ROWS - 10
        mine = await library.stars(ANA)
        assert len(mine) == ROWS - 10
        # Rated by hand meanwhile: newer than what the file says, before its slice and after it.
        assert (mine["Film Number 24"], mine["Film Number 0"]) == (5.0, 5.0)
        assert (done.new, done.seen, done.wanted, done.waiting) == (ROWS - 11, 10, 10, ROWS)
        undone = await library.imports.undo(ANA, preview.batch_id)
        assert (undone.ratings, undone.other, undone.kept) == (ROWS - 12, 20, 1)
        assert await library.state(ANA) == {
            "ratings": {"Film Number 0": 5.0, "Film Number 24": 5.0},
            "seen": {},
            "watchlist": {},
        }
        async with library.store.read() as db:
            assert await imports.kept_count(db, ANA) == 0


async def cut_everywhere(
    home: Path,
    prepare: Callable[[Library], Awaitable[int]],
    work: Callable[[Library, int], Awaitable[object]],
    *,
    restart: bool,
) -> tuple[int, dict[str, Any], dict[str, Any]]:
    """Cut something off after each of its writes; whatever is cut off is all of it or nothing afterwards.

    Returns
    -------
    int
        How often it was cut off.
    dict, dict
        What is kept before it, and when it is done.
    """
    cuts = 0
    whole: dict[str, Any] = {}
    before: dict[str, Any] = {}
    while True:
        async with opened(home / str(cuts), *KNOWN, *MOVIES) as library:
            batch_id = await prepare(library)
            before = await everything(library, ANA, BEN)

            async def cut(number: int, at: int = cuts) -> None:
                if number == at + 1:
                    raise asyncio.CancelledError if restart else Cut

            plain = library.store.write
            after_each_write(library, cut)
            try:
                await work(library, batch_id)
            except (asyncio.CancelledError, Cut):
                library.store.write = plain
                if restart:
                    await library.imports.start()
                found = await everything(library, ANA, BEN)
                assert found in (before, whole) if whole else True, cuts
                if found == before:
                    await work(library, batch_id)
                whole = whole or await everything(library, ANA, BEN)
                assert same(await everything(library, ANA, BEN)) == same(whole), cuts
            else:
                assert same(await everything(library, ANA, BEN)) == same(whole)
                return cuts, before, whole
        cuts += 1


def same(kept: dict[str, Any]) -> str:
    """What is kept without the numbers that a second try gives anew."""
    numbers = ("change_id", "last_change", "undoes", "waiting_id", "record_id", "movie_key", "batch_id")
    numbers += ("restored_by", "replaced_by")
    return json.dumps(
        {
            table: sorted(
                json.dumps({name: value for name, value in row.items() if name not in numbers})
                for row in rows
            )
            for table, rows in kept.items()
        }
    )


@pytest.mark.parametrize("restart", [True, False], ids=["stopped", "failed"])
async def test_an_import_that_is_cut_off_anywhere_never_was(tmp_path: Path, restart: bool) -> None:
    async def prepare(library: Library) -> int:
        await library.bring(files.letterboxd_ratings([FILMS[3]._replace(stars=1.0)]))
        await library.rate(1008, 2.0, BEN)
        library.clock.advance(days=1)
        return (await library.begin(content(FILMS, UNKNOWN), "export.zip")).batch_id

    async def work(library: Library, batch_id: int) -> object:
        return await library.imports.confirm(ANA, f"user {ANA}", batch_id)

    cuts, _, _ = await cut_everywhere(tmp_path, prepare, work, restart=restart)
    assert cuts > 20


async def test_an_undo_that_is_cut_off_anywhere_is_finished(tmp_path: Path) -> None:
    async def prepare(library: Library) -> int:
        await library.bring(files.letterboxd_ratings([FILMS[3]._replace(stars=1.0)]))
        library.clock.advance(days=1)
        batch_id = await library.bring(content(FILMS, UNKNOWN), "export.zip")
        await library.rate(1008, 5.0, ANA)
        return batch_id

    async def work(library: Library, batch_id: int) -> object:
        try:
            return await library.imports.undo(ANA, batch_id)
        except UserError:
            # It was finished at the start.
            return None

    cuts, before, whole = await cut_everywhere(tmp_path, prepare, work, restart=True)
    assert cuts > 12
    assert len(before[f"{ANA} ratings"]) == ROWS - 10
    assert {row["title"]: row["stars"] for row in whole[f"{ANA} ratings"]} == {
        "Film Number 3": 1.0,
        "Film Number 7": 5.0,
    }


async def test_an_export_whose_import_is_cut_off_anywhere_never_was_brought(tmp_path: Path) -> None:
    async with opened(tmp_path / "one", *MOVIES) as library:
        await live(library)
        export, _ = await exported(library, ANA)
        now = library.clock.now

    async def prepare(library: Library) -> int:
        library.clock.now = now
        await library.rate(1001, 2.0, BEN)
        return (await library.begin(export.data, export.file, BEN)).batch_id

    async def work(library: Library, batch_id: int) -> object:
        return await library.imports.confirm(BEN, f"user {BEN}", batch_id)

    cuts, _, whole = await cut_everywhere(tmp_path / "two", prepare, work, restart=True)
    assert cuts > 12
    assert not [row for row in whole[f"{BEN} import_entries"] if row["kind"] == imports.HISTORY]


async def test_rows_that_find_their_movie_are_stored_even_if_that_is_cut_off(tmp_path: Path) -> None:
    for cut_at in range(2, 12):
        home = tmp_path / str(cut_at)
        async with opened(home, *MOVIES) as library:
            await library.bring(files.letterboxd_ratings(UNKNOWN))
            await library.bring(files.letterboxd_ratings(UNKNOWN[:5]), user=BEN)

            async def cut(number: int, at: int = cut_at) -> None:
                if number == at:
                    raise Cut

            plain = library.store.write
            after_each_write(library, cut)
            found = [Movie(200 + n, film.title, film.year) for n, film in enumerate(UNKNOWN)]
            with pytest.raises(Cut):
                await grow(library, home, *MOVIES, *found)
            library.store.write = plain
            library.use(*MOVIES, *found)
            await library.imports.start()
            assert len(await library.stars(ANA)) == ROWS
            assert len(await library.stars(BEN)) == 5
            async with library.store.read() as db:
                assert await imports.batches_waiting(db) == []


async def test_who_is_deleted_during_an_import_is_gone(tmp_path: Path) -> None:
    for number in (3, 9, 15):
        async with opened(tmp_path / str(number), *KNOWN) as library:
            preview = await library.begin(content(FILMS, UNKNOWN), "export.zip")

            plain = library.store.write

            async def delete(write: int, at: int = number, plain: Any = plain) -> None:
                if write == at:
                    library.store.write = plain
                    await Privacy(library.store, library.clock).delete(ANA)

            after_each_write(library, delete)
            with pytest.raises(UserError, match="does not wait any more"):
                await library.imports.confirm(ANA, "Ana", preview.batch_id)
            assert not any((await library.store.export_person(ANA)).values())


async def test_one_import_at_a_time_and_two_in_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    going_on, go_on = asyncio.Barrier(3), asyncio.Event()
    parse = asyncio.to_thread

    async def slow(function: Callable[..., Any], *args: Any, **more: Any) -> Any:
        if function is service.parse and args[0] == "slow.csv":
            await going_on.wait()
            await go_on.wait()
        return await parse(function, *args, **more)

    monkeypatch.setattr(asyncio, "to_thread", slow)
    async with opened(tmp_path, *MOVIES) as library:
        waits = await library.begin(files.letterboxd_ratings([ALIEN]), user=CLEO)
        data = files.letterboxd_ratings([AMELIE])
        async with asyncio.TaskGroup() as tasks:
            first, second = (tasks.create_task(library.begin(data, "slow.csv", user)) for user in (ANA, BEN))
            await going_on.wait()
            with pytest.raises(UserError, match="your last import is still being worked on"):
                await library.begin(files.letterboxd_ratings([MATRIX]))
            for third in (
                library.begin(data, user=CLEO),
                library.imports.confirm(CLEO, "Cleo", waits.batch_id),
                library.imports.preview(CLEO, waits.batch_id),
                library.imports.undo(CLEO, waits.batch_id),
            ):
                with pytest.raises(UserError, match="2 other people's imports are being worked on"):
                    await third
            go_on.set()
        for user, task in ((ANA, first), (BEN, second)):
            await library.imports.confirm(user, "somebody", task.result().batch_id)
        await library.imports.confirm(CLEO, "Cleo", waits.batch_id)
        assert [await library.stars(user) for user in (ANA, CLEO)] == [{"Amélie": 3.5}, {"Alien": 4.5}]
        # One that failed leaves the turn to the next.
        for _ in range(3):
            with pytest.raises(UserError):
                await library.begin("nothing", user=ANA)


async def test_so_many_rows_are_kept_of_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_KEPT", 50)
    async with opened(tmp_path, *KNOWN) as library:
        many = [Film(f"Nobody's Other {n}", 2000) for n in range(51)]
        preview = await library.begin(files.letterboxd_ratings([*FILMS, *many]))
        assert not preview.ready
        line = "51 rows in it find no movie; at most 50 are kept for a person"
        assert line in preview.too_many
        with pytest.raises(UserError, match=line):
            await library.imports.confirm(ANA, "Ana", preview.batch_id)
        assert await library.stars() == {}
        # Left out, the rest is taken.
        preview = await library.begin(files.letterboxd_ratings([*FILMS, *UNKNOWN]))
        await library.imports.confirm(ANA, "Ana", preview.batch_id)
        assert len(await library.stars()) == ROWS
        preview = await library.begin(files.letterboxd_ratings(many[:11]))
        assert "11 rows in it find no movie and 40 rows of earlier imports wait already" in preview.too_many
        preview = await library.begin(files.letterboxd_ratings([*FILMS, *many[:10]]))
        assert preview.ready
        # What finds its movie is never too much, and another person has room of their own.
        assert (await library.begin(files.letterboxd_ratings([*FILMS, *many[:10]]), user=BEN)).ready


async def test_an_export_brings_no_more_made_up_movies_than_rows_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_KEPT", 20)
    at = "2026-01-01T00:00:00+00:00"
    parts = {
        "ratings": [{"title": f"Made Up {n}", "stars": 3.0, "rated_at": at} for n in range(21)],
        "rating_changes": [
            {"title": f"Made Up {n}", "change_id": n + 1, "stars": 3.0, "changed_at": at} for n in range(21)
        ],
        "dismissals": [{"title": f"Made Up {n}", "dismissed_at": at} for n in range(21)],
        "import_waiting": [
            {"kind": "seen", "title": f"Made Up {n}", "noted_at": at, "line": n} for n in range(21)
        ],
    }
    async with opened(tmp_path, *KNOWN) as library:
        for name, rows in parts.items():
            document = {"format": own.FORMAT, "version": own.VERSION, name: rows}
            with pytest.raises(UserError, match="21 rows in it find no movie"):
                await library.bring(json.dumps(document), "own.json")
            await library.bring(json.dumps(document | {name: rows[:1]}), "own.json", user=BEN)
