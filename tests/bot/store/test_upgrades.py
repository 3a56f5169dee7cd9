"""An upgrade from each earlier version keeps every row, and the services work on what it makes."""

import asyncio
import shutil
from pathlib import Path

import pytest

from bot.services.app import Services
from bot.services.nights.answers import Actor
from bot.settings import Settings
from tests.bot.store import old

BACK_THEN = old.REVISIONS[:-1]
STARTS_NOTE = {"movies": "catalogue_id"}
"""Columns that the start after the upgrade sets anew: to what movies the catalogue's are."""


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data sets of a new home; writing them takes a second."""
    home = tmp_path_factory.mktemp("starter")

    async def start() -> None:
        async with Services.open(Settings(home=home)):
            pass

    asyncio.run(start())
    return home / "datasets"


@pytest.mark.parametrize("revision", BACK_THEN)
async def test_every_row_is_there_after_the_upgrade_and_the_services_work(
    tmp_path: Path, revision: str, starter: Path
):
    home = tmp_path / "home"
    old.build(home / "matinee.db", revision)
    before = old.read(home / "matinee.db")
    assert {len(rows) for rows in before.values()} == {old.ROWS}
    shutil.copytree(starter, home / "datasets")
    async with Services.open(Settings(home=home)) as services:
        after = old.read(home / "matinee.db")
        for table, rows in before.items():
            names = rows[0].keys() - {STARTS_NOTE.get(table)}
            # What was there comes first; what the start itself notes follows.
            found = [{name: row[name] for name in names} for row in after[table][: old.ROWS]]
            assert found == [{name: row[name] for name in names} for row in rows], table
        ana, ben, _ = old.PEOPLE
        for user_id in old.PEOPLE:
            assert (await services.privacy.kept(user_id)).lines
            assert (await services.exports.export(user_id, "Ana")).data
        assert list((await services.ratings.profile(ana)).values()) == [0.5]
        for guild_id in old.GUILDS:
            actor = Actor(ana, "Ana", guild_id, frozenset(await services.nights.channels(guild_id)))
            await services.nights.history(actor)
            await services.nights.open(actor)
            await services.guilds.get(guild_id)
        assert (await services.data.status()).matched >= 1
        await services.training.status()
        await services.training.history()
        await services.privacy.delete(ana)
        assert (await services.privacy.kept(ana)).lines == ()
        assert (await services.privacy.kept(ben)).lines
    (backup,) = (home / "backups").iterdir()
    assert old.read(backup) == before
