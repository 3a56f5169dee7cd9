"""An edition of MovieLens together with The Movies Dataset."""

from pathlib import Path

import pytest

from recommender import load_dataset
from recommender.catalogue import Catalogue, Movie
from recommender.datasets.dataset import Dataset, DatasetError, Ratings
from recommender.datasets.joining import UNUSED, WITHOUT_FACTS, joined
from tests.recommender.datasets.editions_on_disk import CSV_EDITION, write_folder, write_zip
from tests.recommender.datasets.test_the_movies_dataset import COLUMNS, film, table

METADATA = table(
    COLUMNS,
    # TMDB's number 2 is not MovieLens' movie 2, The Matrix.
    film(id="2", title="Ariel", original_language="fi", release_date="1988-10-21", runtime="69"),
    film(id="862", title="Toy Story", original_language="en", release_date="1995-10-30", runtime="81.0"),
    film(id="603", title="Matrix", imdb_id="tt0133093", original_language="en", release_date="1999-03-30"),
)
FACTS = {"movies_metadata.csv": METADATA, "keywords.csv": "id,keywords\n862,\"[{'name': 'toy'}]\"\n"}


def community(*movies: Movie) -> Dataset:
    return Dataset("ml-mine", Catalogue(movies), Ratings.empty())


def test_ratings_are_the_editions_and_facts_are_tmdbs(tmp_path: Path) -> None:
    edition = write_zip(tmp_path / "ml-latest-small.zip", CSV_EDITION)
    facts = write_folder(tmp_path / "kaggle", FACTS)
    alone = load_dataset(edition)
    both = load_dataset(facts, edition)
    assert both.name == "ml-latest-small-tmdb"
    assert [movie.movie_id for movie in both.catalogue] == [1, 2, 3, 4]
    assert both.ratings.stars.tolist() == alone.ratings.stars.tolist()
    assert both.catalogue[1] == alone.catalogue[1]._replace(keywords=("toy",), language="en", runtime=81)
    assert both.catalogue[2] == alone.catalogue[2]._replace(aliases=("Matrix",), language="en")
    assert both.catalogue[3] == alone.catalogue[3]
    assert both.dropped == {WITHOUT_FACTS: 2, UNUSED: 1}
    assert "Konstan" in both.acknowledgement
    assert "TMDB" in both.acknowledgement


def test_reading_the_facts_tells_how_far_it_is_and_can_be_ended(tmp_path: Path) -> None:
    """The credits of the whole set take longer than any edition."""
    edition = write_zip(tmp_path / "ml-latest-small.zip", CSV_EDITION)
    facts = write_folder(tmp_path / "kaggle", FACTS)
    size = sum(len(text.encode()) for text in FACTS.values())
    told: list[tuple[int, int]] = []
    load_dataset(edition, facts, on_bytes=lambda *step: told.append(step))
    assert (size, size) in told

    def end(_done: int, total: int) -> None:
        if total == size:
            raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        load_dataset(edition, facts, on_bytes=end)


def test_one_folder_may_hold_both(tmp_path: Path) -> None:
    write_folder(tmp_path / "ml-latest-small", CSV_EDITION)
    write_folder(tmp_path / "kaggle", FACTS)
    assert load_dataset(tmp_path).catalogue[1].runtime == 81


def test_saved_sets_can_be_joined(tmp_path: Path) -> None:
    load_dataset(write_zip(tmp_path / "ml-latest-small.zip", CSV_EDITION)).save(tmp_path / "edition")
    load_dataset(write_folder(tmp_path / "kaggle", FACTS)).save(tmp_path / "facts")
    assert load_dataset(tmp_path / "edition", tmp_path / "facts").catalogue[1].runtime == 81


@pytest.mark.parametrize(
    ("movie", "runtime"),
    [
        (Movie(7, "Other", 1990, imdb_id=20, tmdb_id=1), 101),  # TMDB's number before IMDb's
        (Movie(7, "Other", 1990, imdb_id=20, tmdb_id=9), 102),
        (Movie(7, "Second", 2001), 102),
        (Movie(7, "Second", 1960), None),
        (Movie(1, "Other", 1990), None),  # the same movie id says nothing
    ],
)
def test_movies_are_recognised_by_number_then_by_title_and_year(movie: Movie, runtime: int | None) -> None:
    facts = [
        Movie(1, "First", 2000, imdb_id=10, tmdb_id=1, runtime=101),
        Movie(2, "Second", 2000, imdb_id=20, tmdb_id=2, runtime=102),
    ]
    assert joined(community(movie), facts, {}).catalogue[movie.movie_id].runtime == runtime


def test_only_an_edition_and_metadata_can_be_joined(tmp_path: Path) -> None:
    edition = write_zip(tmp_path / "ml-latest-small.zip", CSV_EDITION)
    facts = write_folder(tmp_path / "kaggle", FACTS)
    for places in ((edition, edition), (facts, facts), (edition, edition, facts)):
        with pytest.raises(DatasetError, match="can be joined"):
            load_dataset(*places)
    with pytest.raises(DatasetError, match="cannot be read"):
        load_dataset(edition, "x" * 5000)


def test_the_real_files(the_movies_dataset: Path, ml_latest_small_zip: Path) -> None:
    dataset = load_dataset(ml_latest_small_zip, the_movies_dataset)
    assert len(dataset.ratings) == 100_836
    assert dataset.catalogue[1].collection == "Toy Story Collection"
    assert dataset.dropped[WITHOUT_FACTS] < 9742 - 2300
