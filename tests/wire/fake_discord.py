"""A small Discord of our own on real sockets: log in, connect, be sent commands, be cut off.

It speaks as much of the API as the bot uses, and is as strict as Discord where a bot can go wrong:
an interaction is acknowledged once and within three seconds, only synced commands can be used, a
limited route stays limited until the time is over, a session is resumed where it was left.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import discord
from aiohttp import web

from tests.wire.fake_gateway import MESSAGE_CONTENT, Gateway
from tests.wire.fake_interactions import Interactions, Pending
from tests.wire.fake_payloads import (
    ANA_ID,
    GENERAL_ID,
    MEMBER_PERMISSIONS,
    Json,
    command_data,
    interaction,
    said,
)
from tests.wire.fake_rest import Rest

TOKEN = "MTAw.fake.token"


class FakeDiscord:
    """REST and gateway on one local port."""

    def __init__(self, token: str = TOKEN) -> None:
        self.port = 0
        self.rest = Rest(token)
        self.gateway = Gateway(token, lambda: f"ws://127.0.0.1:{self.port}")
        self.interactions = Interactions(self.rest)

    @property
    def api_url(self) -> str:
        """What `discord.http.Route.BASE` has to be."""
        return f"http://127.0.0.1:{self.port}/api/v10"

    @property
    def gateway_url(self) -> str:
        """What `discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY` has to be."""
        return f"ws://127.0.0.1:{self.port}/gateway"

    @asynccontextmanager
    async def running(self) -> AsyncGenerator["FakeDiscord"]:
        """Listen on a free port, until the end of the block."""
        app = web.Application(middlewares=[self.rest.watch])
        app.add_routes([*self.rest.routes(), *self.interactions.routes()])
        app.add_routes([web.get("/gateway", self.gateway.serve), web.get("/resume", self.gateway.serve)])
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            self.port = runner.addresses[0][1]
            yield self
        finally:
            await self.gateway.close()
            await runner.cleanup()

    @asynccontextmanager
    async def connected(self, client: discord.Client) -> AsyncGenerator[None]:
        """Let a client be connected until the end of the block; if it fails, that is raised."""
        before = len(self.gateway.opened)
        running = asyncio.create_task(client.start(TOKEN))
        opened = asyncio.create_task(self.gateway.opened.first(lambda _: True, since=before))
        try:
            await asyncio.wait([running, opened], return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                await opened
                yield
        finally:
            opened.cancel()
            # As the program does it: closing a client that is just about to connect would not end it.
            running.cancel()
            await asyncio.wait([running])
            await client.close()
            # discord.py forgets this task, which would fail two seconds later on the closed client.
            state: Any = client._connection  # pyright: ignore[reportPrivateUsage]
            if state._ready_task is not None:
                state._ready_task.cancel()
        if not running.cancelled():
            await running

    async def say(self, content: str, *, user_id: int = ANA_ID, channel_id: int = GENERAL_ID) -> None:
        """Let a person say something on the server; who lacks the intent gets it without its content."""
        session = self.gateway.session
        readable = content if session.intents & MESSAGE_CONTENT else ""
        await session.dispatch("MESSAGE_CREATE", said(readable, author_id=user_id, channel_id=channel_id))

    async def slash(
        self, command: str, *, user_id: int = ANA_ID, permissions: int = MEMBER_PERMISSIONS, **options: Any
    ) -> Pending:
        """Let a person use a synced command, such as ``rate`` or ``model status``."""
        payload = self.slash_payload(command, user_id=user_id, permissions=permissions, **options)
        return await self._send(payload)

    def slash_payload(
        self, command: str, *, user_id: int = ANA_ID, permissions: int = MEMBER_PERMISSIONS, **options: Any
    ) -> Json:
        """The interaction that `slash` sends."""
        name, *path = command.split()
        synced = {each["name"]: each for each in self.rest.commands}
        data = command_data(synced[name], path, options)
        return interaction(2, data, user_id=user_id, permissions=permissions)

    async def complete(self, command: str, *, user_id: int = ANA_ID, **typed: Any) -> Pending:
        """Let a person type into the last of the options, which offers choices."""
        payload = self.slash_payload(command, user_id=user_id, **typed)
        payload["type"] = 4
        payload["data"]["options"][-1]["focused"] = True
        return await self._send(payload)

    async def press(self, control: Json, message_id: str, *values: str, user_id: int = ANA_ID) -> Pending:
        """Let a person press a button of a message, or choose values from a menu."""
        data: Json = {"custom_id": control["custom_id"], "component_type": control["type"]}
        if values:
            data["values"] = list(values)
        payload = interaction(3, data, user_id=user_id, permissions=MEMBER_PERMISSIONS)
        payload["message"] = self.rest.messages[message_id]
        return await self._send(payload, message_id)

    async def answered(self, pending: Pending) -> Json:
        """The acknowledgement of an interaction."""
        path = f"/interactions/{pending.payload['id']}/{pending.payload['token']}/callback"
        await self.rest.requests.first(lambda request: request.path == path and request.status in (200, 204))
        assert pending.callback is not None
        return pending.callback

    async def shown(self, pending: Pending) -> Json:
        """The first message that a person sees as the answer to an interaction."""
        token = pending.payload["token"]
        await self.rest.requests.first(lambda request: token in request.path and bool(pending.shown))
        return self.rest.messages[pending.shown[0]]

    async def _send(self, payload: Json, message_id: str = "") -> Pending:
        pending = self.interactions.begin(payload, message_id=message_id)
        await self.gateway.session.dispatch("INTERACTION_CREATE", payload)
        return pending
