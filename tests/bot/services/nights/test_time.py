"""What time does to nights: bots that were off, dates that move, weeks and summer time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.services.nights.announcing import announcement_lines
from bot.services.nights.deliverer import Undelivered
from bot.services.nights.planning import SOONEST, over_at, schedule
from bot.services.nights.repeating import next_slot
from bot.services.nights.states import FINISHED, TRANSITIONS
from tests.bot.services.nights.conftest import ANA, BEN, GUILD, Evening, key_of

BERLIN = ZoneInfo("Europe/Berlin")


async def test_a_week_offline_is_made_up_for_once_in_order_and_said_to_be_late(evening: Evening):
    night = await evening.plan(ANA, theme="Space")
    await evening.run()
    evening.clock.now += timedelta(days=7)
    evening.restart()
    await evening.run()
    late = [(kind, "late") for kind in ("vote_open", "remind_day", "remind_soon", "result", "rate")]
    assert evening.channel.said == [("card", ""), *late]
    dues = [one.due_at for one in evening.channel.announcements]
    assert dues == sorted(dues)
    # Nobody is called to what has begun.
    reminders = [one for one in evening.channel.announcements if one.kind in ("remind_day", "remind_soon")]
    assert [(one.mention, one.facts) for one in reminders] == [((), {"began": "yes"})] * 2
    told = announcement_lines(await evening.nights.get(ANA, night.night_id), reminders[0], str)
    assert "began 2026-03-05" in told[0]
    assert (await evening.nights.get(ANA, night.night_id)).state == "rating"
    evening.restart()
    assert await evening.run() == 0
    assert len(evening.channel.said) == 6


async def test_a_day_offline_keeps_the_ballots(evening: Evening):
    night = await evening.voting(50, 51, vote_kind="score")
    await evening.nights.cast(BEN, night.night_id, {key_of(night, 51): 5})
    await evening.run()
    evening.clock.now += timedelta(days=3, hours=23)
    evening.restart()
    await evening.run()
    night = await evening.nights.get(ANA, night.night_id)
    assert night.state == "decided"
    assert night.winner is not None
    assert night.winner.movie_id == 51
    assert ("result", "late") in evening.channel.said


async def test_a_night_that_moves_takes_its_times_along(evening: Evening):
    night = await evening.plan(ANA, evening.date(days=2))
    await evening.go(days=1, minutes=30)
    assert "remind_day" in evening.channel.kinds()
    before = await evening.nights.get(ANA, night.night_id)
    assert before.vote_closes_at is not None
    moved = await evening.nights.move(ANA, night.night_id, evening.date(days=5))
    assert moved.state == "voting"
    assert moved.starts_at is not None
    assert moved.vote_closes_at is not None
    assert before.starts_at is not None
    assert moved.vote_closes_at - before.vote_closes_at == moved.starts_at - before.starts_at
    await evening.go(days=6)
    # A new date is a new reminder.
    assert evening.channel.kinds().count("remind_day") == 2
    assert evening.channel.kinds().count("remind_soon") == 1
    assert evening.channel.kinds().count("moved") == 1


async def test_a_night_planned_at_short_notice_and_moved_far_ahead_has_the_usual_times(evening: Evening):
    night = await evening.plan(ANA, evening.date(minutes=30))
    assert (night.starts_at, night.vote_closes_at) == (evening.date(minutes=30), evening.date(minutes=24))
    evening.clock.advance(minutes=2)
    moved = await evening.nights.move(ANA, night.night_id, evening.date(days=7))
    assert moved.starts_at is not None
    assert moved.vote_closes_at == moved.starts_at - timedelta(hours=2)
    # What was chosen keeps its distance.
    closes = evening.date(minutes=25)
    chosen = await evening.plan(ANA, evening.date(minutes=30), vote_closes_at=closes)
    moved = await evening.nights.move(ANA, chosen.night_id, evening.date(days=7))
    assert moved.starts_at is not None
    assert moved.vote_closes_at == moved.starts_at - timedelta(minutes=5)


async def test_a_moved_date_ends_the_vote_on_dates(evening: Evening):
    night = await evening.plan(ANA, evening.date(days=5), evening.date(days=6))
    date = evening.date(days=8)
    moved = await evening.nights.move(ANA, night.night_id, date)
    assert (moved.state, moved.starts_at, moved.dates_close_at) == ("gathering", date, None)


async def test_a_chosen_close_of_the_vote_is_kept(evening: Evening):
    closes = evening.date(days=2)
    night = await evening.plan(ANA, evening.date(days=3), evening.date(days=4), vote_closes_at=closes)
    assert night.vote_closes_at == closes
    night = await evening.nights.close(ANA, night.night_id)
    assert night.vote_closes_at == closes
    night = await evening.nights.open_vote(ANA, night.night_id)
    assert night.vote_closes_at == closes


async def test_a_series_makes_each_night_and_one_can_be_skipped_or_moved_alone(evening: Evening):
    await evening.nights.change_settings(GUILD, time_zone="Europe/Berlin")
    start = datetime(2026, 3, 20, 19, tzinfo=UTC)  # 20:00 in winter
    night = await evening.plan(ANA, start, theme="Friday", guests=((2, "Ben"),), quorum=2)
    night = await evening.nights.repeat(ANA, night.night_id)
    with pytest.raises(UserError, match="already"):
        await evening.nights.repeat(ANA, night.night_id)
    await evening.go(days=20)
    second = (await evening.nights.open(ANA))[-1]
    # A week later the clocks have not changed yet; on 29 March they do.
    assert second.starts_at == datetime(2026, 3, 27, 19, tzinfo=UTC)
    assert (second.theme, second.guests, second.quorum, second.host_id) == ("Friday", (2,), 2, 1)
    await evening.nights.cancel(ANA, second.night_id)
    await evening.go(days=8)
    third = (await evening.nights.open(ANA))[-1]
    assert third.starts_at == datetime(2026, 4, 3, 18, tzinfo=UTC)  # 20:00 in summer
    await evening.nights.move(ANA, third.night_id, datetime(2026, 4, 4, 18, tzinfo=UTC))
    await evening.go(days=7)
    fourth = (await evening.nights.open(ANA))[-1]
    assert fourth.starts_at == datetime(2026, 4, 10, 18, tzinfo=UTC)
    await evening.nights.stop_repeating(ANA, fourth.night_id)
    await evening.go(days=20)
    assert await evening.nights.open(ANA) == []
    assert evening.channel.kinds().count("card") == 4


async def test_who_hosted_a_skipped_night_and_left_does_not_host_the_next(evening: Evening):
    skipped = await evening.plan(ANA, evening.date(days=2))
    await evening.nights.repeat(ANA, skipped.night_id)
    await evening.nights.cancel(ANA, skipped.night_id)
    await evening.nights.member_left(GUILD, 2)
    assert (await evening.nights.get(ANA, skipped.night_id)).host_id == 1
    await evening.nights.member_left(GUILD, 1)
    await evening.go(days=3)
    (following,) = await evening.nights.open(ANA)
    assert (following.host_id, following.people) == (None, ())
    # Without a host whoever comes runs it.
    await evening.nights.answer(BEN, following.night_id, "in")
    await evening.nights.cancel(BEN, following.night_id)


async def test_a_series_that_slept_for_weeks_goes_on_with_the_next_night_ahead(evening: Evening):
    night = await evening.plan(ANA, evening.date(days=2))
    await evening.nights.repeat(ANA, night.night_id)
    evening.clock.now += timedelta(days=30)
    evening.restart()
    await evening.run()
    ahead = [one for one in await evening.nights.open(ANA) if one.state == "gathering"]
    assert len(ahead) == 1
    assert ahead[0].starts_at is not None
    assert night.starts_at is not None
    assert ahead[0].starts_at - night.starts_at == timedelta(weeks=5)


async def test_a_series_that_reaches_nobody_ends(evening: Evening):
    night = await evening.plan(ANA, evening.date(days=7))
    await evening.nights.repeat(ANA, night.night_id)
    evening.channel.refuses = Undelivered("the channel is gone", lasting=True)
    await evening.go(days=12)
    assert await evening.nights.open(ANA) == []
    assert await evening.nights.next_due() is None


async def test_repeating_needs_a_date(evening: Evening):
    night = await evening.plan(ANA, evening.date(days=5), evening.date(days=6))
    with pytest.raises(UserError, match="no date yet"):
        await evening.nights.repeat(ANA, night.night_id)
    with pytest.raises(UserError, match="not repeated"):
        await evening.nights.stop_repeating(ANA, night.night_id)


@pytest.mark.parametrize(
    ("first", "after", "expected"),
    [
        # To summer time: the same hour on the clock is an hour earlier in UTC.
        ("2026-03-27T20:00", "2026-03-27T19:30+00:00", "2026-04-03T18:00+00:00"),
        # To winter time.
        ("2026-10-23T20:00", "2026-10-23T18:30+00:00", "2026-10-30T19:00+00:00"),
        # An hour that the clock leaves out is an hour later that day.
        ("2026-03-22T02:30", "2026-03-22T02:00+00:00", "2026-03-29T01:30+00:00"),
        # One that it shows twice is the first.
        ("2026-10-18T02:30", "2026-10-18T01:00+00:00", "2026-10-25T00:30+00:00"),
    ],
)
def test_the_local_hour_is_kept(first: str, after: str, expected: str):
    slot = next_slot(datetime.fromisoformat(first), BERLIN, datetime.fromisoformat(after))
    assert slot == datetime.fromisoformat(expected)


@given(
    st.datetimes(datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2030-01-01")),
    st.timedeltas(timedelta(days=-30), timedelta(days=900)),
)
def test_the_next_slot_is_ahead_and_the_first_that_is(first: datetime, later: timedelta):
    after = (first + later).replace(tzinfo=BERLIN).astimezone(UTC)
    slot = next_slot(first, BERLIN, after)
    assert slot > after
    local = slot.astimezone(BERLIN).replace(tzinfo=None)
    away = (local - first) % timedelta(weeks=1)
    assert away in (timedelta(), timedelta(hours=1))
    assert (
        slot - after <= timedelta(weeks=1, hours=1) or slot.astimezone(BERLIN).replace(tzinfo=None) == first
    )


@given(st.timedeltas(SOONEST, timedelta(days=365)))
def test_the_times_before_a_night_are_in_order(ahead: timedelta):
    now = datetime(2026, 3, 1, tzinfo=UTC)
    times = schedule(now, now + ahead)
    assert now < times.dates_close < times.vote_opens < times.vote_closes < now + ahead
    chosen = schedule(now, now + ahead, now + ahead / 3)
    assert now < chosen.dates_close < chosen.vote_opens < chosen.vote_closes == now + ahead / 3


def test_with_days_ahead_the_vote_takes_a_day_and_ends_two_hours_before():
    now = datetime(2026, 3, 1, tzinfo=UTC)
    night = now + timedelta(days=10)
    times = schedule(now, night)
    assert night - times.vote_closes == timedelta(hours=2)
    assert times.vote_closes - times.vote_opens == times.vote_opens - times.dates_close == timedelta(days=1)
    assert over_at(night, 90) - night == timedelta(minutes=105)
    assert over_at(night, None) - night == timedelta(minutes=135)


def test_nothing_leads_out_of_the_end_and_everything_else_leads_to_it():
    states = {state for state, _ in TRANSITIONS} | set(TRANSITIONS.values())
    reached = {"planning"}
    for _ in states:
        reached |= {after for (state, _), after in TRANSITIONS.items() if state in reached}
    assert reached == states
    assert not any(state in FINISHED for state, _ in TRANSITIONS)
    assert all((state, "cast") not in TRANSITIONS for state in states - {"voting"})
    for start in states - set(FINISHED):
        ends = {start}
        for _ in states:
            ends |= {after for (state, _), after in TRANSITIONS.items() if state in ends}
        assert ends & set(FINISHED)


async def test_a_series_whose_night_was_skipped_can_be_stopped_without_its_number(evening: Evening):
    with pytest.raises(UserError, match="no movie night is repeated"):
        await evening.nights.repeated(ANA)
    night = await evening.plan()
    await evening.plan(ANA, evening.date(days=2))
    await evening.nights.repeat(ANA, night.night_id)
    await evening.nights.cancel(ANA, night.night_id)
    await evening.run()
    skipped = await evening.nights.repeated(ANA)
    assert (skipped.night_id, skipped.state) == (night.night_id, "cancelled")
    (said,) = [one for one in evening.channel.announcements if one.kind == "cancelled"]
    assert "skipped this once" in announcement_lines(skipped, said, str)[1]
    other = await evening.plan(BEN, evening.date(days=3))
    await evening.nights.repeat(BEN, other.night_id)
    with pytest.raises(UserError, match=f"several.*{other.night_id}.*{night.night_id}"):
        await evening.nights.repeated(ANA)
    assert (await evening.nights.repeated(ANA, other.night_id)).night_id == other.night_id
    await evening.nights.stop_repeating(ANA, skipped.night_id)
    assert (await evening.nights.repeated(ANA)).night_id == other.night_id
