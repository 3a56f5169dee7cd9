"""Whatever file is brought: a clear error, and no stored rating is lost. Each day brings other files."""

import io
import json
import zipfile
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from bot.services.imports import reading, zipped
from bot.services.imports.entries import KINDS, BadImport, Parsed
from bot.services.imports.formats import own
from bot.services.imports.formats.returned import write
from bot.services.imports.parsing import parse
from bot.store.imports import StoredWaiting
from tests.bot.services.imports import files
from tests.bot.services.imports.conftest import ANA, Library
from tests.bot.services.imports.files import ALIEN, AMELIE, SHORT_CUT
from tests.conftest import FRESH

FILMS = [ALIEN, AMELIE, SHORT_CUT]
AT = "2026-01-02T03:04:05+00:00"
FACTS = {"title": "Alien", "year": 1979, "imdb_id": 78748, "tmdb_id": 348}
OWN = {
    "format": own.FORMAT,
    "version": own.VERSION,
    "ratings": [{**FACTS, "stars": 4, "rated_at": AT}],
    "rating_changes": [
        {**FACTS, "change_id": 3, "stars": 2.0, "previous": None, "changed_at": AT},
        {
            **FACTS,
            "change_id": 4,
            "stars": 4,
            "previous": 2.0,
            "previous_at": AT,
            "changed_at": AT,
            "undoes": 3,
        },
    ],
    "seen": [{**FACTS, "seen_at": AT}],
    "watchlist": [{"title": "Nowhere", "year": None, "added_at": AT}],
    "dismissals": [{**FACTS, "dismissed_at": AT}],
    "hidden_ratings": [{"hidden_at": AT}],
    "import_batches": [{"batch_id": 1, "file": "x", "source": "y", "created_at": AT, "applied_at": AT}],
    "import_entries": [{**FACTS, "batch_id": 1, "kind": "rating", "previous": 2.0, "last_change": 4}],
    "import_waiting": [
        {"batch_id": 1, "line": 1, "kind": "rating", "title": "Lost", "stars": 3, "noted_at": AT}
    ],
    "night_votes": [{"night_id": 1, "points": 3, **FACTS}],
}
WAITING = StoredWaiting(
    ANA, 7, 1, "rating", "Alien", 1979, 78748, 348, 4.5, datetime(2026, 1, 2, tzinfo=UTC), "", "why"
)
SEEDS: list[tuple[str, bytes]] = [
    ("ratings.csv", files.letterboxd_ratings(FILMS).encode()),
    ("watchlist.csv", files.letterboxd_plain(FILMS, delimiter=";").encode("cp1252")),
    ("diary.csv", files.letterboxd_diary([(ALIEN, "4", "2020-01-01")]).encode("utf-16")),
    ("reviews.csv", files.letterboxd_reviews([(ALIEN, 'so "so",\n')]).encode()),
    ("list.csv", files.letterboxd_list(FILMS).encode("utf-8-sig")),
    ("imdb.csv", files.imdb_2017(FILMS).encode("cp1252")),
    ("imdb.csv", files.imdb_2021(FILMS).encode()),
    ("imdb.csv", files.imdb_newest(FILMS).encode()),
    ("watchlist.csv", files.imdb_watchlist(FILMS).encode()),
    ("ratings.json", files.trakt_ratings(FILMS).encode()),
    ("movielens.csv", files.movielens_ratings(FILMS).encode()),
    ("votes.csv", files.kinopoisk([ALIEN]).encode("cp1251")),
    ("any.csv", b"sep=;\nName;Jahr;Note\nAlien;1979;85/100\n"),
    ("unmatched.csv", write([WAITING])),
    ("own.json", json.dumps(OWN).encode()),
    ("export.zip", files.archive({"ratings.csv": files.letterboxd_ratings(FILMS)})),
    ("export.zip", files.archive({"matinee.json": json.dumps(OWN), "ratings.csv": "x"})),
]
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "cp1251", "cp037")
PIECES = (
    *(b'"', b"\0", b";", b",", b"\t", b"\r\n", b"\r", b"\n\n", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"PK"),
    *(b"99999999999999999999", b"9" * 5000, b"NaN", b"Infinity", b"1e999", b"-1", b"0", b"null", b"true"),
    *(b"{", b"[[", b"[" * 5000, b"\\ud800", b"=cmd()", b"\xe2\x80\xae", b"tt0", b"0/0", b"5/0", b"\xc2\xbd"),
)


