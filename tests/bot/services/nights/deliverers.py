"""What every deliverer has to do: one suite, run against each where its tests are.

A test module makes a fixture ``stage`` and a class out of `DelivererContract`, whose name begins with Test.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from bot.services.nights.answers import Actor, Announcement, Night, Plan, PostKind
from bot.services.nights.deliverer import Deliverer, MessageGone, Undelivered
from bot.services.nights.service import Nights


@dataclass
class Stage:
    """A deliverer, and what stands where it speaks.

    Attributes
    ----------
    nights : Nights
    deliverer : Deliverer
    guild_id, channel_id : int
    now : datetime
    posted : callable
        How many announcements stand in the channel.
    chatter : callable
        Says something there that is no announcement of a night, though it may name this marker.
    card : callable
        What a message says now, by its number; None where messages cannot be changed or found again.
    remove : callable
        Deletes a message.
    lock, unlock : callable
        Takes the deliverer the right to write in the channel, and gives it back; None where nobody can.
    cut_off, reconnect : callable
        Makes the whole place unreachable for now, and ends that; None where it cannot be.
    """

    nights: Nights
    deliverer: Deliverer
    guild_id: int
    channel_id: int
    now: datetime
    posted: Callable[[], int]
    chatter: Callable[[str], None]
    card: Callable[[int], str] | None = None
    remove: Callable[[int], None] | None = None
    lock: Callable[[], None] | None = None
    unlock: Callable[[], None] | None = None
    cut_off: Callable[[], None] | None = None
    reconnect: Callable[[], None] | None = None

    def somebody(self, user_id: int, name: str) -> Actor:
        """Somebody who sees the channel."""
        return Actor(user_id, name, self.guild_id, frozenset({self.channel_id}))

    async def night(self) -> Night:
        """A night of which nothing has been said yet."""
        plan = Plan((self.now + timedelta(days=4),), theme="Space")
        return await self.nights.plan(self.somebody(1, "Ana"), self.channel_id, plan)

    def announce(self, night: Night, kind: PostKind = "card", number: int = 1) -> Announcement:
        """Something to be said about a night."""
        marker = f"night-{night.night_id}-{number}"
        return Announcement(number, night.night_id, kind, marker, {}, (), self.now, late=False)


class DelivererContract:
    """The cases."""

    async def test_each_announcement_is_a_message_with_a_number_of_its_own(self, stage: Stage) -> None:
        night = await stage.night()
        kinds: tuple[PostKind, ...] = ("card", "new_host", "cancelled")
        numbers = [
            await stage.deliverer.post(night, stage.announce(night, kind, number))
            for number, kind in enumerate(kinds, 1)
        ]
        assert len(set(numbers)) == stage.posted() == len(kinds)

    async def test_only_what_was_posted_is_found(self, stage: Stage) -> None:
        night = await stage.night()
        wanted = stage.announce(night)
        assert await stage.deliverer.find(night, wanted) is None
        # Neither a message of another kind is it, nor one whose marker begins as this one does.
        stage.chatter(wanted.marker)
        await stage.deliverer.post(night, stage.announce(night, number=11))
        stage.chatter("")
        assert await stage.deliverer.find(night, wanted) is None
        number = await stage.deliverer.post(night, wanted)
        await stage.deliverer.post(night, stage.announce(night, "new_host", 2))
        stage.chatter(wanted.marker)
        if stage.card is None:
            pytest.skip("nothing that was said there is found again")
        assert await stage.deliverer.find(night, wanted) == number

    async def test_its_message_shows_the_night_as_it_is(self, stage: Stage) -> None:
        night = await stage.night()
        number = await stage.deliverer.post(night, stage.announce(night))
        night = await stage.nights.answer(stage.somebody(2, "Ben"), night.night_id, "in")
        await stage.deliverer.refresh(replace(night, card_message_id=number))
        assert stage.posted() == 1
        if stage.card is None:
            pytest.skip("nothing that was said there can be changed")
        assert "Ben" in stage.card(number)

    async def test_a_message_that_is_gone_is_told(self, stage: Stage) -> None:
        night = await stage.night()
        number = await stage.deliverer.post(night, stage.announce(night))
        if stage.remove is None:
            pytest.skip("nothing that was said there can be deleted")
        stage.remove(number)
        with pytest.raises(MessageGone):
            await stage.deliverer.refresh(replace(night, card_message_id=number))
        assert await stage.deliverer.find(night, stage.announce(night)) is None

    async def test_a_night_has_one_event_however_often_it_is_asked_for(self, stage: Stage) -> None:
        night = replace(await stage.night(), state="decided")
        made = await stage.deliverer.event(night)
        # Its number was not noted.
        assert await stage.deliverer.event(night) == made
        noted = replace(night, event_id=made)
        assert await stage.deliverer.event(replace(noted, theme="Western")) == made
        assert await stage.deliverer.event(replace(noted, state="cancelled")) is None

    async def test_who_may_not_write_says_so_and_nothing_is_said(self, stage: Stage) -> None:
        night = await stage.night()
        if stage.lock is None or stage.unlock is None:
            pytest.skip("nobody can forbid to write there")
        stage.lock()
        with pytest.raises(Undelivered) as refused:
            await stage.deliverer.post(night, stage.announce(night))
        assert refused.value.lasting
        # Whoever is to hear of it may be out of reach as well, which is nobody's fault.
        await stage.deliverer.warn(night, "I may not write")
        stage.unlock()
        assert stage.posted() == 0
        await stage.deliverer.post(night, stage.announce(night))
        assert stage.posted() == 1

    async def test_what_cannot_be_reached_for_now_is_tried_again(self, stage: Stage) -> None:
        night = replace(await stage.night(), state="decided", card_message_id=1)
        if stage.cut_off is None or stage.reconnect is None:
            pytest.skip("it cannot be out of reach")
        stage.cut_off()
        announcement = stage.announce(night)
        for work in (
            stage.deliverer.post(night, announcement),
            stage.deliverer.find(night, announcement),
            stage.deliverer.refresh(night),
            stage.deliverer.event(night),
        ):
            with pytest.raises(Undelivered) as failed:
                await work
            assert not failed.value.lasting
        stage.reconnect()
        await stage.deliverer.post(night, announcement)
        assert stage.posted() == 1

    async def test_what_is_cut_off_is_there_or_not_and_said_once_in_the_end(self, stage: Stage) -> None:
        night = await stage.night()
        if stage.card is None:
            pytest.skip("nothing that was said there is found again")
        for steps in range(12):
            announcement = stage.announce(night, number=steps + 1)
            posting = asyncio.create_task(stage.deliverer.post(night, announcement))
            for _ in range(steps):
                await asyncio.sleep(0)
            posting.cancel()
            await asyncio.wait([posting])
            if await stage.deliverer.find(night, announcement) is None:
                await stage.deliverer.post(night, announcement)
            assert stage.posted() == steps + 1

    async def test_what_a_night_has_to_say_is_said_once_and_in_order(self, stage: Stage) -> None:
        night = await stage.night()
        await asyncio.gather(*(stage.nights.deliver(stage.deliverer) for _ in range(3)))
        assert stage.posted() == 1
        await stage.nights.move(stage.somebody(1, "Ana"), night.night_id, stage.now + timedelta(days=5))
        await stage.nights.cancel(stage.somebody(1, "Ana"), night.night_id)
        await stage.nights.deliver(stage.deliverer)
        await stage.nights.deliver(stage.deliverer)
        assert stage.posted() == 3
        assert (await stage.nights.get(stage.somebody(1, "Ana"), night.night_id)).trouble == ""
