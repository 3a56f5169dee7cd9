"""Who may see what: everything that takes a person, a night, a server or a number is listed with its rule.

A command, an option, a completion or a control that is new fails here until its rule is written down. That
the rules hold is tested where each of them says.
"""

from enum import Enum
from typing import Any

import pytest
from discord import AppCommandOptionType, app_commands

from bot.services.filters import OPTIONS
from bot.ui.dispatch import HANDLERS
from tests.discord.conftest import Friend, Shown, World
from tests.discord.test_forged import OPEN_TO_ALL
from tests.discord.test_strangers import NO_LIST, NOTHING, rate


class Rule(Enum):
    """Who may see what it leads to, and where that is tested."""

    NOBODY = "of movies or of the bot, not of people: everybody"
    OWN = "of whoever uses it, and nobody else: test_forged, and below"
    PERSON = "of somebody, for those who share the server with them: test_strangers, and below"
    NIGHT = "of a night, for who sees its channel or is invited: test_nights_seen"
    SERVER = "of this server's members and of the nights one sees: test_strangers, test_nights_seen"
    ADMIN = "for who may manage the server; of all servers together the owner's: test_commands, test_admin"


NOBODY, OWN, PERSON, NIGHT, SERVER, ADMIN = Rule

WISHES = dict.fromkeys(OPTIONS, NOBODY)

COMMANDS: dict[str, tuple[Rule, dict[str, Rule]]] = {
    "about": (NOBODY, {}),
    "help": (NOBODY, {"command": NOBODY}),
    "movie": (NOBODY, {"title": NOBODY}),
    "similar": (NOBODY, {"title": NOBODY, "count": NOBODY, **WISHES}),
    "ask": (OWN, {}),
    "export": (OWN, {}),
    "import": (OWN, {"file": OWN}),
    "popular": (OWN, {"count": NOBODY, **WISHES}),
    "privacy delete": (OWN, {}),
    "privacy hide-ratings": (OWN, {"hidden": OWN}),
    "privacy show": (OWN, {}),
    "rate": (OWN, {"title": NOBODY, "stars": NOBODY}),
    "recommend": (OWN, {"count": NOBODY, **WISHES, "style": NOBODY, "sequels": NOBODY}),
    "unrate": (OWN, {"title": OWN}),
    "watchlist add": (OWN, {"title": NOBODY}),
    "watchlist remove": (OWN, {"title": OWN}),
    "why": (OWN, {"title": NOBODY}),
    "compare": (PERSON, {"member": PERSON}),
    "group recommend": (
        PERSON,
        {
            "members": PERSON,
            "strategy": NOBODY,
            "count": NOBODY,
            "rewatch": NOBODY,
            **WISHES,
        },
    ),
    "ratings": (PERSON, {"member": PERSON, "order": NOBODY, "page": NOBODY}),
    "taste": (PERSON, {"member": PERSON}),
    "watchlist pick": (PERSON, {"members": PERSON}),
    "watchlist show": (PERSON, {"member": PERSON}),
    "watchlist together": (PERSON, {"members": PERSON}),
    "leaderboard": (SERVER, {}),
    "map": (SERVER, {}),
    "night history": (NIGHT, {"page": NIGHT}),
    "night plan": (
        SERVER,
        {
            **dict.fromkeys(("dates", "theme", "vote", "until", "quorum", "nominations"), NOBODY),
            **dict.fromkeys(("carry_over", "max_runtime"), NOBODY),
            "who": SERVER,
            **WISHES,
        },
    ),
    "stats": (SERVER, {}),
    **{
        f"night {name}": (NIGHT, {"night": NIGHT})
        for name in ("close", "in", "maybe", "out", "status", "vote", "watched")
    },
    "night cancel": (NIGHT, {"reason": NOBODY, "night": NIGHT}),
    "night move": (NIGHT, {"date": NOBODY, "channel": SERVER, "night": NIGHT}),
    "night open": (NIGHT, {"night": NIGHT, "until": NOBODY}),
    "night rate": (NIGHT, {"stars": NOBODY, "night": NIGHT}),
    "night repeat": (NIGHT, {"how": NOBODY, "night": NIGHT}),
    "night withdraw": (NIGHT, {"title": OWN, "night": NIGHT}),
    "nominate": (NIGHT, {"title": NOBODY, "night": NIGHT}),
    "data add": (ADMIN, {"name": ADMIN}),
    "data refresh": (ADMIN, {}),
    "data status": (ADMIN, {}),
    "model history": (ADMIN, {}),
    "model rollback": (ADMIN, {"version": ADMIN}),
    "model status": (ADMIN, {}),
    "retrain": (ADMIN, {"full": ADMIN}),
    "settings": (
        ADMIN,
        dict.fromkeys(
            (
                *("movie_night_channel", "retrain_hours", "retrain_ratings", "ephemeral"),
                *("leaderboard", "country", "time_zone", "planner_role", "titles"),
            ),
            ADMIN,
        ),
    ),
}
"""Of what a command tells, and of what each of its options speaks."""

