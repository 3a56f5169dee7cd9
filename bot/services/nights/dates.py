"""Dates as people type them, in the time zone of their server.

What is written means one thing or is refused:

- A weekday is the next one whose time is still ahead, today's included. A day of the calendar without a
  year is the next such day, unless that is more than nine months away.
- Two-digit hours such as 08:30 are those of a 24-hour clock. ``9`` and ``9:30`` need am, pm, or a word
  such as ``tonight``, after which 5 to 11 are the evening's.
- An hour that the clocks leave out is refused. One that happens twice needs ``first`` or ``second``.
- A date in the past, or more than a year ahead, is refused.
"""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import UserError
from bot.services.nights.date_words import (
    HINT,
    MONTH,
    CalendarDay,
    Clock,
    Words,
    day_name,
    month_name,
    read_words,
)

MOST_DATES = 10
FARTHEST = timedelta(days=366)
_WITHOUT_YEAR = timedelta(days=275)
_DAY = timedelta(days=1)


def parse_dates(text: str, now: datetime, time_zone: str) -> list[datetime]:
    """The dates that a text proposes, such as ``fri 20:00, sat 19:30``.

    Parameters
    ----------
    text : str
        One date or several, with a comma, a semicolon, “or” or “and” between them.
    now : datetime
        Aware.
    time_zone : str
        Name of the server's, such as ``Europe/Berlin``.

    Returns
    -------
    list of datetime
        In UTC, the earliest first, each once.

    Raises
    ------
    UserError
        If something is not understood, can be read in two ways, does not exist or has passed.
    """
    now = now.astimezone(UTC)
    pieces = _pieces(text)
    if not pieces:
        raise UserError(f"the date is missing; {HINT}")
    if len(pieces) > MOST_DATES:
        raise UserError(f"that is {len(pieces)} dates, and people can choose among {MOST_DATES} at most")
    several = _joined([read_words(piece) for piece in pieces])
    zone = ZoneInfo(time_zone)
    return sorted({_moment(one, len(several) > 1, zone, now).astimezone(UTC) for one in several})


def parse_date(text: str, now: datetime, time_zone: str) -> datetime:
    """The one date that a text says; see `parse_dates`.

    Raises
    ------
    UserError
        If it is not understood, or there are several.
    """
    dates = parse_dates(text, now, time_zone)
    if len(dates) != 1:
        raise UserError(f"one date is needed there, and “{text[:60]}” has {len(dates)}")
    return dates[0]


def _pieces(text: str) -> list[str]:
    text = " ".join(unicodedata.normalize("NFKC", text).replace("\n", ",").casefold().split())
    text = text.replace("’", "'").replace("@", " at ")
    text = re.sub(r"(?<=\d)t(?=\d)", " ", text)
    # The comma in “December 4, 2026” is part of the date.
    text = re.sub(rf"\b({MONTH})(\.?\s\d{{1,2}}(?:st|nd|rd|th)?),\s?(\d{{4}})\b", r"\1\2 \3", text)
    return [piece.strip() for piece in re.split(r"[,;|]|\bor\b|\band\b", text) if piece.strip()]


def _joined(several: list[Words]) -> list[Words]:
    """Put ``friday, 20:00`` together: a day that lacks a time, before a time that lacks a day."""
    joined: list[Words] = []
    for one in several:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.has_day
            and last.clock is None
            and one.clock is not None
            and not (one.has_day or one.later)
        ):
            joined[-1] = read_words(f"{last.text} {one.text}")
        else:
            joined.append(one)
    return joined


def _moment(words: Words, among_several: bool, zone: ZoneInfo, now: datetime) -> datetime:
    """The one moment that the words mean."""
    if words.later is not None:
        if words.clock is not None or words.part or words.which is not None:
            raise UserError(f"“{words.text[:60]}” says a time twice; {HINT}")
        moment = (now + words.later).astimezone(zone).replace(second=0, microsecond=0)
        return _ahead(moment, words, now)
    if words.clock is None:
        raise UserError(f"“{words.text[:60]}” has no time; write for example {words.text[:60]} 20:00")
    if not words.has_day and among_several:
        raise UserError(f"which day is “{words.text[:60]}”? Write the day with each of several dates")
    clock = _time(words.clock, words.part, words.text)
    if words.part and (words.part == "morning") != (clock.hour < 12):
        raise UserError(f"“{words.text[:60]}” says two times of day; {HINT}")
    today = now.astimezone(zone).date()
    if words.calendar is not None:
        day = _calendar_day(words.calendar, clock, zone, now)
        if words.weekday is not None and words.weekday != day.weekday():
            raise UserError(f"{_written(day)} is a {day_name(day)}; which of the two do you mean?")
    elif words.weekday is not None:
        day = today + timedelta(days=(words.weekday - today.weekday()) % 7)
        if day == today and _as_given(day, clock, zone) <= now:
            day += 7 * _DAY
    else:
        day = today + timedelta(days=words.offset or 0)
    return _ahead(_existing(day, clock, words.which, zone), words, now)


