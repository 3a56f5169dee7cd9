"""IMDb's files: which titles become movies, with what facts, and what dirt in them does."""

import gzip
from datetime import date
from pathlib import Path

import pytest

from recommender import load_dataset
from recommender.catalogue import ORIGINAL, Movie
from recommender.datasets.dataset import Dataset, DatasetError
from recommender.datasets.imdb import ACKNOWLEDGEMENT, ImdbOptions, load_imdb
from recommender.datasets.numbering import IMDB_FIRST
from tests.recommender.datasets.imdb_on_disk import aka, film, lines, tt, votes, write_imdb

TODAY = date(2026, 11, 28)
ALL = ImdbOptions(languages=None)

SPIRITED, PARASITE, ODYSSEY = 245429, 6751668, 33764258
FILMS = [
    film(
        SPIRITED,
        "Spirited Away",
        2001,
        originalTitle="Sen to Chihiro no kamikakushi",
        genres="Animation,Family",
    ),
    film(
        PARASITE, "Parasite", 2019, originalTitle="Gisaengchung", genres="Drama,Thriller", runtimeMinutes=132
    ),
    film(ODYSSEY, "The Odyssey", 2026, genres="Action,Adventure,Fantasy", runtimeMinutes=r"\N"),
]
VOTES = [votes(SPIRITED, 926_000, 8.6), votes(PARASITE, 1_100_000, 8.5), votes(ODYSSEY, 80, 8.1)]
AKAS = [
    aka(SPIRITED, "千と千尋の神隠し", "JP", ordering=2, types="imdbDisplay"),
    aka(SPIRITED, "Chihiros Reise ins Zauberland", "DE", ordering=3, types="imdbDisplay"),
    aka(SPIRITED, "Sen to Chihiro no kamikakushi", types="original", isOriginalTitle=1),
    aka(SPIRITED, "The Spiriting Away of Sen and Chihiro", "US", attributes="literal English title"),
    aka(SPIRITED, "Sen", "JP", types="working"),
    aka(SPIRITED, "Sen project", "US", attributes="fake working title"),
    aka(PARASITE, "기생충", "KR", types="imdbDisplay"),
    aka(PARASITE, "Parasit", "XWW", language="qbn"),
    aka(PARASITE, "寄生上流", "HK", language="yue"),
    aka(PARASITE, "PARASITE", "US"),
    aka(77, "A film that is not there", "US"),
]
CREW = [
    {"tconst": tt(SPIRITED), "directors": "nm0594503", "writers": "nm0594503"},
    {"tconst": tt(PARASITE), "directors": "nm0094435", "writers": "nm0094435,nm6319562,nm9999999"},
]
PRINCIPALS = [
    {"tconst": tt(PARASITE), "ordering": 10, "nconst": "nm0000010", "category": "actor"},
    {"tconst": tt(PARASITE), "ordering": 1, "nconst": "nm0814280", "category": "actor"},
    {"tconst": tt(PARASITE), "ordering": 2, "nconst": "nm1310525", "category": "actress"},
    {"tconst": tt(PARASITE), "ordering": 3, "nconst": "nm0094435", "category": "director"},
]
NAMES = [
    {"nconst": "nm0594503", "primaryName": "Hayao Miyazaki"},
    {"nconst": "nm0094435", "primaryName": "Bong Joon Ho"},
    {"nconst": "nm6319562", "primaryName": "Han Jin-won"},
    {"nconst": "nm0814280", "primaryName": "Song Kang-ho"},
    {"nconst": "nm1310525", "primaryName": "Cho Yeo-jeong"},
    {"nconst": "nm0000010", "primaryName": "Somebody Else"},
]


def whole(folder: Path, **more: object) -> Path:
    tables = {
        "title_basics": FILMS,
        "title_ratings": VOTES,
        "title_akas": AKAS,
        "title_crew": CREW,
        "title_principals": PRINCIPALS,
        "name_basics": NAMES,
    }
    return write_imdb(folder, **(tables | more))


def read(folder: Path, options: ImdbOptions = ALL, **more: object) -> Dataset:
    return load_imdb(folder, options, today=TODAY, **more)


