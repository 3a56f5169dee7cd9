"""The running bot renews its catalogue: what is served grows, ids stay, and what fails changes nothing."""

import asyncio
import gzip
import hashlib
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cli import checks
from bot.cli.checks import Check, examine
from bot.errors import UserError
from bot.services import data as data_module
from bot.services.app import Services
from bot.services.data_list import catalogue_lines
from bot.services.versions import Fitted, Versions
from bot.settings import Settings
from bot.store import Store, meta
from recommender.catalogue import Movie
from recommender.datasets.dataset import Dataset
from recommender.datasets.imdb import TABLES
from recommender.datasets.numbering import IMDB_FIRST
from tests.bot.services.tiny import FakeClock, tiny_catalogue
from tests.recommender.datasets.imdb_on_disk import Row, aka, film, lines, votes
from tests.recommender.datasets.served import served
from tests.recommender.datasets.test_imdb_download import Imdb, handler_of

ANA = 7
NEW, NEXT = IMDB_FIRST + 900_001, IMDB_FIRST + 900_002


@dataclass
class Site:
    """IMDb as the child finds it."""

    site: Imdb
    version: int = 0

    def publish(self, *more: Movie, movies: int = 120, first: str = "") -> None:
        """Have new files there: the tiny world's movies under the numbers 1 to 120, and some more."""
        self.version += 1
        rows: list[Row] = []
        counts: list[Row] = []
        for movie in [*tiny_catalogue().movies[:movies], *more]:
            number = movie.imdb_id or movie.movie_id
            title = first if movie.movie_id == 1 and first else movie.title
            rows.append(film(number, title, movie.year or 2026, genres=",".join(movie.genres)))
            counts.append(votes(number, 1000 * self.version))
        tables = {"title.basics": rows, "title.ratings": counts, "title.akas": [aka(2, "Der Zweite", "DE")]}
        for table in TABLES:
            data = gzip.compress(lines(table, tables.get(table, [])).encode(), mtime=0)
            self.site.files[table], self.site.tags[table] = data, f'"{self.version}"'


@pytest.fixture
def imdb(tmp_path: Path) -> Iterator[Site]:
    site = Imdb()
    with served(handler_of(site)) as address:
        site.address = f"{address}/"
        yield Site(site)


CHILD = """
import sys
from functools import partial
from pathlib import Path
from bot.services import data_folder, data_worker
from recommender.datasets.imdb_download import download_imdb

data_folder.download_imdb = partial(download_imdb, site={site!r}, timeout=5)
sys.exit(data_worker.main(Path(sys.argv[1])))
"""


def came(number: int, title: str) -> Movie:
    return Movie(0, title, 2026, ("Western",), imdb_id=number)


@dataclass
class Home:
    """A home with the tiny world, a model of it, and IMDb's films."""

    settings: Settings
    imdb: Site
    clock: FakeClock

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Services]:
        script = self.settings.home.parent / "child.py"
        script.write_text(CHILD.format(site=self.imdb.site.address), encoding="utf-8")
        async with Services.open(self.settings, self.clock) as services:
            services.data.in_child = True
            services.data.command = (sys.executable, str(script))
            yield services

    def on_disk(self) -> dict[str, str]:
        """Digest of every file of the data sets."""
        folder = self.settings.datasets
        files = [path for path in folder.rglob("*") if path.is_file()]
        return {
            str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
        }


