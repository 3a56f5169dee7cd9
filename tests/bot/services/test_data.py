"""Data sets come and go; what friends said of movies stays."""

import asyncio
import hashlib
import logging
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.services import data_folder
from bot.services.app import Services
from bot.services.clock import utc_now
from bot.services.data_folder import SOURCE_FILE
from bot.services.versions import Fitted, Versions
from bot.settings import Settings
from bot.store import Store
from recommender import datasets
from recommender.catalogue import CATALOGUE_FILE, Catalogue
from recommender.datasets import starter
from recommender.datasets.dataset import Dataset, DatasetError
from recommender.datasets.download import Downloaded, download
from recommender.datasets.editions import ACKNOWLEDGEMENT, EDITIONS, Edition
from recommender.datasets.numbering import IMDB_FIRST
from tests.recommender.datasets.editions_on_disk import write_folder
from tests.recommender.datasets.imdb_on_disk import aka, votes, write_imdb
from tests.recommender.datasets.imdb_on_disk import film as imdb_film
from tests.recommender.datasets.test_the_movies_dataset import COLUMNS, film, table

ANA = 7
FILMS = {
    "movies.csv": """movieId,title,genres
10,"Matrix, The (1999)",Action|Sci-Fi
20,Dune (1984),Adventure|Sci-Fi
30,Dune (2021),Adventure|Drama|Sci-Fi
40,Home Video of Nobody (2003),Comedy
""",
    "ratings.csv": """userId,movieId,rating,timestamp
1,10,5.0,1000000000
1,20,2.5,1000000001
2,10,4.0,1000000002
2,99,4.0,1000000003
""",
    "links.csv": """movieId,imdbId,tmdbId
10,0133093,603
20,0087182,841
30,1160419,438631
""",
}


def movielens(folder: Path, files: dict[str, str] = FILMS) -> Path:
    """A small edition of MovieLens in a folder."""
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
async def services(settings: Settings) -> AsyncIterator[Services]:
    async with Services.open(settings) as services:
        yield services


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return movielens(tmp_path / "ml-tiny")


async def rate(services: Services, *names: str) -> None:
    for name in names:
        found = services.movies.find(name)
        assert found.kind == "one", name
        await services.ratings.rate(ANA, "Ana", found.movies[0].movie_id, 4.5)


async def test_the_starter_set_is_there_from_the_start(services: Services):
    status = await services.data.status()
    assert status.name == "starter"
    assert status.movies > 1000
    assert status.ratings == 0
    assert status.unmatched == ()
    assert services.movies.find("The Matrix").movies[0].year == 1999


async def test_the_starter_set_is_made_once(settings: Settings):
    saved = settings.datasets / "starter" / CATALOGUE_FILE
    async with Services.open(settings):
        first = saved.stat().st_mtime_ns
    async with Services.open(settings):
        assert saved.stat().st_mtime_ns == first