def titles(dataset: Dataset) -> list[str]:
    return [movie.title for movie in dataset.catalogue]


def test_a_film_comes_with_all_its_facts(tmp_path: Path) -> None:
    dataset = read(whole(tmp_path))
    assert dataset.name == "imdb"
    assert dataset.acknowledgement == ACKNOWLEDGEMENT
    assert dataset.dropped == {}
    assert dataset.catalogue[IMDB_FIRST + PARASITE] == Movie(
        IMDB_FIRST + PARASITE,
        "Parasite",
        2019,
        ("Drama", "Thriller"),
        ("Gisaengchung", "기생충", "Parasit", "寄生上流"),
        directors=("Bong Joon Ho",),
        cast=("Song Kang-ho", "Cho Yeo-jeong", "Somebody Else"),
        imdb_id=PARASITE,
        runtime=132,
        writers=("Bong Joon Ho", "Han Jin-won"),
        votes=1_100_000,
        mean_vote=8.5,
        alias_languages=(ORIGINAL, "ko", "nl", "zh"),
    )
    spirited = dataset.catalogue[IMDB_FIRST + SPIRITED]
    assert spirited.genres == ("Animation", "Children")
    assert spirited.aliases == (
        "Sen to Chihiro no kamikakushi",
        "千と千尋の神隠し",
        "Chihiros Reise ins Zauberland",
        "The Spiriting Away of Sen and Chihiro",
    )
    assert spirited.alias_languages == (ORIGINAL, "ja", "de", "en")
    # Those with most votes come first.
    assert titles(dataset) == ["Parasite", "Spirited Away", "The Odyssey"]


def test_titles_are_kept_in_the_chosen_languages(tmp_path: Path) -> None:
    folder = whole(tmp_path)
    spirited = IMDB_FIRST + SPIRITED
    assert read(folder, ImdbOptions()).catalogue[spirited].alias_languages == (ORIGINAL, "en")
    assert read(folder, ImdbOptions(languages=("de",))).catalogue[spirited].alias_languages == (
        ORIGINAL,
        "de",
    )
    assert read(folder, ImdbOptions(languages=None, names=2)).catalogue[spirited].alias_languages == (
        ORIGINAL,
        "ja",
    )


def test_packed_and_unpacked_files_are_the_same(tmp_path: Path) -> None:
    packed, plain = read(whole(tmp_path / "packed")), read(whole(tmp_path / "plain", packed=False))
    assert packed.catalogue.movies == plain.catalogue.movies


@pytest.mark.parametrize(
    ("kind", "year", "count", "taken"),
    [
        ("movie", 2001, 100, True),
        ("movie", 2001, 99, False),
        ("movie", 2024, 99, False),
        ("movie", 2025, 10, True),  # from the last 18 months
        ("movie", 2026, 9, False),
        ("movie", 2031, 10, True),  # announced, and shown to some
        ("movie", 2099, 10, False),  # a mistake is not new
        ("movie", r"\N", 10, False),
        ("movie", r"\N", 100, True),
        ("tvMovie", 2001, 100, True),
        ("video", 2001, 100, True),
        ("tvSpecial", 2001, 100, True),
        ("short", 2001, 999, False),
        ("short", 2026, 999, False),
        ("short", 2001, 1000, True),
        ("tvMiniSeries", 2001, 1000, True),
        ("tvSeries", 2001, 500_000, False),
        ("tvEpisode", 2001, 500_000, False),
        ("videoGame", 2001, 500_000, False),
    ],
)
def test_which_titles_are_films(tmp_path: Path, kind: str, year: int | str, count: int, taken: bool) -> None:
    basics = [*FILMS, film(5, "The one in question", year, titleType=kind)]
    folder = write_imdb(tmp_path, title_basics=basics, title_ratings=[*VOTES, votes(5, count)])
    assert ("The one in question" in titles(read(folder))) is taken
    # Somebody's film is taken whatever it is.
    assert "The one in question" in titles(read(folder, keep=[5]))


