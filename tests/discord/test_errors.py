"""What a person is told for each kind of failure, and in which order the kinds are tried."""

from types import SimpleNamespace
from typing import Any

import discord
import pytest
from discord import app_commands
from discord.ext import commands

from bot.errors import NotAllowed, UserError
from bot.ui.errors import explain, is_gone, report, root_cause


def http(kind: type[discord.HTTPException], status: int, code: int) -> discord.HTTPException:
    response: Any = SimpleNamespace(status=status, reason="")
    return kind(response, {"code": code, "message": "said by Discord"})


class Flags(commands.FlagConverter):
    title: str = commands.flag()


FLAG = Flags.get_flags()["title"]
COOLDOWN = commands.Cooldown(1, 60)


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (UserError("say it otherwise"), "say it otherwise"),
        (NotAllowed("not you"), "not you"),
        (commands.CommandInvokeError(UserError("inside")), "inside"),
        (commands.HybridCommandError(app_commands.AppCommandError()), None),
        (commands.NoPrivateMessage(), "on a server only"),
        (app_commands.NoPrivateMessage(), "on a server only"),
        (commands.MissingPermissions(["manage_guild"]), "Manage Server"),
        (app_commands.MissingPermissions(["manage_guild"]), "Manage Server"),
        (commands.BotMissingPermissions(["embed_links"]), "I need the permission Embed Links"),
        (http(discord.Forbidden, 403, 50013), "does not allow me"),
        (discord.RateLimited(90), "nothing here for 90 s"),
        (commands.CommandOnCooldown(COOLDOWN, 12.3, commands.BucketType.user), "in 12 s"),
        (app_commands.CommandOnCooldown(app_commands.Cooldown(1, 60), 0.2), "in 1 s"),
        (commands.MissingRequiredFlag(FLAG), "title is missing"),
        (commands.MissingFlagArgument(FLAG), "Nothing follows title:"),
        (commands.TooManyFlags(FLAG, ["a", "b"]), "once only"),
        (commands.BadFlagArgument(FLAG, "x" * 200, commands.BadArgument()), "…"),
        (commands.RangeError(9, 1, 5), "from 1 to 5"),
        (commands.UserNotFound("nobody"), "nobody called “nobody”"),
        (commands.ChannelNotFound("gone"), "no channel “gone”"),
        (commands.UnexpectedQuoteError('"'), "quotation mark"),
        (commands.TooManyArguments(), "more than I understand"),
        (commands.BadArgument(), "could not understand"),
        (app_commands.CommandNotFound("old", []), "have just changed"),
        (RuntimeError("secret"), None),
        (commands.CommandInvokeError(RuntimeError("secret")), None),
        (http(discord.HTTPException, 500, 0), None),
    ],
)
def test_explain(error: Exception, line: str | None) -> None:
    said = explain(error, "rate")
    if line is None:
        assert said is None
    else:
        assert said is not None
        assert line in said
        assert "\n" not in said
        assert "secret" not in said


def test_the_hint_leads_to_help() -> None:
    assert str(explain(commands.BadArgument(), "model rollback")).endswith(
        "Type !help model rollback to see how it is used."
    )
    assert "!help" not in str(explain(UserError("no"), "rate"))


def test_a_mistake_of_the_person_comes_before_what_discord_py_made_of_it() -> None:
    outer = commands.ConversionError(commands.UserConverter(), UserError("the reason"))
    assert explain(outer) == "the reason"
    assert isinstance(root_cause(outer), UserError)


@pytest.mark.parametrize(("code", "gone"), [(10062, True), (10008, True), (50027, True), (50013, False)])
def test_gone(code: int, gone: bool) -> None:
    assert is_gone(http(discord.NotFound, 404, code)) is gone
    assert is_gone(commands.CommandInvokeError(http(discord.NotFound, 404, code))) is gone


def test_report_tells_the_code_and_logs_the_rest(caplog: pytest.LogCaptureFixture) -> None:
    first = report(RuntimeError("secret"), "/rate, user 5")
    second = report(RuntimeError("secret"), "/rate, user 5")
    assert first != second
    assert "secret" not in first
    (record, _) = caplog.records
    assert "/rate, user 5" in record.getMessage()
    assert record.exc_info is not None
