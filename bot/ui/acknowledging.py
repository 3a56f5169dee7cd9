"""A short cut for the commonest answer to Discord: "your press arrived, its message changes in a moment"."""

import json
from collections.abc import Mapping
from typing import Any

import aiohttp
from discord import InteractionResponseType
from discord.http import MultipartParameters, Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context
from yarl import URL

_DEFERRED = {"type": InteractionResponseType.deferred_message_update.value}
_BODY = json.dumps(_DEFERRED).encode()
_HEADERS = {"Content-Type": "application/json"}


class QuickAcknowledgements(AsyncWebhookAdapter):
    """discord.py's requests about interactions, except that bare acknowledgements take less work.

    A hundred people who press at once are acknowledged one after the other, so that work is what they
    wait for. No answer is asked for, where discord.py asks what became of the interaction and reads it,
    and no account of limits is kept, for there is one acknowledgement under each token.
    """

    async def create_interaction_response(
        self,
        interaction_id: int,
        token: str,
        *,
        session: aiohttp.ClientSession,
        proxy: str | None = None,
        proxy_auth: aiohttp.BasicAuth | None = None,
        params: MultipartParameters,
    ) -> Any:
        """Answer an interaction; see discord.py, which also does all that is not a bare acknowledgement."""
        if params.payload == _DEFERRED and proxy is None:
            url = URL(f"{Route.BASE}/interactions/{interaction_id}/{token}/callback", encoded=True)
            async with session.post(url, data=_BODY, headers=_HEADERS) as response:
                if 200 <= response.status < 300:
                    return _nothing_more(interaction_id)
        # Whatever was not accepted is asked again, by the one who knows what each refusal means.
        return await super().create_interaction_response(
            interaction_id, token, session=session, proxy=proxy, proxy_auth=proxy_auth, params=params
        )


def acknowledge_quickly() -> None:
    """Let all that is begun from here on, in this context, use the short cut."""
    async_context.set(QuickAcknowledgements())


def _nothing_more(interaction_id: int) -> Mapping[str, Any]:
    """What Discord says of an interaction that was just acknowledged, had it been asked."""
    return {"interaction": {"id": str(interaction_id), "type": 3}}