@pytest.fixture(scope="module")
def furnished(community: Dataset, ready_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home as the bot finds it, made once: joined with the first state of IMDb's files."""
    home = tmp_path_factory.mktemp("renewal") / "home"
    site = Imdb()

    async def furnish(address: str) -> None:
        settings, clock = Settings(home=home), FakeClock()
        site.address = address
        state = Site(site)
        state.publish(came(900_001, "Dust and Spurs"))
        own = replace(community, name="ml-tiny")
        own.save(settings.datasets / "ml-tiny")
        async with Home(settings, state, clock).opened() as services:
            await services.data.add("ml-tiny", joined_with=["imdb"])
        async with Store.open(home) as store:
            model = shutil.copytree(ready_model, home / "copy")
            fitted = Fitted(clock.now, "ml-tiny-imdb", 0, len(community.ratings), 0.5, 1.0, 0)
            await Versions(store, settings.models).adopt(fitted, model)

    with served(handler_of(site)) as address:
        asyncio.run(furnish(f"{address}/"))
    return home


@pytest.fixture
def home(furnished: Path, imdb: Site, tmp_path: Path) -> Home:
    settings = Settings(home=shutil.copytree(furnished, tmp_path / "home"))
    imdb.version = 1
    return Home(settings, imdb, FakeClock())


async def test_a_week_later_the_catalogue_is_newer_and_the_running_model_serves_it(home: Home) -> None:
    home.imdb.publish(came(900_001, "Dust and Spurs"), came(900_002, "High Dusk"), first="Westward One")
    async with home.opened() as services:
        await services.ratings.rate(ANA, "Ana", 1, 5.0)
        await services.ratings.rate(ANA, "Ana", NEW, 4.5)
        assert await services.data.refresh_if_due() is None
        before = await services.data.status()
        assert before.renewal is not None
        assert before.renewal.next == home.clock.now + timedelta(days=7)
        home.clock.advance(days=7)
        model = (await services.about()).model
        status = await services.data.refresh_if_due()
        assert status is not None
        assert (status.name, status.movies, status.ratings) == (
            "ml-tiny-imdb",
            before.movies + 1,
            before.ratings,
        )
        assert status.dropped == before.dropped
        assert status.acknowledgement == before.acknowledgement
        # The same model, and it can speak of what is new: it is found, recommended, explained.
        assert (await services.about()).model == model
        assert services.movies.find("High Dusk").movies[0].movie_id == NEXT
        why = await services.recommending.why(ANA, NEXT)
        assert why.movie.title == "High Dusk"
        assert (await services.ratings.rate(ANA, "Ana", NEXT, 4.0)).in_model
        # Ids stay, and so does what Ana said.
        assert await services.ratings.profile(ANA) == {1: 5.0, NEW: 4.5, NEXT: 4.0}
        assert services.movies.find("Der Zweite").movies[0].movie_id == 2
        assert services.movies.get(NEW).votes == 2000
        # It is told, and not due again before another week has gone; the next retrain takes it in.
        assert status.renewal is not None
        assert (status.renewal.last, status.renewal.failure) == (home.clock.now, "")
        assert await services.data.refresh_if_due() is None
        home.clock.advance(hours=7)
        next_run = (await services.training.status()).next_run
        assert next_run is not None
        assert next_run <= home.clock.now
    async with home.opened() as services:
        assert (await services.about()).model is not None
        assert await services.ratings.profile(ANA) == {1: 5.0, NEW: 4.5, NEXT: 4.0}
        renewal = await services.data.renewal()
        assert renewal is not None
        assert renewal.next == home.clock.now - timedelta(hours=7) + timedelta(days=7)


async def test_a_renewal_keeps_the_running_model_and_no_fit_is_due_at_once(home: Home) -> None:
    home.imdb.publish(came(900_001, "Dust and Spurs"), came(900_002, "High Dusk"))
    async with home.opened() as services:
        home.clock.advance(minutes=1)
        await services.data.refresh()
        status = await services.training.status()
        assert status.current is not None
        assert status.movies == 122
        assert status.next_run is not None
        assert status.next_run > home.clock.now


async def test_where_nothing_has_changed_nothing_is_read(home: Home) -> None:
    home.imdb.version = 0
    home.imdb.publish(came(900_001, "Dust and Spurs"))
    async with home.opened() as services:
        files = home.on_disk()
        home.clock.advance(days=8)
        stages: list[str] = []
        status = await services.data.refresh(lambda stage, *_: stages.append(stage))
        assert "reading" not in stages
        assert home.imdb.site.got() == []
        assert status.renewal is not None
        assert status.renewal.last == home.clock.now
        assert home.on_disk() == files


async def _nothing_changes(home: Home, complaint: str) -> str:
    """Have a renewal fail; answers what is told of it."""
    async with home.opened() as services:
        files, before = home.on_disk(), await services.data.status()
        home.clock.advance(days=7)
        with pytest.raises(UserError, match=complaint) as failure:
            await services.data.refresh_if_due()
        assert "\n" not in str(failure.value)
        assert home.on_disk() == files
        after = await services.data.status()
        assert after.renewal is not None
        assert after.renewal.failed_at == home.clock.now
        assert replace(after, renewal=before.renewal) == before
        assert (await services.about()).model is not None
        # Tried again, but not at once.
        assert await services.data.refresh_if_due() is None
        assert after.renewal.next == home.clock.now + data_module.AGAIN
        return "\n".join(catalogue_lines(after, home.clock.now))


async def test_a_catalogue_that_shrank_is_refused_and_told(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "_lightfm", lambda: Check("lightfm", "ok", "not asked here"))
    home.imdb.publish(movies=105)
    complaint = "IMDb's files have 105 of the movies of ml-tiny-imdb, and had 121"
    told = await _nothing_changes(home, complaint)
    assert f"the last renewal came to nothing just now: {complaint}" in told
    doctor = next(check for check in examine(home.settings, home.clock) if check.name == "data set")
    assert doctor.state == "note"
    assert doctor.detail.startswith("ml-tiny-imdb, 121 movies, up to ")
    assert (
        "joined with IMDb's files 2026-03-01; the last renewal, 2026-03-08, came to nothing" in doctor.detail
    )


async def test_a_few_that_went_are_kept_and_counted(home: Home) -> None:
    home.imdb.publish(movies=112)
    async with home.opened() as services:
        await services.ratings.rate(ANA, "Ana", NEW, 4.5)
        status = await services.data.refresh()
        assert status.movies == 121
        assert status.dropped["joining-imdb: no facts for the movie (it is kept)"] == 9
        assert await services.ratings.profile(ANA) == {NEW: 4.5}


async def test_a_login_page_changes_nothing(home: Home) -> None:
    home.imdb.publish()
    home.imdb.site.files["title.basics"] = b"<html>Please log in</html>"
    await _nothing_changes(home, "asks for a login")


async def test_without_network_nothing_changes(home: Home) -> None:
    home.imdb.site.address = "http://127.0.0.1:9/"
    await _nothing_changes(home, "127.0.0.1:9")


async def test_a_full_disk_changes_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.imdb.publish(came(900_002, "High Dusk"))
    replace_ = Path.replace

    def full(path: Path, target: Path) -> Path:
        if path.name == data_module.NEW:
            raise OSError(28, "No space left on device", str(path))
        return replace_(path, target)

    monkeypatch.setattr(Path, "replace", full)
    await _nothing_changes(home, "No space left on device")


async def test_a_database_that_cannot_be_written_changes_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.imdb.publish(came(900_002, "High Dusk"))

    async def full(*_: object) -> None:
        raise UserError("the database cannot be written: the disk is full")

    monkeypatch.setattr(data_module.movies, "rematch", full)
    await _nothing_changes(home, "the disk is full")


async def test_a_child_that_is_killed_changes_nothing(home: Home) -> None:
    home.imdb.publish(came(900_002, "High Dusk"))
    script = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"

    async with home.opened() as services:
        services.data.command = (sys.executable, "-c", script)
        files = home.on_disk()
        with pytest.raises(UserError, match="was killed by signal 9"):
            await services.data.refresh()
        assert home.on_disk() == files


async def test_two_at_once_are_one(home: Home) -> None:
    home.imdb.publish(came(900_002, "High Dusk"))
    async with home.opened() as services:
        first = asyncio.create_task(services.data.refresh())
        await asyncio.sleep(0)
        with pytest.raises(UserError, match="other work on the data is under way"):
            await services.data.refresh()
        with pytest.raises(UserError, match="other work on the data is under way"):
            await services.data.add("ml-tiny")
        assert await services.data.refresh_if_due() is None
        renewal = (await first).renewal
        assert renewal is not None
        assert renewal.failure == ""


async def test_a_renewal_that_ends_with_its_bot_goes_on_at_the_next_start(home: Home) -> None:
    home.imdb.publish(came(900_002, "High Dusk"))
    async with home.opened() as services:
        files = home.on_disk()
        begun = asyncio.Event()
        work = asyncio.create_task(services.data.refresh(lambda *_: begun.set()))
        await begun.wait()
        await services.data.close()
        with pytest.raises(UserError, match="shutting down"):
            await work
        with pytest.raises(UserError, match="shutting down"):
            await services.data.refresh()
    assert home.on_disk() == files
    home.clock.advance(days=7)
    async with home.opened() as services:
        assert await services.data.refresh_if_due() is not None
        assert services.movies.find("High Dusk").kind == "one"


async def test_a_bot_that_ends_while_it_swaps_has_swapped_or_not(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.imdb.publish(came(900_001, "Dust and Spurs"), came(900_002, "High Dusk"))
    rematch, begun = data_module.movies.rematch, asyncio.Event()

    async def slow(*given: Any) -> None:
        await rematch(*given)
        begun.set()
        await asyncio.sleep(0.2)

    monkeypatch.setattr(data_module.movies, "rematch", slow)
    async with home.opened() as services:
        work = asyncio.create_task(services.data.refresh())
        await begun.wait()
        await services.data.close()
        with pytest.raises(UserError, match="shutting down"):
            await work
        assert services.movies.find("High Dusk").movies[0].movie_id == NEXT
    async with home.opened() as services:
        assert services.movies.find("High Dusk").movies[0].movie_id == NEXT
        assert (await services.about()).model is not None
    assert not [path for path in home.settings.datasets.iterdir() if path.name.startswith(".")]


async def test_the_swap_waits_for_a_fit_and_a_fit_for_the_swap(home: Home) -> None:
    home.imdb.publish(came(900_002, "High Dusk"))
    async with home.opened() as services:
        learning = services._shelf.learning
        async with learning:
            reached = asyncio.Event()
            work = asyncio.create_task(
                services.data.refresh(lambda stage, *_: reached.set() if "matching" in stage else None)
            )
            await reached.wait()
            await asyncio.sleep(0.05)
            assert services.movies.find("High Dusk").kind == "none"
        await work
        assert services.movies.find("High Dusk").kind == "one"


async def test_what_is_not_imdbs_is_not_renewed(home: Home) -> None:
    async with home.opened() as services:
        await services.data.add("ml-tiny")
        home.clock.advance(days=70)
        assert await services.data.renewal() is None
        assert await services.data.refresh_if_due() is None
        with pytest.raises(UserError, match="ml-tiny is not joined with IMDb's files: add imdb first"):
            await services.data.refresh()


async def test_never_by_itself_if_the_host_wants_it_so(home: Home) -> None:
    home.settings = home.settings.model_copy(update={"catalogue_days": 0})
    home.imdb.publish(came(900_002, "High Dusk"))
    async with home.opened() as services:
        home.clock.advance(days=700)
        assert await services.data.refresh_if_due() is None
        assert "next not by itself" in catalogue_lines(await services.data.status(), home.clock.now)[1]
        assert (await services.data.refresh()).movies == 122


async def test_a_home_of_an_earlier_version_is_renewed_as_old_as_its_data_are(home: Home) -> None:
    async with home.opened() as services:
        async with services.data._store.write() as db:
            await meta.put(db, meta.CATALOGUE_SINCE, None)
        home.clock.advance(days=6)
        assert await services.data.refresh_if_due() is None
        assert (await services.data.renewal()) is not None