def _ahead(moment: datetime, words: Words, now: datetime) -> datetime:
    if moment.astimezone(UTC) <= now:
        raise UserError(
            f"“{words.text[:60]}” has passed; it is {_written(now.astimezone(moment.tzinfo), now=True)}"
        )
    if moment.astimezone(UTC) - now > FARTHEST:
        raise UserError(f"“{words.text[:60]}” is more than a year ahead; choose a date within a year")
    return moment


def _time(clock: Clock, part: str, text: str) -> time:
    """The time of day, if there is one reading of it."""
    hour, minute, written = clock.hour, clock.minute, clock.written
    if (
        minute > 59
        or hour > (12 if clock.half in ("am", "pm") else 23)
        or (clock.half[1:] == "m" and not hour)
    ):
        raise UserError(f"there is no time “{written}”; write for example 20:30 or 8:30pm")
    if clock.half == "am":
        return time(hour % 12, minute)
    if clock.half == "pm":
        return time(hour % 12 + 12, minute)
    if part and 1 <= hour <= 12:
        return time(_hour_of(part, hour, written, text), minute)
    if part == "night" and hour < 5:
        raise UserError(f"“{written}” at night is the next day's; write that day, as in tomorrow 01:00")
    if hour < 13 and (clock.half == "bare" or not clock.padded):
        shown = f":{minute:02}" if minute else ""
        raise UserError(
            f"is “{written}” in the morning or in the evening? "
            f"Write {hour or 12}{shown}am, {hour or 12}{shown}pm or {(hour + 12) % 24:02}:{minute:02}"
        )
    if clock.half == "bare" and not written.startswith("at"):
        raise UserError(f"is “{written}” a time or a day? Write {hour}:00, or {hour}. and the month")
    return time(hour, minute)


def _hour_of(part: str, hour: int, written: str, text: str) -> int:
    """What 1 to 12 mean after ``morning``, ``evening`` (afternoon, too) or ``night``."""
    if part == "morning":
        return hour % 12
    if part == "night" and not 5 <= hour <= 11:
        raise UserError(f"“{written}” at night is the next day's; write that day, as in tomorrow 01:00")
    if part == "evening" and hour == 12:
        raise UserError(f"“{text[:60]}”: write 12pm for noon or 23:59 for the end of the day")
    return hour + 12


def _calendar_day(named: CalendarDay, clock: time, zone: ZoneInfo, now: datetime) -> date:
    """The named day, this year's or the next one's where no year is given."""
    this_year = now.astimezone(zone).year
    if named.year is not None and abs(named.year - this_year) > 1:
        ahead = named.year > this_year
        raise UserError(f"“{named.written}” {'is more than a year ahead' if ahead else 'has passed'}; {HINT}")
    candidates = [
        day
        for year in ([this_year, this_year + 1] if named.year is None else [named.year])
        if (day := _real(year, named.month, named.day)) is not None
    ]
    if not candidates:
        years = f"{named.year}" if named.year is not None else f"{this_year} or {this_year + 1}"
        raise UserError(f"there is no {named.day} {month_name(named.month)} in {years}")
    if named.year is not None:
        return candidates[0]
    coming = [day for day in candidates if _as_given(day, clock, zone) > now]
    if not coming or _as_given(coming[0], clock, zone) - now > _WITHOUT_YEAR:
        raise UserError(f"“{named.written}” has passed this year; write the year if you mean the next one")
    return coming[0]


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _as_given(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The moment in UTC, whatever the clocks do."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _existing(day: date, clock: time, which: int | None, zone: ZoneInfo) -> datetime:
    """The moment at which clocks in the zone show this, if there is exactly one or it is said which."""
    first, second = (datetime.combine(day, clock, zone).replace(fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        if which is not None:
            raise UserError(f"{clock:%H:%M} happens once on {_written(day)}; leave out “first” or “second”")
        return first
    back = first.astimezone(UTC).astimezone(zone)
    if (back.date(), back.time()) != (day, clock):
        raise UserError(
            f"the clocks in {zone.key} leave out {clock:%H:%M} on {_written(day)}; "
            f"write {back:%H:%M} or a time before the gap"
        )
    if which is None:
        raise UserError(
            f"{clock:%H:%M} happens twice on {_written(day)}, when the clocks in {zone.key} are put back; "
            "write “first” or “second” behind it"
        )
    return (first, second)[which]


def _written(day: date, *, now: bool = False) -> str:
    words = f"{day.day} {month_name(day.month)} {day.year}"
    return f"{words}, {day:%H:%M}" if now else words
