"""What is exported and brought into an empty bot is the same there."""

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from bot.errors import UserError
from bot.services.exporting import PARTS, Export, Exports, letterboxd_table
from bot.services.imports.formats import own, returned
from bot.services.imports.formats.returned import write
from bot.services.imports.parsing import parse
from bot.services.imports.telling import preview_lines
from bot.services.pictures.painter import Picture
from bot.services.privacy import Privacy
from bot.services.watchlists import Watchlists
from bot.store import imports, movies
from bot.store.imports import StoredWaiting
from bot.store.personal import PERSON, personal_tables
from bot.store.tables import departures, metadata, sightings
from recommender.catalogue import Movie
from recommender.datasets.title import one_line
from tests.bot.services.imports import files
from tests.bot.services.imports.conftest import ANA, BEN, MOVIES, Library, opened
from tests.bot.services.imports.files import AMELIE, Film
from tests.bot.store.test_personal import fill

NUMBERS = ("movie_key", "change_id", "batch_id", "waiting_id")
"""Each bot gives its own, so they are compared by the place of what they stand for."""
NOT_RESTORED = ("departures", "sightings", "night_acts", "exported_at", "name", "users")
"""What counts on this bot alone, and what says of an export when it was made and for whom."""


async def live(library: Library) -> None:
    """Some months of somebody's life with the bot."""
    watchlists = Watchlists(library.store, library.shelf, library.clock)
    library.use(*MOVIES, Movie(500, "Only Then", 1950), Movie(501, "And This", 1951))
    for movie_id, stars in ((500, 4.0), (1, 3.0), (2, 2.5), (9, 5.0), (1, 4.5), (10, 1.0)):
        await library.rate(movie_id, stars)
        library.clock.advance(days=3, minutes=7, microseconds=123456)
    change = await library.ratings.rate(ANA, "Ana", 2, 0.5)
    library.clock.advance(seconds=5)
    await library.ratings.undo(ANA, change.change_id)
    await library.ratings.unrate(ANA, 10)
    await library.ratings.dismiss(ANA, "Ana", 8)
    await library.ratings.dismiss(ANA, "Ana", 501)
    await watchlists.add(ANA, "Ana", 4)
    # Another catalogue, which lacks two of the movies.
    async with library.store.write() as db:
        stored = await movies.everything(db)
        known = {movie.movie_id: movie for movie in MOVIES}
        await movies.rematch(db, {one.movie_key: known.get(one.catalogue_id or 0) for one in stored})
    library.use(*MOVIES)
    library.clock.advance(days=1)
    content = {
        "ratings.csv": files.letterboxd_ratings(
            [AMELIE, Film("Not There", 2015, 2.5), Film("Monty Python's Life of Brian", 1979, 4.0)]
        ),
        "watched.csv": files.letterboxd_plain([Film("Dune", 1984)]),
        "watchlist.csv": files.letterboxd_plain([Film("Seven", 1995), Film("Nowhere", 2001)]),
    }
    first = await library.bring(files.archive(content), "letterboxd.zip")
    library.clock.advance(hours=1)
    # One of the rows that found no movie, corrected.
    rows = (await library.imports.unmatched(ANA, first)).decode("utf-8-sig").splitlines()
    corrected = "\n".join(row for row in rows if "Not There" not in row).replace("Nowhere,2001", "Fear,1996")
    await library.bring(corrected, "unmatched.csv")
    await library.rate(5, 3.5, BEN)
    library.clock.advance(hours=1)
    # An import that was taken back, a movie seen first and rated later, and one seen at a night.
    undone = await library.bring(files.letterboxd_ratings([Film("Casablanca", 1942, 5.0)]), "wrong.csv")
    await library.imports.undo(ANA, undone)
    await library.rate(3, 2.0)
    library.clock.advance(hours=1)
    await Privacy(library.store, library.clock).hide(ANA, "Ana")
    async with library.store.write() as db:
        for table in metadata.sorted_tables:
            if table.name.startswith("night"):
                await fill(db, table, ANA if PERSON in table.c else 0, 1)
        await db.execute(insert(sightings).values(user_id=ANA, guild_id=1))
        await db.execute(insert(departures).values(user_id=ANA, due_at=library.clock.now))


def exports(library: Library) -> Exports:
    async def paint(user_id: int, name: str) -> list[Picture]:
        return [Picture("love.png", f"{user_id} {name}".encode(), "What they love")]

    return Exports(library.store, paint, library.clock)


