"""All services together: what is served after a start, whatever is found on disk."""

import asyncio
import logging
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import __version__
from bot.errors import UserError
from bot.services.answers import About
from bot.services.app import Services
from bot.services.versions import Fitted, Versions
from bot.settings import Settings
from bot.store import Store, meta
from recommender.datasets.dataset import CATALOGUE_FILE, Dataset
from tests.bot.services.tiny import tiny_dataset

ROOT = Path(__file__).parents[3]
FITTED = Fitted(datetime(2026, 5, 1, tzinfo=UTC), "tiny", 7, 4800, 0.4, 1.5, 0)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
async def home(settings: Settings, community: Dataset, ready_model: Path, tmp_path: Path) -> Path:
    """A home with the tiny data set and three models of it, the last one current."""
    community.save(settings.datasets / "tiny")
    async with Store.open(settings.home) as store:
        async with store.write() as db:
            await meta.put(db, meta.ACTIVE_DATASET, "tiny")
        for _ in range(3):
            await Versions(store, settings.models).adopt(FITTED, copy(ready_model, tmp_path / "copy"))
    return settings.home


def copy(source: Path, target: Path) -> Path:
    shutil.copytree(source, target)
    return target


def spoil(model: Path) -> None:
    next(model.glob("*.npy")).write_bytes(b"junk")


async def states(services: Services) -> dict[int, str]:
    return {version.version: version.state for version in await services.training.history()}


async def test_a_first_start_serves_the_starter_set(settings: Settings):
    async with Services.open(settings) as services:
        about = await services.about()
        assert (about.dataset, about.model, about.community_ratings) == ("starter", None, 0)
        assert about.movies >= 1000
        alien = services.movies.find("Alien").movies[0]
        await services.ratings.rate(5, "Ana", alien.movie_id, 4)
    async with Services.open(settings) as services:
        assert await services.ratings.profile(5) == {alien.movie_id: 4.0}


async def test_a_start_serves_what_was_served(home: Path, settings: Settings):
    async with Services.open(settings) as services:
        about = await services.about()
        assert about.model is not None
        assert about.model.version == 3
        assert about == About(__version__, about.model, "tiny", 120, 4800, "Thanks to nobody.")
        change = await services.ratings.rate(
            5, "Ana", services.movies.find("Western Number 1").movies[0].movie_id, 4
        )
        assert change.in_model
        picks = await services.recommending.recommend(5)
        assert picks.personal
        await services.meta.set("colour", "green")
        assert (await services.training.thresholds()).ratings == 20
    async with Services.open(settings) as services:
        assert await services.ratings.profile(5) == {1: 4.0}
        assert await services.meta.get("colour") == "green"


async def test_a_spoilt_model_is_passed_over(
    home: Path, settings: Settings, caplog: pytest.LogCaptureFixture
):
    spoil(settings.models / "3")
    with caplog.at_level(logging.ERROR):
        async with Services.open(settings) as services:
            about = await services.about()
            assert about.model is not None
            assert (about.model.version, about.model.state) == (2, "current")
            assert await states(services) == {3: "kept", 2: "current", 1: "kept"}
    assert "model 3 cannot be served" in caplog.text
    caplog.clear()
    async with Services.open(settings) as services:
        assert about == await services.about()
    assert caplog.text == ""


async def test_without_a_usable_model_the_popular_list_is_served(
    home: Path, settings: Settings, caplog: pytest.LogCaptureFixture
):
    for version in (1, 2, 3):
        spoil(settings.models / str(version))
    async with Services.open(settings) as services:
        assert (await services.about()).model is None
        change = await services.ratings.rate(5, "Ana", 1, 4)
        assert change.in_model
        assert not (await services.recommending.recommend(5)).personal
        # Nothing is given up: it may be the disk that was not there.
        assert await states(services) == {3: "current", 2: "kept", 1: "kept"}
    assert caplog.text.count("cannot be served") == 3


async def test_an_unreadable_data_set_is_said_and_ratings_stay(
    home: Path, settings: Settings, caplog: pytest.LogCaptureFixture
):
    async with Services.open(settings) as services:
        await services.ratings.rate(5, "Ana", 1, 4)
    (settings.datasets / "tiny" / CATALOGUE_FILE).write_text("junk")
    async with Services.open(settings) as services:
        assert "the data set cannot be served" in caplog.text
        assert (await services.about()).dataset == "starter"
        page = await services.ratings.page(5)
        assert [rated.movie.title for rated in page.ratings] == ["Western Number 1"]
        with pytest.raises(UserError):
            await services.ratings.rate(5, "Ana", 2, 4)


