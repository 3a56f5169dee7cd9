"""What the admins of each server chose."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.services.answers import GuildSettings
from bot.services.guilds import Guilds
from bot.services.shown_titles import title_of
from bot.store import Store
from recommender.catalogue import Movie

HERE, THERE = 10**18, 10**18 + 1


@pytest.fixture
async def guilds(tmp_path: Path) -> AsyncIterator[Guilds]:
    async with Store.open(tmp_path) as store:
        yield Guilds(store)


async def test_a_server_begins_with_the_defaults(guilds: Guilds):
    assert await guilds.get(HERE) == GuildSettings(HERE, None, ephemeral=False)


async def test_what_is_named_changes_and_the_rest_stays(guilds: Guilds):
    assert await guilds.change(HERE, country="de") == GuildSettings(HERE, country="DE")
    await guilds.change(HERE, movie_night_channel_id=10**18 + 5, ephemeral=True)
    await guilds.change(THERE, leaderboard=False)
    assert await guilds.get(HERE) == GuildSettings(HERE, 10**18 + 5, ephemeral=True, country="DE")
    assert await guilds.get(THERE) == GuildSettings(THERE, leaderboard=False)


async def test_a_channel_can_be_taken_away(guilds: Guilds):
    await guilds.change(HERE, movie_night_channel_id=5)
    await guilds.change(HERE, ephemeral=True)
    assert (await guilds.get(HERE)).movie_night_channel_id == 5
    await guilds.change(HERE, movie_night_channel_id=None)
    assert (await guilds.get(HERE)).movie_night_channel_id is None


@pytest.mark.parametrize("country", ["Germany", "D", "1A", ""])
async def test_a_country_that_is_none_changes_nothing(guilds: Guilds, country: str):
    with pytest.raises(UserError, match="is no country"):
        await guilds.change(HERE, ephemeral=True, country=country)
    assert await guilds.get(HERE) == GuildSettings(HERE)


async def test_two_admins_at_once_both_get_their_way(guilds: Guilds):
    await asyncio.gather(guilds.change(HERE, country="DE"), guilds.change(HERE, leaderboard=False))
    assert await guilds.get(HERE) == GuildSettings(HERE, leaderboard=False, country="DE")


async def test_the_language_of_titles_is_each_servers_own(guilds: Guilds):
    godfather = Movie(1, "The Godfather", 1972, aliases=("Der Pate",), alias_languages=("de",))
    for change, here in (("German", "Der Pate"), ("English", "The Godfather"), ("de", "Der Pate")):
        await guilds.change(HERE, titles=change)
        await guilds.show_titles(HERE)
        assert title_of(godfather) == here
        await guilds.show_titles(THERE)
        assert title_of(godfather) == "The Godfather"
    await guilds.show_titles(None)
    assert title_of(godfather) == "The Godfather"


async def test_a_language_that_is_none_changes_nothing(guilds: Guilds):
    with pytest.raises(UserError, match="is not a language"):
        await guilds.change(HERE, ephemeral=True, titles="xx")
    assert await guilds.get(HERE) == GuildSettings(HERE)
