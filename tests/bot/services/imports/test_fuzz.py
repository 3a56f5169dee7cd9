"""Whatever file is brought: a clear error, and no stored rating is lost."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.services.imports.entries import KINDS, BadImport
from bot.services.imports.parsing import parse
from tests.bot.services.imports import files
from tests.bot.services.imports.conftest import ANA, Library
from tests.bot.services.imports.files import ALIEN, AMELIE, SHORT_CUT

FILMS = [ALIEN, AMELIE, SHORT_CUT]
SEEDS: list[tuple[str, bytes]] = [
    ("ratings.csv", files.letterboxd_ratings(FILMS).encode()),
    ("watchlist.csv", files.letterboxd_plain(FILMS, delimiter=";").encode("cp1252")),
    ("diary.csv", files.letterboxd_diary([(ALIEN, "4", "2020-01-01")]).encode("utf-16")),
    ("reviews.csv", files.letterboxd_reviews([(ALIEN, 'so "so",\n')]).encode()),
    ("imdb.csv", files.imdb_2017(FILMS).encode("cp1252")),
    ("imdb.csv", files.imdb_newest(FILMS).encode()),
    ("ratings.json", files.trakt_ratings(FILMS).encode()),
    ("movielens.csv", files.movielens_ratings(FILMS).encode()),
    ("votes.csv", files.kinopoisk([ALIEN]).encode("cp1251")),
    ("own.json", b'{"format": "matinee-export", "version": 1, "ratings": [{"title": "Alien", "stars": 4}]}'),
    ("export.zip", files.archive({"ratings.csv": files.letterboxd_ratings(FILMS)})),
]
many = settings(
    max_examples=3000,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
few = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, bytes]:
    """A good file with pieces overwritten, cut out, doubled or put in."""
    name, data = draw(st.sampled_from(SEEDS))
    content = bytearray(data)
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(content)))
        end = min(start + draw(st.integers(0, 30)), len(content))
        piece = draw(
            st.one_of(
                st.binary(max_size=8),
                st.sampled_from(
                    [b'"', b"\0", b";", b"\r\n", b"\xff", b"99999999999999999999", b"NaN", b"{", b"[[", b"-1"]
                ),
                st.just(bytes(content[start:end]) * 2),
            )
        )
        content[start:end] = piece
    return name, bytes(content)


@many
@given(st.one_of(mutated(), st.tuples(st.text(max_size=20), st.binary(max_size=300))))
def test_no_file_ends_in_anything_but_a_clear_error(file: tuple[str, bytes]) -> None:
    try:
        parsed = parse(*file)
    except BadImport:
        return
    for entry in parsed.entries:
        assert entry.title
        assert entry.kind in (*KINDS, None)
        assert (entry.stars is None) == (entry.kind != "rating")
        assert entry.stars is None or (0.5 <= entry.stars <= 5 and entry.stars * 2 == int(entry.stars * 2))
        entry.title.encode()


@few
@given(mutated())
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