def options(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=False,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, bytes]:
    """A good file with bytes flipped, pieces overwritten, cut out, doubled or put in, or cut off."""
    name, data = draw(st.sampled_from(SEEDS))
    content = bytearray(data)
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(content)))
        end = min(start + draw(st.integers(0, 30)), len(content))
        if draw(st.booleans()) and start < len(content):
            content[start] ^= 1 << draw(st.integers(0, 7))
            continue
        piece = draw(
            st.one_of(st.binary(max_size=8), st.sampled_from(PIECES), st.just(bytes(content[start:end]) * 2))
        )
        content[start:end] = piece
    if draw(st.integers(0, 9)) == 0:
        del content[draw(st.integers(0, len(content))) :]
    return name, bytes(content)


@st.composite
def recoded(draw: st.DrawFn) -> tuple[str, bytes]:
    """A good text in an encoding that is not its own, perhaps with another one's mark before it."""
    name, data = draw(st.sampled_from([seed for seed in SEEDS if not zipped.is_zip(seed[1])]))
    text = data.decode("utf-8", "replace")
    mark = draw(st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"]))
    return name, mark + text.encode(draw(st.sampled_from(ENCODINGS)), "replace")


@st.composite
def oversized(draw: st.DrawFn) -> tuple[str, bytes]:
    """A good text in which one cell, one row or the whole is far too much."""
    name, data = draw(st.sampled_from([seed for seed in SEEDS if not zipped.is_zip(seed[1])]))
    many = draw(st.sampled_from([reading.MOST_COLUMNS + 1, 2000, reading.LONGEST_CELL + 1, 150_000]))
    what = draw(st.sampled_from([b"x", b",", b";", b'"', b"\n", b"[", b'{"a":', "🤡".encode(), b"a,b\n"]))
    place = draw(st.integers(0, len(data)))
    return name, data[:place] + what * many + data[place:]


@st.composite
def packed(draw: st.DrawFn) -> tuple[str, bytes]:
    """An archive of such files: nested, with lies in its directory, or made to become very large."""
    inner = draw(st.lists(st.one_of(mutated(), recoded()), min_size=1, max_size=3))
    target = io.BytesIO()
    with zipfile.ZipFile(
        target, "w", draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
    ) as out:
        for number, (name, data) in enumerate(inner):
            folder = draw(st.sampled_from(["", "a/", "../", "lists/", "/"]))
            out.writestr(f"{folder}{number}{name}", data)
        if draw(st.booleans()):
            bomb = draw(st.sampled_from([1 << 12, 1 << 20, 1 << 22]))
            out.writestr("big.csv", b"Title,Year\n" + b"0" * bomb)
    content = bytearray(target.getvalue())
    for _ in range(draw(st.integers(1, 3))):
        if draw(st.booleans()):
            # In the directory at the end, where sizes and places are said.
            place = draw(st.integers(max(len(content) - 200, 0), len(content) - 1))
            content[place] = draw(st.integers(0, 255))
    data = bytes(content)
    for _ in range(draw(st.integers(0, 3))):
        data = files.archive({draw(st.sampled_from(["ratings.csv", "export.zip"])): data})
    return "export.zip", data


anything = st.one_of(
    mutated(), recoded(), oversized(), packed(), st.tuples(st.text(max_size=20), st.binary(max_size=300))
)


@seed(FRESH)
@options(1000)
@given(anything)
def test_no_file_ends_in_anything_but_a_clear_error(file: tuple[str, bytes]) -> None:
    try:
        parsed = parse(*file)
    except BadImport as error:
        line = str(error)
    else:
        line = "fine"
        check(parsed)
    assert line
    assert "\n" not in line
    assert len(line) < 500


def check(parsed: Parsed) -> None:
    """What is read of a file makes sense, whatever it is."""
    for entry in parsed.entries:
        assert entry.title
        assert entry.kind in (*KINDS, None)
        assert (entry.stars is None) == (entry.kind != "rating")
        assert entry.stars is None or (0.5 <= entry.stars <= 5 and entry.stars * 2 == int(entry.stars * 2))
        entry.title.encode()


@seed(FRESH)
@options(60)
@given(st.one_of(mutated(), mutated(), recoded(), packed()))
async def test_no_file_loses_a_stored_rating(library: Library, file: tuple[str, bytes]) -> None:
    await library.rate(9, 1.5)
    await library.rate(10, 5.0)
    before = await library.stars()
    try:
        preview = await library.begin(file[1], file[0])
    except BadImport:
        assert await library.stars() == before
        return
    preview = await library.imports.correct(ANA, preview.batch_id, policy="mine", kind="seen")
    if preview.ready:
        await library.imports.confirm(ANA, "Ana", preview.batch_id)
        assert before.items() <= (await library.stars()).items()
        await library.imports.undo(ANA, preview.batch_id)
    assert await library.stars() == before
