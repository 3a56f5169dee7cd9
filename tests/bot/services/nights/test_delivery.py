"""What is said is said once, in order, and told where it cannot be said."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.errors import UserError
from bot.services.nights.answers import Announcement, Night, Plan
from bot.services.nights.deliverer import Undelivered
from bot.services.nights.outbox import GIVE_UP, LATER
from tests.bot.services.nights.conftest import ANA, BEN, CHANNEL, CLEO, GUILD, Evening, Killed, key_of, until

NO_PERMISSION = Undelivered("the bot may not write in #films", lasting=True)


async def test_a_kill_between_sending_and_noting_says_nothing_twice(evening: Evening):
    await evening.plan()
    evening.channel.crash_after_post = True
    with pytest.raises(Killed):
        await evening.run()
    evening.channel.crash_after_post = False
    evening.restart()
    await evening.run()
    assert evening.channel.kinds() == ["card"]
    (night,) = await evening.nights.open(ANA)
    assert night.card_message_id == 100


async def test_deliveries_at_once_say_it_once(evening: Evening):
    await evening.plan()
    await asyncio.gather(*(evening.nights.deliver(evening.channel) for _ in range(5)))
    assert evening.channel.kinds() == ["card"]


async def test_lost_permission_is_told_and_made_up_for(evening: Evening):
    night = await evening.plan()
    evening.channel.refuses = NO_PERMISSION
    await evening.run()
    night = await evening.nights.open_vote(ANA, night.night_id)
    await evening.run()
    night = await evening.nights.get(ANA, night.night_id)
    assert night.trouble == "the bot may not write in #films"
    # The host is told once, not with every attempt.
    assert evening.channel.warned == ["the bot may not write in #films"]
    evening.channel.refuses = None
    await evening.run()
    assert evening.channel.said == []
    evening.clock.now += LATER
    await evening.run()
    assert evening.channel.kinds() == ["card", "vote_open"]
    assert (await evening.nights.get(ANA, night.night_id)).trouble == ""


async def test_what_cannot_be_said_for_long_is_given_up(evening: Evening):
    await evening.plan(ANA, evening.date(days=30))
    evening.channel.refuses = NO_PERMISSION
    await evening.run()
    await evening.go(days=GIVE_UP.days + 1)
    evening.channel.refuses = None
    await evening.go(days=1)
    assert evening.channel.said == []


async def test_a_night_goes_on_in_another_channel(evening: Evening):
    night = await evening.plan()
    await evening.run()
    evening.channel.refuses = Undelivered("the channel is gone", lasting=True)
    await evening.nights.open_vote(ANA, night.night_id)
    await evening.run()
    evening.channel.refuses = None
    with pytest.raises(UserError, match="only its host"):
        await evening.nights.relocate(BEN, night.night_id, 77)
    night_message = (await evening.nights.get(ANA, night.night_id)).card_message_id
    moved = await evening.nights.relocate(ANA, night.night_id, 77)
    assert (moved.channel_id, moved.trouble) == (77, "")
    await evening.run()
    assert evening.channel.kinds() == ["card", "vote_open", "card", "left"]
    left = evening.channel.announcements[-1]
    assert left.facts == {"channel": str(CHANNEL), "message": str(night_message)}


async def test_a_deleted_message_comes_anew_and_shows_the_night_as_it_is(evening: Evening):
    night = await evening.plan()
    await evening.run()
    evening.channel.cards.clear()
    await evening.nights.answer(BEN, night.night_id, "in")
    await evening.run()
    assert evening.channel.kinds() == ["card", "card"]
    (card,) = evening.channel.cards.values()
    assert [one.name for one in card.who("in")] == ["Ana", "Ben"]
    await evening.nights.answer(CLEO, night.night_id, "maybe")
    await evening.run()
    assert evening.channel.kinds() == ["card", "card"]
    assert len(next(iter(evening.channel.cards.values())).people) == 3


async def test_a_message_that_was_told_to_be_deleted_while_it_was_changed_comes_anew_once(evening: Evening):
    night = await evening.plan()
    await evening.run()
    (card,) = evening.channel.cards
    refresh = evening.channel.refresh

    async def too_late(shown: Night) -> None:
        if shown.card_message_id == card:
            evening.channel.remove(card)
            assert await evening.nights.messages_gone(GUILD, [card])
        await refresh(shown)

    evening.channel.refresh = too_late
    await evening.nights.answer(BEN, night.night_id, "in")
    for _ in range(3):
        await evening.run()
    assert evening.channel.kinds() == ["card", "card"]


async def test_trouble_with_a_message_is_over_once_it_can_be_changed(evening: Evening):
    night = await evening.plan()
    await evening.run()
    evening.channel.refuses = NO_PERMISSION
    await evening.nights.answer(BEN, night.night_id, "in")
    await evening.run()
    assert (await evening.nights.get(ANA, night.night_id)).trouble == str(NO_PERMISSION)
    evening.channel.refuses = None
    await evening.nights.answer(CLEO, night.night_id, "in")
    await evening.run()
    assert (await evening.nights.get(ANA, night.night_id)).trouble == ""


async def test_many_changes_are_shown_by_one_edit(evening: Evening):
    night = await evening.plan()
    await evening.run()
    shown: list[int] = []
    refresh = evening.channel.refresh

    async def counting(night):
        shown.append(night.revision)
        await refresh(night)

    evening.channel.refresh = counting
    for actor in (BEN, CLEO):
        await evening.nights.answer(actor, night.night_id, "in")
    await asyncio.gather(*(evening.nights.deliver(evening.channel) for _ in range(4)))
    assert len(shown) == 1


async def test_the_event_follows_the_night(evening: Evening):
    night = await evening.voting(50)
    await evening.run()
    assert evening.channel.events == {}
    await evening.nights.cast(ANA, night.night_id, {key_of(night, 50): 1})
    await evening.nights.close(ANA, night.night_id)
    await evening.run()
    number = 500 + night.night_id
    assert evening.channel.events[number].winner is not None
    date = evening.date(days=6)
    await evening.nights.move(ANA, night.night_id, date)
    await evening.run()
    assert evening.channel.events[number].starts_at == date
    assert (await evening.nights.get(ANA, night.night_id)).event_id == number
    await evening.nights.cancel(ANA, night.night_id, "snow")
    await evening.run()
    assert evening.channel.events[number].state == "cancelled"
    assert evening.channel.events[number].reason == "snow"


async def test_a_mistake_in_one_night_silences_no_other(evening: Evening):
    bad, good = await evening.plan(), await evening.plan()
    post = evening.channel.post

    async def picky(night, announcement):
        if night.night_id == bad.night_id:
            raise ZeroDivisionError
        return await post(night, announcement)

    evening.channel.post = picky
    await evening.run()
    assert [one.night_id for one in evening.channel.announcements] == [good.night_id]
    assert "went wrong inside the bot" in (await evening.nights.get(ANA, bad.night_id)).trouble


async def test_a_full_disk_changes_nothing_and_is_made_up_for(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    night = await evening.plan()
    await evening.run()
    write = evening.world.store.write

    @asynccontextmanager
    async def full():
        async with write():
            raise UserError("nothing was changed: the disk of the bot's computer is full")
            yield

    monkeypatch.setattr(evening.world.store, "write", full)
    with pytest.raises(UserError, match="disk"):
        await evening.nights.answer(BEN, night.night_id, "in")
    evening.clock.now += timedelta(days=3)
    for _ in range(3):
        assert await evening.run() == 0
        await evening.nights.deliver(evening.channel)
    # The host is told directly, and once: nothing could be noted.
    (line,) = evening.channel.warned
    assert line.startswith("Movie night 1 has to wait: ")
    assert "disk" in line
    monkeypatch.undo()
    assert await evening.run() > 0
    assert len(evening.channel.warned) == 1
    kinds = evening.channel.kinds()
    assert kinds.count("vote_open") == 1
    assert (await evening.nights.get(ANA, night.night_id)).state == "voting"


async def test_those_who_are_in_are_mentioned_in_reminders(evening: Evening):
    night = await evening.plan()
    await evening.nights.answer(BEN, night.night_id, "in")
    await evening.nights.answer(CLEO, night.night_id, "maybe")
    await evening.go(days=5)
    mentioned = {one.kind: one.mention for one in evening.channel.announcements}
    assert mentioned["remind_day"] == mentioned["remind_soon"] == mentioned["rate"] == (1, 2)
    assert mentioned["card"] == mentioned["vote_open"] == ()


async def test_a_full_disk_that_keeps_back_what_is_to_be_said_is_told_again_after_it_was_over(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    @asynccontextmanager
    async def full():
        raise UserError("the disk of the bot's computer is full")
        yield

    for times in (1, 2):
        await evening.plan(ANA, evening.date(days=times))
        with monkeypatch.context() as patched:
            patched.setattr(evening.world.store, "write", full)
            for _ in range(2):
                await evening.nights.deliver(evening.channel)
                await evening.run()
        assert len(evening.channel.warned) == times
        await evening.run()
        assert evening.channel.kinds() == ["card"] * times


async def test_the_host_is_mentioned_where_something_is_theirs_to_do(evening: Evening):
    await evening.voting(50, quorum=2)
    await evening.go(days=5)
    mentioned = {one.kind: one.mention for one in evening.channel.announcements}
    assert mentioned["vote_missed"] == (ANA.user_id,)


async def in_two_channels(evening: Evening) -> tuple[Night, Night, asyncio.Event]:
    """A night in each of two channels, and what has to be set before the first one answers."""
    bad = await evening.plan()
    good = await evening.nights.plan(ANA, CHANNEL + 1, Plan((evening.date(days=4),)))
    post, go = evening.channel.post, asyncio.Event()

    async def slowly(night: Night, announcement: Announcement) -> int:
        if night.channel_id == CHANNEL:
            await go.wait()
        return await post(night, announcement)

    evening.channel.post = slowly
    return bad, good, go


async def test_a_channel_that_does_not_answer_holds_up_no_other_and_no_timer(evening: Evening):
    bad, good, go = await in_two_channels(evening)
    await evening.nights.deliver(evening.channel, patience=0)
    await until(lambda: evening.channel.kinds() == ["card"])
    evening.clock.now = evening.date(days=3)
    assert await evening.nights.run_due() > 0
    assert (await evening.nights.get(ANA, bad.night_id)).state == "voting"
    await evening.nights.deliver(evening.channel, patience=0)
    await until(lambda: evening.channel.kinds()[:2] == ["card", "vote_open"])
    assert {one.night_id for one in evening.channel.announcements} == {good.night_id}
    # Once the channel goes on, all of it comes, in order and once.
    go.set()
    await evening.nights.deliver(evening.channel)
    late = [one.kind for one in evening.channel.announcements if one.night_id == bad.night_id]
    assert late[:2] == ["card", "vote_open"]
    assert len(late) == len(set(late))


async def test_a_delivery_that_is_cut_off_at_the_end_is_made_up_for_once(evening: Evening):
    bad, _, go = await in_two_channels(evening)
    await evening.nights.deliver(evening.channel, patience=0)
    await until(lambda: evening.channel.kinds() == ["card"])
    await evening.nights.stop_delivering()
    assert len(evening.channel.announcements) == 1
    # Nothing begins any more.
    go.set()
    await evening.nights.deliver(evening.channel)
    assert len(evening.channel.announcements) == 1
    evening.restart()
    await evening.nights.deliver(evening.channel)
    assert [one.night_id for one in evening.channel.announcements][1:] == [bad.night_id]


async def test_what_discord_puts_off_is_tried_when_it_says_and_not_before(evening: Evening):
    night = await evening.plan()
    evening.channel.refuses = Undelivered("too often", lasting=False, wait=timedelta(hours=1))
    await evening.run()
    evening.channel.refuses = None
    for minutes in (3, 30, 26):
        evening.clock.advance(minutes=minutes)
        await evening.run()
        assert evening.channel.said == []
    evening.clock.advance(minutes=1)
    await evening.run()
    assert evening.channel.kinds() == ["card"]
    assert (await evening.nights.get(ANA, night.night_id)).trouble == ""


async def test_a_message_that_cannot_be_changed_for_now_is_left_alone_as_long(evening: Evening):
    night = await evening.plan()
    await evening.run()
    evening.channel.refuses = Undelivered("too often", lasting=False, wait=timedelta(hours=1))
    await evening.nights.answer(BEN, night.night_id, "in")
    await evening.run()
    evening.channel.refuses = None
    (card,) = evening.channel.cards
    for minutes in (30, 29):
        evening.clock.advance(minutes=minutes)
        await evening.run()
        assert len(evening.channel.cards[card].people) == 1
    evening.clock.advance(minutes=1)
    await evening.run()
    assert len(evening.channel.cards[card].people) == 2


async def test_a_warning_that_does_not_get_through_holds_up_nothing(evening: Evening):
    bad, good = await evening.plan(), await evening.plan()
    go = asyncio.Event()
    warned = evening.channel.warned

    async def warn(night: Night, line: str) -> None:
        await go.wait()
        warned.append(line)

    evening.channel.warn = warn
    evening.channel.refuses = NO_PERMISSION
    await evening.nights.deliver(evening.channel, patience=0)
    for night in (bad, good):
        while not (await evening.nights.get(ANA, night.night_id)).trouble:
            await evening.nights.deliver(evening.channel, patience=0)
    evening.channel.refuses = None
    evening.clock.now += LATER
    await evening.nights.deliver(evening.channel, patience=0)
    await until(lambda: evening.channel.kinds() == ["card", "card"])
    assert warned == []
    go.set()
    await until(lambda: len(warned) == 2)


@pytest.mark.parametrize("together", [True, False])
async def test_what_stands_behind_something_held_waits_for_it(evening: Evening, together: bool):
    """It comes up `together` with what is held, or later, and could go at once."""
    held, other = await evening.plan(), await evening.plan()
    await evening.run()
    post = evening.channel.post

    async def picky(night: Night, announcement: Announcement) -> int:
        if night.night_id == held.night_id and announcement.kind == "moved":
            raise NO_PERMISSION
        return await post(night, announcement)

    evening.channel.post = picky
    for night in (held, other):
        await evening.nights.move(ANA, night.night_id, evening.date(days=5))
        if not together:
            await evening.run()
        await evening.nights.cancel(ANA, night.night_id)
        await evening.run()
    assert evening.channel.kinds() == ["card", "card", "moved", "cancelled"]
    assert {one.night_id for one in evening.channel.announcements[2:]} == {other.night_id}
    # Its message could be changed, and still it is in trouble.
    assert (await evening.nights.get(ANA, held.night_id)).trouble == str(NO_PERMISSION)
    evening.channel.post = post
    evening.clock.now += LATER
    await evening.run()
    assert evening.channel.kinds()[4:] == ["moved", "cancelled"]


async def test_a_night_that_is_stuck_again_is_told_again(evening: Evening, monkeypatch: pytest.MonkeyPatch):
    night = await evening.plan()
    await evening.run()

    @asynccontextmanager
    async def full():
        raise UserError("the disk of the bot's computer is full")
        yield

    for times in (1, 2):
        await evening.nights.answer(BEN, night.night_id, "in")
        with monkeypatch.context() as patched:
            patched.setattr(evening.world.store, "write", full)
            for _ in range(3):
                await evening.run()
        assert len(evening.channel.warned) == times
        await evening.run()
        await evening.run()
    (card,) = evening.channel.cards.values()
    assert len(card.people) == 2


async def test_what_is_said_for_the_first_time_is_not_looked_for(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    async def find(_night: Night, _announcement: Announcement) -> int | None:
        raise AssertionError("it was never begun")

    monkeypatch.setattr(evening.channel, "find", find)
    await evening.plan()
    await evening.run()
    assert evening.channel.kinds() == ["card"]


async def test_a_message_that_cannot_be_changed_is_left_alone_while_others_are_said(evening: Evening):
    night = await evening.plan()
    await evening.run()
    tries: list[int] = []

    async def refresh(shown: Night) -> None:
        tries.append(shown.revision)
        raise Undelivered("too often", lasting=False, wait=timedelta(hours=1))

    evening.channel.refresh = refresh
    for days in (5, 6):
        await evening.nights.move(ANA, night.night_id, evening.date(days=days))
        await evening.run()
    assert evening.channel.kinds() == ["card", "moved", "moved"]
    assert len(tries) == 1
    evening.clock.advance(hours=1)
    await evening.run()
    assert len(tries) == 2


async def test_a_night_that_cannot_be_read_is_logged_once_and_goes_on_afterwards(
    evening: Evening, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    async def broken(*_: object) -> Night:
        raise ZeroDivisionError

    await evening.plan()
    with monkeypatch.context() as patched:
        patched.setattr("bot.services.nights.outbox.night_view", broken)
        for _ in range(3):
            await evening.run()
    assert len([one for one in caplog.records if one.exc_info]) == 1
    await evening.run()
    assert evening.channel.kinds() == ["card"]