def same(document: dict[str, Any]) -> dict[str, Any]:
    """A whole export without the numbers that each bot gives in its own way, and the named exceptions.

    That an import brought the export is not in it, nor what never was an import because it was not confirmed.
    """
    confirmed = [row for row in document["import_batches"] if row["applied_at"] and row["source"] != own.NAME]
    batches = {row["batch_id"]: place for place, row in enumerate(confirmed)}
    changes = {row["change_id"]: place for place, row in enumerate(document["rating_changes"])}
    kept: dict[str, Any] = {}
    for name, part in document.items():
        if name in NOT_RESTORED:
            continue
        if not isinstance(part, list):
            kept[name] = part
            continue
        rows = [row for row in part if "batch_id" not in row or row["batch_id"] in batches]
        if not name.startswith("night"):
            rows = [compared(row, batches, changes) for row in rows]
        kept[name] = rows if name == "rating_changes" else sorted(rows, key=json.dumps)
    return kept


def compared(row: dict[str, Any], batches: dict[int, int], changes: dict[int, int]) -> dict[str, Any]:
    """A row with places instead of numbers."""
    found = {key: value for key, value in row.items() if key not in (*NUMBERS, "restored_by")}
    if "batch_id" in row:
        found["batch"] = batches[row["batch_id"]]
    if row.get("replaced_by") is not None:
        found["replaced_by"] = batches[row["replaced_by"]]
    for name in ("undoes", "last_change"):
        if row.get(name) is not None:
            found[name] = changes[row[name]]
    return found


async def exported(library: Library, user_id: int) -> tuple[Export, dict[str, Any]]:
    export = await exports(library).export(user_id, "Ana")
    return export, json.loads(zipfile.ZipFile(io.BytesIO(export.data)).read(own.FILE))


async def test_an_empty_bot_has_the_same_state_afterwards(tmp_path: Path) -> None:
    async with opened(tmp_path / "one", *MOVIES) as library:
        await live(library)
        await library.begin(files.letterboxd_ratings([Film("Never confirmed", 1999)]))
        export, before = await exported(library, ANA)
        now = library.clock.now
    assert [row["stars"] for row in before["rating_changes"]].count(None) == 2
    assert len(before["import_batches"]) == 4
    assert sorted(row["replaced_by"] is None for row in before["import_waiting"]) == [False, True]
    assert all(same(before).values())
    assert {row["title"] for row in before["seen"]} & {row["title"] for row in before["ratings"]}
    async with opened(tmp_path / "two", *MOVIES) as library:
        library.clock.now = now
        batch_id = await library.bring(export.data, export.file, BEN)
        second, after = await exported(library, BEN)
        assert same(after) == same(before)
        assert after.keys() == before.keys()
        assert await Privacy(library.store, library.clock).hides(BEN)
        # Once more, and nothing changes.
        await library.bring(export.data, export.file, BEN)
        assert same((await exported(library, BEN))[1]) == same(before)
    async with opened(tmp_path / "three", *MOVIES) as library:
        library.clock.now = now
        await library.bring(second.data, second.file, ANA)
        assert same((await exported(library, ANA))[1]) == same(before)
    async with opened(tmp_path / "two", *MOVIES) as library:
        library.clock.now = now
        await library.imports.undo(BEN, batch_id)
        state = await library.state(BEN)
        assert state == {"ratings": {}, "seen": {}, "watchlist": {}}
        left = await library.store.export_person(BEN)
        for name in ("dismissals", "import_entries", "import_waiting", "brought_records"):
            assert left[name] == []
        assert {row["source"] for row in left["import_batches"]} == {own.NAME}


@pytest.mark.parametrize(
    ("file", "ratings", "again"), [("letterboxd.zip", 1, []), ("unmatched.csv", 0, ["Not There", "Nowhere"])]
)
async def test_a_restored_import_can_be_undone_as_it_could_be_where_it_was_made(
    tmp_path: Path, file: str, ratings: int, again: list[str]
) -> None:
    async def undo(library: Library, user: int) -> Any:
        found = {one.file: one for one in await library.imports.recent(user)}
        assert (found[file].waiting, found[file].undone) == (int(file == "letterboxd.zip"), False)
        undone = await library.imports.undo(user, found[file].batch_id)
        async with library.store.read() as db:
            rows = [row.title for row in await imports.waiting(db, user)]
        return undone, await library.state(user), rows

    async with opened(tmp_path / "one", *MOVIES) as library:
        await live(library)
        export, _ = await exported(library, ANA)
        now = library.clock.now
        there = await undo(library, ANA)
    async with opened(tmp_path / "two", *MOVIES) as library:
        library.clock.now = now
        await library.bring(export.data, export.file, BEN)
        here = await undo(library, BEN)
    assert here == there
    assert (here[0].ratings, here[2]) == (ratings, again)