async def test_a_newer_starter_set_takes_its_place_and_ratings_follow(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with Services.open(settings) as services:
        await rate(services, "The Matrix", "Alien (1979)")
    # The same films with other numbers, but for one.
    films = (starter.STARTER / starter.FILMS).read_text(encoding="utf-8").splitlines()
    header, rows = films[0], [row.split(",", 1) for row in films[1:] if ",Alien,1979," not in row]
    newer = tmp_path / "newer"
    newer.mkdir()
    lines = [header, *(f"{100_000 + int(number)},{rest}" for number, rest in rows)]
    (newer / starter.FILMS).write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.setattr(starter, "STARTER", newer)
    monkeypatch.setattr(starter.load_starter, "__defaults__", (newer,))
    async with Services.open(settings) as services:
        assert set(await services.ratings.profile(ANA)) == {
            services.movies.find("The Matrix").movies[0].movie_id
        }
        assert min(await services.ratings.profile(ANA)) > 100_000
        assert (await services.data.status()).unmatched == ("Alien (1979)",)


async def test_without_the_starter_file_the_saved_one_serves(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    async with Services.open(settings):
        pass
    monkeypatch.setattr(starter, "STARTER", tmp_path / "nowhere")
    with caplog.at_level(logging.WARNING):
        async with Services.open(settings) as services:
            assert (await services.data.status()).movies > 1000
    assert "was not renewed" in caplog.text
    shutil.rmtree(settings.home)
    with pytest.raises(UserError, match="starter set cannot be used"):
        async with Services.open(settings):
            pass


async def test_an_edition_and_the_movies_dataset_are_added_as_one(
    services: Services, settings: Settings, small: Path, tmp_path: Path
):
    kaggle = write_folder(
        tmp_path / "kaggle",
        {"movies_metadata.csv": table(COLUMNS, film(id="603", title="The Matrix", runtime="136"))},
    )
    status = await services.data.add(str(small), joined_with=[str(kaggle)])
    assert (status.name, status.movies, status.ratings) == ("ml-tiny-tmdb", 4, 3)
    assert status.dropped["joining-tmdb: no facts for the movie (it is kept)"] == 3
    assert Catalogue.load(settings.datasets / "ml-tiny-tmdb" / CATALOGUE_FILE)[10].runtime == 136
    # What is on disk can be joined by its name.
    await services.data.add(str(small))
    assert (await services.data.add("ml-tiny", joined_with=[str(kaggle)])).name == "ml-tiny-tmdb"
    with pytest.raises(UserError, match="can be joined"):
        await services.data.add(str(small), joined_with=[str(small)])


@pytest.fixture
def imdb_files(tmp_path: Path) -> Path:
    """IMDb's: one of the small edition's films, one of the starter set's, new ones, and some few know."""
    basics = [
        imdb_film(133093, "The Matrix", 1999, runtimeMinutes=136),
        imdb_film(78748, "Alien", 1979),
        imdb_film(33764258, "The Odyssey", 2026),
        imdb_film(5, "Known to Ana Alone", 1999),
        imdb_film(6, "Known to Nobody", 1999),
    ]
    ratings = [votes(133093, 2 * 10**6), votes(78748, 10**6), votes(33764258, 900), votes(5, 8), votes(6, 8)]
    akas = [aka(133093, "Матрица", "RU"), aka(133093, "Die Matrix", "DE")]
    folder = write_imdb(tmp_path / "imdb", title_basics=basics, title_ratings=ratings, title_akas=akas)
    os.utime(folder / "title.basics.tsv.gz", (1_795_867_200, 1_795_867_200))
    return folder


async def test_imdbs_files_join_what_is_active(
    services: Services, settings: Settings, small: Path, imdb_files: Path
):
    # What Ana rated was an edition's once, and the next one lacks it.
    hers = {"movies.csv": "movieId,title,genres\n7,Known to Ana Alone (1999),Drama\n"}
    hers |= {"ratings.csv": "userId,movieId,rating,timestamp\n1,7,4.0,1\n"}
    hers |= {"links.csv": "movieId,imdbId,tmdbId\n7,0000005,\n"}
    await services.data.add(str(movielens(settings.home.parent / "ml-hers", hers)))
    await rate(services, "Known to Ana Alone (1999)")
    before = await services.data.add(str(small))
    assert before.unmatched == ("Known to Ana Alone (1999)",)
    status = await services.data.add(str(imdb_files))
    assert status.name == "ml-tiny-imdb"
    assert (status.movies, status.rated, status.ratings) == (before.movies + 3, before.rated, before.ratings)
    assert status.up_to == "28 November 2026"
    assert "courtesy of IMDb" in status.acknowledgement
    assert "personal and non-commercial" in status.licence
    assert "courtesy of IMDb" in (await services.about()).acknowledgement
    find = services.movies.find
    assert find("Матрица").movies[0].movie_id == 10
    assert find("The Odyssey").movies[0].movie_id == IMDB_FIRST + 33764258
    # A film of a friend's is there however few voted on it.
    assert find("Known to Ana Alone").movies[0].votes == 8
    assert status.unmatched == ()
    assert "Known to Nobody" not in [movie.title for movie in find("Known to Nobody").movies]
    # Again, as every week: the same data set anew, and ids stay.
    again = await services.data.add(str(imdb_files))
    assert (again.name, again.movies) == ("ml-tiny-imdb", status.movies)
    # Beside the starter set its numbers stay.
    await services.data.add("starter")
    alien = find("Alien").movies[0].movie_id
    assert (await services.data.add(str(imdb_files))).name == "starter-imdb"
    assert find("Alien").movies[0] == services.movies.get(alien)
    assert services.movies.get(alien).votes == 10**6


async def test_imdb_is_downloaded_by_its_name(
    services: Services, settings: Settings, small: Path, imdb_files: Path, monkeypatch: pytest.MonkeyPatch
):
    def bring(folder: Path, progress: Callable[[int, int], None]) -> list[str]:
        shutil.copytree(imdb_files, folder, dirs_exist_ok=True)
        progress(5, 10)
        return ["title.basics"]

    monkeypatch.setattr(data_folder, "download_imdb", bring)
    told: list[tuple[str, int, int]] = []
    status = await services.data.add(str(small), lambda *step: told.append(step), joined_with=["IMDb"])
    assert status.name == "ml-tiny-imdb"
    assert ("downloading", 5, 10) in told
    (entry,) = [one for one in await services.data.list() if one.name == "imdb"]
    assert (entry.on_disk, entry.active, entry.films) == (False, False, "this week")
    assert entry.licence.startswith("For personal and non-commercial use")
    # What was downloaded is kept, so that only what changes is sent again.
    assert (settings.home / "downloads" / "imdb" / "title.basics.tsv.gz").is_file()


async def test_imdbs_files_that_are_damaged_change_nothing(services: Services, small: Path, imdb_files: Path):
    before = await services.data.add(str(small))
    (imdb_files / "title.akas.tsv.gz").write_bytes(b"<html>Log in</html>")
    with pytest.raises(UserError, match=r"title\.akas.*download it again"):
        await services.data.add(str(imdb_files))
    assert await services.data.status() == before


async def test_a_data_set_reaches_to_the_year_of_its_films(services: Services, small: Path, imdb_files: Path):
    """An old folder that was copied today is not of today."""
    os.utime(imdb_files / "title.basics.tsv.gz", (2_000_000_000, 2_000_000_000))
    assert (await services.data.add(str(small), joined_with=[str(imdb_files)])).up_to == "2026"


async def test_adding_a_folder_makes_it_the_catalogue(services: Services, small: Path):
    told: list[tuple[str, int, int]] = []
    status = await services.data.add(str(small), lambda *step: told.append(step))
    assert (status.name, status.movies, status.ratings) == ("ml-tiny", 4, 3)
    assert status.acknowledgement == ACKNOWLEDGEMENT
    assert sum(status.dropped.values()) == 1, "a rating of a movie that is not there"
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == [
        "reading",
        "writing",
        "matching the friends' movies",
    ]
    size = sum((small / name).stat().st_size for name in FILMS)
    assert ("reading", size, size) in told
    assert ("writing", 3 * (8 + 8 + 4 + 8), 3 * (8 + 8 + 4 + 8)) in told
    assert services.movies.find("Home Video of Nobody").kind == "one"
    assert (await services.about()).dataset == "ml-tiny"
    # The popular list knows the community before the first fit.
    picks = await services.recommending.popular(ANA)
    assert [pick.movie.movie_id for pick in picks.picks[:2]] == [10, 20]
    assert picks.picks[0].reason == "2 ratings"


@pytest.mark.parametrize("stage", ["reading", "writing"])
async def test_an_addition_that_is_cancelled_leaves_nothing(
    services: Services, settings: Settings, small: Path, stage: str, monkeypatch: pytest.MonkeyPatch
):
    reached, go_on, ended = asyncio.Event(), threading.Event(), threading.Event()
    loop = asyncio.get_running_loop()
    fetch = data_folder.DataFolder.fetch

    def watched(
        folder: data_folder.DataFolder,
        wanted: Sequence[str],
        tell: data_folder.OnProgress,
        place: Path,
        keep: Collection[int],
    ) -> tuple[str, bool]:
        try:
            return fetch(folder, wanted, tell, place, keep)
        finally:
            ended.set()

    monkeypatch.setattr(data_folder.DataFolder, "fetch", watched)

    def wait(now: str, done: int, _total: int) -> None:
        if now == stage and done:
            loop.call_soon_threadsafe(reached.set)
            assert go_on.wait(10)

    adding = asyncio.create_task(services.data.add(str(small), wait))
    await reached.wait()
    adding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await adding
    go_on.set()
    assert await asyncio.to_thread(ended.wait, 10)
    assert [path.name for path in settings.datasets.iterdir()] == ["starter"]


async def test_it_is_still_there_after_a_restart(settings: Settings, small: Path):
    async with Services.open(settings) as services:
        await services.data.add(str(small))
        shutil.rmtree(small)
    async with Services.open(settings) as services:
        assert (await services.data.status()).name == "ml-tiny"
        assert services.movies.find("Dune 2021").kind == "one"


async def test_an_archive(services: Services, small: Path, tmp_path: Path):
    archive = tmp_path / "mine.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for name in FILMS:
            file.write(small / name, f"ml-tiny/{name}")
    assert (await services.data.add(str(archive))).name == "ml-tiny"


async def test_ratings_follow_the_movies_and_nothing_is_dropped(services: Services, small: Path):
    await rate(services, "The Matrix", "Alien (1979)")
    dune = services.movies.find("Dune (1984)").movies[0]
    await services.ratings.dismiss(ANA, "Ana", dune.movie_id)

    status = await services.data.add(str(small))
    assert (status.matched, status.unmatched) == (2, ("Alien (1979)",))
    assert await services.ratings.profile(ANA) == {10: 4.5}
    assert await services.ratings.dismissed(ANA) == {20}, "not the remake"
    page = await services.ratings.page(ANA)
    assert {rated.movie.title for rated in page.ratings} == {"The Matrix", "Alien"}

    status = await services.data.remove("ml-tiny")
    assert (status.name, status.unmatched) == ("starter", ())
    assert len(await services.ratings.profile(ANA)) == 2
    assert await services.ratings.dismissed(ANA) == {dune.movie_id}


async def test_numbers_learned_from_one_catalogue_help_with_the_next(
    services: Services, small: Path, tmp_path: Path
):
    await rate(services, "The Matrix")
    await services.data.add(str(small))
    # The third one knows the film under another title and number; IMDb's number is what they share.
    renamed = {
        name: text.replace("Matrix, The", "Matrix-Filmen").replace("\n10,", "\n77,")
        for name, text in FILMS.items()
    }
    renamed["ratings.csv"] = renamed["ratings.csv"].replace(",10,", ",77,")
    await services.data.add(str(movielens(tmp_path / "ml-third", renamed)))
    assert await services.ratings.profile(ANA) == {77: 4.5}


async def test_another_data_set_wants_another_model(services: Services, small: Path):
    await services.data.add(str(small))
    status = await services.training.status()
    assert status.current is None
    assert status.next_run is not None
    assert status.next_run <= utc_now()


async def test_a_model_serves_again_when_its_data_comes_back(
    settings: Settings, small: Path, community: Dataset, ready_model: Path
):
    community.save(settings.datasets / "tiny")
    fitted = Fitted(utc_now(), "tiny", 0, 4800, 0.5, 1.0, 0)
    async with Store.open(settings.home) as store:
        copy = shutil.copytree(ready_model, settings.home / "copy")
        await Versions(store, settings.models).adopt(fitted, copy)
    async with Services.open(settings) as services:
        await services.data.add("tiny")
        await services.data.add(str(small))
        assert [version.state for version in await services.training.history()] == ["kept"]
        assert (await services.about()).model is None
        await services.data.add("tiny")
    async with Services.open(settings) as services:
        model = (await services.about()).model
        assert model is not None
        assert (model.version, model.state) == (1, "current")
        assert (await services.training.history())[0].state == "current"


@pytest.fixture
def downloads(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the editions that are downloaded; each brings the small one."""
    asked: list[str] = []

    def fetch(edition: Edition, folder: Path, progress: Callable[[int, int], None]) -> Downloaded:
        asked.append(edition.name)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{edition.name}.zip"
        with zipfile.ZipFile(file, "w") as archive:
            for name in FILMS:
                archive.write(small / name, f"{edition.folder}/{name}")
        progress(5, 10)
        return Downloaded(file, "sha256:0", True)

    monkeypatch.setattr(data_folder, "download", fetch)
    return asked


async def test_an_edition_is_downloaded_once(services: Services, settings: Settings, downloads: list[str]):
    told: list[tuple[str, int, int]] = []
    status = await services.data.add("ML-Latest-Small", lambda *step: told.append(step))
    assert status.name == "ml-latest-small"
    assert "not for commercial use" in status.licence
    assert ("downloading", 5, 10) in told
    assert not list((settings.home / "downloads").iterdir()), "what was read is not kept twice"
    await services.data.add("starter")
    assert (await services.data.status()).name == "starter"
    assert (await services.data.add("ml-latest-small")).name == "ml-latest-small"
    assert downloads == ["ml-latest-small"]


async def test_the_starter_sets_films_stay_beside_an_edition(
    services: Services, settings: Settings, downloads: list[str]
):
    await rate(services, "Casablanca (1942)")
    before = await services.data.status()
    status = await services.data.add("ml-latest-small")
    assert (status.unmatched, status.rated, status.ratings) == ((), 2, 3)
    # Of the four films of the edition the starter set has three, and the edition's ids count.
    assert status.movies == before.movies + 1
    assert services.movies.find("The Matrix").movies[0].movie_id == 10
    (casablanca,) = services.movies.find("Casablanca (1942)").movies
    assert casablanca.movie_id > 10_000_000
    assert await services.ratings.profile(ANA) == {casablanca.movie_id: 4.5}
    assert not any("joining" in reason for reason in status.dropped)


async def test_what_was_downloaded_is_not_downloaded_again_when_reading_was_cut(
    services: Services, settings: Settings, downloads: list[str], monkeypatch: pytest.MonkeyPatch
):
    read = datasets.load_dataset

    def cut(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(datasets, "load_dataset", cut)
    with pytest.raises(UserError, match="No space left"):
        await services.data.add("ml-latest-small")
    (there,) = (settings.home / "downloads").iterdir()
    monkeypatch.setattr(datasets, "load_dataset", read)
    # The real one, and nowhere to download from.
    digest = "sha256:" + hashlib.sha256(there.read_bytes()).hexdigest()
    nowhere = replace(EDITIONS[0], checksum=digest, url="http://127.0.0.1:9/ml-latest-small.zip")
    monkeypatch.setattr(data_folder, "edition_of", lambda _name: nowhere)
    monkeypatch.setattr(data_folder, "download", download)
    assert (await services.data.add("ml-latest-small")).ratings == 3
    assert not list((settings.home / "downloads").iterdir())


async def test_without_network_it_is_one_line(services: Services, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object) -> None:
        raise DatasetError("the server cannot be reached; download it elsewhere")

    monkeypatch.setattr(data_folder, "download", fail)
    with pytest.raises(UserError, match="cannot be reached"):
        await services.data.add("ml-1m")
    assert (await services.data.status()).name == "starter"


async def test_list_names_the_editions_and_what_is_there(services: Services, small: Path):
    await services.data.add(str(small))
    entries = {entry.name: entry for entry in await services.data.list()}
    assert list(entries)[: len(EDITIONS)] == [edition.name for edition in EDITIONS]
    assert entries["ml-tiny"].active
    assert (entries["ml-tiny"].movies, entries["ml-tiny"].ratings) == ("4", "3")
    assert entries["starter"].on_disk
    assert not entries["starter"].active
    assert not entries["ml-32m"].on_disk
    assert entries["ml-32m"].licence
    assert entries["ml-32m"].bytes > 10**8


@pytest.mark.parametrize(
    "wanted",
    ["", "   ", "ml-9000", "no/such/file.zip", "x" * 5000, "../..", "a\0b", "a\nb", "~no-such/there", "🎬"],
)
async def test_what_is_no_data_set_is_one_line_and_changes_nothing(
    services: Services, wanted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    # A path leads from here, and not to what this machine happens to have.
    here = tmp_path / "two" / "below"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    with pytest.raises(UserError) as wrong:
        await services.data.add(wanted)
    assert "\n" not in str(wrong.value)
    assert len(str(wrong.value)) < 600
    assert (await services.data.status()).name == "starter"


async def test_damaged_files_change_nothing(services: Services, tmp_path: Path):
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\3\4 and then nothing")
    empty = movielens(tmp_path / "empty", dict.fromkeys(FILMS, ""))
    for path in (broken, empty):
        with pytest.raises(UserError) as wrong:
            await services.data.add(str(path))
        assert "\n" not in str(wrong.value)
    assert (await services.data.status()).name == "starter"
    assert services.movies.find("The Matrix").kind == "one"


async def test_a_full_disk_keeps_the_old_one(
    services: Services, settings: Settings, small: Path, monkeypatch: pytest.MonkeyPatch
):
    await services.data.add(str(small))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(settings.datasets))

    monkeypatch.setattr(data_folder, "note_popularity", full)
    with pytest.raises(UserError, match="No space left on device"):
        await services.data.add(str(small))
    assert sorted(path.name for path in settings.datasets.iterdir()) == ["ml-tiny", "starter"]
    assert (await services.data.status()).movies == 4


async def test_remove_refuses_what_it_should(services: Services, settings: Settings):
    with pytest.raises(UserError, match="comes with the program"):
        await services.data.remove("starter")
    for name in ("ml-1m", "", "..", "../home", ".", "starter/../starter"):
        with pytest.raises(UserError, match="there are starter"):
            await services.data.remove(name)
    assert settings.home.is_dir()


async def test_removing_one_that_is_not_active(services: Services, settings: Settings, small: Path):
    await services.data.add(str(small))
    await services.data.add("starter")
    assert (await services.data.remove("ml-tiny")).name == "starter"
    assert not (settings.datasets / "ml-tiny").exists()


async def test_what_a_killed_process_left_is_cleared_away(settings: Settings):
    left = settings.datasets / ".left"
    left.mkdir(parents=True)
    (left / "half").write_text("?", encoding="utf-8")
    async with Services.open(settings):
        assert not left.exists()
        assert (settings.datasets / "starter" / SOURCE_FILE).is_file()


MOMENTS = {
    "while the ratings are written": ("recommender.datasets.dataset.np.lib.format.write_array", None),
    "before the new one takes the old one's place": ("bot.services.data_folder.note_popularity", None),
    "between the two": ("pathlib.Path.replace", 2),
    "before the friends' movies are matched": ("bot.services.data.load_serving", None),
    "while they are matched": ("bot.services.data.movies.rematch", None),
}


@pytest.mark.parametrize("moment", MOMENTS)
async def test_an_addition_that_is_killed_at_any_moment_starts_again_without_harm(
    settings: Settings, small: Path, moment: str, monkeypatch: pytest.MonkeyPatch
):
    async with Services.open(settings) as services:
        await services.data.add(str(small))
        await rate(services, "The Matrix")
    # The same name with other numbers: the Matrix's old one is another film's now.
    for name, text in FILMS.items():
        moved = text.replace("\n10,", "\n77,").replace("\n20,", "\n10,").replace(",10,", ",77,")
        (small / name).write_text(moved, encoding="utf-8")
    target, nth = MOMENTS[moment]
    code = KILLED.format(target=target, nth=nth or 1)
    arguments = [sys.executable, "-c", code, str(settings.home), str(small)]
    ended = await asyncio.to_thread(subprocess.run, arguments, capture_output=True, text=True, check=False)
    assert ended.returncode == 9, ended.stderr

    async with Services.open(settings) as services:
        (matrix,) = services.movies.find("The Matrix").movies
        assert matrix.movie_id in (10, 77)
        assert await services.ratings.profile(ANA) == {matrix.movie_id: 4.5}, "never another film's"
        assert (await services.data.status()).name == "ml-tiny"
        assert (await services.data.add(str(small))).matched == 1
        assert await services.ratings.profile(ANA) == {77: 4.5}
    assert sorted(path.name for path in settings.datasets.iterdir()) == ["ml-tiny", "starter"]


KILLED = """
import asyncio, os, pkgutil, sys
from pathlib import Path
import recommender.datasets, bot.services.data
from bot.services.app import Services
from bot.settings import Settings

left = [{nth}]

async def main():
    async with Services.open(Settings(home=Path(sys.argv[1]))) as services:
        path, _, name = "{target}".rpartition(".")
        holder = pkgutil.resolve_name(path)
        whole = getattr(holder, name)

        def killed(*given, **named):
            left[0] -= 1
            if not left[0]:
                os._exit(9)
            return whole(*given, **named)

        setattr(holder, name, killed)
        await services.data.add(sys.argv[2])

asyncio.run(main())
"""


def test_a_bot_that_starts_and_answers_loads_no_pandas(tmp_path: Path):
    code = """
import asyncio, sys
from bot.services.app import Services
from bot.services.versions import Fitted, Versions
from bot.settings import Settings
from bot.store import Store

async def main():
    async with Services.open(Settings.read()) as services:
        await services.data.list()
        await services.data.status()
        await services.recommending.recommend(1)
    heavy = {"pandas", "scipy", "sklearn", "lightfm", "discord"} & set(sys.modules)
    print(sorted(heavy))

asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"MATINEE_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "[]", done.stderr


async def test_a_damaged_active_data_set_keeps_no_bot_from_starting(settings: Settings, small: Path) -> None:
    async with Services.open(settings) as services:
        name = (await services.data.add(str(small))).name
    file = settings.datasets / name / CATALOGUE_FILE
    file.write_bytes(file.read_bytes()[:100])
    async with Services.open(settings) as services:
        assert services.movies.find("The Matrix").kind == "one"
        assert services.movies.find("Unforgiven (1992)").kind == "one"
