"""The REST side of our own Discord: every request is recorded, and can be made to fail."""

import json
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.wire.fake_journal import Journal
from tests.wire.fake_payloads import BOT_ID, Json, application, member, message, snowflake, user

COMMANDS = rf"/applications/{BOT_ID}/commands"
CHANNEL_MESSAGES = r"/channels/\d+/messages"
EPHEMERAL = 64
BY_INTERACTION = ("/interactions/", "/webhooks/")
"""Paths that are open to who has the interaction's token, and outside the bot's global limit."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Request:
    """One request and how it was answered; `at` is in seconds of the monotonic clock."""

    method: str
    path: str
    body: Any
    at: float
    status: int = 0

    def is_to(self, method: str, path: str) -> bool:
        """Whether it is a `method` request to a path that a regular expression describes wholly."""
        return self.method == method and re.fullmatch(path, self.path) is not None


class Refusal(Exception):
    """An answer that is not 2xx."""

    def __init__(
        self, status: int, code: int, text: str, *, headers: dict[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(text)
        self.status = status
        self.body: Json = {"code": code, "message": text, **more}
        self.headers = headers or {}


@dataclass
class Limit:
    """A route, or `everywhere` the whole bot, that takes no requests for some seconds.

    It begins with the first request that fits.
    """

    method: str
    path: str
    seconds: float
    everywhere: bool = False
    until: float | None = None

    def check(self, request: Request) -> None:
        """Refuse a request that comes too early."""
        fits = request.is_to(self.method, self.path)
        if fits and self.until is None:
            self.until = request.at + self.seconds
        if self.until is None or not (fits or self.everywhere) or request.at >= self.until:
            return
        wait = round(self.until - request.at, 3)
        # Without Via it would be Cloudflare that answers, which discord.py does not retry.
        headers = {"Via": "1.1 google", "Retry-After": f"{wait}"}
        if self.everywhere:
            headers["X-RateLimit-Global"] = "true"
        text = "You are being rate limited."
        raise Refusal(429, 0, text, headers=headers, retry_after=wait, **{"global": self.everywhere})


@dataclass(frozen=True)
class Failure:
    """A request that is answered with an error."""

    method: str
    path: str
    status: int
    code: int
    done: bool


@dataclass
class Rest:
    """What Discord knows and was asked.

    Attributes
    ----------
    token : str
        The bot's.
    requests : Journal of Request
        Every request, once it is decided how it is answered.
    commands : list of dict
        The application's commands as they were last synced.
    messages : dict
        Every message by its id.
    flags : int
        The application's, which tell what it may read.
    """

    token: str
    requests: Journal[Request] = field(default_factory=Journal[Request])
    commands: list[Json] = field(default_factory=list[Json])
    messages: dict[str, Json] = field(default_factory=dict[str, Json])
    flags: int = 0
    _failures: list[Failure] = field(default_factory=list[Failure])
    _limits: list[Limit] = field(default_factory=list[Limit])
    _said: dict[tuple[int, str], Json] = field(default_factory=dict[tuple[int, str], Json])

    def fail(
        self, method: str, path: str, status: int, *, code: int = 0, times: int = 1, done: bool = False
    ) -> None:
        """Answer the next requests that fit with a failure, though what they ask for may be `done`."""
        self._failures += [Failure(method, path, status, code, done)] * times

    def limit(self, method: str, path: str, seconds: float, *, everywhere: bool = False) -> None:
        """Take no requests to a path, or none at all, for some seconds from the next one that fits."""
        self._limits.append(Limit(method, path, seconds, everywhere))

    def lift_limits(self) -> None:
        """Take requests again."""
        self._limits.clear()

    def forget_nonces(self) -> None:
        """Let some minutes pass, after which Discord takes the same for something new."""
        self._said.clear()

    def post(self, body: Json, *, author_id: int, channel_id: int) -> Json:
        """Put a new message into a channel."""
        new = message(body, author_id=author_id, channel_id=channel_id)
        self.messages[new["id"]] = new
        return new

    def edit(self, message_id: str, body: Json) -> Json:
        """Change a message in what `body` names."""
        if message_id not in self.messages:
            raise Refusal(404, 10008, "Unknown Message")
        self.messages[message_id] |= body
        return self.messages[message_id]

    @web.middleware
    async def watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Record a request, and refuse it where it is to be refused."""
        if not request.path.startswith("/api/"):
            return await handler(request)
        text = await request.text()
        path = request.path.removeprefix("/api/v10")
        record = Request(request.method, path, json.loads(text) if text else None, time.monotonic())
        try:
            failure = self._check(record, request.headers.get("Authorization"))
            if failure is None or failure.done:
                response = await handler(request)
            if failure is not None:
                raise Refusal(failure.status, failure.code, "upstream error")
        except Refusal as refusal:
            response = answer(refusal.body, refusal.status, refusal.headers)
        except web.HTTPException as missing:
            response = answer({"code": 0, "message": f"{missing.status}: {missing.reason}"}, missing.status)
        record.status = response.status
        self.requests.add(record)
        return response

    def _check(self, request: Request, authorization: str | None) -> Failure | None:
        by_interaction = request.path.startswith(BY_INTERACTION)
        if not by_interaction and authorization != f"Bot {self.token}":
            raise Refusal(401, 0, "401: Unauthorized")
        for limit in self._limits:
            if not (by_interaction and limit.everywhere):
                limit.check(request)
        for index, failure in enumerate(self._failures):
            if request.is_to(failure.method, failure.path):
                return self._failures.pop(index)
        return None

    def routes(self) -> list[web.RouteDef]:
        """What the bot itself may ask for."""
        channel = "/api/v10/channels/{channel}"
        return [
            web.get("/api/v10/users/@me", self._me),
            web.get("/api/v10/oauth2/applications/@me", self._application),
            web.get("/api/v10/guilds/{guild}/members/{user}", self._member),
            web.get("/api/v10" + COMMANDS, self._get_commands),
            web.put("/api/v10" + COMMANDS, self._put_commands),
            web.get(channel + "/messages", self._get_messages),
            web.post(channel + "/messages", self._post_message),
            web.patch(channel + "/messages/{message}", self._patch_message),
            web.post(channel + "/typing", self._typing),
        ]

    async def _me(self, _: web.Request) -> web.Response:
        return answer(user(BOT_ID))

    async def _application(self, _: web.Request) -> web.Response:
        return answer(application() | {"flags": self.flags})

    async def _member(self, request: web.Request) -> web.Response:
        # Whoever takes part is on the server, else the bot would find that they left and forget their vote.
        return answer(member(int(request.match_info["user"])))

    async def _get_commands(self, _: web.Request) -> web.Response:
        return answer(self.commands)

    async def _put_commands(self, request: web.Request) -> web.Response:
        own = {"application_id": str(BOT_ID), "version": "1"}
        synced = await request.json()
        self.commands = [{"type": 1, "description": ""} | each | own | {"id": snowflake()} for each in synced]
        return answer(self.commands)

    async def _get_messages(self, request: web.Request) -> web.Response:
        channel_id, before = request.match_info["channel"], int(request.query.get("before", 1 << 63))
        found = [
            one
            for number, one in self.messages.items()
            # What one person alone sees is in no history.
            if one["channel_id"] == channel_id and int(number) < before and not one["flags"] & EPHEMERAL
        ]
        newest = sorted(found, key=lambda one: -int(one["id"]))
        return answer(newest[: int(request.query.get("limit", 50))])

    async def _post_message(self, request: web.Request) -> web.Response:
        channel_id, body = int(request.match_info["channel"]), await request.json()
        if not body.get("enforce_nonce"):
            return answer(self.post(body, author_id=BOT_ID, channel_id=channel_id))
        # Whoever says the same again gets the message that there is.
        said = self._said.get((channel_id, body["nonce"]))
        if said is None:
            said = self.post(body, author_id=BOT_ID, channel_id=channel_id)
            self._said[channel_id, body["nonce"]] = said
        return answer(said)

    async def _patch_message(self, request: web.Request) -> web.Response:
        return answer(self.edit(request.match_info["message"], await request.json()))

    async def _typing(self, _: web.Request) -> web.Response:
        return answer(None, 204)


def answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """JSON with exactly the content type that discord.py looks for; nothing at all for None."""
    content = None if body is None else json.dumps(body).encode()
    return web.Response(body=content, status=status, headers=headers, content_type="application/json")