async def test_a_corrected_row_of_an_export_needs_both_its_imports(library: Library) -> None:
    at = "2026-01-01T00:00:00+00:00"
    batch = {"file": "x", "source": "S", "applied_at": at, "wishes": ""}
    batches = [
        {**batch, "batch_id": number, "created_at": at.replace("01", f"0{number}", 1)} for number in (1, 2)
    ]
    row = {"kind": "seen", "title": "Lost", "noted_at": at, "line": 1, "batch_id": 1, "replaced_by": 2}
    rows = [
        row,
        {**row, "title": "By nobody", "replaced_by": 3},
        {**row, "title": "Of nobody", "batch_id": 3},
        {**row, "title": "Undone", "replaced_by": 4},
    ]
    undone = {**batch, "batch_id": 4, "created_at": at, "undone_at": at, "file": "undone"}
    document = {"format": own.FORMAT, "version": own.VERSION, "import_batches": [*batches, undone]}
    await library.bring(json.dumps({**document, "import_waiting": rows}), "own.json")
    kept = (await library.store.export_person(ANA))["import_waiting"]
    assert [found["title"] for found in kept] == ["Lost"]
    async with library.store.read() as db:
        assert await imports.waiting(db, ANA) == []


async def test_hostile_past_imports_and_records_do_no_harm(library: Library) -> None:
    at = "2026-01-01T00:00:00+00:00"
    batch = {
        "batch_id": 7,
        "file": "x" * 500,
        "source": "S",
        "created_at": at,
        "applied_at": at,
        "wishes": "{",
    }
    entry = {"batch_id": 7, "kind": "rating", "title": "Alien", "year": 1979, "last_change": 1, "previous": 9}
    document = {
        "format": own.FORMAT,
        "version": own.VERSION,
        "ratings": [{"title": "Alien", "year": 1979, "stars": 4, "rated_at": at}],
        "import_batches": [batch, batch, {"batch_id": "7"}, 5, {**batch, "batch_id": 8, "applied_at": None}],
        "import_entries": [entry, {**entry, "previous": 2.0}, {**entry, "kind": "nothing", "previous": None}],
        "hidden_ratings": [{"hidden_at": "soon"}, {}],
        "night_votes": [
            {"points": float("nan")},
            {"title": "\ud800"},
            {"a": [1]},
            {"x": "y" * 5000},
            {"points": 3},
        ],
        "import_waiting": [{"batch_id": 7, "line": -4, "kind": "seen", "title": "Lost", "noted_at": at}],
    }
    await library.bring(json.dumps(document), "own.json")
    found = await library.store.export_person(ANA)
    assert [row["facts"] for row in found["brought_records"]] == ['{"points": 3}']
    assert found["hidden_ratings"] == []
    assert [len(row["file"]) for row in found["import_batches"] if row["restored_by"]] == [80]
    assert [row["kind"] for row in found["import_entries"]] == ["rating"]
    assert (await library.stars())["Alien"] == 4.0


async def test_an_import_beside_other_ratings_leaves_their_history(tmp_path: Path) -> None:
    async with opened(tmp_path / "one", *MOVIES) as library:
        await live(library)
        export = await exports(library).export(ANA, "Ana")
        now = library.clock.now
    async with opened(tmp_path / "two", *MOVIES) as library:
        library.clock.now = now
        await library.rate(1, 2.0, BEN)
        await library.bring(export.data, export.file, BEN)
        tables = await library.store.export_person(BEN)
        of_alien = [row["stars"] for row in tables["rating_changes"] if row["title"] == "Alien"]
        assert of_alien == [2.0]
        assert (await library.stars(BEN))["Alien"] == 2.0
        assert (await library.stars(BEN))["The Matrix"] == 5.0


async def test_an_export_tells_what_it_is(tmp_path: Path) -> None:
    async with opened(tmp_path, *MOVIES) as library:
        with pytest.raises(UserError, match="nothing to export"):
            await exports(library).export(ANA, "Ana")
        await live(library)
        pending = await library.begin(files.letterboxd_ratings([Film("Secret of mine", 1999)]))
        export = await exports(library).export(ANA, "Ána / ../ x")
        assert pending.batch_id
    assert export.file == "matinee-na-x-2026-03-20.zip"
    assert export.summary == "6 ratings, 3 on the watchlist, 1 seen without stars"
    archive = zipfile.ZipFile(io.BytesIO(export.data))
    texts = ["README.txt", "matinee.json", "ratings.csv", "watchlist.csv"]
    assert sorted(archive.namelist()) == sorted([*texts, "pictures/love.png"])
    assert archive.read("pictures/love.png").decode() == f"{ANA} Ána / ../ x"
    document = json.loads(archive.read("matinee.json"))
    assert (document["format"], document["version"]) == ("matinee-export", 1)
    text = archive.read("matinee.json").decode()
    assert "user_id" not in text
    assert "content" not in text
    readme = archive.read("README.txt").decode()
    for part in document.keys() - {"format", "version", "exported_at", "name"}:
        assert f"  {part} " in readme
    rows = archive.read("ratings.csv").decode().splitlines()
    assert rows[0] == "imdbID,tmdbID,Title,Year,Rating"
    assert "tt0078748,348,Alien,1979,4.5" in rows