def test_films_for_adults_and_those_nobody_voted_on_are_left_out(tmp_path: Path) -> None:
    basics = [*FILMS, film(5, "For adults", isAdult=1), film(6, "Unknown"), film(7, "Coming", 2027)]
    folder = write_imdb(tmp_path, title_basics=basics, title_ratings=[*VOTES, votes(5, 10**6)])
    dataset = read(folder, keep=[7])
    assert titles(dataset) == ["Parasite", "Spirited Away", "The Odyssey", "Coming"]
    assert dataset.dropped["title.basics: it is for adults"] == 1
    assert dataset.dropped["title.basics: it has too few votes"] == 1
    coming = dataset.catalogue[IMDB_FIRST + 7]
    assert (coming.votes, coming.mean_vote) == (0, None)
    assert not coming.is_released(TODAY)
    assert dataset.catalogue[IMDB_FIRST + ODYSSEY].is_released(TODAY)


@pytest.mark.parametrize(
    ("missing", "consequence", "lost"),
    [
        ("title.ratings", "no votes", {"votes": None, "mean_vote": None}),
        ("title.akas", "no titles but", {"aliases": ("Gisaengchung",), "alias_languages": (ORIGINAL,)}),
        ("title.crew", "no directors and writers", {"directors": (), "writers": ()}),
        ("title.principals", "no actors", {"cast": ()}),
        ("name.basics", "no people", {"directors": (), "writers": (), "cast": ()}),
    ],
)
def test_without_a_file_only_its_facts_are_lost(
    tmp_path: Path, missing: str, consequence: str, lost: dict[str, object]
) -> None:
    folder = whole(tmp_path)
    parasite = read(folder).catalogue[IMDB_FIRST + PARASITE]
    (folder / f"{missing}.tsv.gz").unlink()
    dataset = read(folder)
    assert dataset.catalogue[IMDB_FIRST + PARASITE] == parasite._replace(**lost)
    (reason,) = dataset.dropped
    assert missing in reason
    assert consequence in reason


def test_basics_are_needed(tmp_path: Path) -> None:
    folder = whole(tmp_path)
    (folder / "title.basics.tsv.gz").unlink()
    with pytest.raises(DatasetError, match="has no data set"):
        load_dataset(folder)


def test_dirty_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    basics = [
        *FILMS,
        "tt0000005\tmovie\tCut off",
        film(6, "One\ttab too many"),
        film(7, r"\N"),
        film(8, "No number", tconst="8"),
        film(8, "No number", tconst="ttx"),
        film(9, "Twice"),
        film(9, "Twice"),
        film(10, "Year of a mistake", 2099),
        film(11, "Genre of a mistake", genres="Drama,Sandals"),
        film(12, r"\N", **dict.fromkeys(("originalTitle", "titleType", "isAdult"), r"\N")),
        film(13, 'A "quoted" title, "', genres=r"\N", runtimeMinutes="many", startYear="soon"),
        film(14, "  Too   many \x0b blanks ", runtimeMinutes=999_999),
        film(15, "\x01", originalTitle=r"\N"),
        "",
    ]
    numbers = range(5, 16)
    ratings = [*VOTES, *(votes(number, 500) for number in numbers), "tt0000009\t7", votes(13, 500, mean=77)]
    dataset = read(whole(tmp_path, title_basics=basics, title_ratings=ratings))
    assert dataset.dropped == {
        "title.basics: row has too few or too many fields": 2,
        "title.basics: tconst is no number of IMDb": 2,
        "title.basics: title is missing": 2,
        "title.basics: the film is there twice": 1,
        "title.basics: year is not plausible (the film is kept)": 1,
        "title.basics: genre is unknown (the film is kept)": 1,
    }
    catalogue = dataset.catalogue
    assert catalogue[IMDB_FIRST + 10].year is None
    assert catalogue[IMDB_FIRST + 11].genres == ("Drama",)
    quoted = catalogue[IMDB_FIRST + 13]
    assert (quoted.title, quoted.genres, quoted.year, quoted.runtime) == (
        'A "quoted" title, "',
        (),
        None,
        None,
    )
    assert catalogue[IMDB_FIRST + 14].title == "Too many blanks"
    assert catalogue[IMDB_FIRST + 14].runtime is None
    assert catalogue[IMDB_FIRST + 15].title == "tt15"
    assert len(catalogue) == len(FILMS) + 6


