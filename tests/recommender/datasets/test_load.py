"""Loading data sets that are as they should be, or nearly."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from recommender import load_dataset
from recommender.catalogue import Movie
from recommender.datasets import community
from recommender.datasets.dataset import Dataset, DatasetError
from tests.recommender.datasets.editions_on_disk import CSV_EDITION, DAT_EDITION, write_folder, write_zip

DATA = Path(__file__).parents[3] / "data"


def with_ratings(*rows: str) -> dict[str, str]:
    return CSV_EDITION | {"ratings.csv": "\n".join(["userId,movieId,rating,timestamp", *rows]) + "\n"}


def rows_of(dataset: Dataset) -> list[tuple[int, int, float, int]]:
    ratings = dataset.ratings
    columns = (ratings.user_ids, ratings.movie_ids, ratings.stars, ratings.rated_at)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_a_csv_edition_in_a_folder(tmp_path: Path) -> None:
    dataset = load_dataset(write_folder(tmp_path / "ml-mine", CSV_EDITION))
    assert dataset.name == "ml-mine"
    assert dataset.dropped == {}
    assert "Harper and Joseph A. Konstan" in dataset.acknowledgement
    assert dataset.catalogue.movies == (
        Movie(1, "Toy Story", 1995, ("Adventure", "Animation", "Children"), imdb_id=114709, tmdb_id=862),
        Movie(
            2, "The Matrix", 1999, ("Action", "Sci-Fi"), keywords=("cyberpunk",), imdb_id=133093, tmdb_id=603
        ),
        Movie(
            3,
            "The City of Lost Children",
            1995,
            ("Drama", "Fantasy"),
            aliases=("La Cité des enfants perdus",),
            imdb_id=112682,
        ),
        Movie(4, "Cosmos"),
    )
    assert rows_of(dataset) == [
        (1, 1, 4.0, 964982703),
        (1, 2, 0.5, 964982704),
        (2, 1, 5.0, 1445714994),
        (2, 3, 3.5, 1445714995),
    ]
    assert [column.dtype for column in (dataset.ratings.user_ids, dataset.ratings.movie_ids)] == [
        np.int64
    ] * 2
    assert dataset.ratings.stars.dtype == np.float32
    assert dataset.ratings.rated_at.dtype == np.int64


def test_a_zip_archive_holds_the_same_as_its_folder(tmp_path: Path) -> None:
    folder = load_dataset(write_folder(tmp_path / "ml-latest-small", CSV_EDITION))
    archive = load_dataset(str(write_zip(tmp_path / "renamed.zip", CSV_EDITION)))
    assert archive.name == folder.name == "ml-latest-small"
    assert archive.catalogue.movies == folder.catalogue.movies
    assert rows_of(archive) == rows_of(folder)


def test_a_zip_archive_without_a_folder_in_it_is_called_after_its_file(tmp_path: Path) -> None:
    assert load_dataset(write_zip(tmp_path / "Our Films!.zip", CSV_EDITION, inside="")).name == "our-films"


def test_a_folder_around_the_folder_is_fine(tmp_path: Path) -> None:
    write_folder(tmp_path / "unpacked" / "ml-25m", CSV_EDITION)
    assert load_dataset(tmp_path / "unpacked").name == "ml-25m"


def test_no_data_set_passes_for_the_starter_set(tmp_path: Path) -> None:
    assert load_dataset(write_folder(tmp_path / "starter", CSV_EDITION)).name != "starter"


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
@pytest.mark.parametrize(("inside", "name"), [("ml-1m/", "ml-1m"), ("ml-10M100K/", "ml-10m")])
def test_a_dat_edition(tmp_path: Path, encoding: str, inside: str, name: str) -> None:
    dataset = load_dataset(write_zip(tmp_path / "some.zip", DAT_EDITION, inside, encoding))
    assert dataset.name == name
    assert dataset.catalogue.movies == (
        Movie(1, "Toy Story", 1995, ("Animation", "Children", "Comedy")),
        Movie(29, "The City of Lost Children", 1995, ("Adventure", "Sci-Fi")),
        Movie(96, "In the Bleak Midwinter :: A Tale", 1995, ("Comedy",)),
        Movie(1226, "Les Misérables", 1995, ("Drama", "Musical")),
    )
    assert rows_of(dataset) == [(1, 1, 5.0, 978300760), (1, 29, 3.0, 978302109), (2, 1226, 4.0, 978301968)]
    assert dataset.dropped == {}


def test_tags_of_a_dat_edition_may_hold_the_separator(tmp_path: Path) -> None:
    tags = "1::1::so::so::1215184630\n2::1::so::so::1215184631\n"
    dataset = load_dataset(write_folder(tmp_path / "ml-10m", DAT_EDITION | {"tags.dat": tags}))
    assert dataset.catalogue[1].keywords == ("so::so",)


def test_links_and_tags_may_be_missing(tmp_path: Path) -> None:
    edition = {name: CSV_EDITION[name] for name in ("movies.csv", "ratings.csv")}
    dataset = load_dataset(write_folder(tmp_path / "few", edition))
    assert dataset.catalogue[2].imdb_id is None
    assert dataset.catalogue[2].keywords == ()


def test_a_saved_data_set_is_loaded_again(tmp_path: Path) -> None:
    dataset = load_dataset(write_folder(tmp_path / "ml-mine", CSV_EDITION))
    dataset.save(tmp_path / "saved")
    again = load_dataset(tmp_path / "saved")
    assert (again.name, again.acknowledgement) == (dataset.name, dataset.acknowledgement)
    assert again.catalogue.movies == dataset.catalogue.movies
    assert rows_of(again) == rows_of(dataset)


def test_the_starter_set_is_loaded_from_its_folder() -> None:
    starter = load_dataset(DATA)
    assert starter.name == "starter"
    assert len(starter.catalogue) > 1000


def test_lines_of_windows_a_byte_order_mark_and_quotes_are_fine(tmp_path: Path) -> None:
    edition = {
        name: "\ufeff" + text.replace("\n", "\r\n").replace("1,1,4.0", '"1","1","4.0"')
        for name, text in CSV_EDITION.items()
    }
    dataset = load_dataset(write_folder(tmp_path / "windows", edition))
    assert len(dataset.ratings) == 4
    assert dataset.dropped == {}
    assert dataset.catalogue[1].title == "Toy Story"


BAD_RATINGS = [
    ("1,2,5.5,10", community.STARS),
    ("1,2,0,10", community.STARS),
    ("1,2,0.0,10", community.STARS),
    ("1,2,-3,10", community.STARS),
    ("1,2,3.7,10", community.STARS),
    ("1,2,NaN,10", community.STARS),
    ("1,2,inf,10", community.STARS),
    ("1,2,,10", community.STARS),
    ("1,2,five,10", community.STARS),
    ("1,99,4.0,10", community.UNKNOWN),
    ("1,2,4.0", community.UNREADABLE),
    ("1,2,4.0,10,11", community.UNREADABLE),
    ("1;2;4.0;10", community.UNREADABLE),
    ("Ana,2,4.0,10", community.UNREADABLE),
    (",2,4.0,10", community.UNREADABLE),
    ("-1,2,4.0,10", community.UNREADABLE),
    ("1,2.5,4.0,10", community.UNREADABLE),
    ("1,4294967298,4.0,10", community.UNREADABLE),
    ("99999999999999999999999,2,4.0,10", community.UNREADABLE),
    ("\0\0\0", community.UNREADABLE),
]


@pytest.mark.parametrize("place", ["first", "middle", "last"])
@pytest.mark.parametrize(("row", "reason"), BAD_RATINGS)
def test_a_bad_rating_is_counted_and_the_others_are_kept(
    tmp_path: Path, row: str, reason: str, place: str
) -> None:
    good = ["1,1,4.0,5", "2,1,3.5,6"]
    good.insert({"first": 0, "middle": 1, "last": 2}[place], row)
    dataset = load_dataset(write_folder(tmp_path / "bad", with_ratings(*good)))
    assert rows_of(dataset) == [(1, 1, 4.0, 5), (2, 1, 3.5, 6)]
    assert dataset.dropped == {reason: 1}


def test_bad_ratings_of_all_kinds_together(tmp_path: Path) -> None:
    rows = [row for row, _ in BAD_RATINGS]
    dataset = load_dataset(write_folder(tmp_path / "bad", with_ratings("1,1,4.0,5", *rows, "", "2,1,3.5,6")))
    assert len(dataset.ratings) == 2
    assert sum(dataset.dropped.values()) == len(rows)


def test_a_rating_without_a_readable_time_counts(tmp_path: Path) -> None:
    dataset = load_dataset(write_folder(tmp_path / "timeless", with_ratings("1,1,4.0,", "1,2,3.0,yesterday")))
    assert rows_of(dataset) == [(1, 1, 4.0, 0), (1, 2, 3.0, 0)]


def test_the_newest_of_several_ratings_of_a_movie_counts(tmp_path: Path) -> None:
    rows = ["2,1,1.0,30", "1,1,4.0,20", "1,2,2.0,7", "1,1,3.0,40", "1,1,5.0,10", "1,2,2.5,7"]
    dataset = load_dataset(write_folder(tmp_path / "again", with_ratings(*rows)))
    assert rows_of(dataset) == [(2, 1, 1.0, 30), (1, 1, 3.0, 40), (1, 2, 2.5, 7)]
    assert dataset.dropped == {community.AGAIN: 3}


def test_ratings_given_twice_are_seen_in_a_sorted_file_too(tmp_path: Path) -> None:
    dataset = load_dataset(
        write_folder(tmp_path / "again", with_ratings("1,1,4.0,20", "1,1,3.0,10", "1,2,2.0,7"))
    )
    assert rows_of(dataset) == [(1, 1, 4.0, 20), (1, 2, 2.0, 7)]
    assert dataset.dropped == {community.AGAIN: 1}


def test_a_file_of_many_blocks_reads_like_one_of_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    rows = [
        f"{user},{movie},{stars / 2},{time}"
        for user in range(1, 120)
        for movie, stars, time in zip(
            range(1, 5), rng.integers(1, 11, 4).tolist(), rng.integers(0, 10**9, 4).tolist(), strict=True
        )
    ]
    rows[100] = "broken"
    path = write_zip(tmp_path / "long.zip", with_ratings(*rows))
    whole = load_dataset(path)
    monkeypatch.setattr(community, "BLOCK", 100)
    pieces = load_dataset(path)
    assert len(whole.ratings) == len(rows) - 1
    assert rows_of(pieces) == rows_of(whole)
    assert pieces.dropped == whole.dropped == {community.UNREADABLE: 1}


def test_too_many_ratings_are_refused_before_they_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(community, "MOST_RATINGS", 3)
    with pytest.raises(DatasetError, match=r"ratings\.csv has more than 3 ratings"):
        load_dataset(write_folder(tmp_path / "many", CSV_EDITION))


def test_bad_movies_links_and_tags_are_counted(tmp_path: Path) -> None:
    edition = dict(CSV_EDITION)
    edition["movies.csv"] += (
        "1,Toy Story again (1995),Comedy\nx,No Number (1990),Drama\n7,No Genres\n8,  ,Drama\n"
        f"9,{'long ' * 300}(1990),Drama\n10,Strange (1990),Drama|Cooking\n"
    )
    edition["links.csv"] += "99,1,1\n4\n4,x,y\n"
    edition["tags.csv"] += "1,99,lost,1\nx,1,nobody,1\n1,1\n"
    dataset = load_dataset(write_folder(tmp_path / "bad", edition))
    assert [movie.movie_id for movie in dataset.catalogue] == [1, 2, 3, 4, 10]
    assert dataset.catalogue[1].title == "Toy Story"
    assert dataset.catalogue[4].imdb_id is None
    assert dataset.catalogue[10].genres == ("Drama",)
    assert dataset.dropped == {
        "movies: id is already taken": 1,
        "movies: row cannot be read": 4,
        "movies: genre is unknown (the movie is kept)": 1,
        "links: movie is not in the catalogue": 1,
        "links: row cannot be read": 1,
        "tags: movie is not in the catalogue": 1,
        "tags: row cannot be read": 2,
    }


def test_pandas_is_not_imported_before_a_data_set_is_loaded() -> None:
    names = [
        "",
        ".datasets",
        *(f".datasets.{name}" for name in ("dataset", "starter", "matching", "editions")),
    ]
    imports = "; ".join(f"import recommender{name}" for name in names)
    script = f"{imports}; import sys; print('pandas' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"


def test_movielens_as_it_is_published(ml_latest_small_zip: Path) -> None:
    dataset = load_dataset(ml_latest_small_zip)
    assert dataset.name == "ml-latest-small"
    assert (len(dataset.catalogue), len(dataset.ratings)) == (9742, 100836)
    assert len(np.unique(dataset.ratings.user_ids)) == 610
    assert dataset.dropped == {}
    matrix = dataset.catalogue[2571]
    assert (matrix.name, matrix.imdb_id, matrix.tmdb_id) == ("The Matrix (1999)", 133093, 603)
    assert matrix.genres == ("Action", "Sci-Fi", "Thriller")
    seven = dataset.catalogue[47]
    assert (seven.title, seven.year, seven.aliases) == ("Seven", 1995, ("Se7en",))
    assert dataset.catalogue[29].aliases == ("La Cité des enfants perdus",)
    assert [m for m in dataset.catalogue if m.title != m.title.strip() or m.title.endswith(", The")] == []
    assert sum(movie.year is None for movie in dataset.catalogue) == 12
    assert sum(not movie.genres for movie in dataset.catalogue) == 34
    assert sum(bool(movie.keywords) for movie in dataset.catalogue) > 800
    assert float(dataset.ratings.stars.mean(dtype=np.float64)) == pytest.approx(3.501557, abs=1e-5)
