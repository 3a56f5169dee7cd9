"""An upgrade from each earlier version keeps every row, and the services work on what it makes."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from bot.services.app import Services
from bot.services.nights.answers import Actor
from bot.settings import Settings
from tests.bot.store import old

BACK_THEN = old.REVISIONS[:-1]
CHANGED = {
    # The start after the upgrade notes which movies of the catalogue these are.
    "movies": {"catalogue_id"},
    # Of several servers none speaks for the others: when to retrain is one thing for the whole bot.
    "guild_settings": {"retrain_hours", "retrain_ratings"},
    # What people wrote moves to rows of theirs, and is looked at by itself.
    # Their filters name several genres.
    "nights": {"theme", "event_told", "wishes"},
    "night_posts": {"facts"},
}


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
            names = rows[0].keys() - CHANGED.get(table, set())
            # What was there comes first; what the start itself notes follows.
            found = [{name: row[name] for name in names} for row in after[table][: old.ROWS]]
            assert found == [{name: row[name] for name in names} for row in rows], table
        if "nights" in before and revision < "0018":
            wishes = [json.loads(row["wishes"]) for row in after["nights"]]
            assert wishes == [{"genre": ["Drama"]}, {}, {"from_year": 1900}]
        if "nights" in before and "night_texts" not in before:
            texts = {(row["night_id"], row["part"]): row for row in after["night_texts"]}
            assert {key: row["text"] for key, row in texts.items()} == {
                (1, "theme"): old.STRANGE,
                (2, "reason"): old.STRANGE,
                (3, "theme"): "x" * 5000,
            }
            # Each night's host wrote its theme, and cancelled it.
            assert [row["user_id"] for _, row in sorted(texts.items())] == list(old.PEOPLE)
            assert "theme" not in after["nights"][0]
            assert old.STRANGE not in {row["event_told"] for row in after["nights"]}
            assert after["night_posts"][1]["facts"] == "{}"
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
