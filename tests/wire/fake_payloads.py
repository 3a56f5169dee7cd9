"""JSON as Discord sends it, reduced to what discord.py reads."""

import itertools
import time
from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

EPOCH = 1_420_070_400_000
BOT_ID = 100
GUILD_ID = 200
GENERAL_ID, LOUNGE_ID = 301, 302
ROOMS = range(310, 328)
"""More channels, for what is about many."""
ANA_ID, BEN_ID = 401, 402

MANAGE_GUILD = 1 << 5
MEMBER_PERMISSIONS = (1 << 10) | (1 << 11) | (1 << 14) | (1 << 16) | (1 << 31)
"""See channels, write, embed links, read what was said before, use commands."""

_NAMES = {BOT_ID: "Matinée", ANA_ID: "Ana", BEN_ID: "Ben"}
_numbers = itertools.count(1)


def snowflake() -> str:
    """A new identifier, which like Discord's holds the time it was made."""
    return str((int(time.time() * 1000) - EPOCH) << 22 | next(_numbers) & 0xFFF)


def user(user_id: int) -> Json:
    """A person, or the bot; who has no name here is a friend with a number."""
    name = _NAMES.get(user_id, f"Friend {user_id}")
    return {
        "id": str(user_id),
        "username": name.lower(),
        "global_name": name,
        "discriminator": "0",
        "avatar": None,
        "bot": user_id == BOT_ID,
    }


def member(user_id: int) -> Json:
    """A person as part of the server; the user is left out, as Discord does in messages."""
    return {
        "user": user(user_id),
        "roles": [],
        "joined_at": "2024-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
    }


def application() -> Json:
    """The bot's application."""
    return {
        "id": str(BOT_ID),
        "name": "Matinée",
        "icon": None,
        "description": "",
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": "",
        "flags": 0,
        "owner": user(ANA_ID),
    }


def channel(channel_id: int) -> Json:
    """A text channel of the server."""
    return {
        "id": str(channel_id),
        "type": 0,
        "name": {GENERAL_ID: "general", LOUNGE_ID: "lounge"}.get(channel_id, f"room-{channel_id}"),
        "guild_id": str(GUILD_ID),
        "position": 0,
        "nsfw": False,
        "parent_id": None,
        "permission_overwrites": [],
    }


def guild() -> Json:
    """The server, with all its channels and members."""
    everyone = {
        "id": str(GUILD_ID),
        "name": "@everyone",
        "permissions": str(MEMBER_PERMISSIONS),
        "color": 0,
        "position": 0,
        "hoist": False,
        "managed": False,
        "mentionable": False,
    }
    people = [member(each) for each in _NAMES]
    return {
        "id": str(GUILD_ID),
        "name": "Friends",
        "owner_id": str(ANA_ID),
        "roles": [everyone],
        "channels": [channel(each) for each in (GENERAL_ID, LOUNGE_ID, *ROOMS)],
        "members": people,
        "member_count": len(people),
        "unavailable": False,
        "large": False,
    }


def message(
    body: Mapping[str, Any], *, author_id: int, channel_id: int, message_id: str | None = None
) -> Json:
    """A message of which `body` is what its author sent."""
    return {
        "id": snowflake(),
        "channel_id": str(channel_id),
        "author": user(author_id),
        "content": body.get("content") or "",
        "embeds": [{"type": "rich", **embed} for embed in body.get("embeds") or ()],
        "components": body.get("components") or [],
        "flags": body.get("flags") or 0,
        "timestamp": "2024-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "pinned": False,
        "type": 0,
    }


def said(content: str, *, author_id: int, channel_id: int) -> Json:
    """A person's message on the server, as the gateway tells it."""
    by = {key: value for key, value in member(author_id).items() if key != "user"}
    event = message({"content": content}, author_id=author_id, channel_id=channel_id)
    return event | {"guild_id": str(GUILD_ID), "member": by}


def interaction(kind: int, data: Mapping[str, Any], *, user_id: int, permissions: int) -> Json:
    """A command (kind 2), a pressed control (3) or a keystroke that asks for choices (4)."""
    return {
        "id": snowflake(),
        "type": kind,
        "application_id": str(BOT_ID),
        "token": f"token-{snowflake()}",
        "version": 1,
        "guild_id": str(GUILD_ID),
        "channel_id": str(GENERAL_ID),
        "channel": channel(GENERAL_ID),
        "member": member(user_id) | {"permissions": str(permissions)},
        "app_permissions": str(MEMBER_PERMISSIONS),
        "locale": "en-US",
        "entitlements": [],
        "authorizing_integration_owners": {"0": str(GUILD_ID)},
        "context": 0,
        "attachment_size_limit": 10_485_760,
        "data": dict(data),
    }


def command_data(command: Mapping[str, Any], path: list[str], options: Mapping[str, Any]) -> Json:
    """What a person chose of a synced command: the subcommand's `path` below it, and its options.

    Raises
    ------
    LookupError
        If the command has no such subcommand or option: Discord would not let anybody send it.
    """
    known = {option["name"]: option for option in command.get("options", ())}
    if path:
        below = known[path[0]]
        inner = command_data(below, path[1:], options)
        chosen = [{"name": below["name"], "type": below["type"], "options": inner["options"]}]
    else:
        chosen = [
            {"name": name, "type": known[name]["type"], "value": value} for name, value in options.items()
        ]
    return {"id": command.get("id"), "name": command["name"], "type": 1, "options": chosen}
