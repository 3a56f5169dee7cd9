"""What the admins of each server chose."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.errors import UserError
from bot.services.answers import GuildSettings
from bot.services.guilds import Guilds
from bot.store import Store

HERE, THERE = 10**18, 10**18 + 1


@pytest.fixture
async def guilds(tmp_path: Path) -> AsyncIterator[Guilds]:
    async with Store.open(tmp_path) as store:
        yield Guilds(store)


async def test_a_server_begins_with_the_defaults(guilds: Guilds):
    assert await guilds.get(HERE) == GuildSettings(HERE, None, 6.0, 20, ephemeral=False)
    assert await guilds.everything() == []


async def test_what_is_named_changes_and_the_rest_stays(guilds: Guilds):
    assert await guilds.change(HERE, retrain_hours=2) == GuildSettings(HERE, retrain_hours=2.0)
    await guilds.change(HERE, movie_night_channel_id=10**18 + 5, ephemeral=True)
    await guilds.change(THERE, retrain_ratings=5)
    assert await guilds.get(HERE) == GuildSettings(HERE, 10**18 + 5, 2.0, 20, ephemeral=True)
    assert await guilds.get(THERE) == GuildSettings(THERE, retrain_ratings=5)
    assert await guilds.everything() == [await guilds.get(HERE), await guilds.get(THERE)]


async def test_a_channel_can_be_taken_away(guilds: Guilds):
    await guilds.change(HERE, movie_night_channel_id=5)
    await guilds.change(HERE, ephemeral=True)
    assert (await guilds.get(HERE)).movie_night_channel_id == 5
    await guilds.change(HERE, movie_night_channel_id=None)
    assert (await guilds.get(HERE)).movie_night_channel_id is None


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"retrain_hours": 0}, r"0 hours .* 0\.5 to 168$"),
        ({"retrain_hours": 168.5}, "out of range"),
        ({"retrain_hours": float("nan")}, "out of range"),
        ({"retrain_hours": float("inf")}, "out of range"),
        ({"retrain_ratings": 0}, "0 new ratings .* 1 to 10,000$"),
        ({"retrain_ratings": 10_001}, "out of range"),
    ],
)
async def test_a_number_out_of_range_changes_nothing(guilds: Guilds, change: dict[str, Any], complaint: str):
    with pytest.raises(UserError, match=complaint):
        await guilds.change(HERE, ephemeral=True, **change)
    assert await guilds.get(HERE) == GuildSettings(HERE)


@pytest.mark.parametrize(
    "change", [{"retrain_hours": 0.5}, {"retrain_hours": 168}, {"retrain_ratings": 10_000}]
)
async def test_the_ends_of_the_ranges_are_in_them(guilds: Guilds, change: dict[str, Any]):
    settings = await guilds.change(HERE, **change)
    assert settings == await guilds.get(HERE) != GuildSettings(HERE)


async def test_two_admins_at_once_both_get_their_way(guilds: Guilds):
    await asyncio.gather(guilds.change(HERE, retrain_hours=3), guilds.change(HERE, retrain_ratings=7))
    assert await guilds.get(HERE) == GuildSettings(HERE, retrain_hours=3.0, retrain_ratings=7)