def test_every_part_of_an_export_is_documented() -> None:
    # What was brought of other bots' nights is told as rows of those parts.
    assert {*PARTS, "brought_records"} == {table.name for table in personal_tables()}


titles = st.text(min_size=1, max_size=80).map(one_line).filter(lambda text: any(map(str.isalnum, text)))
years = st.one_of(st.none(), st.integers(1870, 2099))
ids = st.one_of(st.none(), st.integers(1, 2**31 - 1))
stars = st.integers(1, 10).map(lambda half: half / 2)
times = st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


OWN_PARTS = {
    "rating": ("ratings", "rated_at"),
    "seen": ("seen", "seen_at"),
    "watchlist": ("watchlist", "added_at"),
}
kinds = st.sampled_from(["rating", "seen", "watchlist"])


@given(st.lists(st.tuples(kinds, titles, years, ids, ids, stars, times), min_size=1, max_size=6))
def test_the_document_comes_back_as_it_was(rows: list[Any]) -> None:
    document: dict[str, Any] = {"format": own.FORMAT, "version": own.VERSION}
    for kind, title, year, imdb_id, tmdb_id, half, at in rows:
        part, time = OWN_PARTS[kind]
        row = {"title": title, "year": year, "imdb_id": imdb_id, "tmdb_id": tmdb_id, time: at.isoformat()}
        document.setdefault(part, []).append(row | ({"stars": half} if kind == "rating" else {}))
    entries = parse("x.json", json.dumps(document).encode()).entries
    found = [(e.kind, e.title, e.year, e.imdb_id, e.tmdb_id, e.stars, e.at) for e in entries]
    wanted = [(*row[:5], row[5] if row[0] == "rating" else None, row[6]) for row in rows]
    assert found == sorted(wanted, key=lambda row: [*OWN_PARTS].index(row[0]))


@given(st.lists(st.tuples(titles, years, ids, ids, stars, times), min_size=1, max_size=5))
def test_rows_that_are_handed_back_come_back_as_they_were(rows: list[Any]) -> None:
    waiting = [
        StoredWaiting(1, 7, line, "rating", title, year, imdb, tmdb, half, at, "", "why")
        for line, (title, year, imdb, tmdb, half, at) in enumerate(rows, 1)
    ]
    parsed = parse("x.csv", write(waiting))
    assert parsed.source == returned.NAME
    found = [(e.title, e.year, e.imdb_id, e.tmdb_id, e.stars, e.at) for e in parsed.entries]
    assert found == [(*row[:-1], row[-1].replace(microsecond=0)) for row in rows]
    assert [entry.replaces for entry in parsed.entries] == [(7, line) for line in range(1, len(rows) + 1)]


@given(st.lists(st.tuples(titles, years, ids, ids, stars), min_size=1, max_size=5))
def test_the_table_for_letterboxd_comes_back_as_it_was(rows: list[Any]) -> None:
    names = ("title", "year", "imdb_id", "tmdb_id", "stars")
    text = letterboxd_table([dict(zip(names, row, strict=True)) for row in rows])
    parsed = parse("ratings.csv", text.encode())
    assert [(e.title, e.year, e.imdb_id, e.tmdb_id, e.stars) for e in parsed.entries] == rows


async def test_a_preview_of_an_export_tells_what_comes_besides_ratings(tmp_path: Path) -> None:
    async with opened(tmp_path / "one", *MOVIES) as library:
        await live(library)
        export, _ = await exported(library, ANA)
    async with opened(tmp_path / "two", *MOVIES) as library:
        lines = preview_lines(await library.begin(export.data, export.file, BEN))
        assert any("past imports and records of nights come too" in line for line in lines)
        assert "ratings are hidden in it, so they will be here" in lines
        # Nothing of it has happened yet.
        assert not await Privacy(library.store, library.clock).hides(BEN)
