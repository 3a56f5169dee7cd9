"""The channel that the tests of nights deliver to does what a real one does."""

import pytest

from bot.services.nights.deliverer import Undelivered
from tests.bot.services.nights.conftest import CHANNEL, GUILD, Evening
from tests.bot.services.nights.deliverers import DelivererContract, Stage


@pytest.fixture
def stage(evening: Evening) -> Stage:
    channel = evening.channel

    def refuse(failure: Undelivered | None) -> None:
        channel.refuses = failure

    return Stage(
        nights=evening.nights,
        deliverer=channel,
        guild_id=GUILD,
        channel_id=CHANNEL,
        now=evening.clock.now,
        posted=lambda: len(channel.said),
        chatter=lambda _: None,
        card=lambda number: " ".join(one.name for one in channel.cards[number].who("in")),
        remove=channel.remove,
        lock=lambda: refuse(Undelivered("you may not", lasting=True)),
        unlock=lambda: refuse(None),
        cut_off=lambda: refuse(Undelivered("nobody is there", lasting=False)),
        reconnect=lambda: refuse(None),
    )


class TestTheChannelOfTheTests(DelivererContract):
    """Nothing more."""
