"""/retrain, /model and /settings, and who may use them."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import UserError
from bot.services.answers import ModelVersion, Progress, RetrainResult
from bot.services.clock import utc_now
from bot.services.schedule import Thresholds
from bot.ui.progress import EDIT_SECONDS
from tests.discord.conftest import Friend, Shown, World

VERSION = ModelVersion(2, utc_now(), "current", "films", 12, 3600, 0.512, 21.4)
RESULT = RetrainResult(VERSION, True, 0.498, 0.512, "model 2 is serving now")
ADMIN_COMMANDS = (
    *("retrain", "model status", "model history", "model rollback", "settings"),
    *("data status", "data add", "data refresh"),
)


def fits_in(world: World, seconds: float, result: RetrainResult | Exception = RESULT) -> list[bool]:
    """Have retrains take so long and lead to this; answers which of those that were begun are to be full."""
    begun: list[bool] = []

    async def retrain(
        on_progress: Callable[[Progress], None] | None = None, *, full: bool = False
    ) -> RetrainResult:
        begun.append(full)
        for step in range(1, 5):
            await asyncio.sleep(seconds / 4)
            if on_progress is not None:
                on_progress(Progress("fitting", step, 4, step * seconds / 4))
        if isinstance(result, Exception):
            raise result
        return result

    world.services.training.retrain = retrain
    return begun


async def test_retrain_tells_what_changed(world: World) -> None:
    fits_in(world, 0)
    for shown in (await world.admin.slash("retrain"), await world.admin.say("!retrain")):
        assert shown is not None
        assert "Model 2 is serving" in shown.text
        assert "12 ratings by friends, 3,600 by others" in shown.text
        assert "**Quality before** NDCG@10 0.498\n**Quality now** NDCG@10 0.512" in shown.text
        assert "**Took** 21 s" in shown.text


async def test_retrain_says_in_what_way_it_fitted(world: World) -> None:
    version = replace(VERSION, way="warm", why="only 3 ratings were added")
    begun = fits_in(world, 0, replace(RESULT, version=version))
    for shown in (
        await world.admin.slash("retrain"),
        await world.admin.slash("retrain", full=True),
        await world.admin.say("!retrain full: yes"),
    ):
        assert shown is not None
        assert "**Fitted** warm, because only 3 ratings were added" in shown.text
    assert begun == [False, True, True]


async def test_retrain_shows_progress_by_editing_its_answer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Longer than the simulator waits for anything, so that time passes only when it is told to.
    monkeypatch.setattr("bot.ui.progress.EDIT_SECONDS", 40.0)
    fits_in(world, 400)
    shown = await world.admin.slash("retrain")
    assert "Starting" in shown.text
    await world.advance(130)
    assert "Fitting 1 of 4, 100 s" in shown.text
    assert "25%" in shown.text
    await world.advance(115)
    assert "Fitting 2 of 4" in shown.text
    assert len(world.requests("PATCH", "@original")) == 2
    await world.advance(200)
    assert "Model 2 is serving" in shown.text


def test_progress_is_not_edited_more_often_than_every_two_seconds() -> None:
    assert EDIT_SECONDS >= 2


async def test_retrain_that_fails_says_so_in_one_line(world: World) -> None:
    fits_in(world, 0, UserError("there is no data to learn from: add a data set first"))
    shown = await world.admin.slash("retrain")
    assert "There is no data to learn from: add a data set first" in shown.text
    fits_in(world, 0, RuntimeError("kaputt"))
    shown = await world.admin.slash("retrain")
    assert "kaputt" not in shown.text
    assert "code " in shown.text


async def test_a_rejected_model_is_told(world: World) -> None:
    rejected = replace(VERSION, state="rejected", detail="clearly worse")
    fits_in(world, 0, RetrainResult(rejected, False, 0.5, 0.3, "the new model is clearly worse"))
    shown = await world.admin.slash("retrain")
    assert "The model stays as it was" in shown.text
    assert "clearly worse" in shown.text


async def test_the_result_is_told_even_if_the_answer_is_gone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.ui.progress.EDIT_SECONDS", 40.0)
    fits_in(world, 400)
    shown = await world.admin.slash("retrain")
    shown.delete()
    await world.advance(450)
    assert "Model 2 is serving" in world.newest().text


async def test_the_result_of_a_fit_longer_than_an_interaction_lives_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.ui.progress.EDIT_SECONDS", 40.0)
    # Nothing else is to happen in that time, and the simulator takes each look at the nights by itself.
    world.bot.cogs["NightWatch"].do_what_is_due.change_interval(seconds=300)  # pyright: ignore[reportAttributeAccessIssue]
    fits_in(world, 2000)
    await world.admin.slash("retrain")
    await world.advance(2100)
    assert "Model 2 is serving" in world.newest().text


async def test_a_real_retrain(world: World) -> None:
    for movie_id in range(11, 17):
        await world.services.ratings.rate(world.ana.id, "Ana", movie_id, 4.5)
    shown = await world.admin.slash("retrain")
    assert "6 ratings by friends" in shown.text
    status = await world.admin.slash("model status")
    assert "6 ratings by friends" in status.text or "not adopted" in status.text


@pytest.mark.parametrize("command", ADMIN_COMMANDS)
async def test_others_are_refused_politely(world: World, command: str) -> None:
    begun = fits_in(world, 0)
    for friend in (world.ana, world.in_private(world.admin)):
        for shown in (await friend.slash(command), await friend.say(f"!{command}")):
            assert shown is not None
            assert "\n" not in shown.text
            assert shown.embeds == []
            expected = "Manage Server" if friend is world.ana else "direct messages|server"
            assert any(part in shown.text for part in expected.split("|"))
    assert (await world.ana.slash(command)).private
    assert begun == []


@pytest.mark.parametrize("command", ADMIN_COMMANDS[:3])
async def test_the_owner_may_everywhere(world: World, command: str) -> None:
    fits_in(world, 0)
    for friend in (world.owner, world.in_private(world.owner)):
        shown = await friend.slash(command)
        assert shown.embeds
        said = await friend.say(f"!{command}")
        assert said is not None
        assert said.embeds


async def test_model_status_and_history(world: World) -> None:
    for text in ("!model status", "!model"):
        said = await world.admin.say(text)
        assert said is not None
        assert "Model 1, current" in said.text
        assert "The catalogue is films: 106 movies, up to 2024" in said.text.replace("\\", "")
    history = await world.admin.slash("model history")
    assert "**1** current" in history.text


async def test_rollback(world: World) -> None:
    none = await world.admin.slash("model rollback")
    assert none.private
    assert "no earlier model" in none.text
    back = ModelVersion(1, utc_now() - timedelta(hours=3), "current", "films", 0, 3600, None, 9.0)
    asked: list[Any] = []

    async def rollback(version: int | None = None) -> ModelVersion:
        asked.append(version)
        return back

    async def history() -> list[ModelVersion]:
        return [VERSION, replace(back, state="kept")]

    world.services.training.rollback = rollback
    world.services.training.history = history
    (choice,) = await world.admin.choices("model rollback", "version", "")
    assert choice["value"] == 1
    assert choice["name"].startswith("1 · 3 h ago")
    assert await world.ana.choices("model rollback", "version", "") == []
    shown = await world.admin.slash("model rollback", version=1)
    assert "Back to model 1" in shown.text
    assert await world.admin.say("!model rollback") is not None
    assert asked == [1, None]


async def current(world: World) -> tuple[Any, ...]:
    settings = await world.services.guilds.get(world.guild.id)
    due = await world.services.training.thresholds()
    return (settings.movie_night_channel_id, due.hours, due.ratings, settings.ephemeral)


async def test_settings_are_shown_and_changed_by_options(world: World) -> None:
    shown = await world.admin.slash("settings")
    assert "The Friends" in shown.text
    assert "every 6 hours" in shown.text
    assert "none yet" in shown.text
    changed = await world.admin.slash(
        "settings",
        movie_night_channel=world.elsewhere,
        retrain_hours=2.5,
        retrain_ratings=7,
        ephemeral=True,
    )
    assert f"<#{world.elsewhere.id}>" in changed.text
    assert await current(world) == (world.elsewhere.id, 2.5, 7, True)


async def test_settings_by_prefix(world: World) -> None:
    said = await world.admin.say(
        f"!settings retrain_hours: 12 ephemeral: on movie_night_channel: {world.elsewhere.mention}"
    )
    assert said is not None
    assert await current(world) == (world.elsewhere.id, 12.0, 20, True)


async def test_settings_by_controls(world: World) -> None:
    shown = await world.admin.slash("settings")
    await world.admin.choose(shown, "every 12 hours", menu="m1:hours")
    await world.admin.choose(shown, "after 50 new ratings", menu="m1:every")
    await world.admin.choose(shown, world.elsewhere, menu="m1:channel")
    assert await current(world) == (world.elsewhere.id, 12.0, 50, False)
    await world.restart()
    await world.admin.press(shown, "Show answers to the asker only")
    assert (await current(world))[3] is True
    await world.admin.press(shown, "Show answers to everybody")
    await world.admin.choose(shown, menu="m1:channel")
    assert await current(world) == (None, 12.0, 50, False)


async def test_the_controls_of_settings_are_refused_to_others(world: World) -> None:
    shown = await world.admin.slash("settings")
    for refused in (
        await world.ana.press(shown, "Show answers to the asker only"),
        await world.ana.choose(shown, "every 12 hours", menu="m1:hours"),
        await world.ana.choose(shown, "after 50 new ratings", menu="m1:every"),
        await world.ana.choose(shown, world.elsewhere, menu="m1:channel"),
    ):
        assert refused.private
        assert "Manage Server" in refused.text
    assert await current(world) == (None, 6.0, 20, False)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("retrain_hours: 0", "0.5 to 168"),
        ("retrain_hours: soon", "number"),
        ("retrain_ratings: 0", "1 to 10,000"),
        ("retrain_ratings: 99999999", "1 to 10,000"),
        ("ephemeral: perhaps", "on or off"),
        ("movie_night_channel: #nowhere", "channel"),
    ],
)
async def test_settings_out_of_range(world: World, text: str, part: str) -> None:
    shown = await world.admin.say(f"!settings {text}")
    assert shown is not None
    assert part in shown.text
    assert "\n" not in shown.text
    assert await current(world) == (None, 6.0, 20, False)


async def test_settings_belong_to_servers(world: World) -> None:
    for shown in (
        await world.in_private(world.owner).slash("settings"),
        await world.in_private(world.owner).say("!settings"),
    ):
        assert shown is not None
        assert "server" in shown.text
        assert shown.embeds == []


async def answers(world: World, friend: Friend) -> list[Shown]:
    return [
        await friend.slash("rate", title="Contact", stars="4"),
        await friend.slash("recommend"),
        await friend.slash("ratings"),
        await friend.slash("help"),
        await friend.slash("popular"),
    ]


@pytest.mark.parametrize("private", [False, True])
async def test_answers_are_as_private_as_the_server_wants(world: World, private: bool) -> None:
    await world.services.guilds.change(world.guild.id, ephemeral=private)
    assert [shown.private for shown in await answers(world, world.ana)] == [private] * 5
    assert not any(shown.private for shown in await answers(world, world.in_private(world.ana)))


def on_another_server(world: World) -> None:
    """Have the bot on one more server, where it has other admins."""
    world.env.create_guild("Strangers")
    assert world.bot.shared


async def test_one_servers_admins_do_not_steer_the_model_of_all(world: World) -> None:
    begun = fits_in(world, 0)
    shown = await world.admin.slash("settings")
    on_another_server(world)
    for refused in (
        await world.admin.slash("retrain"),
        await world.admin.say("!retrain full: yes"),
        await world.admin.slash("model rollback", version=1),
        await world.admin.slash("settings", retrain_ratings=1),
        await world.admin.say("!settings retrain_hours: 0.5 ephemeral: on"),
        await world.admin.choose(shown, "every 12 hours", menu="m1:hours"),
        await world.admin.choose(shown, "after 50 new ratings", menu="m1:every"),
    ):
        assert refused is not None
        assert "concerns every server" in refused.text
        assert refused.embeds == []
    assert begun == []
    assert await current(world) == (None, 6.0, 20, False)
    assert await world.admin.choices("model rollback", "version", "") == []
    settings = await world.admin.slash("settings", country="DE")
    assert "when the bot's owner says, for all servers" in settings.text
    assert "6 hours" not in settings.text
    assert not any("etrain" in str(one.get("placeholder")) for one in settings.controls)


async def test_the_owner_steers_the_model_of_all(world: World) -> None:
    begun = fits_in(world, 0)
    on_another_server(world)
    assert "Model 2 is serving" in (await world.owner.slash("retrain")).text
    assert begun == [False]
    shown = await world.owner.slash("settings", retrain_ratings=7)
    assert "after 7 new ratings" in shown.text
    await world.owner.choose(shown, "every 12 hours", menu="m1:hours")
    training = world.services.training
    assert await training.thresholds(shared=True) == Thresholds(12, 7)
    assert "no earlier model" in (await world.owner.slash("model rollback")).text


async def test_what_one_servers_admins_chose_ends_with_a_second_server(world: World) -> None:
    await world.admin.slash("settings", retrain_ratings=1)
    assert "after 1 new rating" in (await world.owner.slash("settings")).text
    on_another_server(world)
    assert "after 20 new ratings" in (await world.owner.slash("settings")).text


async def test_without_an_owner_it_is_said_how_to_set_one(world: World) -> None:
    world.bot.owner_id = None
    assert "MATINEE_OWNER_ID" not in (await world.admin.slash("model status")).text
    on_another_server(world)
    for shown in (await world.admin.slash("model status"), await world.admin.slash("retrain")):
        assert "whoever runs the bot sets MATINEE_OWNER_ID to their Discord id" in shown.text.replace(
            "\\", ""
        )


async def test_the_loop_knows_of_several_servers(world: World) -> None:
    on_another_server(world)
    await world.bot.cogs["Upkeep"].retrain_if_due()  # pyright: ignore[reportAttributeAccessIssue]
    world.upkeep.assert_awaited_with(shared=True)
