"""Each source in each of its generations, and how files come in real life."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.services.imports.entries import BadImport, Entry, Parsed, Wishes
from bot.services.imports.parsing import parse
from tests.bot.services.imports import files
from tests.bot.services.imports.files import ALIEN, AMELIE, SHORT_CUT, Film

FILMS = [ALIEN, AMELIE, SHORT_CUT]
MAY = datetime(2023, 5, 1, tzinfo=UTC)


def facts(parsed: Parsed) -> list[tuple[str, str, int | None, float | None]]:
    return [(str(one.kind), one.title, one.year, one.stars) for one in parsed.entries]


def rated(*films: Film) -> list[tuple[str, str, int | None, float | None]]:
    return [("rating", film.title, film.year, film.stars) for film in films]


FORMS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "bom": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: text.encode("utf-16"),
    "cp1252": lambda text: text.encode("cp1252"),
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "cr": lambda text: text.replace("\n", "\r").encode(),
    "begins with an empty line": lambda text: b"\r\n" + text.encode(),
    "sep line": lambda text: b"sep=,\r\n" + text.encode(),
    "blank lines": lambda text: text.replace("\n", "\n\n").encode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_letterboxd_ratings_in_every_form(form: str) -> None:
    parsed = parse("ratings.csv", FORMS[form](files.letterboxd_ratings(FILMS)))
    assert parsed.source == "Letterboxd"
    assert facts(parsed) == rated(*FILMS)
    assert {one.at for one in parsed.entries} == {MAY}
    assert parsed.skipped == {}


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_letterboxd_ratings_saved_again_by_a_spreadsheet(delimiter: str) -> None:
    text = files.letterboxd_ratings(FILMS, delimiter=delimiter, end="\r\n").replace("4.5", "4,5")
    assert facts(parse("ratings.csv", text.encode("cp1252"))) == rated(*FILMS)


def test_letterboxd_archive_knows_its_files_by_their_names() -> None:
    never, other = Film("Never Rated", 2000), Film("Wanted", 2001)
    content = {
        "ratings.csv": files.letterboxd_ratings([ALIEN]),
        "watched.csv": files.letterboxd_plain([ALIEN, never]),
        "watchlist.csv": files.letterboxd_plain([other]),
        "profile.csv": "Date Joined,Username\n2020-01-01,ana\n",
        "comments.csv": "Date,Content,Comment\n",
        "likes/films.csv": files.letterboxd_plain([Film("Liked", 1990)]),
        "lists/best.csv": files.letterboxd_list([Film("Listed", 1990)]),
        "deleted/diary.csv": files.letterboxd_diary([(Film("Deleted", 1990), "5", "2020-01-01")]),
        "__MACOSX/._ratings.csv": b"\x00\x05\x16\x07",
    }
    parsed = parse("letterboxd-ana-2024.zip", files.archive(content))
    assert facts(parsed) == [
        ("rating", "Alien", 1979, 4.5),
        ("seen", "Alien", 1979, None),
        ("seen", "Never Rated", 2000, None),
        ("watchlist", "Wanted", 2001, None),
    ]
    inside = {f"letterboxd-ana/{name}": text for name, text in content.items()}
    assert facts(parse("again.zip", files.archive(inside))) == facts(parsed)


def test_letterboxd_file_that_does_not_say_what_it_is_has_to_be_asked_about() -> None:
    data = files.letterboxd_plain([ALIEN]).encode()
    parsed = parse("export (3).csv", data)
    assert parsed.undecided
    assert parse("export (3).csv", data, Wishes(kind="seen")).entries[0].kind == "seen"
    assert parse("ana watchlist (2).csv", data).entries[0].kind == "watchlist"
    assert parse("list.csv", files.letterboxd_list([ALIEN, AMELIE]).encode()).undecided
    listed = parse("list.csv", files.letterboxd_list([ALIEN, AMELIE]).encode(), Wishes(kind="watchlist"))
    assert facts(listed) == [("watchlist", "Alien", 1979, None), ("watchlist", "Amélie", 2001, None)]


def newest(entries: tuple[Entry, ...]) -> float | None:
    return max(entries, key=lambda entry: entry.newness).stars


def test_the_newest_rating_of_a_diary_counts() -> None:
    early, late = ALIEN._replace(date="2020-01-01"), ALIEN._replace(date="2022-01-01")
    rows = [(late, "5", "2022-01-01"), (early, "2", "2020-01-01"), (late, "", "2022-02-02")]
    parsed = parse("diary.csv", files.letterboxd_diary(rows).encode())
    assert [one.kind for one in parsed.entries] == ["rating", "rating", "seen"]
    assert newest(parsed.entries[:2]) == 5.0
    # Logged on one day, watched on others.
    rows = [(early, "3", "2019-05-05"), (early, "4", "2019-12-12"), (early, "1", "2019-01-01")]
    assert newest(parse("diary.csv", files.letterboxd_diary(rows).encode()).entries) == 4.0
    both = {
        "ratings.csv": files.letterboxd_ratings([early._replace(stars=3.0)]),
        "diary.csv": files.letterboxd_diary([(early, "4", "2020-01-01")]),
    }
    for order in (both, dict(reversed(both.items()))):
        assert newest(parse("all.zip", files.archive(order)).entries) == 3.0


def test_reviews_with_quotes_and_line_breaks() -> None:
    review = ('"Loved" it; the rest,\n\nhowever, is "so-so"\r\n' * 3)[:100]
    assert len(review) == 100
    parsed = parse(
        "reviews.csv", files.letterboxd_reviews([(ALIEN, review), (AMELIE, '"')], end="\r\n").encode()
    )
    assert facts(parsed) == rated(ALIEN, AMELIE)


@pytest.mark.parametrize("write", [files.imdb_2017, files.imdb_2021, files.imdb_newest])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_imdb_ratings_of_each_generation(write: Callable[..., str], encoding: str) -> None:
    parsed = parse("ratings.csv", write([ALIEN, AMELIE]).encode(encoding))
    assert parsed.source == "IMDb"
    assert facts(parsed) == rated(ALIEN, AMELIE)
    assert [one.imdb_id for one in parsed.entries] == [78748, 211915]
    expected = datetime(2017, 1, 29, tzinfo=UTC) if write is files.imdb_2017 else MAY
    assert {one.at for one in parsed.entries} == {expected}


@pytest.mark.parametrize(
    "kind",
    [
        *("tvSeries", "tvMiniSeries", "tvEpisode", "video", "videoGame", "musicVideo", "podcastSeries"),
        *("TV Series", "TV Mini Series", "TV Episode", "Video", "Video Game", "Mini-Series", "Serie TV"),
    ],
)
def test_imdb_series_episodes_games_and_videos_are_counted_and_left_out(kind: str) -> None:
    for write in (files.imdb_2017, files.imdb_2021, files.imdb_newest, files.imdb_watchlist):
        parsed = parse("ratings.csv", write([ALIEN, AMELIE], kind).encode())
        assert parsed.entries == ()
        assert parsed.skipped == {"series, episodes, games and videos": 2}


@pytest.mark.parametrize(
    "kind", ["movie", "Movie", "short", "tvMovie", "TV Movie", "TV Special", "Documentary", "Film"]
)
def test_imdb_films_of_all_kinds_stay(kind: str) -> None:
    assert len(parse("ratings.csv", files.imdb_newest([ALIEN], kind).encode()).entries) == 1


def test_imdb_watchlist_and_original_titles() -> None:
    parsed = parse("WATCHLIST.csv", files.imdb_watchlist([ALIEN]).encode())
    assert facts(parsed) == [("watchlist", "Alien", 1979, None)]
    parsed = parse("watchlist.csv", files.imdb_watchlist([ALIEN], rating="9").encode())
    assert facts(parsed) == rated(ALIEN)
    parsed = parse("r.csv", files.imdb_newest([AMELIE], original="Le fabuleux destin").encode())
    assert parsed.entries[0].aliases == ("Le fabuleux destin",)


def test_trakt_ratings_history_and_watchlist() -> None:
    entries = parse("ratings-movies.json", files.trakt_ratings([ALIEN, AMELIE]).encode())
    assert entries.source == "Trakt"
    assert facts(entries) == rated(ALIEN, AMELIE)
    assert entries.entries[0].at == datetime(2014, 9, 1, 9, 10, 11, tzinfo=UTC)
    assert (entries.entries[0].imdb_id, entries.entries[0].tmdb_id) == (78748, 348)
    history = [
        files.trakt_movie(ALIEN, id=1, watched_at="2014-03-31T09:28:53.000Z", action="scrobble"),
        {"id": 2, "watched_at": "2014-03-31T09:28:53.000Z", "type": "episode", "episode": {}, "show": {}},
    ]
    wanted = [files.trakt_movie(AMELIE, rank=1, listed_at="2014-09-01T09:10:11.000Z")]
    content = {
        "ratings-shows.json": json.dumps([{"rated_at": "x", "rating": 10, "type": "show", "show": {}}]),
        "watched/history-1.json": json.dumps(history),
        "lists-watchlist.json": json.dumps(wanted),
    }
    parsed = parse("trakt.zip", files.archive(content))
    assert facts(parsed) == [("seen", "Alien", 1979, None), ("watchlist", "Amélie", 2001, None)]
    assert parsed.skipped == {"series, episodes, games and videos": 2}
    together = {"history": history, "watchlist": wanted}
    assert facts(parse("all.json", json.dumps(together).encode())) == facts(parsed)
    assert parse("list.json", json.dumps(wanted).encode()).undecided


def test_movielens_own_export() -> None:
    text = files.movielens_ratings([ALIEN, Film("Matrix, The", 1999, 5.0, imdb="tt0133093", tmdb="603")])
    parsed = parse("movielens-ratings.csv", text.encode())
    assert parsed.source == "MovieLens"
    assert facts(parsed) == [("rating", "Alien", 1979, 4.5), ("rating", "The Matrix", 1999, 5.0)]
    assert [(one.imdb_id, one.tmdb_id) for one in parsed.entries] == [(78748, 348), (133093, 603)]
    wish = "movie_id,imdb_id,tmdb_id,average_rating,title\n1,0114709,862,3.9,Toy Story (1995)\n"
    assert facts(parse("movielens-wishlist.csv", wish.encode())) == [("watchlist", "Toy Story", 1995, None)]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
def test_kinopoisk_with_russian_columns(encoding: str) -> None:
    parsed = parse("votes.csv", files.kinopoisk([ALIEN]).encode(encoding))
    assert parsed.columns is not None
    assert parsed.columns.scale == 10
    assert parsed.columns.found == {"title": 0, "original": 1, "year": 2, "rating": 3}
    (entry,) = parsed.entries
    assert (entry.title, entry.aliases, entry.year, entry.stars) == ("Чужой", ("Alien",), 1979, 4.5)


def test_any_table_says_how_it_was_understood_and_can_be_corrected() -> None:
    text = "Movie,Released,How was it,Seen on\nAlien,1979,3,31.12.2020\nAmélie,2001,4,2020-01-02\n"
    parsed = parse("mine.csv", text.encode())
    assert parsed.columns is not None
    assert parsed.columns.found == {"title": 0}
    assert parsed.undecided
    wishes = Wishes(columns={"year": 1, "rating": 2, "date": 3})
    parsed = parse("mine.csv", text.encode(), wishes)
    assert parsed.columns is not None
    assert parsed.columns.scale == 5
    assert facts(parsed) == [("rating", "Alien", 1979, 3.0), ("rating", "Amélie", 2001, 4.0)]
    assert parsed.entries[0].at == datetime(2020, 12, 31, tzinfo=UTC)
    parsed = parse("mine.csv", text.encode(), Wishes(columns=wishes.columns, scale=10))
    assert [one.stars for one in parsed.entries] == [1.5, 2.0]
    parsed = parse("mine.csv", text.encode(), Wishes(columns={"rating": -1, "year": 1}, kind="seen"))
    assert facts(parsed) == [("seen", "Alien", 1979, None), ("seen", "Amélie", 2001, None)]


def test_a_year_may_stand_behind_the_title() -> None:
    parsed = parse("mine.csv", b'title,rating\n"Matrix, The (1999)",4\nAlien (1979),3\nNo Year,2\n')
    assert facts(parsed) == [
        ("rating", "The Matrix", 1999, 4.0),
        ("rating", "Alien", 1979, 3.0),
        ("rating", "No Year", None, 2.0),
    ]


def test_rows_that_cannot_be_used_are_counted_by_reason() -> None:
    rows = [("Alien", 1979, cell) for cell in ("4", "0", "", "good", "6", "-1")]
    text = files.table(("Title", "Year", "Rating (out of 5)"), [*rows, ("", "", 3), ("x" * 500, 1999, 3)])
    parsed = parse("mine.csv", (text + "Crouching Tiger, Hidden Dragon,2000,4\n").encode())
    assert facts(parsed) == [("rating", "Alien", 1979, 4.0)]
    assert parsed.skipped == {
        "not rated": 2,
        "the rating is no number": 2,
        "no title": 2,
        "the rating is beyond the scale": 1,
        "more cells than columns": 1,
    }


def test_duplicate_rows_are_all_read() -> None:
    assert len(parse("ratings.csv", files.letterboxd_ratings([ALIEN] * 3).encode()).entries) == 3


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\r\n\r\n", "is empty"),
        ("a.csv", b"Name,Year\n", "no rows"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\0\0\0", "no text file"),
        ("a.csv", b"foo,bar\n1,2\n", "has no column that can be recognised among: foo, bar"),
        (
            "a.csv",
            b'Date,Name,Year,Letterboxd URI,Rating\n1,"Alien,1979,x,4\n1,Dune,1984,x,4\n',
            "never closed",
        ),
        ("a.csv", "Title\n" + "x" * 200_000, "field limit"),
        ("a.csv", "Title\n" + '"' + "x" * 120_000 + '"', "cell of more than"),
        ("a.csv", ",".join(["a"] * 300) + "\n1\n", "columns"),
        ("a.csv", "Title\n" + "x\n" * 100_001, "more than 100,000 rows"),
        ("a.csv", b"\xff\xfe\x00", "damaged"),
        ("a.json", b"[{", "not complete JSON"),
        ("a.json", b"[" * 100_000, "JSON|nested"),
        ("a.json", b"[]", "no form that is known"),
        ("a.json", b'{"a": 1}', "no form that is known"),
        ("a.json", b'{"format": "matinee-export", "version": 2}', "another version"),
        ("big.csv", b" " * ((20 << 20) + 1), "too large"),
    ],
)
def test_what_cannot_be_read_ends_in_one_line(name: str, data: bytes | str, told: str) -> None:
    with pytest.raises(BadImport, match=told) as caught:
        parse(name, data.encode() if isinstance(data, str) else data)
    assert "\n" not in str(caught.value)


def test_kinopoisk_says_when_it_was_rated() -> None:
    text = "Название;Год;Моя оценка;Дата оценки\nЧужой;1979;9;05.04.2017, 18:30\n"
    (entry,) = parse("votes.csv", text.encode("cp1251")).entries
    assert entry.at == datetime(2017, 4, 5, 18, 30, tzinfo=UTC)


MONTH_FIRST = "dates such as 4/15/2020 were read as month/day/year"
DAY_FIRST = "dates such as 15/4/2020 were read as day/month/year"
EITHER = "dates such as 5/4/2020 may be month/day or day/month, so that time is unknown"


@pytest.mark.parametrize(
    ("dates", "read", "note"),
    [
        (("5/4/2020", "4/15/2020"), ["2020-05-04", "2020-04-15"], MONTH_FIRST),
        (("05/04/2020", "15/4/2020"), ["2020-04-05", "2020-04-15"], DAY_FIRST),
        (("5/4/2020", "5/5/2020"), [None, "2020-05-05"], EITHER),
        # Both orders in one column: those that can be only one thing are that.
        (("15/4/2020", "5/4/2020", "4/15/2020"), ["2020-04-15", None, "2020-04-15"], EITHER),
        (("5/4/2020", "", "4/15/2020 18:30"), ["2020-05-04", None, "2020-04-15"], MONTH_FIRST),
        (("5/5/2020", "6/6/2020"), ["2020-05-05", "2020-06-06"], ""),
        (("5/4/2020", "4/15/2020", "n/a"), ["2020-05-04", "2020-04-15", None], MONTH_FIRST),
        # A column that mostly holds something else is none of such dates.
        (("5/4/2020", "n/a"), [None, None], ""),
        # What is no date decides nothing.
        (("5/99/2020", "5/4/2020", "5/6/2020"), [None, None, None], EITHER),
    ],
)
def test_dates_that_a_spreadsheet_wrote_anew(
    dates: tuple[str, ...], read: list[str | None], note: str
) -> None:
    rows = [f"Film {number},2000,4,{date}" for number, date in enumerate(dates)]
    parsed = parse("mine.csv", "\n".join(["Title,Year,Rating,Date", *rows]).encode())
    assert [None if one.at is None else f"{one.at:%Y-%m-%d}" for one in parsed.entries] == read
    assert parsed.notes == ((note,) if note else ())


def test_one_date_decides_for_all_columns_of_a_file() -> None:
    header = "Const,Your Rating,Date Rated,Title,URL,Title Type,Year,Release Date\n"
    row = "tt0078748,9,5/4/2020,Alien,u,movie,1979,9/20/1979\n"
    parsed = parse("ratings.csv", (header + row).encode())
    assert [one.at for one in parsed.entries] == [datetime(2020, 5, 4, tzinfo=UTC)]


def test_the_time_of_a_date_is_kept() -> None:
    text = "Title,Year,Rating,Date\nAlien,1979,5,4/15/2020 18:30\nAmelie,2001,5,5/4/2020 9:05\n"
    assert [one.at for one in parse("mine.csv", text.encode()).entries] == [
        datetime(2020, 4, 15, 18, 30, tzinfo=UTC),
        datetime(2020, 5, 4, 9, 5, tzinfo=UTC),
    ]