async def test_models_of_another_data_set_are_not_served(home: Path, settings: Settings, community: Dataset):
    replace(community, name="other").save(settings.datasets / "other")
    async with Store.open(home) as store, store.write() as db:
        await meta.put(db, meta.ACTIVE_DATASET, "other")
    async with Services.open(settings) as services:
        about = await services.about()
        assert (about.dataset, about.model) == ("other", None)
        assert await states(services) == {3: "current", 2: "kept", 1: "kept"}


async def test_a_second_start_on_the_same_home_is_refused(home: Path, settings: Settings):
    async with Services.open(settings) as services:
        with pytest.raises(UserError, match="running on"):
            async with Services.open(settings):
                pass
        await services.ratings.rate(5, "Ana", 1, 4)


async def test_two_people_recommend_and_rate_while_the_shelf_is_swapped(home: Path, settings: Settings):
    async with Services.open(settings) as services:

        async def watch(user_id: int) -> None:
            for movie_id in range(1, 13):
                await services.ratings.rate(user_id, f"user {user_id}", movie_id, 4)
                picks = await services.recommending.recommend(user_id)
                assert not {pick.movie.movie_id for pick in picks.picks} & set(range(1, movie_id + 1))

        async def swap() -> None:
            for version in (2, 3, 1, 3):
                await services.training.rollback(version)

        await asyncio.gather(watch(5), watch(6), swap())
        assert await services.ratings.seen(5) == set(range(1, 13))


def test_the_bot_needs_nothing_that_is_there_for_fitting_alone():
    code = (
        "import sys, bot.services.app\n"
        "print({'lightfm', 'scipy', 'sklearn', 'pandas', 'matplotlib'} & set(sys.modules))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert answer.stdout == "set()\n"


def test_the_version_is_the_projects():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == __version__


async def chosen(services: Services) -> dict[str, object]:
    """Everything that admins decide about."""
    about = await services.about()
    return {
        "serving": about.model and about.model.version,
        "dataset": about.dataset,
        "on disk": [entry.name for entry in await services.data.list()],
        "versions": await states(services),
        "guild": await services.guilds.get(9),
        "nights": await services.nights.settings(9),
        "alone": await services.training.thresholds(),
        "shared": await services.training.thresholds(shared=True),
    }


ADMIN_ACTIONS: dict[str, Callable[[Services], Awaitable[object]]] = {
    "a rollback": lambda services: services.training.rollback(),
    "a rollback to one of them": lambda services: services.training.rollback(1),
    "a retrain": lambda services: services.training.retrain(),
    "the channel": lambda services: services.guilds.change(9, movie_night_channel_id=42),
    "private answers": lambda services: services.guilds.change(9, ephemeral=True),
    "the leaderboard": lambda services: services.guilds.change(9, leaderboard=False),
    "the country": lambda services: services.guilds.change(9, country="DE"),
    "the owner's hours": lambda services: services.training.change_thresholds(hours=1.25, by_owner=True),
    "the owner's ratings": lambda services: services.training.change_thresholds(ratings=7, by_owner=True),
    "a server's hours": lambda services: services.training.change_thresholds(hours=2, by_owner=False),
    "a server's ratings": lambda services: services.training.change_thresholds(ratings=8, by_owner=False),
    "the time zone": lambda services: services.nights.change_settings(9, time_zone="Asia/Tokyo"),
    "who plans nights": lambda services: services.nights.change_settings(9, role_id=77),
    "no other data": lambda services: services.data.remove("unused"),
    "other data": lambda services: services.data.add("other"),
}


@pytest.mark.parametrize("change", ADMIN_ACTIONS.values(), ids=ADMIN_ACTIONS)
async def test_what_admins_change_is_the_same_after_a_restart(
    home: Path,
    settings: Settings,
    copying: tuple[str, ...],
    change: Callable[[Services], Awaitable[object]],
):
    for name in ("other", "unused"):
        tiny_dataset(150, name=name).save(settings.datasets / name)
    async with Services.open(settings) as services:
        services.training._fitter = replace(services.training._fitter, command=copying)
        before = await chosen(services)
        await change(services)
        after = await chosen(services)
    assert after != before
    async with Services.open(settings) as services:
        assert await chosen(services) == after
