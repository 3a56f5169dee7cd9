"""Starting the Discord bot: what a host is told when it cannot start."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import discord
import pytest

from bot.cli.output import Failure
from bot.cli.run import _serve, how_to_get_a_token, invite_link
from bot.errors import UserError


def test_without_a_token_the_way_to_one_is_told() -> None:
    text = how_to_get_a_token()
    assert "https://discord.com/developers/applications" in text
    assert "Message Content Intent" in text
    assert "Server Members Intent" in text
    assert invite_link() in text
    assert "python -m bot console" in text


def test_the_invite_link_asks_for_what_the_bot_does_and_no_more() -> None:
    query = parse_qs(urlsplit(invite_link("123")).query)
    assert query["client_id"] == ["123"]
    assert set(query["scope"][0].split()) == {"bot", "applications.commands"}
    permissions = discord.Permissions(int(query["permissions"][0]))
    assert {name for name, given in permissions if given} == {
        "read_messages",
        "send_messages",
        "send_messages_in_threads",
        "embed_links",
        "attach_files",
        "read_message_history",
        "create_events",
        "manage_events",
    }
    assert not permissions.administrator


def http_error(kind: type[discord.HTTPException], status: int) -> discord.HTTPException:
    response: Any = SimpleNamespace(status=status, reason="because")
    return kind(response, "because")


def closed(code: int) -> discord.ConnectionClosed:
    socket: Any = SimpleNamespace(close_code=code)
    return discord.ConnectionClosed(socket, shard_id=None)


async def refused(error: Exception) -> None:
    class Refused:
        async def start(self, token: str) -> None:
            raise error

    await _serve(Refused(), "secret-token")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (discord.LoginFailure("Improper token"), "refuses DISCORD_TOKEN"),
        (discord.PrivilegedIntentsRequired(None), "“Message Content Intent”"),
        (closed(4004), "no longer takes DISCORD_TOKEN"),
    ],
)
async def test_what_the_host_can_mend_is_told_as_a_mistake(error: Exception, told: str) -> None:
    with pytest.raises(UserError, match=told) as caught:
        await refused(error)
    assert "secret-token" not in str(caught.value)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (http_error(discord.DiscordServerError, 503), "HTTP 503"),
        (http_error(discord.HTTPException, 429), "later"),
        (http_error(discord.Forbidden, 403), "refuses what the bot asks at its start: 403 because"),
        (discord.RateLimited(7200), "for 7200 s"),
        (discord.GatewayNotFound(), "cannot be reached"),
        (aiohttp.ClientConnectionError("no route"), "no route"),
        (TimeoutError("slow"), "cannot be reached"),
        (closed(4012), "code 4012"),
    ],
)
async def test_what_only_time_can_mend_is_a_failure(error: Exception, told: str) -> None:
    with pytest.raises(Failure, match=told):
        await refused(error)


async def test_a_fault_of_our_own_is_not_disguised() -> None:
    with pytest.raises(ZeroDivisionError):
        await refused(ZeroDivisionError())
