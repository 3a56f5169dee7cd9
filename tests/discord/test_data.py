"""/data: the catalogue that is served, and who may change it."""

import asyncio
from typing import Any

import pytest

from bot.errors import UserError
from bot.services.data_folder import OnProgress
from tests.discord.conftest import World


def working(world: World, stop: Exception | None = None, seconds: float = 0) -> list[tuple[str, ...]]:
    """Have work on the data lead to this; answers what was asked for."""
    asked: list[tuple[str, ...]] = []

    async def add(name: str, on_progress: OnProgress, *, joined_with: Any = ()) -> Any:
        asked.append((name, *joined_with))
        for step in range(1, 5):
            await asyncio.sleep(seconds / 4)
            on_progress("downloading", step, 4)
        if stop is not None:
            raise stop
        return await world.services.data.status()

    async def refresh(on_progress: OnProgress) -> Any:
        return await add("refresh", on_progress)

    world.services.data.add, world.services.data.refresh = add, refresh
    return asked


async def test_status_tells_size_and_newest_films(world: World) -> None:
    for shown in (await world.admin.slash("data status"), await world.admin.say("!data")):
        assert shown is not None
        assert "The catalogue is films: 106 movies, up to 2024" in shown.text
        assert "Movies that friends rated: 0 are in it" in shown.text


async def test_what_was_added_is_told(world: World) -> None:
    asked = working(world)
    shown = await world.admin.slash("data add", name="ML-latest-small imdb")
    assert "These data serve now" in shown.text
    assert "The catalogue is films" in shown.text
    said = await world.admin.say("!data add ml-32m")
    assert said is not None
    assert "These data serve now" in said.text
    shown = await world.admin.slash("data refresh")
    assert "These data serve now" in shown.text
    assert asked == [("ml-latest-small", "imdb"), ("ml-32m",), ("refresh",)]


async def test_progress_is_shown_by_editing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.ui.progress.EDIT_SECONDS", 40.0)
    working(world, seconds=400)
    shown = await world.admin.slash("data refresh")
    assert "Renewing the catalogue …" in shown.text
    await world.advance(130)
    assert "Downloading 1 of 4" in shown.text
    await world.advance(320)
    assert "These data serve now" in shown.text


async def test_what_fails_is_one_line(world: World) -> None:
    working(world, UserError("the server cannot be reached"))
    shown = await world.admin.slash("data refresh")
    assert "Renewing the catalogue came to nothing" in shown.text
    assert "The server cannot be reached" in shown.text
    working(world, RuntimeError("kaputt"))
    shown = await world.admin.slash("data add", name="imdb")
    assert "kaputt" not in shown.text
    assert "code " in shown.text


@pytest.mark.parametrize("name", ["/etc/passwd", "..", "~/ml.zip", "imdb /srv/data", "ml-0m"])
async def test_a_path_on_the_hosts_disk_is_no_name(world: World, name: str) -> None:
    asked = working(world)
    shown = await world.admin.slash("data add", name=name)
    assert "There is no data set" in shown.text
    assert asked == []


async def test_without_a_name_it_says_which_there_are(world: World) -> None:
    said = await world.admin.say("!data add")
    assert said is not None
    assert "Which data? There are films, imdb, ml-10m" in said.text


async def test_on_several_servers_it_is_the_owners(world: World) -> None:
    asked = working(world)
    world.elsewhere_join("Zoe")
    for command in ("data add", "data refresh"):
        refused = await world.admin.slash(command)
        assert "only its owner can do that" in refused.text
    assert "The catalogue is" in (await world.admin.slash("data status")).text
    assert asked == []
    await world.owner.slash("data refresh")
    assert asked == [("refresh",)]
    assert await world.admin.complete("data add", "name", "ml") == []


async def test_names_are_completed_one_after_the_other(world: World) -> None:
    assert "imdb" in await world.admin.complete("data add", "name", "")
    assert await world.admin.complete("data add", "name", "ml-latest-small im") == ["ml-latest-small imdb"]
    assert await world.ana.complete("data add", "name", "") == []
