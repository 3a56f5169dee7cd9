"""The gateway of our own Discord: a websocket with sessions that can be resumed."""

import json
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from aiohttp import WSCloseCode, web

from tests.wire.fake_journal import Journal
from tests.wire.fake_payloads import BOT_ID, GUILD_ID, Json, application, guild, member, snowflake, user


class Op(IntEnum):
    """What a message on the gateway is about."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    RESUME = 6
    REQUEST_GUILD_MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


AUTHENTICATION_FAILED, DISALLOWED_INTENTS = 4004, 4014
MEMBERS, PRESENCES, MESSAGE_CONTENT = 1 << 1, 1 << 8, 1 << 15
PRIVILEGED = MEMBERS | PRESENCES | MESSAGE_CONTENT


@dataclass
class Connection:
    """One websocket, which compresses what it sends as Discord does if the client asked for it."""

    socket: web.WebSocketResponse
    deflate: Any

    async def send(self, payload: Json) -> None:
        """Send one message; to one who has gone it is simply lost, as on the real line."""
        text = json.dumps(payload)
        try:
            if self.deflate is None:
                await self.socket.send_str(text)
            else:
                packed = self.deflate.compress(text.encode()) + self.deflate.flush(zlib.Z_SYNC_FLUSH)
                await self.socket.send_bytes(packed)
        except ConnectionError:
            return


@dataclass
class Session:
    """What the gateway keeps of one client: every event it was to get, so that none is missed."""

    session_id: str
    intents: int
    events: list[Json] = field(default_factory=list[Json])
    connection: Connection | None = None

    async def dispatch(self, name: str, data: Json) -> None:
        """Send an event, or keep it for the RESUME if the client is away."""
        event = {"op": Op.DISPATCH, "t": name, "s": len(self.events) + 1, "d": data}
        self.events.append(event)
        if self.connection is not None:
            await self.connection.send(event)


@dataclass(frozen=True)
class Hand:
    """What a client presented itself with, IDENTIFY or RESUME, and at which address."""

    op: int
    path: str
    data: Json


class Gateway:
    """The websocket side.

    Attributes
    ----------
    refusals : int
        How many of the next connections are refused before they are one.
    allowed_intents : int
        Privileged intents that are switched on in the developer portal.
    hands : Journal of Hand
        Every IDENTIFY and RESUME.
    left : set of int
        Who is on no server any more.
    opened, resumed : Journal of Session
        The session after every IDENTIFY and every RESUME that was granted.
    closed : Journal of int or None
        The close code of every connection that ended.
    """

    def __init__(self, token: str, address: Callable[[], str]) -> None:
        self.token = token
        self.refusals = 0
        self.allowed_intents = PRIVILEGED
        self.left: set[int] = set()
        self.sessions: dict[str, Session] = {}
        self.hands: Journal[Hand] = Journal()
        self.opened: Journal[Session] = Journal()
        self.resumed: Journal[Session] = Journal()
        self.closed: Journal[int | None] = Journal()
        self._address = address
        self._open: set[web.WebSocketResponse] = set()

    @property
    def session(self) -> Session:
        """The newest session."""
        return self.opened.entries[-1]

    async def drop(self, code: int, missed: Iterable[tuple[str, Json]] = ()) -> None:
        """Close the newest session's connection; `missed` happens while its client is away."""
        session = self.session
        connection, session.connection = session.connection, None
        assert connection is not None
        for name, data in missed:
            await session.dispatch(name, data)
        await connection.socket.close(code=code)

    async def close(self) -> None:
        """Let go of everybody who is still connected."""
        for socket in list(self._open):
            await socket.close(code=WSCloseCode.GOING_AWAY)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it ends."""
        if self.refusals:
            self.refusals -= 1
            return web.Response(status=503)
        socket = web.WebSocketResponse(max_msg_size=4096)
        await socket.prepare(request)
        self._open.add(socket)
        packed = request.query.get("compress") == "zlib-stream"
        connection = Connection(socket, zlib.compressobj() if packed else None)
        await connection.send({"op": Op.HELLO, "d": {"heartbeat_interval": 41_250}})
        async for received in socket:
            payload = json.loads(received.data)
            await self._handle(connection, request.path, payload["op"], payload["d"])
        self._open.discard(socket)
        for session in self.sessions.values():
            if session.connection is connection:
                session.connection = None
        self.closed.add(socket.close_code)
        return socket

    async def _handle(self, connection: Connection, path: str, op: int, data: Any) -> None:
        match op:
            case Op.HEARTBEAT:
                await connection.send({"op": Op.HEARTBEAT_ACK, "d": None})
            case Op.IDENTIFY:
                self.hands.add(Hand(op, path, data))
                await self._identify(connection, data)
            case Op.RESUME:
                self.hands.add(Hand(op, path, data))
                await self._resume(connection, data)
            case Op.REQUEST_GUILD_MEMBERS:
                await self._members(connection, data)
            case _:
                pass

    async def _members(self, connection: Connection, data: Json) -> None:
        """Whoever is asked for by number is on the server, but those who `left`."""
        session = next(one for one in self.sessions.values() if one.connection is connection)
        asked = [int(one) for one in data.get("user_ids", ())]
        chunk = {
            "guild_id": data["guild_id"],
            "members": [member(one) for one in asked if one not in self.left],
            "chunk_index": 0,
            "chunk_count": 1,
            "nonce": data.get("nonce"),
        }
        await session.dispatch("GUILD_MEMBERS_CHUNK", chunk)

    async def _identify(self, connection: Connection, data: Json) -> None:
        if data["token"] != self.token:
            await connection.socket.close(code=AUTHENTICATION_FAILED, message=b"Authentication failed.")
            return
        if data["intents"] & PRIVILEGED & ~self.allowed_intents:
            await connection.socket.close(code=DISALLOWED_INTENTS, message=b"Disallowed intent(s).")
            return
        session = Session(f"session-{snowflake()}", data["intents"], connection=connection)
        self.sessions[session.session_id] = session
        ready = {
            "v": 10,
            "user": user(BOT_ID),
            "guilds": [{"id": str(GUILD_ID), "unavailable": True}],
            "session_id": session.session_id,
            "resume_gateway_url": f"{self._address()}/resume",
            "application": {key: application()[key] for key in ("id", "flags")},
        }
        await session.dispatch("READY", ready)
        await session.dispatch("GUILD_CREATE", guild())
        self.opened.add(session)

    async def _resume(self, connection: Connection, data: Json) -> None:
        session = self.sessions.get(data["session_id"])
        if session is None or data["token"] != self.token or not 0 < data["seq"] <= len(session.events):
            await connection.send({"op": Op.INVALID_SESSION, "d": False})
            return
        session.connection = connection
        for event in session.events[data["seq"] :]:
            await connection.send(event)
        await session.dispatch("RESUMED", {})
        self.resumed.add(session)
