"""Nights that come every week: the same hour on the clock, whatever the offset of its zone is then."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.errors import UserError
from bot.services.nights import candidates
from bot.services.nights.planning import SOONEST
from bot.services.nights.steps import arrange, night_of, say
from bot.store import Connection, night_people, night_timers, nights
from bot.store.nights import StoredNight, StoredSeries

WEEK = timedelta(weeks=1)


def next_slot(first_local: datetime, zone: ZoneInfo, after: datetime) -> datetime:
    """The first hour of a weekly series that is later than a time.

    An hour that the clock leaves out is taken with the offset from before the change, so it is an hour
    later on that day; of one that the clock shows twice it is the first.

    Parameters
    ----------
    first_local : datetime
        Without a zone.
    zone : ZoneInfo
    after : datetime

    Returns
    -------
    datetime
        In UTC.
    """
    weeks = max((after.astimezone(zone).replace(tzinfo=None) - first_local) // WEEK - 1, 0)
    while True:
        slot = (first_local + weeks * WEEK).replace(tzinfo=zone).astimezone(UTC)
        if slot > after:
            return slot
        weeks += 1


async def begin(db: Connection, night: StoredNight, time_zone: str, now: datetime) -> None:
    """Make a night the first of a series.

    Raises
    ------
    UserError
        If it is one of a series already, or has no date yet.
    """
    if night.series_id is not None:
        series = await nights.series(db, night.series_id)
        if series is not None and series.ended_at is None:
            raise UserError("this night is repeated every week already")
    if night.starts_at is None:
        raise UserError("this night has no date yet: close the vote on it first, then repeat it")
    if night.state in ("over", "cancelled"):
        raise UserError("this night is past: plan a new one and repeat that")
    local = night.starts_at.astimezone(ZoneInfo(time_zone)).replace(tzinfo=None)
    number = await nights.add_series(db, night.guild_id, local.isoformat(), time_zone)
    await nights.change(db, night.night_id, series_id=number, slot=night.starts_at)
    await night_timers.set_timer(db, night.night_id, "repeat", max(night.starts_at, now))


async def end(db: Connection, night: StoredNight, now: datetime) -> None:
    """End the series of a night.

    Raises
    ------
    UserError
        If it is not repeated.
    """
    series = await running(db, night)
    if series is None:
        raise UserError("this night is not repeated")
    await nights.end_series(db, series.series_id, now)
    await nights.change(db, night.night_id, series_id=None, slot=None)


async def running(db: Connection, night: StoredNight) -> StoredSeries | None:
    """The series of a night, if it goes on."""
    series = None if night.series_id is None else await nights.series(db, night.series_id)
    return None if series is None or series.ended_at is not None else series


async def host_left(db: Connection, guild_id: int, user_id: int) -> None:
    """Somebody left the server: the night that follows one they hosted and skipped is not theirs to run."""
    for night in await nights.newest_of_series(db, guild_id):
        host = await night_people.host(db, night.night_id)
        if night.state == "cancelled" and host is not None and host.user_id == user_id:
            await night_people.set_host(db, night.night_id, None)


async def next_night(db: Connection, night: StoredNight, now: datetime, due_at: datetime) -> None:
    """Open the night that follows in the series: planned like this one, for the next hour that is ahead."""
    series = await running(db, night)
    if series is None or night.slot is None:
        return
    card = await night_timers.newest(db, night.night_id, "card")
    if card is not None and card.sent_at is None and card.failure:
        # For a whole week nobody could be told of this night: the channel or the server is gone.
        await nights.end_series(db, series.series_id, now)
        return
    first = datetime.fromisoformat(series.first_local)
    slot = next_slot(first, ZoneInfo(series.time_zone), max(now + SOONEST, night.slot))
    if await nights.of_slot(db, series.series_id, slot) is not None:
        return
    number = await nights.add(
        db,
        guild_id=night.guild_id,
        channel_id=night.channel_id,
        state="gathering",
        wishes=night.wishes,
        invited_role_id=night.invited_role_id,
        for_guests=night.for_guests,
        vote_kind=night.vote_kind,
        quorum=night.quorum,
        nominations_each=night.nominations_each,
        carry_over=night.carry_over,
        starts_at=slot,
        created_at=now,
        series_id=series.series_id,
        slot=slot,
    )
    await nights.copy_theme(db, night.night_id, number)
    host = await night_people.host(db, night.night_id)
    await night_people.set_host(db, number, host and host.user_id)
    guests = await night_people.guests(db, night.night_id)
    await night_people.add_guests(db, number, [guest.user_id for guest in guests])
    await nights.add_dates(db, number, [slot])
    made = await night_of(db, number)
    await candidates.carry_over(db, made)
    await arrange(db, made, now)
    await night_timers.set_timer(db, number, "repeat", slot)
    await say(db, made, "card", now, due_at=due_at)
