"""When the steps of a night come, and what a plan must be like."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.errors import UserError
from bot.services.filters import checked
from bot.services.nights.answers import Plan

SOONEST = timedelta(minutes=10)
LATEST = timedelta(days=365)
MOST_DATES = 10
MOST_NOMINATIONS = 10
MOST_QUORUM = 100
LONGEST_THEME = 200

LAST_HOURS = timedelta(hours=2)
"""So long before the night the vote closes, if there is time."""
A_DAY = timedelta(hours=24)

DAY_BEFORE, SOON_BEFORE = timedelta(days=1), timedelta(minutes=30)
USUAL_RUNTIME = timedelta(minutes=120)
MARGIN = timedelta(minutes=15)
RATING_DAYS = timedelta(days=3)


class Schedule(NamedTuple):
    """When the vote on the date closes, the one on the movie opens, and closes."""

    dates_close: datetime
    vote_opens: datetime
    vote_closes: datetime


def schedule(now: datetime, first: datetime, vote_closes: datetime | None = None) -> Schedule:
    """The times before a night: days where there are days, and shares of what is left where there are not.

    The vote closes two hours before the night, or when a fifth of the time is left; it opens a day before
    that, or half-way; the vote on the date closes a day before that, or half-way.

    Parameters
    ----------
    now : datetime
    first : datetime
        Start of the night, or the earliest date that is proposed.
    vote_closes : datetime, optional
        If it was chosen.
    """
    closes = first - min(LAST_HOURS, (first - now) / 5) if vote_closes is None else vote_closes
    opens = closes - min(A_DAY, (closes - now) / 2)
    return Schedule(opens - min(A_DAY, (opens - now) / 2), opens, closes)


def over_at(start: datetime, runtime: int | None) -> datetime:
    """When a night is taken to be over; two hours of movie where the runtime is unknown."""
    length = USUAL_RUNTIME if runtime is None else timedelta(minutes=runtime)
    return start + length + MARGIN


def checked_date(date: datetime, now: datetime) -> datetime:
    """A start that can be planned.

    Raises
    ------
    UserError
        If it is past, too near or too far.
    """
    if date < now:
        raise UserError("that date is past: name one that is ahead")
    if date < now + SOONEST:
        raise UserError(f"that is too near: a night needs {SOONEST.seconds // 60} minutes to be planned")
    if date > now + LATEST:
        raise UserError("that is more than a year ahead: name an earlier date")
    return date


def checked_plan(plan: Plan, now: datetime) -> Plan:
    """The plan with its dates in order and its filters as they are spelled.

    Raises
    ------
    UserError
        If something is out of its range.
    """
    dates = tuple(sorted({checked_date(date, now) for date in plan.dates}))
    if not dates:
        raise UserError("say when the night is to be, for example: friday 8pm")
    if len(dates) > MOST_DATES:
        raise UserError(f"{len(dates)} dates are too many: propose at most {MOST_DATES}")
    theme = " ".join(plan.theme.split())
    if len(theme) > LONGEST_THEME:
        raise UserError(f"the theme has {len(theme)} characters, {LONGEST_THEME} are the most")
    if not 1 <= plan.quorum <= MOST_QUORUM:
        raise UserError(f"a quorum of {plan.quorum} is out of range: 1 to {MOST_QUORUM}")
    if not 0 <= plan.nominations_each <= MOST_NOMINATIONS:
        raise UserError(
            f"{plan.nominations_each} nominations for each are out of range: 0 to {MOST_NOMINATIONS}"
        )
    checked_close(plan.vote_closes_at, now, dates[0])
    return replace(plan, dates=dates, theme=theme, filters=checked(plan.filters))


def checked_close(closes: datetime | None, now: datetime, start: datetime) -> None:
    """Make sure that a vote can close then.

    Raises
    ------
    UserError
        If that is past, or not before the night.
    """
    if closes is not None and not now < closes <= start:
        raise UserError("the vote has to close before the night begins, and not in the past")
