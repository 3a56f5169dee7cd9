"""Bare acknowledgements take the short cut; whatever is unusual goes discord.py's way, with its outcome."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest
from discord.webhook.async_ import interaction_response_params

from bot.ui.acknowledging import QuickAcknowledgements
from tests.wire.fake_discord import FakeDiscord
from tests.wire.fake_interactions import DEFERRED_UPDATE, MESSAGE, Pending
from tests.wire.fake_payloads import ANA_ID, MEMBER_PERMISSIONS, interaction

CALLBACK = r"/interactions/\d+/[^/]+/callback"


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def pressed(fake: FakeDiscord) -> Pending:
    data = {"custom_id": "any", "component_type": 2}
    return fake.interactions.begin(interaction(3, data, user_id=ANA_ID, permissions=MEMBER_PERMISSIONS))


async def answer(session: aiohttp.ClientSession, pending: Pending, **response: Any) -> Any:
    return await QuickAcknowledgements().create_interaction_response(
        int(pending.payload["id"]),
        pending.payload["token"],
        session=session,
        params=interaction_response_params(**response),
    )


def statuses(fake: FakeDiscord) -> list[int]:
    return [one.status for one in fake.rest.requests.all(lambda one: one.is_to("POST", CALLBACK))]


async def test_a_press_is_acknowledged_with_one_request_that_asks_nothing(
    fake: FakeDiscord, session: aiohttp.ClientSession
):
    pending = pressed(fake)
    told = await answer(session, pending, type=DEFERRED_UPDATE)
    assert pending.callback == {"type": DEFERRED_UPDATE}
    assert told["interaction"]["id"] == pending.payload["id"]
    assert statuses(fake) == [204]


async def test_discord_having_a_bad_moment_is_asked_again(fake: FakeDiscord, session: aiohttp.ClientSession):
    pending = pressed(fake)
    fake.rest.fail("POST", CALLBACK, 502)
    await answer(session, pending, type=DEFERRED_UPDATE)
    assert pending.callback == {"type": DEFERRED_UPDATE}
    assert statuses(fake) == [502, 200]


async def test_a_press_that_discord_has_forgotten_is_not_found(
    fake: FakeDiscord, session: aiohttp.ClientSession
):
    pending = pressed(fake)
    fake.interactions.by_token.clear()
    with pytest.raises(discord.NotFound, match="Unknown interaction"):
        await answer(session, pending, type=DEFERRED_UPDATE)


async def test_an_answer_that_says_something_is_sent_as_it_is(
    fake: FakeDiscord, session: aiohttp.ClientSession
):
    pending = pressed(fake)
    told = await answer(session, pending, type=MESSAGE, data={"content": "Hello"})
    assert fake.rest.messages[told["resource"]["message"]["id"]]["content"] == "Hello"
    assert statuses(fake) == [200]
