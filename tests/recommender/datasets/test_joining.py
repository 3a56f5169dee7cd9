"""An edition of MovieLens together with The Movies Dataset."""

import os
from datetime import date
from pathlib import Path

import pytest

from recommender import load_dataset
from recommender.catalogue import Catalogue, Movie
from recommender.datasets.dataset import Dataset, DatasetError, Ratings
from recommender.datasets.imdb import ImdbOptions
from recommender.datasets.joining import Source, joined, without_facts
from recommender.datasets.numbering import IMDB_FIRST, TMDB_FIRST
from tests.recommender.datasets.editions_on_disk import CSV_EDITION, write_folder, write_zip
from tests.recommender.datasets.imdb_on_disk import aka, votes, write_imdb
from tests.recommender.datasets.imdb_on_disk import film as imdb_film
from tests.recommender.datasets.test_the_movies_dataset import COLUMNS, film, table

METADATA = table(
    COLUMNS,
    # TMDB's number 2 is not MovieLens' movie 2, The Matrix.
    film(id="2", title="Ariel", original_language="fi", release_date="1988-10-21", runtime="69"),
    film(id="862", title="Toy Story", original_language="en", release_date="1995-10-30", runtime="81.0"),
    film(id="603", title="Matrix", imdb_id="tt0133093", original_language="en", release_date="1999-03-30"),
)
FACTS = {"movies_metadata.csv": METADATA, "keywords.csv": "id,keywords\n862,\"[{'name': 'toy'}]\"\n"}


TODAY = date(2026, 11, 28)
ALL = ImdbOptions(languages=None)
TMDB = Source("-tmdb", Catalogue([]))


def community(*movies: Movie) -> Dataset:
    return Dataset("ml-mine", Catalogue(movies), Ratings.empty())


def starter_films(folder: Path) -> Path:
    """Two films in the form of the starter set."""
    columns = "movie_id,title,year,genres,director,cast,keywords,language,original_title"
    films = [
        "10000008,Shadows in the North,1988,Drama,Aki Kaurismäki,Turo Pajala,prison,fi,Ariel",
        "10000009,Nobody Else's,2020,Comedy,Some Body,Other Body,joke,en,",
    ]
    return write_folder(folder, {"films.csv": "\n".join([columns, *films, ""])})


def test_ratings_are_the_editions_and_facts_are_tmdbs(tmp_path: Path) -> None:
    edition = write_zip(tmp_path / "ml-latest-small.zip", CSV_EDITION)
    facts = write_folder(tmp_path / "kaggle", FACTS)
    alone = load_dataset(edition)
    both = load_dataset(facts, edition)
    assert both.name == "ml-latest-small-tmdb"
    # What the edition lacks is there as well, under a number that no edition has.
    assert both.catalogue.movie_ids.tolist() == [1, 2, 3, 4, TMDB_FIRST + 2]
    assert (both.catalogue[TMDB_FIRST + 2].title, both.catalogue[TMDB_FIRST + 2].runtime) == ("Ariel", 69)
    assert both.ratings.stars.tolist() == alone.ratings.stars.tolist()
    assert both.catalogue[1] == alone.catalogue[1]._replace(keywords=("toy",), language="en", runtime=81)
    assert both.catalogue[2] == alone.catalogue[2]._replace(aliases=("Matrix",), language="en")
    assert both.catalogue[3] == alone.catalogue[3]
    assert both.dropped == {without_facts(TMDB.suffix): 2}
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
        (Movie(7, "Other", 1990, imdb_id=20, tmdb_id=1), 102),  # IMDb's number before TMDB's
        (Movie(7, "Other", 1990, imdb_id=30, tmdb_id=1), 101),
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
    found = joined(community(movie), [TMDB._replace(catalogue=Catalogue(facts))]).catalogue
    assert found[movie.movie_id].runtime == runtime
    assert len(found) == 3 - (runtime is not None)


def imdb_files(folder: Path) -> Path:
    """IMDb's, with one of the edition's films that hardly anybody voted on there, and two of its own."""
    basics = [
        imdb_film(114709, "Toy Story", 1995, genres="Animation,Comedy", runtimeMinutes=81),
        imdb_film(133093, "The Matrix", 1999, titleType="tvEpisode"),
        imdb_film(94675, "Ariel", 1988),
        imdb_film(33764258, "The Odyssey", 2026),
        imdb_film(5, "Unknown", 1999),
    ]
    return write_imdb(
        folder,
        title_basics=basics,
        title_ratings=[votes(114709, 10**6, 8.3), votes(94675, 9_000), votes(33764258, 80), votes(5, 3)],
        title_akas=[aka(114709, "Historia de juguetes", "AR"), aka(114709, "TOY STORY", "US")],
    )