COMPLETIONS = {
    NOBODY: {
        *(("help", "command"), ("settings", "time_zone"), ("night rate", "stars"), ("rate", "stars")),
        *((name, "title") for name in ("movie", "nominate", "rate", "similar", "watchlist add", "why")),
        *(
            (name, option)
            for name in ("group recommend", "night plan", "popular", "recommend", "similar")
            for option in ("genre", "exclude_genre", "language", "released", "with")
        ),
    },
    OWN: {("unrate", "title"), ("watchlist remove", "title"), ("night withdraw", "title")},
    NIGHT: {(name, "night") for name, (_, options) in COMMANDS.items() if "night" in options},
    ADMIN: {("model rollback", "version"), ("data add", "name")},
}
"""Of what the choices tell that are offered while an option is typed."""

CONTROLS = {
    NOBODY: {"card", "draw"},
    OWN: {
        *("undo", "seen", "stars", "no", "back", "recs", "mine"),
        *("pickrate", "another", "pickother", "pickrated", "pickwhy", "picklike", "pickmovie"),
        *("quick", "skip", "jump", "ask", "askstar", "asknext"),
        *("want", "unwant", "takewanted", "pickwant", "pickwanted"),
        *("forget", "forgetall", "keepall", "hide"),
        *("keep", "keepas", "kept", "unkeep", "waits", "waitspage", "waiting", "pickwaits"),
        *("impyes", "impno", "impundo", "imprest", "impway", "impkind", "impscale", "impcol", "impset"),
        *("impnone", "impback", "impsure"),
        *("keep", "keepas", "kept", "unkeep", "waits", "waitspage", "waiting", "pickwaits"),
    },
    PERSON: {"why", "rated", "sort", "wanted"},
    NIGHT: {
        *("rsvp", "suits", "nominate", "nomlist", "nomtitle", "picknom", "unnom", "close", "openvote"),
        *("watched", "nightstar", "nights", "ballot", "ballots", "approve", "rank", "unrank", "rerank"),
        *("score", "points", "unvote"),
    },
    ADMIN: {"channel", "hours", "every", "private", "board", "planners", "zone", "zonename"},
}
"""Of what buttons, menus and forms tell, by what their `custom_id` begins with."""


def leaves(world: World) -> list[app_commands.Command[Any, ..., Any]]:
    return [one for one in world.bot.tree.walk_commands() if isinstance(one, app_commands.Command)]


async def test_every_command_and_option_has_a_rule(world: World) -> None:
    there = {
        command.qualified_name: {option.display_name for option in command.parameters}
        for command in leaves(world)
    }
    assert there == {name: set(options) for name, (_, options) in COMMANDS.items()}


async def test_every_completion_has_a_rule(world: World) -> None:
    there = {
        (command.qualified_name, option.display_name)
        for command in leaves(world)
        for option in command.parameters
        if option.autocomplete
    }
    listed = [one for some in COMPLETIONS.values() for one in some]
    assert len(listed) == len(set(listed))
    assert there == set(listed)


def test_every_control_has_a_rule() -> None:
    listed = [verb for some in CONTROLS.values() for verb in some]
    assert len(listed) == len(set(listed))
    assert set(HANDLERS) == set(listed)


def test_what_is_ones_own_or_an_admins_is_open_to_nobody_else() -> None:
    assert not OPEN_TO_ALL & (CONTROLS[OWN] | CONTROLS[ADMIN])
    assert CONTROLS[NOBODY] | CONTROLS[PERSON] | CONTROLS[NIGHT] >= OPEN_TO_ALL


async def test_rules_fit_what_is_declared(world: World) -> None:
    for command in leaves(world):
        rule, options = COMMANDS[command.qualified_name]
        declared = world.bot.get_command(command.qualified_name)
        assert declared is not None
        assert (declared.extras["access"] == "admin") == (rule is ADMIN), command.qualified_name
        for option in command.parameters:
            if option.type is AppCommandOptionType.user:
                assert options[option.display_name] is PERSON, (command.qualified_name, option.display_name)
            if option.display_name == "night":
                assert options[option.display_name] is NIGHT, command.qualified_name


PEOPLE = sorted(
    (name, option)
    for name, (_, options) in COMMANDS.items()
    for option, rule in options.items()
    if rule is PERSON
)


@pytest.mark.parametrize(("command", "option"), PEOPLE)
async def test_whoever_takes_a_person_refuses_strangers(world: World, command: str, option: str) -> None:
    stranger = world.elsewhere_join("Zoe")
    for friend, name in ((stranger, "Zoe"), (world.ana, "Ana")):
        await rate(world, friend, name, 1, 2)
    given: Friend | str = f"<@{stranger.id}>" if option == "members" else stranger
    shown = await world.ana.slash(command, **{option: given})
    said = await world.ana.say(f"!{command} <@{stranger.id}>")
    refused = ("One of those you mention is not on this server.", NOTHING, NO_LIST)
    for one in (shown, said):
        assert isinstance(one, Shown)
        assert one.text in refused


@pytest.mark.parametrize("verb", sorted(CONTROLS[PERSON]))
async def test_controls_that_carry_a_person_refuse_strangers(world: World, verb: str) -> None:
    stranger = world.elsewhere_join("Zoe")
    await rate(world, stranger, "Zoe", 1, 2)
    own = await world.ana.slash("help")
    state = {"why": "1", "rated": f"0:{stranger.id}:0", "sort": f"{stranger.id}:1"}.get(
        verb, f"0:{stranger.id}"
    )
    owner = stranger.id if verb == "why" else world.ana.id
    refused = await world.ana.press_stale(own, f"m1:{verb}:{owner}:{state}", own.rows)
    assert refused.text in (NOTHING, NO_LIST)
    assert refused.private
