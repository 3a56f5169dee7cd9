"""From a file to stored ratings: the preview, its corrections, confirming, undoing, waiting for a movie."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.services.imports.entries import BadImport
from bot.services.imports.service import Preview
from bot.services.imports.telling import columns_line, preview_lines
from bot.store import imports, movies
from recommender.catalogue import Movie
from tests.bot.services.imports import files
from tests.bot.services.imports.conftest import ANA, BEN, MOVIES, Library, opened
from tests.bot.services.imports.files import ALIEN, AMELIE, Film

MATRIX, DUNE, EMMA = Film("The Matrix", 1999, 5.0), Film("Dune", 2021, 3.0), Film("Emma", 1996, 4.0)
MISSING = Film("Not There", 2015, 2.5)
MAY = datetime(2023, 5, 1, tzinfo=UTC)


def names(preview: Preview) -> dict[str, list[str]]:
    plan = preview.plan
    steps = {
        "new": plan.new,
        "newer": plan.newer,
        "older": plan.older,
        "seen": plan.seen,
        "wanted": plan.wanted,
    }
    found = {kind: [step.movie.title for step in some] for kind, some in steps.items() if some}
    ambiguous, unknown = [one.title for one, _ in plan.ambiguous], [one.title for one in plan.unknown]
    return found | ({"ambiguous": ambiguous} if ambiguous else {}) | ({"unknown": unknown} if unknown else {})


async def waiting_titles(library: Library, user: int = ANA) -> list[str]:
    async with library.store.read() as db:
        return [row.title for row in await imports.waiting(db, user)]


async def test_a_preview_sorts_the_rows_and_stores_no_rating(library: Library) -> None:
    await library.rate(1, 4.5)
    await library.rate(9, 1.0)
    library.clock.now = datetime(2020, 1, 1, tzinfo=UTC)
    await library.rate(4, 2.0)
    library.clock.now = datetime(2026, 3, 1, tzinfo=UTC)
    preview = await library.begin(files.letterboxd_ratings([ALIEN, AMELIE, MATRIX, DUNE, EMMA, MISSING]))
    assert names(preview) == {
        "new": ["Amélie"],
        "newer": ["Dune"],
        "older": ["The Matrix"],
        "ambiguous": ["Emma"],
        "unknown": ["Not There"],
    }
    assert preview.plan.unchanged == 1
    assert preview.ready
    assert await library.stars() == {"Alien": 4.5, "The Matrix": 1.0, "Dune": 2.0}


@pytest.mark.parametrize(
    ("policy", "dune", "matrix"), [("newest", 3.0, 1.0), ("theirs", 3.0, 5.0), ("mine", 2.0, 1.0)]
)
async def test_conflicts_are_the_persons_to_decide(
    library: Library, policy: str, dune: float, matrix: float
) -> None:
    library.clock.now = datetime(2020, 1, 1, tzinfo=UTC)
    await library.rate(4, 2.0)
    library.clock.now = datetime(2026, 3, 1, tzinfo=UTC)
    await library.rate(9, 1.0)
    preview = await library.begin(files.letterboxd_ratings([AMELIE, MATRIX, DUNE]))
    preview = await library.imports.correct(ANA, preview.batch_id, policy=policy)
    assert preview.policy == policy
    await library.imports.confirm(ANA, "Ana", preview.batch_id)
    assert await library.stars() == {"Amélie": 3.5, "Dune": dune, "The Matrix": matrix}


async def test_an_import_is_dated_as_the_file_says_and_has_a_history(library: Library) -> None:
    await library.rate(9, 1.0)
    preview = await library.begin(
        files.letterboxd_ratings([ALIEN, MATRIX, Film("Casablanca", 1942, 5.0, "2099-01-01")])
    )
    await library.imports.correct(ANA, preview.batch_id, policy="theirs")
    library.clock.advance(hours=1)
    done = await library.imports.confirm(ANA, "Ana", preview.batch_id)
    assert (done.new, done.changed) == (2, 1)
    tables = await library.store.export_person(ANA)
    times = {row["title"]: row["rated_at"] for row in tables["ratings"]}
    now = library.clock.now.isoformat()
    assert times == {"Alien": MAY.isoformat(), "The Matrix": MAY.isoformat(), "Casablanca": now}
    changes = [(row["title"], row["stars"], row["previous"]) for row in tables["rating_changes"]]
    assert changes == [
        ("The Matrix", 1.0, None),
        ("Alien", 4.5, None),
        ("Casablanca", 5.0, None),
        ("The Matrix", 5.0, 1.0),
    ]
    assert {row["changed_at"] for row in tables["rating_changes"][1:]} == {now}


async def test_an_import_is_undone_as_a_whole(library: Library) -> None:
    await library.rate(9, 1.0)
    before = await library.store.export_person(ANA)
    content = {
        "ratings.csv": files.letterboxd_ratings([ALIEN, AMELIE, MATRIX, MISSING]),
        "watched.csv": files.letterboxd_plain([ALIEN, DUNE]),
        "watchlist.csv": files.letterboxd_plain([Film("Casablanca", 1942)]),
    }
    preview = await library.begin(files.archive(content), "export.zip")
    preview = await library.imports.correct(ANA, preview.batch_id, policy="theirs")
    assert names(preview)["seen"] == ["Dune"]
    done = await library.imports.confirm(ANA, "Ana", preview.batch_id)
    assert (done.new, done.changed, done.seen, done.wanted, done.waiting) == (2, 1, 1, 1, 1)
    assert await library.state() == {
        "ratings": {"The Matrix": 5.0, "Alien": 4.5, "Amélie": 3.5},
        "seen": {"Dune": None},
        "watchlist": {"Casablanca": None},
    }
    undone = await library.imports.undo(ANA, preview.batch_id)
    assert (undone.ratings, undone.other, undone.kept) == (3, 2, 0)
    after = await library.store.export_person(ANA)
    for table in ("ratings", "seen", "watchlist", "import_entries", "import_waiting"):
        assert after[table] == before[table], table
    undoes = {row["undoes"] for row in after["rating_changes"]}
    assert len(undoes - {None}) == 3
    with pytest.raises(UserError, match="undone already"):
        await library.imports.undo(ANA, preview.batch_id)


async def test_undoing_keeps_what_was_rated_again_since(library: Library) -> None:
    batch_id = await library.bring(files.letterboxd_ratings([ALIEN, AMELIE, MATRIX]))
    await library.rate(1, 2.0)
    await library.ratings.unrate(ANA, 2)
    undone = await library.imports.undo(ANA, batch_id)
    assert (undone.ratings, undone.kept) == (1, 2)
    assert await library.stars() == {"Alien": 2.0}


async def test_the_newest_of_several_rows_counts(library: Library) -> None:
    rows = [ALIEN._replace(stars=1.0, date="2021-01-01"), ALIEN, ALIEN._replace(stars=2.0, date="2020-01-01")]
    preview = await library.begin(files.letterboxd_ratings([*rows, Film("Alien", 1980, 0.5, "2022-01-01")]))
    assert preview.plan.duplicates == 3
    await library.imports.confirm(ANA, "Ana", preview.batch_id)
    assert await library.stars() == {"Alien": 4.5}


async def test_bringing_the_same_again_changes_nothing(library: Library) -> None:
    data = files.letterboxd_ratings([ALIEN, AMELIE, MISSING])
    await library.bring(data)
    before = await library.store.export_person(ANA)
    preview = await library.begin(data)
    assert (preview.plan.unchanged, names(preview)) == (2, {"unknown": ["Not There"]})
    await library.imports.confirm(ANA, "Ana", preview.batch_id)
    after = await library.store.export_person(ANA)
    for table in ("ratings", "rating_changes", "import_waiting"):
        assert after[table] == before[table]


async def test_matches_that_need_a_look_are_told(library: Library) -> None:
    films = [Film("Star Wars", 1977), Film("Alien", 1980), Film("Casablanca", 1942)]
    preview = await library.begin(files.letterboxd_ratings(films) + "2020-01-01,Amelie,,x,4\n")
    assert [(step.movie.title, step.how.name) for step in preview.plan.unsure()] == [
        ("Star Wars: Episode IV - A New Hope", "PART"),
        ("Alien", "YEAR_OFF"),
        ("Amélie", "TITLE"),
    ]


async def test_a_preview_outlives_a_restart(tmp_path: Path) -> None:
    async with opened(tmp_path, *MOVIES) as library:
        preview = await library.begin(files.letterboxd_ratings([ALIEN, MISSING]))
        await library.imports.correct(ANA, preview.batch_id, policy="mine")
    async with opened(tmp_path, *MOVIES) as library:
        again = await library.imports.preview(ANA, preview.batch_id)
        assert (again.policy, names(again)) == ("mine", names(preview))
        await library.imports.confirm(ANA, "Ana", preview.batch_id)
        assert await library.stars() == {"Alien": 4.5}


async def test_an_import_waits_for_its_person_alone_and_once(library: Library) -> None:
    first = await library.begin(files.letterboxd_ratings([ALIEN]))
    second = await library.begin(files.letterboxd_ratings([AMELIE]))
    for batch_id in (first.batch_id, 0, -1, 10**30):
        with pytest.raises(UserError, match="does not wait any more"):
            await library.imports.confirm(ANA, "Ana", batch_id)
    for press in (library.imports.preview, library.imports.cancel, library.imports.unmatched):
        with pytest.raises(UserError, match="does not wait any more"):
            await press(BEN, second.batch_id)
    await library.imports.confirm(ANA, "Ana", second.batch_id)
    with pytest.raises(UserError, match="does not wait any more"):
        await library.imports.confirm(ANA, "Ana", second.batch_id)
    with pytest.raises(UserError, match="not yours"):
        await library.imports.undo(BEN, second.batch_id)
    third = await library.begin(files.letterboxd_ratings([MATRIX]))
    assert await library.imports.cancel(ANA, third.batch_id) == "ratings.csv"
    assert await library.stars() == {"Amélie": 3.5}
    recent = await library.imports.recent(ANA)
    assert [(one.batch_id, one.source, one.undone) for one in recent] == [
        (second.batch_id, "Letterboxd", False)
    ]


async def test_a_table_is_corrected_before_anything_is_stored(library: Library) -> None:
    text = "Movie;Jahrgang;Mag ich\nAlien;1979;3\nDune;1984;4\n"
    preview = await library.begin(text, "meine.csv")
    assert not preview.ready
    with pytest.raises(UserError, match="say first"):
        await library.imports.confirm(ANA, "Ana", preview.batch_id)
    await library.imports.correct(ANA, preview.batch_id, column=("year", 1))
    await library.imports.correct(ANA, preview.batch_id, column=("rating", 2))
    preview = await library.imports.correct(ANA, preview.batch_id, scale=10)
    assert names(preview) == {"new": ["Alien", "Dune"]}
    assert preview.ready
    for wrong in ({"scale": 7}, {"kind": "rating"}, {"policy": "x"}, {"column": ("x", 1)}):
        with pytest.raises(UserError, match="nothing that can be corrected"):
            await library.imports.correct(ANA, preview.batch_id, **wrong)  # type: ignore[arg-type]
    await library.imports.confirm(ANA, "Ana", preview.batch_id)
    assert await library.stars() == {"Alien": 1.5, "Dune": 2.0}


async def test_what_was_seen_or_is_to_be_is_asked(library: Library) -> None:
    preview = await library.begin(files.letterboxd_plain([ALIEN]), "export.csv")
    assert (preview.ready, preview.plan.undecided) == (False, 1)
    preview = await library.imports.correct(ANA, preview.batch_id, kind="watchlist")
    await library.imports.confirm(ANA, "Ana", preview.batch_id)
    assert (await library.state())["watchlist"] == {"Alien": None}


async def test_rows_without_a_movie_come_back_and_are_corrected(library: Library) -> None:
    preview = await library.begin(files.letterboxd_ratings([Film("Teh Matrix", 1999, 4.5), EMMA, ALIEN]))
    early = await library.imports.unmatched(ANA, preview.batch_id)
    await library.imports.confirm(ANA, "Ana", preview.batch_id)
    late = await library.imports.unmatched(ANA, preview.batch_id)
    assert early == late
    text = late.decode("utf-8-sig")
    assert "may be Emma (1996), imdbID tt0116191 and Emma (1996), imdbID tt0118308" in text
    lines = text.splitlines()
    corrected = (
        "\r\n".join(lines).replace("Teh Matrix", "The Matrix").replace("Emma,1996,,", "Emma,1996,tt0116191,")
    )
    preview = await library.begin(corrected.encode("utf-8-sig"), "unmatched.csv")
    assert preview.parsed.source == "corrected rows"
    assert names(preview) == {"new": ["The Matrix", "Emma"]}
    await library.imports.confirm(ANA, "Ana", preview.batch_id)
    assert await library.stars() == {"Alien": 4.5, "The Matrix": 4.5, "Emma": 4.0}
    assert await waiting_titles(library) == []
    with pytest.raises(UserError, match="has found its movie"):
        await library.imports.unmatched(ANA, preview.batch_id)


async def test_of_the_corrected_rows_those_of_others_stay(library: Library) -> None:
    batch_id = await library.bring(files.letterboxd_ratings([MISSING]), user=BEN)
    text = (await library.imports.unmatched(BEN, batch_id)).decode("utf-8-sig")
    await library.bring(text.replace("Not There,2015", "Alien,1979"), user=ANA)
    assert await waiting_titles(library, BEN) == ["Not There"]


async def test_nothing_is_half_imported(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    preview = await library.begin(files.letterboxd_ratings([ALIEN, AMELIE, MISSING]))

    async def fail(*_: object) -> None:
        raise RuntimeError("in the middle")

    monkeypatch.setattr("bot.services.imports.applying.imports.add_waiting", fail)
    with pytest.raises(RuntimeError):
        await library.imports.confirm(ANA, "Ana", preview.batch_id)
    monkeypatch.undo()
    assert await library.stars() == {}
    await library.imports.confirm(ANA, "Ana", preview.batch_id)
    assert len(await library.stars()) == 2


async def test_a_rated_movie_that_the_catalogue_lacks_is_found_too(library: Library) -> None:
    await library.rate(1, 2.0)
    library.use(*MOVIES[1:])
    async with library.store.write() as db:
        await movies.rematch(db, {})
    preview = await library.begin(files.letterboxd_ratings([ALIEN]))
    assert names(preview) == {"older": ["Alien"]}
    preview = await library.imports.correct(ANA, preview.batch_id, policy="theirs")
    await library.imports.confirm(ANA, "Ana", preview.batch_id)
    assert await library.stars() == {"Alien": 4.5}


async def test_a_bad_file_is_refused_and_keeps_nothing(library: Library) -> None:
    with pytest.raises(BadImport):
        await library.begin(b"\x00\x01", "x.csv")
    assert (await library.store.export_person(ANA))["import_batches"] == []


async def test_progress_is_told(library: Library) -> None:
    library.use(*(Movie(n, f"Film {n}", 2000) for n in range(1, 5001)))
    films = [Film(f"Film {n}", 2000) for n in range(1, 5001)]
    preview = await library.begin(files.letterboxd_ratings(films))
    told: list[tuple[str, int, int]] = []
    await library.imports.confirm(ANA, "Ana", preview.batch_id, lambda *how: told.append(how))
    assert told == [("reading", 0, 0), *(("storing", done, 5000) for done in range(0, 5000, 500))]
    assert len(await library.stars()) == 5000


async def test_imports_are_undone_one_after_another(library: Library) -> None:
    first = await library.bring(files.letterboxd_ratings([ALIEN, AMELIE]))
    newer = files.letterboxd_ratings([ALIEN._replace(stars=2.0, date="2024-01-01")])
    second = await library.bring(newer)
    await library.ratings.undo(ANA, (await library.ratings.rate(ANA, "Ana", 2, 1.0)).change_id)
    assert (await library.imports.undo(ANA, second)).ratings == 1
    undone = await library.imports.undo(ANA, first)
    assert (undone.ratings, undone.kept) == (2, 0)
    assert await library.stars() == {}


async def test_undoing_the_earlier_of_two_imports_keeps_the_later(library: Library) -> None:
    first = await library.bring(files.letterboxd_ratings([ALIEN, AMELIE]))
    await library.bring(files.letterboxd_ratings([ALIEN._replace(stars=2.0, date="2024-01-01")]))
    undone = await library.imports.undo(ANA, first)
    assert (undone.ratings, undone.kept) == (1, 1)
    assert await library.stars() == {"Alien": 2.0}


async def test_what_is_not_sure_can_be_left_out_and_is_handed_back(library: Library) -> None:
    data = files.letterboxd_ratings([ALIEN, Film("The Matrix", 1998, 5.0)])
    preview = await library.begin(data)
    assert names(preview) == {"new": ["Alien", "The Matrix"]}
    preview = await library.imports.correct(ANA, preview.batch_id, sure=True)
    assert names(preview) == {"new": ["Alien"], "ambiguous": ["The Matrix"]}
    assert any("The Matrix (1998) may be The Matrix (1999)" in line for line in preview_lines(preview))
    again = await library.imports.correct(ANA, preview.batch_id, policy="mine")
    assert again.wishes.sure
    await library.imports.confirm(ANA, "Ana", preview.batch_id)
    assert await library.stars() == {"Alien": 4.5}
    rest = (await library.imports.unmatched(ANA, preview.batch_id)).decode("utf-8-sig")
    assert "may be The Matrix (1999), imdbID tt0133093" in rest


async def test_a_preview_shows_conflicts_and_what_ratings_become(library: Library) -> None:
    await library.rate(9, 1.0)
    preview = await library.begin("Title,Year,Score\nAlien,1979,85\nThe Matrix,1999,80\n", "mine.csv")
    lines = preview_lines(preview)
    assert "such as The Matrix (1999): ★1 here, ★4 in the file" in lines
    assert "1 rating brought to the nearest half star: 85/100 is ★4½" in lines
    assert columns_line(preview).endswith("the best rating is 100, so 100 is ★5, 80 is ★4 and 1 is ★½")


async def test_a_preview_with_nothing_new_says_so(library: Library) -> None:
    await library.bring(files.letterboxd_ratings([ALIEN]))
    preview = await library.begin(files.letterboxd_ratings([ALIEN]))
    assert not preview.ready
    assert "there is nothing in it to be stored" in preview_lines(preview)


async def test_a_spreadsheet_takes_no_mark_of_a_row_for_a_date(library: Library) -> None:
    batch_id = await library.bring(files.letterboxd_ratings([MISSING]))
    text = (await library.imports.unmatched(ANA, batch_id)).decode("utf-8-sig")
    assert f"\r\nimport {batch_id} row 1," in text
    # Files of the form before are still taken.
    old = text.replace(f"import {batch_id} row 1", f"{batch_id}-1").replace("Not There,2015", "Alien,1979")
    await library.bring(old)
    assert await waiting_titles(library) == []
