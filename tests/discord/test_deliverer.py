"""What speaks on Discord does as every deliverer does, and knows its own messages."""

import pytest

from bot.services.clock import utc_now
from bot.ui.nights.delivery import DiscordDeliverer
from tests.bot.services.nights.deliverers import DelivererContract, Stage
from tests.discord.conftest import Shown, World
from tests.discord.nights import Evening


@pytest.fixture
async def stage(world: World) -> Stage:
    backend, place = world.env.backend, world.channel.id
    evening = Evening(world, utc_now())
    evening.may(manage_events=True)
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None

    chattered: set[int] = set()

    def posted() -> int:
        stored = backend.messages.get(place, {}).values()
        return sum(one.author_id == world.bot_id and one.id not in chattered for one in stored)

    def chatter(marker: str) -> None:
        """Somebody else says it in the same way; the bot says it in others."""
        alike = [{"type": "rich", "description": "mine", "footer": {"text": marker or "·"}}]
        backend.create_message(place, world.ana.id, "", embeds=alike)
        chattered.add(backend.create_message(place, world.bot_id, f"that was {marker}").id)
        bare = [{"type": "rich", "description": marker or "·"}]
        chattered.add(backend.create_message(place, world.bot_id, "", embeds=bare).id)

    def reach(available: bool) -> None:
        guild.unavailable = not available

    return Stage(
        nights=world.services.nights,
        deliverer=DiscordDeliverer(world.bot, world.services.guilds),
        guild_id=world.guild.id,
        channel_id=place,
        now=utc_now(),
        posted=posted,
        chatter=chatter,
        card=lambda number: Shown(world, place, number).check().text,
        remove=lambda number: Shown(world, place, number).delete(),
        lock=lambda: evening.may(send_messages=False),
        unlock=lambda: evening.may(send_messages=True),
        cut_off=lambda: reach(False),
        reconnect=lambda: reach(True),
    )


class TestDiscord(DelivererContract):
    """Nothing more."""
