"""What holds for all commands: descriptions, who may use them, a place in the README, loops that survive."""

import re
from pathlib import Path
from typing import Any

import pytest
from discord import app_commands
from discord.ext import commands, tasks

from bot.cogs import night_watch
from bot.services.filters import OPTIONS
from bot.ui.dispatch import HANDLERS
from tests.discord.conftest import World

NIGHT = (
    *("plan", "status", "in", "maybe", "out", "open", "vote", "close", "move", "cancel", "repeat"),
    *("history", "watched", "rate", "withdraw"),
)
NAMES = (
    *("title", "genre", "exclude_genre", "language", "released", "with", "stars", "command", "version"),
    *("night", "time_zone"),
)
README = Path(__file__).parents[2] / "README.md"


def app_leaves(world: World) -> list[app_commands.Command[Any, ..., Any]]:
    return [one for one in world.bot.tree.walk_commands() if isinstance(one, app_commands.Command)]


def prefix_leaves(world: World) -> list[commands.Command[Any, ..., Any]]:
    return [one for one in world.bot.walk_commands() if not isinstance(one, commands.Group)]


async def test_every_command_is_there_as_slash_and_as_prefix(world: World) -> None:
    slash = {command.qualified_name for command in app_leaves(world)}
    prefix = {command.qualified_name for command in prefix_leaves(world)}
    assert slash == prefix
    assert slash == {
        *("rate", "unrate", "ratings", "recommend", "popular", "similar", "ask", "why", "help", "about"),
        *("group recommend", "watchlist add", "watchlist remove", "watchlist show"),
        *("watchlist together", "watchlist pick"),
        *("nominate", *(f"night {name}" for name in NIGHT)),
        *("import", "export"),
        *("data status", "data add", "data refresh"),
        *("retrain", "model status", "model history", "model rollback", "settings"),
        *("privacy show", "privacy hide-ratings", "privacy delete"),
        *("movie", "taste", "compare", "map", "stats", "leaderboard"),
    }


async def test_every_command_and_option_is_described(world: World) -> None:
    for command in app_leaves(world):
        assert 10 <= len(command.description) <= 100, command.qualified_name
        assert command.description != "…"
        for option in command.parameters:
            assert 5 <= len(str(option.description)) <= 100, (command.qualified_name, option.display_name)
            assert str(option.description) != "…", (command.qualified_name, option.display_name)
    for command in prefix_leaves(world):
        assert command.help


async def test_slash_and_prefix_say_the_same(world: World) -> None:
    described = {command.qualified_name: command.description for command in app_leaves(world)}
    for command in prefix_leaves(world):
        assert command.short_doc == described[command.qualified_name]


async def test_options_come_in_the_order_in_which_they_are_thought_of(world: World) -> None:
    options = {
        command.qualified_name: [one.display_name for one in command.parameters]
        for command in app_leaves(world)
    }
    filters = list(OPTIONS)
    assert options["rate"] == ["title", "stars"]
    assert options["recommend"] == ["count", "style", "sequels", *filters]
    assert options["popular"] == ["count", *filters]
    assert options["similar"] == ["title", "count", *filters]
    assert options["group recommend"] == ["members", "strategy", "rewatch", "count", *filters]
    assert options["night plan"][0] == "dates"
    assert options["night plan"][-len(filters) :] == filters


async def test_titles_are_completed_everywhere(world: World) -> None:
    for command in app_leaves(world):
        for option in command.parameters:
            if option.display_name in NAMES:
                assert option.autocomplete, (command.qualified_name, option.display_name)


async def test_every_command_has_a_permission_decision_that_holds(world: World) -> None:
    for command in world.bot.walk_commands():
        assert command.extras["access"] in ("everyone", "admin"), command.qualified_name
        assert command.extras["examples"]
    for command in app_leaves(world):
        # Hiding commands from all but admins would hide them from the configured owner, too.
        assert command.default_permissions is None
    by_prefix = {command.qualified_name: command.extras["access"] for command in prefix_leaves(world)}
    for name, access in by_prefix.items():
        shown = await world.ana.say(f"!{name}")
        assert shown is not None, name
        assert ("Manage Server" in shown.text) == (access == "admin"), name


async def test_examples_begin_with_their_command(world: World) -> None:
    for command in world.bot.walk_commands():
        for example in command.extras["examples"]:
            assert example.startswith(f"!{command.qualified_name}"), example


async def test_the_readme_has_exactly_the_commands_and_who_may_use_them(world: World) -> None:
    table = re.findall(r"^\| `/([a-z -]+)`.*\| (\w+) \|$", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert dict(table) == {
        command.qualified_name: command.extras["access"] for command in prefix_leaves(world)
    }
    assert len(table) == len(dict(table))


async def test_every_loop_survives_an_exception(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    loops = [
        (cog, name, value)
        for cog in world.bot.cogs.values()
        for name in dir(cog)
        if isinstance(value := getattr(cog, name), tasks.Loop)
    ]
    assert loops
    monkeypatch.setattr(night_watch, "AFTER_A_FAULT", 0.0)
    for cog, name, loop in loops:
        # Whatever a loop asks of the services goes wrong.
        monkeypatch.setattr(cog, "services", None)
        await loop.coro(cog)
        # One that is to run once may have ended by itself.
        assert loop.is_running() or loop.count == 1, name


def test_every_control_has_a_handler_with_a_docstring() -> None:
    for verb, handler in HANDLERS.items():
        assert re.fullmatch(r"[a-z]{2,10}", verb)
        assert handler.__doc__


def test_every_verb_that_is_sent_has_a_handler() -> None:
    sent: set[str] = set()
    for file in (Path(__file__).parents[2] / "bot" / "ui").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        sent |= set(
            re.findall(r'(?:custom_id|Question|page_buttons|movie_menu|_menu|_button)\(\s*"([a-z]+)"', text)
        )
    assert sent == set(HANDLERS)
