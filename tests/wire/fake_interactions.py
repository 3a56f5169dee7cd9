"""Interactions on our own Discord: acknowledged once and in time, then answered under their token."""

import time
from dataclasses import dataclass, field

from aiohttp import web

from tests.wire.fake_payloads import BOT_ID, GENERAL_ID, Json
from tests.wire.fake_rest import Refusal, Rest, answer

ANSWER_WITHIN = 3.0
"""Seconds after which Discord forgets an interaction that was not acknowledged."""

MESSAGE, THINKING, DEFERRED_UPDATE, UPDATE, CHOICES, FORM = 4, 5, 6, 7, 8, 9


@dataclass
class Pending:
    """An interaction and what the bot has done about it.

    Attributes
    ----------
    payload : dict
        What the gateway told.
    sent_at, answered_at : float
        Seconds of the monotonic clock.
    callback : dict or None
        The acknowledgement.
    original : str
        Id of the message that it made or belongs to; empty if there is none.
    shown : list of str
        Ids of the messages that the person sees, oldest first.
    """

    payload: Json
    sent_at: float
    answered_at: float = 0.0
    callback: Json | None = None
    original: str = ""
    shown: list[str] = field(default_factory=list[str])

    @property
    def thinking(self) -> bool:
        """Whether the person still sees "is thinking"."""
        return self.callback is not None and self.callback["type"] == THINKING and not self.shown


class Interactions:
    """The endpoints that need an interaction's token instead of the bot's."""

    def __init__(self, rest: Rest) -> None:
        self.by_token: dict[str, Pending] = {}
        self._rest = rest

    def begin(self, payload: Json, *, message_id: str = "") -> Pending:
        """Let an interaction begin, on a message if a control of it was pressed."""
        pending = Pending(payload, time.monotonic(), original=message_id)
        self.by_token[payload["token"]] = pending
        return pending

    def routes(self) -> list[web.RouteDef]:
        """The endpoints."""
        hook = f"/api/v10/webhooks/{BOT_ID}/{{token}}"
        return [
            web.post("/api/v10/interactions/{id}/{token}/callback", self._callback),
            web.post(hook, self._follow_up),
            web.get(hook + "/messages/{message}", self._get),
            web.patch(hook + "/messages/{message}", self._patch),
            web.delete(hook + "/messages/{message}", self._delete),
        ]

    async def _callback(self, request: web.Request) -> web.Response:
        pending = self.by_token.get(request.match_info["token"])
        now = time.monotonic()
        if pending is None or now - pending.sent_at > ANSWER_WITHIN:
            raise Refusal(404, 10062, "Unknown interaction")
        if pending.callback is not None:
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        callback: Json = await request.json()
        pending.callback, pending.answered_at = callback, now
        kind = callback["type"]
        told: Json = {"interaction": {"id": pending.payload["id"], "type": pending.payload["type"]}}
        if kind == MESSAGE:
            made = self._new_message(pending, callback["data"])
            pending.original = made["id"]
            told["resource"] = {"type": kind, "message": made}
        elif kind == UPDATE:
            told["resource"] = {
                "type": kind,
                "message": self._rest.edit(pending.original, callback["data"]),
            }
        return answer(told) if request.query.get("with_response") == "1" else answer(None, 204)

    async def _follow_up(self, request: web.Request) -> web.Response:
        pending = self._acknowledged(request)
        made = self._new_message(pending, await request.json())
        if pending.callback is not None and pending.callback["type"] == THINKING and not pending.original:
            pending.original = made["id"]
        return answer(made)

    async def _get(self, request: web.Request) -> web.Response:
        return answer(self._rest.messages[self._message_id(request)])

    async def _patch(self, request: web.Request) -> web.Response:
        pending = self._acknowledged(request)
        body = await request.json()
        if pending.thinking and request.match_info["message"] == "@original":
            made = self._new_message(pending, body)
            pending.original = made["id"]
            return answer(made)
        return answer(self._rest.edit(self._message_id(request), body))

    async def _delete(self, request: web.Request) -> web.Response:
        pending, message_id = self._acknowledged(request), self._message_id(request)
        del self._rest.messages[message_id]
        pending.shown.remove(message_id)
        return answer(None, 204)

    def _new_message(self, pending: Pending, body: Json) -> Json:
        made = self._rest.post(body, author_id=BOT_ID, channel_id=GENERAL_ID)
        pending.shown.append(made["id"])
        return made

    def _acknowledged(self, request: web.Request) -> Pending:
        pending = self.by_token.get(request.match_info["token"])
        if pending is None or pending.callback is None:
            raise Refusal(404, 10015, "Unknown Webhook")
        return pending

    def _message_id(self, request: web.Request) -> str:
        wanted = request.match_info["message"]
        message_id = self._acknowledged(request).original if wanted == "@original" else wanted
        if message_id not in self._rest.messages:
            raise Refusal(404, 10008, "Unknown Message")
        return message_id
