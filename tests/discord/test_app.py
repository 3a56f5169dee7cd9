"""The bot itself: telling Discord about commands, errors, the loop, direct messages, stopping."""

import asyncio
import logging
import re
from typing import Any
from unittest.mock import AsyncMock

import discord
import pytest
from discord.ext import commands

from bot.app import EXTENSIONS, MatineeBot
from bot.errors import UserError
from bot.ui import patience
from tests.discord.conftest import World


def one_button(custom_id: str) -> list[Any]:
    """The controls of a message that has one button."""
    button = {"type": 2, "style": 1, "label": "Old", "custom_id": custom_id, "id": 1}
    return [{"type": 1, "id": 2, "components": [button]}]


async def test_commands_are_synced_when_they_changed_and_not_at_every_start(world: World) -> None:
    syncs = lambda: len(world.requests("PUT", "/commands"))  # noqa: E731
    assert syncs() == 1
    await world.restart()
    assert syncs() == 1
    assert await world.bot.sync_if_changed() is False
    world.bot.tree.remove_command("about")
    assert await world.bot.sync_if_changed() is True
    assert syncs() == 2


async def test_a_failed_sync_is_tried_again(world: World) -> None:
    world.bot.tree.remove_command("about")
    world.env.inject_error("PUT", "*/commands", status=500, times=None)
    with pytest.raises(discord.HTTPException):
        await world.bot.sync_if_changed()
    world.env.backend.faults.clear()
    assert await world.bot.sync_if_changed() is True


async def test_intents_and_mentions(world: World) -> None:
    wanted = {name for name, on in world.bot.intents if on}
    assert wanted == {
        *("guilds", "guild_messages", "dm_messages", "message_content", "members"),
        "voice_states",
    }
    assert world.bot.allowed_mentions is not None
    assert world.bot.allowed_mentions.to_dict() == {"parse": []}


