"""/stats, /leaderboard, its switch in /settings, and the plot of /model status."""

from dataclasses import replace
from unittest.mock import AsyncMock

from bot.services.clock import utc_now
from tests.discord.conftest import World
from tests.discord.test_admin import VERSION
from tests.discord.test_taste import check_pictures, rate


async def test_stats_of_a_server(world: World) -> None:
    empty = await world.ana.slash("stats")
    assert "Nobody has rated anything yet" in empty.text
    await rate(world, world.ana, "Ana", {1: 5.0, 2: 5.0})
    alone = await world.ana.slash("stats")
    assert "No movie has been rated by two of you" in alone.text
    assert alone.pictures == {}
    await rate(world, world.ben, "Ben", {1: 4.5, 2: 1.0})
    await world.services.ratings.rate(77, "Of another server", 1, 0.5)
    for shown in (await world.ana.slash("stats"), await world.ana.say("!stats")):
        assert shown is not None
        check_pictures(shown, "stats.png")
        assert "Movies of The Friends" in shown.text
        assert "4 ratings of 2 movies by 2 people, 3.9 stars on average" in shown.text
        assert "1. Contact (1997) ★4.8 by 2" in shown.text
        assert "1. Arrival (2016) ★1 to ★5 by 2" in shown.text
    await world.services.privacy.hide(world.ben.id, "Ben")
    hidden = await world.ana.slash("stats")
    assert "2 ratings of 2 movies by 1 person" in hidden.text
    assert "★4.8" not in hidden.text


async def test_leaderboard_and_its_switch(world: World) -> None:
    await rate(world, world.ana, "Ana", {1: 5.0, 2: 5.0})
    await rate(world, world.ben, "Ben", {1: 4.0})
    shown = await world.ben.slash("leaderboard")
    assert "Ana: 2 ratings, ★5.0 on average" in shown.text
    assert "**2\\. Ben: 1 rating, ★4.0 on average**" in shown.text
    settings = await world.admin.slash("settings")
    assert "**Leaderboard** — on" in settings.text
    off = await world.admin.press(settings, "Switch the leaderboard off")
    assert "**Leaderboard** — off" in off.text
    for refused in (await world.ana.slash("leaderboard"), await world.ana.say("!leaderboard")):
        assert refused is not None
        assert "switched off here" in refused.text
        assert refused.embeds == []
    assert "only people" in (await world.ana.press(off, "Switch the leaderboard on")).text.casefold()
    await world.admin.slash("settings", leaderboard=True)
    assert "Ana: 2 ratings" in (await world.ana.slash("leaderboard")).text
    await world.services.privacy.hide(world.ana.id, "Ana")
    assert "Ana" not in (await world.ben.slash("leaderboard")).text


async def test_in_direct_messages_there_is_no_server(world: World) -> None:
    for command in ("stats", "leaderboard"):
        shown = await world.in_private(world.ana).slash(command)
        assert f"use /{command} there" in shown.text


async def test_model_status_shows_the_quality_over_versions(world: World) -> None:
    one = await world.admin.slash("model status")
    assert one.pictures == {}
    versions = [
        VERSION,
        replace(VERSION, version=1, state="kept", ndcg=0.498, created_at=utc_now()),
        replace(VERSION, version=3, state="failed", ndcg=None),
    ]
    world.services.training.history = AsyncMock(return_value=versions)
    for shown in (await world.admin.slash("model status"), await world.admin.say("!model")):
        assert shown is not None
        check_pictures(shown, "quality.png")
        assert "model 1 (kept) 0.498; model 2 (current) 0.512" in shown.pictures["quality.png"]


async def test_the_map_of_a_server(world: World) -> None:
    empty = await world.ana.slash("map")
    assert "The map is empty" in empty.text
    await rate(world, world.ana, "Ana", dict.fromkeys(range(1, 9), 5.0))
    await rate(world, world.ben, "Ben", dict.fromkeys(range(11, 19), 5.0))
    for shown in (await world.ana.slash("map"), await world.ana.say("!map")):
        assert shown is not None
        check_pictures(shown, "map.png")
        assert "What the same people like lies together" in shown.text
        assert "• Ana is near" in shown.text
        assert "• Ben is near" in shown.text
        assert "Ana is near" in shown.pictures["map.png"]
    await world.services.privacy.hide(world.ben.id, "Ben")
    hidden = await world.ana.slash("map")
    assert "Ben" not in hidden.text
    assert "use /map there" in (await world.in_private(world.ana).slash("map")).text