def test_what_imdb_knows_joins_an_edition(tmp_path: Path) -> None:
    edition = write_zip(tmp_path / "ml-latest-small.zip", CSV_EDITION)
    alone, both = (
        load_dataset(edition),
        load_dataset(imdb_files(tmp_path / "imdb"), edition, today=TODAY, options=ALL),
    )
    assert both.name == "ml-latest-small-imdb"
    assert both.catalogue.movie_ids.tolist() == [1, 2, 3, 4, IMDB_FIRST + 94675, IMDB_FIRST + 33764258]
    assert both.catalogue[1] == alone.catalogue[1]._replace(
        aliases=("Historia de juguetes",), alias_languages=("es",), runtime=81, votes=10**6, mean_vote=8.3
    )
    # An edition's film is found however few voted on it, and whatever IMDb takes it for.
    assert (both.catalogue[2].title, both.catalogue[2].votes, both.catalogue[2].runtime) == (
        "The Matrix",
        0,
        100,
    )
    for name in ("user_ids", "movie_ids", "stars", "rated_at"):
        assert getattr(both.ratings, name).tolist() == getattr(alone.ratings, name).tolist()
    assert "Konstan" in both.acknowledgement
    assert "courtesy of IMDb" in both.acknowledgement


def test_all_sources_are_one_catalogue_in_whatever_order_they_are_given(tmp_path: Path) -> None:
    edition = write_zip(tmp_path / "ml-latest-small.zip", CSV_EDITION)
    facts = write_folder(tmp_path / "kaggle", FACTS)
    imdb, films = imdb_files(tmp_path / "imdb"), starter_films(tmp_path / "starter")
    every = load_dataset(edition, imdb, facts, films, today=TODAY)
    assert every.name == "ml-latest-small-imdb-tmdb"
    assert every.catalogue.movie_ids.tolist() == [
        *(1, 2, 3, 4, IMDB_FIRST + 94675, IMDB_FIRST + 33764258),
        10_000_009,  # the starter film that nobody else has
    ]
    # Without numbers the same film is told by title and year, also by a title in its own language.
    ariel = every.catalogue[IMDB_FIRST + 94675]
    assert (ariel.tmdb_id, ariel.language, ariel.keywords) == (2, "fi", ("prison",))
    again = load_dataset(films, facts, imdb, edition, today=TODAY)
    assert again.catalogue.movies == every.catalogue.movies


def test_an_id_outlives_a_renewal_and_another_edition(tmp_path: Path) -> None:
    imdb, films = imdb_files(tmp_path / "imdb"), starter_films(tmp_path / "starter")
    small = write_zip(tmp_path / "ml-latest-small.zip", CSV_EDITION)
    large = write_zip(
        tmp_path / "ml-25m.zip", CSV_EDITION | {"links.csv": "movieId,imdbId,tmdbId\n4,94675,2\n"}
    )

    def ids(*places: Path) -> dict[str, int]:
        return {movie.title: movie.movie_id for movie in load_dataset(*places, today=TODAY).catalogue}

    alone, beside_small, beside_large = ids(imdb), ids(small, imdb, films), ids(large, imdb)
    assert alone["The Odyssey"] == beside_small["The Odyssey"] == beside_large["The Odyssey"]
    assert (alone["Ariel"], beside_small["Ariel"]) == (IMDB_FIRST + 94675,) * 2
    assert "Ariel" not in beside_large  # the edition numbers it, under another title
    # A saved set keeps them, and more may be joined to it.
    load_dataset(small, imdb, today=TODAY).save(tmp_path / "saved")
    again = load_dataset(tmp_path / "saved", films)
    assert {movie.title: movie.movie_id for movie in again.catalogue} == beside_small


def test_a_renewal_brings_what_changed_and_loses_nothing(tmp_path: Path) -> None:
    edition, imdb = write_zip(tmp_path / "ml-latest-small.zip", CSV_EDITION), imdb_files(tmp_path / "imdb")
    load_dataset(edition, imdb, today=TODAY).save(tmp_path / "saved")
    basics = [imdb_film(114709, "Toy Story", 1995), imdb_film(33764258, "The Odyssey (renamed)", 2026)]
    ratings = [votes(114709, 2 * 10**6), votes(33764258, 5), votes(6, 700)]
    write_imdb(imdb, title_basics=[*basics, imdb_film(6, "Of this week", 2026)], title_ratings=ratings)
    renewed = load_dataset(tmp_path / "saved", imdb, today=TODAY)
    assert renewed.name == "ml-latest-small-imdb"
    assert [(movie.movie_id, movie.title, movie.votes) for movie in renewed.catalogue][4:] == [
        (IMDB_FIRST + 94675, "Ariel", 9_000),  # IMDb has it no more
        (IMDB_FIRST + 33764258, "The Odyssey (renamed)", 5),  # too few votes for a new one
        (IMDB_FIRST + 6, "Of this week", 700),
    ]
    assert renewed.catalogue[1].votes == 2 * 10**6
    assert renewed.catalogue[1].title == "Toy Story"


