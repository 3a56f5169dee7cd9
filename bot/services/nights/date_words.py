"""The words in which people write one date: taken apart, and nothing of them left over.

A grammar of our own, because the libraries for this guess: they read ``tonight at 9`` as now, ``31.2. 20:00``
as today and ``4.12.`` as 12 April, and pass over words they do not know. Here a word that is not understood,
or that people read in two ways, is refused.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.errors import UserError

HINT = "write for example friday 20:00, tomorrow 8pm or 2026-12-04 20:00"

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MORNING, _EVENING, _NIGHT = "morning", "evening", "night"
_PARTS = {"morning": _MORNING, "afternoon": _EVENING, "evening": _EVENING, "night": _NIGHT}

MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_WEEKDAY = (
    "mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
)
_YEAR = r"(?:,?\s?(\d{4})(?![:\d]))?"
_MERIDIEM = r"(a|p)\.?m\b\.?"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of the calendar, perhaps without its year, and how it was written."""

    day: int
    month: int
    year: int | None
    written: str


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day. `half` is ``am``, ``pm``, or empty where only 24-hour writing decides."""

    hour: int
    minute: int
    half: str
    padded: bool
    written: str


@dataclass(slots=True)
class Words:
    """What one date was said to be; what was not said is None or empty.

    Attributes
    ----------
    text : str
        As it was written.
    offset : int or None
        Days from today.
    weekday : int or None
        0 is Monday.
    calendar : CalendarDay or None
    clock : Clock or None
    part : str
        ``morning``, ``evening`` or ``night``.
    later : timedelta or None
        Counted from now, as in ``in 3 hours``.
    which : int or None
        Of an hour that happens twice: 0 the first, 1 the second.
    """

    text: str
    offset: int | None = None
    weekday: int | None = None
    calendar: CalendarDay | None = None
    clock: Clock | None = None
    part: str = ""
    later: timedelta | None = None
    which: int | None = None

    @property
    def has_day(self) -> bool:
        """Whether a day is named."""
        return not (self.offset is None and self.weekday is None and self.calendar is None)


def read_words(text: str) -> Words:
    """Take one date apart.

    Raises
    ------
    UserError
        If a word is not understood, is read in two ways, or says again what another one said.
    """
    words = Words(text)
    rest = text.strip()
    while rest:
        for pattern, take in _RULES:
            found = pattern.match(rest)
            if found is not None:
                take(words, found)
                rest = rest[found.end() :].lstrip()
                break
        else:
            raise UserError(f"I do not understand “{rest[:40]}” in “{text[:60]}”; {HINT}")
    return words


def _say_day(words: Words) -> None:
    if words.has_day or words.later is not None:
        raise UserError(f"“{words.text[:60]}” names two days; put a comma between two dates")


def _today(words: Words, found: re.Match[str]) -> None:
    _say_day(words)
    words.offset = {"today": 0, "tonight": 0, "tomorrow": 1}.get(found[1], 2)
    if found[1] == "tonight":
        words.part = _NIGHT


def _weekday(words: Words, found: re.Match[str]) -> None:
    if words.weekday is not None or words.offset is not None or words.later is not None:
        _say_day(words)
        raise UserError(f"“{words.text[:60]}” names two days; put a comma between two dates")
    words.weekday = next(i for i, name in enumerate(_WEEKDAYS) if name.startswith(found[1][:3]))


def _next_weekday(_: Words, found: re.Match[str]) -> None:
    raise UserError(
        f"“{found[0]}” means this week's to some and the week after's to others; "
        f"write “{found[1]}” for the coming one, or the date"
    )


def _calendar(words: Words, day: str, month: int, year: str | None, written: str) -> None:
    if words.calendar is not None or words.offset is not None or words.later is not None:
        _say_day(words)
        raise UserError(f"“{words.text[:60]}” names two days; put a comma between two dates")
    full = None if year is None else int(year) + (2000 if len(year) == 2 else 0)
    words.calendar = CalendarDay(int(day), month, full, written.strip(" ,"))


def _iso(words: Words, found: re.Match[str]) -> None:
    _calendar(words, found[3], int(found[2]), found[1], found[0])


def _dotted(words: Words, found: re.Match[str]) -> None:
    if int(found[2]) > 12:
        raise UserError(f"“{found[0]}” is no date, for there is no month {found[2]}; a time is written 20:30")
    _calendar(words, found[1], int(found[2]), found[3] or found[4], found[0])


def _slashed(words: Words, found: re.Match[str]) -> None:
    first, second = int(found[1]), int(found[2])
    if first <= 12 and second <= 12 and first != second:
        raise UserError(
            f"“{found[0]}” is {first} {month_name(second)} or {month_name(first)} {second}, as one reads it; "
            f"write {first}.{second}. or {second}.{first}. (the day first), or 2026-12-04"
        )
    day, month = (second, first) if second > 12 else (first, second)
    _calendar(words, str(day), month, found[3], found[0])


def _month(name: str) -> int:
    return next(i for i, month in enumerate(_MONTHS, 1) if month.startswith(name[:3]))


def _day_month(words: Words, found: re.Match[str]) -> None:
    _calendar(words, found[1], _month(found[2]), found[3], found[0])


def _month_day(words: Words, found: re.Match[str]) -> None:
    _calendar(words, found[2], _month(found[1]), found[3], found[0])


def _relative(words: Words, found: re.Match[str]) -> None:
    _say_day(words)
    number = {"a": 1, "an": 1}.get(found[1])
    if number is None:
        number = int(found[1]) if found[1].isdecimal() else _NUMBERS.index(found[1])
    if found[2].startswith(("day", "week")):
        words.offset = number * (7 if found[2].startswith("week") else 1)
    else:
        words.later = timedelta(hours=number) if found[2].startswith("h") else timedelta(minutes=number)


def _clock(words: Words, hour: str, minute: str | None, half: str, written: str) -> None:
    if words.clock is not None:
        raise UserError(f"“{words.text[:60]}” names two times; put a comma between two dates")
    words.clock = Clock(int(hour), int(minute or 0), half, len(hour) == 2, written.strip())


def _half_day(words: Words, found: re.Match[str]) -> None:
    _clock(words, found[1], found[2], f"{found[3]}m", found[0])


def _whole_day(words: Words, found: re.Match[str]) -> None:
    _clock(words, found[1], found[2], "", found[0])


def _bare_hour(words: Words, found: re.Match[str]) -> None:
    _clock(words, found[1], None, "bare", found[0])


def _noon(words: Words, found: re.Match[str]) -> None:
    _clock(words, "12", None, "pm", found[0])


def _midnight(_: Words, _found: re.Match[str]) -> None:
    raise UserError("midnight belongs to two days; write 00:00 for a day's beginning or 23:59 for its end")


def _part(words: Words, found: re.Match[str]) -> None:
    words.part = _PARTS[found[1]]


def _which(words: Words, found: re.Match[str]) -> None:
    words.which = int(found[1] == "second")


def _filler(_: Words, _found: re.Match[str]) -> None:
    """Says nothing by itself."""


def month_name(month: int) -> str:
    """``December`` for 12."""
    return _MONTHS[month - 1].capitalize() if 1 <= month <= 12 else f"month {month}"


def day_name(day: date) -> str:
    """``Friday``."""
    return _WEEKDAYS[day.weekday()].capitalize()


def _rule(
    pattern: str, take: Callable[[Words, re.Match[str]], None]
) -> tuple[re.Pattern[str], Callable[[Words, re.Match[str]], None]]:
    # A rule ends where a word ends, so that “mon” is not found in “monster”.
    return re.compile(rf"(?:{pattern})(?![^\W_])", re.ASCII), take


_RULES = (
    _rule(r"(\d{4})-(\d{1,2})-(\d{1,2})", _iso),
    _rule(r"next\s(?:week\s)?(" + _WEEKDAY + ")", _next_weekday),
    _rule(r"(day\safter\stomorrow|today|tonight|tomorrow)", _today),
    _rule(rf"(\d{{1,2}})(?:st|nd|rd|th|\.)?\s?(?:of\s)?({MONTH})\b\.?{_YEAR}", _day_month),
    _rule(rf"({MONTH})\b\.?\s?(\d{{1,2}})(?:st|nd|rd|th)?(?!\d|\s?[ap]\.?m|[:h]){_YEAR}", _month_day),
    _rule(rf"in\s(an?|{'|'.join(_NUMBERS[1:])}|\d{{1,3}})\s?(minutes?|mins?|hours?|days?|weeks?)", _relative),
    _rule(rf"(\d{{1,2}})(?:[:.](\d\d))?\s?{_MERIDIEM}", _half_day),
    _rule(r"(\d{1,2}):(\d\d)(?::00)?(?:\s?(?:h|o'clock))?", _whole_day),
    _rule(r"(\d{1,2})h(\d\d)?", _whole_day),
    _rule(r"(\d{1,2})\.\s?(\d{1,2})(?:\.(\d\d)(?![\d:h])|\.?\s?(\d{4})(?![:\d]))?\.?", _dotted),
    _rule(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d\d))?", _slashed),
    _rule(rf"(?:this\s|coming\s)?({_WEEKDAY})\b\.?", _weekday),
    _rule(r"(?:at\s)?noon", _noon),
    _rule(r"(?:at\s)?midnight", _midnight),
    _rule(r"(?:in\sthe\s|this\s)?(morning|afternoon|evening|night)", _part),
    _rule(r"at\s(\d{1,2})(?![\d:./h])(?!\s?[ap]\.?m)(?:\s?o'clock)?", _bare_hour),
    _rule(r"(first|second)", _which),
    _rule(r"on(?:\sthe)?|at|the", _filler),
    _rule(r"(\d{1,2})(?:\s?o'clock)?", _bare_hour),
)
"""Tried in this order at each place of the text."""
