"""Rows without a movie find it when the catalogue grows."""

from pathlib import Path

from bot.services.data import DataSets
from recommender.catalogue import Catalogue, Movie
from recommender.datasets.dataset import Dataset, Ratings
from tests.bot.services.imports import files
from tests.bot.services.imports.conftest import ANA, BEN, MOVIES, Library, opened
from tests.bot.services.imports.files import ALIEN, AMELIE, Film

LATER = (
    Movie(101, "Not There", 2015),
    Movie(102, "Wanted", 2020),
    Movie(103, "Looked At", 2010),
    Movie(104, "Nearly", 2001),
    Movie(105, "Titan: The Ship", 1997),
)


async def grow(library: Library, home: Path, *movies: Movie, name: str = "larger") -> None:
    """Make another catalogue the active one, as `data add` does."""
    Dataset(name, Catalogue(movies), Ratings.empty()).save(home / "datasets" / name)
    await DataSets(library.store, library.shelf, home, library.clock).add(name)


async def test_what_waits_is_stored_when_its_movie_comes(tmp_path: Path) -> None:
    async with opened(tmp_path, *MOVIES) as library:
        content = {
            "ratings.csv": files.letterboxd_ratings(
                [ALIEN, Film("Not There", 2015, 2.5), Film("Nearly", 2002), Film("Titan", 1997)]
            ),
            "watchlist.csv": files.letterboxd_plain([Film("Wanted", 2020)]),
            "watched.csv": files.letterboxd_plain([Film("Looked At", 2010), Film("Not There", 2015)]),
        }
        batch_id = await library.bring(files.archive(content), "export.zip")
        await library.bring(files.letterboxd_ratings([Film("Not There", 2015, 1.0)]), user=BEN)
        await grow(library, tmp_path, *MOVIES, *LATER)
        assert await library.state() == {
            "ratings": {"Alien": 4.5, "Not There": 2.5},
            "seen": {"Looked At": None},
            "watchlist": {"Wanted": None},
        }
        assert await library.stars(BEN) == {"Not There": 1.0}
        # What needs a look waits on: nobody is there to take it.
        waiting = (await library.store.export_person(ANA))["import_waiting"]
        assert [row["title"] for row in waiting] == ["Nearly", "Titan"]
        undone = await library.imports.undo(ANA, batch_id)
        assert (undone.ratings, undone.other) == (2, 2)
        assert await library.state() == {"ratings": {}, "seen": {}, "watchlist": {}}
        assert await library.stars(BEN) == {"Not There": 1.0}


async def test_a_newer_rating_stays(tmp_path: Path) -> None:
    async with opened(tmp_path, *MOVIES) as library:
        await library.bring(files.letterboxd_ratings([Film("Not There", 2015, 2.5)]))
        library.use(*MOVIES, *LATER)
        await library.rate(101, 5.0)
        await grow(library, tmp_path, *MOVIES, *LATER)
        assert await library.stars() == {"Not There": 5.0}
        assert (await library.store.export_person(ANA))["import_waiting"] == []


async def test_two_rows_of_one_import_that_turn_out_to_be_one_movie(tmp_path: Path) -> None:
    one = Movie(1, "Alien", 1979)
    async with opened(tmp_path, one) as library:
        rows = [ALIEN, Film("Alien der Film", 1979, 1.0), AMELIE]
        batch_id = await library.bring(files.letterboxd_ratings(rows))
        await grow(library, tmp_path, one._replace(aliases=("Alien der Film",)), MOVIES[1])
        assert await library.stars() == {"Alien": 4.5, "Amélie": 3.5}
        await library.imports.undo(ANA, batch_id)
        assert await library.stars() == {}