def test_how_far_a_data_set_reaches(tmp_path: Path) -> None:
    edition, imdb = write_zip(tmp_path / "ml-latest-small.zip", CSV_EDITION), imdb_files(tmp_path / "imdb")
    os.utime(imdb / "title.basics.tsv.gz", (1_795_867_200, 1_795_867_200))
    assert load_dataset(edition).until == date(2015, 10, 24)
    both = load_dataset(edition, imdb, today=TODAY)
    assert both.until == date(2026, 11, 28)
    both.save(tmp_path / "saved")
    assert load_dataset(tmp_path / "saved").until == date(2026, 11, 28)
    assert load_dataset(starter_films(tmp_path / "starter")).until is None


def test_the_same_film_twice_in_a_source_is_there_once() -> None:
    twice = [Movie(1, "First", 2000, imdb_id=10), Movie(2, "First again", 2000, imdb_id=10)]
    found = joined(community(Movie(7, "Other", 1990)), [TMDB._replace(catalogue=Catalogue(twice))])
    assert found.catalogue.movie_ids.tolist() == [7, IMDB_FIRST + 10]
    assert found.dropped["joining-tmdb: its id is taken by the same movie"] == 1


def test_without_an_edition_the_starter_sets_ids_stay(tmp_path: Path) -> None:
    both = load_dataset(imdb_files(tmp_path / "imdb"), starter_films(tmp_path / "starter"), today=TODAY)
    assert both.name == "starter-imdb"
    assert both.catalogue.movie_ids.tolist()[:2] == [10_000_008, 10_000_009]
    assert both.catalogue[10_000_008].votes == 9_000
    alone = load_dataset(imdb_files(tmp_path / "imdb"), today=TODAY)
    assert alone.name == "imdb"
    assert len(alone.ratings) == 0


def test_one_source_of_each_kind_can_be_joined(tmp_path: Path) -> None:
    edition = write_zip(tmp_path / "ml-latest-small.zip", CSV_EDITION)
    facts = write_folder(tmp_path / "kaggle", FACTS)
    imdb, films = imdb_files(tmp_path / "imdb"), starter_films(tmp_path / "starter")
    doubled = (
        (edition, edition),
        (facts, facts),
        (edition, edition, facts),
        (imdb, imdb),
        (films, edition, films),
    )
    for places in doubled:
        with pytest.raises(DatasetError, match="can be joined"):
            load_dataset(*places)
    with pytest.raises(DatasetError, match="cannot be read"):
        load_dataset(edition, "x" * 5000)


def test_the_real_files(the_movies_dataset: Path, ml_latest_small_zip: Path) -> None:
    dataset = load_dataset(ml_latest_small_zip, the_movies_dataset)
    assert len(dataset.ratings) == 100_836
    assert dataset.catalogue[1].collection == "Toy Story Collection"
    assert dataset.dropped[without_facts(TMDB.suffix)] < 9742 - 2300


def test_the_real_files_of_imdb(imdb_sample: Path, ml_latest_small_zip: Path) -> None:
    alone, both = (
        load_dataset(ml_latest_small_zip),
        load_dataset(ml_latest_small_zip, imdb_sample, today=TODAY),
    )
    assert both.catalogue.movie_ids.tolist()[:9742] == alone.catalogue.movie_ids.tolist()
    assert both.ratings.stars.tolist() == alone.ratings.stars.tolist()
    assert len(both.catalogue) > 50_000
    assert (both.catalogue.number("votes")[:9742] > 0).mean() > 0.5
    for before, same in zip(alone.catalogue, both.catalogue, strict=False):
        assert (same.title, same.tmdb_id) == (before.title, before.tmdb_id)
        assert before.year in (None, same.year)
        assert before.genres in ((), same.genres)
    parasite = both.catalogue[IMDB_FIRST + 6751668]
    assert (parasite.title, parasite.year, parasite.aliases[0]) == ("Parasite", 2019, "Gisaengchung")
