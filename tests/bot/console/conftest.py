"""A console on real services and the starter set, with a model that was fitted once."""

import asyncio
import io
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.console.people import person
from bot.console.screen import Screen
from bot.console.session import Session
from bot.services.app import Services
from bot.services.training import Training
from bot.settings import Settings
from recommender.datasets.starter import load_friends
from tests.bot.services.tiny import QUICK


@pytest.fixture(autouse=True)
def plain_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """No wishes of whoever runs the tests for how a terminal is to look."""
    for name in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)


def settings_of(home: Path) -> Settings:
    """Settings of a home, whatever the environment says."""
    return Settings().model_copy(update={"home": home, "database_url": None, "discord_token": None})


def quick(services: Services) -> Services:
    """The same services, whose fits take a moment."""
    services.training = Training(replace(services.training._fitter, options=QUICK))
    return services


class Terminal:
    """A session whose answers can be read."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self._file = io.StringIO()
        self._session = Session(services, Screen(self._file))

    async def say(self, *lines: str) -> str:
        """What the last of these lines is answered."""
        for line in lines:
            self._file.seek(0)
            self._file.truncate()
            await self._session.handle(line)
        return self._file.getvalue()

    async def stars(self, name: str, title: str) -> float | None:
        """What somebody's rating of a movie is."""
        profile = await self.services.ratings.profile(person(name).user_id)
        return profile.get(self.services.movies.find(title).movies[0].movie_id)


@pytest.fixture(scope="session")
def fitted_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the sample friends rated and a model was fitted."""
    home = tmp_path_factory.mktemp("fitted") / "home"

    async def fit() -> None:
        async with Services.open(settings_of(home)) as services:
            quick(services)
            for name, ratings in load_friends().items():
                for movie_id, stars in ratings.items():
                    await services.ratings.rate(person(name).user_id, name, movie_id, stars)
            result = await services.training.retrain()
            assert result.adopted, result.message

    asyncio.run(fit())
    return home


@pytest.fixture
async def terminal(tmp_path: Path, fitted_home: Path) -> AsyncIterator[Terminal]:
    """A terminal on a copy of the home with a model."""
    shutil.copytree(fitted_home, tmp_path / "home")
    async with Services.open(settings_of(tmp_path / "home")) as services:
        yield Terminal(quick(services))


@pytest.fixture(scope="session")
def fresh_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which nothing has happened yet."""
    home = tmp_path_factory.mktemp("fresh") / "home"

    async def make() -> None:
        async with Services.open(settings_of(home)):
            pass

    asyncio.run(make())
    return home


@pytest.fixture
async def fresh_terminal(tmp_path: Path, fresh_home: Path) -> AsyncIterator[Terminal]:
    """A terminal on a home in which nothing has happened yet."""
    shutil.copytree(fresh_home, tmp_path / "home")
    async with Services.open(settings_of(tmp_path / "home")) as services:
        yield Terminal(services)