def test_bytes_that_are_no_text_cost_their_row_alone(tmp_path: Path) -> None:
    folder = whole(tmp_path, packed=False)
    bad = lines("title.basics", [film(5, "Bad")]).encode().splitlines()[1].replace(b"Bad", b"\xff\xfe")
    with (folder / "title.basics.tsv").open("ab") as file:
        file.write(bad + b"\n")
    dataset = read(folder)
    assert len(dataset.catalogue) == 3
    assert dataset.dropped == {"title.basics: row is not text in UTF-8": 1}


@pytest.mark.parametrize("table", ["title.basics", "title.ratings", "title.akas", "title.crew"])
def test_a_header_that_changed_is_refused_only_if_a_column_is_gone(tmp_path: Path, table: str) -> None:
    folder, key = whole(tmp_path), table.replace(".", "_")
    rows = {"title_basics": FILMS, "title_ratings": VOTES, "title_akas": AKAS, "title_crew": CREW}[key]
    before = list(read(folder).catalogue)
    columns = lines(table, []).split()
    moved = [*reversed(columns), "somethingNew"]
    (folder / f"{table}.tsv.gz").write_bytes(gzip.compress(lines(table, rows, moved).encode()))
    assert list(read(folder).catalogue) == before
    (folder / f"{table}.tsv.gz").write_bytes(gzip.compress(lines(table, rows, columns[1:]).encode()))
    with pytest.raises(DatasetError, match=f"lacks the column {columns[0]}") as caught:
        read(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("table", ["title.basics", "title.akas", "name.basics"])
@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda data: data[: len(data) * 2 // 3], "download it again"),
        (lambda data: data[:5], "is damaged"),
        (lambda data: b"", "lacks the column"),
        (lambda data: gzip.compress(b"<!DOCTYPE html><title>Log in</title>"), "is a web page"),
        (lambda data: b"<html>Log in</html>", "is damaged"),
        (lambda data: gzip.compress(b"\x00\x01\x02\xff"), "is damaged"),
    ],
)
def test_a_damaged_file_is_one_line(tmp_path: Path, table: str, damage: object, told: str) -> None:
    folder = whole(tmp_path)
    path = folder / f"{table}.tsv.gz"
    # Long enough that its end is not in the first piece that is read.
    body = gzip.decompress(path.read_bytes()) + b"".join(b"nothing %d\n" % i for i in range(200_000))
    path.write_bytes(damage(gzip.compress(body, 1)))
    with pytest.raises(DatasetError, match=told) as caught:
        read(folder)
    assert "\n" not in str(caught.value)
    assert path.name in str(caught.value)


def test_no_film_at_all_is_refused(tmp_path: Path) -> None:
    folder = write_imdb(tmp_path, title_basics=[film(1, "Unknown")], title_ratings=[votes(1, 3)])
    with pytest.raises(DatasetError, match="has no film with enough votes"):
        read(folder)


def test_reading_tells_how_far_it_is_and_can_be_ended(tmp_path: Path) -> None:
    folder = whole(tmp_path)
    size = sum(path.stat().st_size for path in folder.iterdir())
    told: list[tuple[int, int]] = []
    read(folder, on_bytes=lambda *step: told.append(step))
    assert told == sorted(told)
    assert told[-1] == (size, size)

    def end(_done: int, _total: int) -> None:
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        read(folder, on_bytes=end)


def test_the_sample_of_the_real_files(imdb_sample: Path) -> None:
    dataset = read(imdb_sample)
    assert len(dataset.catalogue) == 45_517
    knight = dataset.catalogue.movies[0]
    assert (knight.title, knight.year, knight.directors) == ("The Dark Knight", 2008, ("Christopher Nolan",))
    assert knight.cast[:2] == ("Christian Bale", "Heath Ledger")
    assert dataset.dropped["title.basics: it is for adults"] == 368