async def test_an_extension_that_fails_stops_the_start(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.app.EXTENSIONS", (*EXTENSIONS, "bot.cogs.missing"))
    bot = MatineeBot(world.services, world.settings)
    with pytest.raises(commands.ExtensionError):
        await bot.setup_hook()


async def test_what_nobody_expected_is_answered_politely_and_logged_with_a_code(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async def recommend(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret internals")

    world.services.recommending.recommend = recommend
    for shown in (await world.ana.slash("recommend"), await world.ana.say("!recommend")):
        assert shown is not None
        assert "secret" not in shown.text
        code = re.search(r"code ([0-9a-f]{6})", shown.text)
        assert code is not None
        logged = next(record for record in caplog.records if code[1] in record.getMessage())
        assert logged.exc_info is not None
        assert "secret internals" in str(logged.exc_info[1])
        assert str(world.ana.id) in logged.getMessage()
    assert (await world.ana.slash("recommend")).private
    world.expect_errors()


async def test_errors_of_buttons_and_forms_are_answered_too(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.services.ratings.rate(world.ana.id, "Ana", 11, 5.0)
    shown = await world.ana.slash("recommend")
    form = await world.ana.press(shown, "1 · Seen it")

    async def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret internals")

    world.services.ratings.rate = world.services.recommending.why = broken
    for answer in (await world.ana.press(shown, "1 · Why?"), await world.ana.fill(form, 9)):
        assert answer.private
        assert "code " in answer.text
        assert "secret" not in answer.text
    assert sum("secret internals" in str(record.exc_info) for record in caplog.records) == 2


async def test_an_error_after_the_answer_was_deferred_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "PATIENCE", 0.01)

    async def recommend(*_: Any, **__: Any) -> None:
        await asyncio.sleep(0.3)
        raise UserError("nothing is left")

    world.services.recommending.recommend = recommend
    assert (await world.ana.slash("recommend")).text == "Nothing is left"


async def test_what_takes_long_is_acknowledged_first(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PATIENCE", 0.01)
    await world.services.ratings.rate(world.ana.id, "Ana", 11, 5.0)
    real = world.services.recommending.recommend, world.services.recommending.why

    async def recommend(*args: Any, **options: Any) -> Any:
        await asyncio.sleep(0.3)
        return await real[0](*args, **options)

    async def why(*args: Any) -> Any:
        await asyncio.sleep(0.3)
        return await real[1](*args)

    world.services.recommending.recommend, world.services.recommending.why = recommend, why
    shown = await world.ana.slash("recommend", count=10)
    kinds = [one.json["type"] for one in world.requests("POST", "/callback")]
    assert kinds == [5]
    assert len(shown.embeds) == 5
    why_shown = await world.ana.press(shown, "1 · Why?")
    assert why_shown.private
    second = await world.ana.press(shown, "Next →")
    assert "page 2" in second.content
    kinds = [one.json["type"] for one in world.requests("POST", "/callback")]
    assert kinds == [5, 5, 6]
    said = await world.ana.say("!recommend")
    assert said is not None
    assert world.requests("POST", "/typing")


async def test_quick_answers_are_not_deferred(world: World) -> None:
    await world.ana.slash("help")
    assert [one.json["type"] for one in world.requests("POST", "/callback")] == [4]


async def test_a_private_server_is_deferred_privately(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PATIENCE", 0.05)
    await world.services.guilds.change(world.guild.id, ephemeral=True)
    real = world.services.about

    async def about() -> Any:
        await asyncio.sleep(0.5)
        return await real()

    world.services.about = about
    shown = await world.ana.slash("about")
    assert shown.private
    assert "Matinée" in shown.text


async def test_everything_works_in_direct_messages(world: World) -> None:
    ana = world.in_private(world.ana)
    assert "Recorded" in (await ana.slash("rate", title="Contact", stars="4")).text
    said = await ana.say("!rate dune 5")
    assert said is not None
    assert "Recorded 5 stars" in (await ana.choose(said, "Dune (1984)")).text
    shown = await ana.slash("recommend")
    form = await ana.press(shown, "1 · Seen it")
    assert "Recorded" in (await ana.fill(form, 7)).text
    for command in ("ratings", "popular", "help", "about"):
        assert (await ana.slash(command)).embeds
    for command in ("!why Alien", "!similar Alien", "!unrate Contact"):
        answer = await ana.say(command)
        assert answer is not None
        assert answer.embeds


async def test_a_slip_of_the_finger_gets_a_hint_and_other_bots_commands_do_not(world: World) -> None:
    shown = await world.ana.say("!recomend 5")
    assert shown is not None
    assert "!recommend" in shown.text
    assert await world.ana.say("!play never gonna give you up") is None
    assert await world.ana.say("hello") is None
    assert await world.ana.say("!") is None
    assert await world.ana.say("!!!") is None


async def test_an_open_quotation_mark(world: World) -> None:
    shown = await world.ana.say('!model "status')
    assert shown is None or "\n" not in shown.text


async def test_no_answer_mentions_anybody(world: World) -> None:
    for text in ("@everyone", f"<@{world.ben.id}>", "@here"):
        for line in (f"!rate {text} 4", f"!why {text}", f"!help {text}", f"!{text}recommend"):
            shown = await world.ana.say(line)
            if shown is not None:
                assert text not in shown.text
    for request in world.requests("POST", "/messages"):
        assert request.json["allowed_mentions"]["parse"] == []


async def test_a_control_of_a_finished_session_says_so(world: World) -> None:
    shown = await world.ana.slash("rate", title="Contact", stars="4")
    for custom_id in ("m0:undo:1:2", "something else", f"m1:vanished:{world.ana.id}:1"):
        answer = await world.ana.press_stale(shown, custom_id, one_button(custom_id))
        assert answer.private
        assert "finished session" in answer.text


@pytest.mark.parametrize(
    "custom_id", ["m1:undo:{ana}:x", "m1:undo:{ana}", "m1:recs:{ana}:0:5", "m1:seen:{ana}:999999999"]
)
async def test_a_forged_control_changes_nothing_and_is_answered(world: World, custom_id: str) -> None:
    shown = await world.ana.slash("rate", title="Contact", stars="4")
    forged = custom_id.format(ana=world.ana.id)
    answer = await world.ana.press_stale(shown, forged, one_button(forged))
    assert answer.private
    assert (await world.services.ratings.page(world.ana.id)).total == 1


async def test_nothing_is_kept_in_memory_for_controls(world: World) -> None:
    await world.services.ratings.rate(world.ana.id, "Ana", 11, 5.0)
    shown = await world.ana.slash("recommend", count=10)
    await world.ana.press(shown, "1 · Not interested")
    await world.ana.press(shown, "2 · Seen it")
    await world.ana.press(shown, "Next →")
    await world.ana.slash("rate", title="dune", stars="4")
    await world.admin.slash("settings")
    store = world.bot._connection._view_store
    assert (store._views, store._modals, store._synced_message_views) == ({}, {}, {})


async def test_an_interaction_that_is_gone_is_not_an_error(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.env.inject_error("POST", "*/callback", status=404, code=10062, message="Unknown interaction")
    with pytest.raises(AssertionError, match="not answered"):
        await world.ana.slash("help")
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    world.expect_errors()


async def test_a_missing_permission_of_the_bot_is_told(world: World) -> None:
    await world.services.ratings.rate(world.ana.id, "Ana", 11, 5.0)
    world.env.inject_error(
        "POST", "/channels/*/messages", status=403, code=50013, message="Missing Permissions"
    )
    shown = await world.ana.say("!recommend")
    assert shown is not None
    assert "permissions" in shown.text
    world.expect_errors()


async def test_the_loop_retrains_when_due_and_survives_an_exception(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    before = world.upkeep.await_count
    assert before >= 1
    await world.advance(61)
    assert world.upkeep.await_count == before + 1
    world.upkeep.side_effect = RuntimeError("broken upkeep")
    await world.advance(61)
    world.upkeep.side_effect = None
    await world.advance(61)
    assert world.upkeep.await_count == before + 3
    assert any("broken upkeep" in str(record.exc_info) for record in caplog.records)


async def test_the_loop_looks_for_new_releases_and_survives_an_exception(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    looking = AsyncMock(side_effect=RuntimeError("broken look"))
    world.services.releases.add_if_due = looking
    await world.advance(601)
    await world.advance(601)
    assert looking.await_count == 2
    assert any("broken look" in str(record.exc_info) for record in caplog.records)
    world.services.releases.status = AsyncMock(return_value="3 new releases by TMDB in the catalogue")
    assert "3 new releases by TMDB" in (await world.admin.slash("model status")).text


async def test_the_bot_closes_while_a_retrain_runs(world: World) -> None:
    started = asyncio.Event()
    ended: list[str] = []

    async def retrain_if_due(**_: object) -> None:
        started.set()
        try:
            await asyncio.sleep(10_000)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    world.upkeep.side_effect = retrain_if_due
    await world.advance(61)
    assert started.is_set()
    await world.bot.close()
    await asyncio.sleep(0)
    assert ended == ["cancelled"]
    assert world.bot.cogs == {}
