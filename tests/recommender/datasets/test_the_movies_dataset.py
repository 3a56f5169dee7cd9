"""The Movies Dataset with the dirt that the real one has, written small."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from recommender import load_dataset
from recommender.catalogue import Movie
from recommender.datasets.dataset import Dataset, DatasetError
from recommender.datasets.matching import MovieIndex
from recommender.datasets.the_movies_dataset import UNLINKED
from recommender.datasets.tmdb import MOST_CAST, MOST_CELL, MOST_KEYWORDS, literal
from tests.recommender.datasets.editions_on_disk import write_folder, write_zip

COLUMNS = [
    *("adult", "belongs_to_collection", "budget", "genres", "homepage", "id", "imdb_id"),
    *("original_language", "original_title", "overview", "popularity", "poster_path"),
    *("production_companies", "production_countries", "release_date", "revenue", "runtime"),
    *("spoken_languages", "status", "tagline", "title", "video", "vote_average", "vote_count"),
]


def table(*rows: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def film(**cells: str) -> list[str]:
    return [cells.get(column, "") for column in COLUMNS]


def named(*names: str) -> str:
    return repr([{"id": 7, "name": name} for name in names])


HEAT = film(
    id="949",
    imdb_id="tt0113277",
    title="Heat",
    original_title="Heat",
    genres=named("Action", "Family", "Science Fiction", "Music", "History"),
    belongs_to_collection="{'id': 1, 'name': 'Heat Collection', 'poster_path': None}",
    original_language="en",
    release_date="1995-12-15",
    runtime="170.0",
)
CHUNGKING = film(
    id="11104",
    imdb_id="tt0109424",
    title="Chungking Express",
    original_title="重慶森林",
    genres="[]",
    original_language="cn",
    release_date="1994-07-14",
    runtime="0.0",
)
BARE = film(id="1", title="Bare")
SOUND = {
    "movies_metadata.csv": table(COLUMNS, HEAT, CHUNGKING, BARE),
    "keywords.csv": table(
        ["id", "keywords"],
        ["949", named("bank", "Robbery", "duringcreditsstinger")],
        ["11104", named("robbery", "based on children's book")],
    ),
    "credits.csv": table(
        ["cast", "crew", "id"],
        [
            repr([{"name": f"Actor {place}", "order": place} for place in (3, 1, 0, 2, 4)]),
            repr([{"name": "Michael Mann", "job": "Director"}, {"name": "Dante Spinotti", "job": "Other"}]),
            "949",
        ],
    ),
    "links.csv": "movieId,imdbId,tmdbId\n6,0113277,949\n149,0109424,\n949,0000001,99\n700,0113277,949\n",
    "ratings.csv": (
        "userId,movieId,rating,timestamp\n1,6,4.0,5\n1,149,2.0,5\n2,700,5.0,5\n1,949,0.5,5\n1,700,1.0,9\n"
    ),
}


def rows_of(dataset: Dataset) -> set[tuple[int, int, float]]:
    ratings = dataset.ratings
    columns = (ratings.user_ids, ratings.movie_ids, ratings.stars)
    return set(zip(*(column.tolist() for column in columns), strict=True))


def test_all_files_together(tmp_path: Path) -> None:
    dataset = load_dataset(write_folder(tmp_path / "kaggle", SOUND))
    assert dataset.name == "the-movies-dataset"
    assert "TMDB" in dataset.acknowledgement
    assert "Konstan" in dataset.acknowledgement
    assert dataset.catalogue.movies == (
        Movie(
            6,
            "Heat",
            1995,
            ("Action", "Children", "Sci-Fi", "Musical"),
            directors=("Michael Mann",),
            cast=("Actor 0", "Actor 1", "Actor 2", "Actor 3"),
            keywords=("robbery", "bank"),
            language="en",
            imdb_id=113277,
            tmdb_id=949,
            collection="Heat Collection",
            runtime=170,
        ),
        Movie(
            149,
            "Chungking Express",
            1994,
            aliases=("重慶森林",),
            keywords=("robbery", "based on children's book"),
            language="zh",
            imdb_id=109424,
            tmdb_id=11104,
        ),
        Movie(UNLINKED + 1, "Bare", tmdb_id=1),
    )


def test_ratings_meet_movies_through_the_links_alone(tmp_path: Path) -> None:
    dataset = load_dataset(write_zip(tmp_path / "archive.zip", SOUND, inside=""))
    # MovieLens' movie 949 is TMDB's 99, which is not here; Heat, which is TMDB's 949, gets nothing of it.
    assert rows_of(dataset) == {(1, 6, 1.0), (1, 149, 2.0), (2, 6, 5.0)}
    assert dataset.dropped == {
        "movies_metadata: release date is missing (the movie is kept)": 1,
        "links: movie is not in the catalogue": 1,
        "links: movie has another movieId (its ratings are kept)": 1,
        "ratings: movie is not in the catalogue": 1,
        "ratings: the same person rated the movie again": 1,
    }


def test_the_small_files_serve_where_the_whole_ones_are_not(tmp_path: Path) -> None:
    small = {
        "movies_metadata.first2996.csv": SOUND["movies_metadata.csv"],
        "links_small.csv": SOUND["links.csv"],
        "ratings_small.csv": SOUND["ratings.csv"],
    }
    dataset = load_dataset(write_folder(tmp_path, small))
    assert len(dataset.ratings) == 3
    assert dataset.catalogue[6].title == "Heat"


def test_metadata_alone_is_a_catalogue_without_a_community(tmp_path: Path) -> None:
    alone = {name: SOUND[name] for name in ("movies_metadata.csv", "ratings.csv")}
    dataset = load_dataset(write_folder(tmp_path, alone))
    assert [movie.movie_id for movie in dataset.catalogue] == [949, 11104, 1]
    assert len(dataset.ratings) == 0
    assert dataset.dropped["ratings: no links.csv that says which movies are meant"] == 5


def test_links_and_ratings_alone_call_movies_by_their_imdb_number(tmp_path: Path) -> None:
    alone = {name: SOUND[name] for name in ("links.csv", "ratings.csv")}
    dataset = load_dataset(write_folder(tmp_path, alone))
    assert [movie.title for movie in dataset.catalogue] == ["tt0113277", "tt0109424", "tt0000001"]
    assert len(dataset.ratings) == 4


BROKEN = {
    # As in the real file: one row torn in two, the second with a date where the id belongs.
    "movies_metadata: id is not a number": [film(id="1997-08-20", title="1", original_language="104.0")],
    "movies_metadata: row has too few or too many fields": [
        ["False", "", "0", "[]", "", "82663", "tt0113002"]
    ],
    "movies_metadata: title is missing": [film(id="82663"), film(id="5", title="NaN")],
    "movies_metadata: id is already taken": [HEAT],
    "movies_metadata: row cannot be read": [film(id="8", title="Long", overview="x" * (MOST_CELL + 1))],
    "movies_metadata: genres cannot be read (the movie is kept)": [
        film(id="8", title="Eval", release_date="2000-01-01", genres="__import__('os').abort()")
    ],
    "movies_metadata: genre is unknown (the movie is kept)": [
        film(id="8", title="Odd", release_date="2000-01-01", genres=named("Carousel Productions"))
    ],
}


@pytest.mark.parametrize("reason", BROKEN)
def test_each_row_that_cannot_be_used_is_counted_by_its_reason(tmp_path: Path, reason: str) -> None:
    rows = BROKEN[reason]
    dataset = load_dataset(
        write_folder(tmp_path, {"movies_metadata.csv": table(COLUMNS, *rows[1:], HEAT, rows[0], CHUNGKING)})
    )
    assert dataset.dropped == {reason: len(rows)}
    kept = len(rows) if "is kept" in reason else 0
    assert len(dataset.catalogue) == 2 + kept
    assert {"Heat", "Chungking Express"} <= {movie.title for movie in dataset.catalogue}


def test_rows_of_other_movies_and_second_rows_are_counted(tmp_path: Path) -> None:
    edition = SOUND | {
        "keywords.csv": table(
            ["id", "keywords"],
            ["949", named(*(f"word {number}" for number in range(MOST_KEYWORDS + 5)))],
            ["949", named("again")],
            ["5", named("nobody's")],
        )
    }
    dataset = load_dataset(write_folder(tmp_path, edition))
    assert dataset.catalogue[6].keywords == tuple(f"word {number}" for number in range(MOST_KEYWORDS))
    assert dataset.dropped["keywords: id is already taken"] == 1
    assert dataset.dropped["keywords: movie is not in the catalogue"] == 1
    assert len(dataset.catalogue[6].cast) == MOST_CAST


@pytest.mark.parametrize(
    "cell",
    [
        "[" * 5000,
        "[1, 2]",
        "open('x')",
        "{'a'",
        "nan",
        "'" + "x" * MOST_CELL + "'",
        "[{}][0]",
        "\0",
        "{[1]: 2}",
    ],
)
def test_a_cell_that_is_no_list_of_dictionaries_is_refused(cell: str) -> None:
    assert literal(cell) is None


def test_names_are_one_line_of_characters_that_can_be_saved(tmp_path: Path) -> None:
    series = r"{'name': 'Heat \x1b[2J\n\ud800 Collection\x00'}"
    heat = film(id="949", title="Heat\x1b", release_date="1995-12-15", belongs_to_collection=series)
    place = write_folder(tmp_path / "kaggle", {"movies_metadata.csv": table(COLUMNS, heat)})
    load_dataset(place).save(tmp_path / "saved")
    (movie,) = load_dataset(tmp_path / "saved").catalogue
    assert (movie.title, movie.collection) == ("Heat", "Heat [2J Collection")


def test_links_of_other_movies_are_not_told_to_be_missing(tmp_path: Path) -> None:
    edition = {
        "movies_metadata.csv": table(COLUMNS, HEAT),
        "links.csv": "movieId,imdbId,tmdbId\n1,0114709,862\n",
        "ratings.csv": "userId,movieId,rating,timestamp\n1,1,4.0,5\n2,1,3.0,5\n",
    }
    dataset = load_dataset(write_folder(tmp_path, edition))
    assert dataset.dropped == {
        "links: movie is not in the catalogue": 1,
        "ratings: movie is not in the catalogue": 2,
    }


@pytest.mark.parametrize(
    ("edition", "line"),
    [
        ({"movies_metadata.csv": "id,title\n1,Heat\n"}, "lacks the column belongs_to_collection"),
        ({"movies_metadata.csv": ""}, "lacks the column"),
        ({"movies_metadata.csv": table(COLUMNS)}, "has no readable movie"),
    ],
)
def test_what_is_no_metadata_is_refused_in_a_line(tmp_path: Path, edition: dict[str, str], line: str) -> None:
    with pytest.raises(DatasetError, match=line) as caught:
        load_dataset(write_folder(tmp_path, edition))
    assert "\n" not in str(caught.value)


def test_the_real_files_pair_ratings_with_the_films_that_were_rated(
    the_movies_dataset: Path, ml_latest_small_zip: Path
) -> None:
    dataset = load_dataset(the_movies_dataset)
    given: Counter[int] = Counter()
    with (the_movies_dataset / "ratings_small.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            given[int(row["movieId"])] += 1
    # MovieLens' own titles say what was rated under a movieId.
    rated = load_dataset(ml_latest_small_zip).catalogue
    both = [movie for movie in dataset.catalogue if movie.movie_id in rated]
    joined = [movie.movie_id for movie in both if same_title(movie, rated[movie.movie_id])]
    assert len(both) > 2300
    assert len(joined) > 0.95 * len(both)
    got: Counter[int] = Counter(ids(dataset))
    assert all(got[movie_id] >= given[movie_id] for movie_id in joined)
    assert sum(got.values()) == 59_403
    assert dataset.dropped["ratings: movie is not in the catalogue"] == 100_004 - 59_403
    # The notebook took movieId for TMDB's id, which pairs ratings with other films.
    direct = [movie for movie in both if movie.tmdb_id in rated]
    right = [movie for movie in direct if same_title(movie, rated[movie.tmdb_id or 0])]
    assert len(direct) > 300
    assert len(right) < 0.01 * len(direct)


def same_title(movie: Movie, other: Movie) -> bool:
    nameless = other._replace(imdb_id=None, tmdb_id=None)
    return MovieIndex([nameless]).by_name(movie) is not None


def ids(dataset: Dataset) -> list[int]:
    return dataset.ratings.movie_ids.tolist()
