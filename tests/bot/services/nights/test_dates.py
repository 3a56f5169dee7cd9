"""What people type means one moment in their server's zone, or is refused with a reason."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.services.nights.dates import MOST_DATES, parse_date, parse_dates

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 26, 15, 0, tzinfo=BERLIN)
"""A Thursday."""


def read(text: str, now: datetime = NOW, zone: ZoneInfo = BERLIN) -> list[str]:
    return [f"{moment.astimezone(zone):%Y-%m-%d %H:%M %z}" for moment in parse_dates(text, now, zone.key)]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("friday 8pm", "2026-11-27 20:00"),
        ("2026-12-04 20:00", "2026-12-04 20:00"),
        ("2026-12-04T20:00", "2026-12-04 20:00"),
        ("tomorrow 20:30", "2026-11-27 20:30"),
        ("day after tomorrow 20:30", "2026-11-28 20:30"),
        ("tonight at 9", "2026-11-26 21:00"),
        ("tonight 8:30", "2026-11-26 20:30"),
        ("today at 19h", "2026-11-26 19:00"),
        ("8pm", "2026-11-26 20:00"),
        ("in 2 days 8pm", "2026-11-28 20:00"),
        ("in two weeks at 20", "2026-12-10 20:00"),
        ("in 3 hours", "2026-11-26 18:00"),
        ("4.12. 20:00", "2026-12-04 20:00"),
        ("4. 12. 20:00", "2026-12-04 20:00"),
        ("20:00 4.12.2026", "2026-12-04 20:00"),
        ("4.12.26 20h30", "2026-12-04 20:30"),
        ("12/25 20:00", "2026-12-25 20:00"),
        ("Dec 4 8 p.m.", "2026-12-04 20:00"),
        ("4th of December 20:00", "2026-12-04 20:00"),
        ("December 4, 2026 at 8:30 PM", "2026-12-04 20:30"),
        ("friday the 4th of december 8pm", "2026-12-04 20:00"),
        ("friday 4.12. 20:00", "2026-12-04 20:00"),
        ("friday, 20:00", "2026-11-27 20:00"),
        ("friday@20:00", "2026-11-27 20:00"),
        ("FRIDAY   Evening at 8", "2026-11-27 20:00"),
        ("friday 08:30", "2026-11-27 08:30"),
        ("friday 12am", "2026-11-27 00:00"),
        ("friday noon", "2026-11-27 12:00"),
        ("2.1. 19:00", "2027-01-02 19:00"),
        ("mon 20:00", "2026-11-30 20:00"),
    ],
)
def test_one_date(text: str, moment: str):
    assert read(text) == [f"{moment} +0100"]


def test_several_dates_come_in_their_order_and_once():
    assert read("sat 19:30; fri 20:00 or friday 8pm") == ["2026-11-27 20:00 +0100", "2026-11-28 19:30 +0100"]


def test_a_weekday_is_todays_while_its_time_is_ahead():
    assert read("thursday 15:01") == ["2026-11-26 15:01 +0100"]
    assert read("thursday 15:00") == ["2026-12-03 15:00 +0100"]


def test_the_day_is_the_servers_not_the_hosts():
    # In New York it is still the evening before.
    late = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
    assert read("tomorrow 20:00", late, NEW_YORK) == ["2026-11-27 20:00 -0500"]
    assert read("tomorrow 20:00", late, BERLIN) == ["2026-11-28 20:00 +0100"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "the date is missing"),
        ("no idea", "do not understand “no idea”"),
        ("friday 20:00 berlin", "do not understand “berlin”"),
        ("fridayish 20:00", "do not understand"),
        ("friday", "“friday” has no time"),
        ("friday 20:00, saturday", "“saturday” has no time"),
        ("fri 8pm, 9pm", "which day is “9pm”"),
        ("31.2. 20:00", "no 31 February in 2026 or 2027"),
        ("2027-02-29 20:00", "no 29 February in 2027"),
        ("2026-13-01 20:00", "no 1 month 13"),
        ("0.5. 20:00", "no 0 May"),
        ("friday 25:00", "no time “25:00”"),
        ("friday 20:60", "no time “20:60”"),
        ("friday 13pm", "no time “13pm”"),
        ("friday 0pm", "no time “0pm”"),
        ("friday 20.30", "a time is written 20:30"),
        ("friday 9", "morning or in the evening.* 9am, 9pm or 21:00"),
        ("friday 9:30", "9:30am, 9:30pm or 21:30"),
        ("friday 20", "a time or a day"),
        ("friday midnight", "midnight belongs to two days"),
        ("tonight at 1", "the next day's"),
        ("tonight 00:30", "the next day's"),
        ("friday morning 20:00", "two times of day"),
        ("friday evening 9am", "two times of day"),
        ("friday afternoon at 12", "12pm for noon"),
        ("next friday 8pm", "“next friday” means"),
        ("4/12 20:00", "4 December or April 12"),
        ("friday saturday 20:00", "two days"),
        ("tomorrow 4.12. 20:00", "two days"),
        ("friday 20:00 21:00", "two times"),
        ("in 3 hours 20:00", "a time twice"),
        ("saturday 4.12. 20:00", "4 December 2026 is a Friday"),
        ("today 15:00", "has passed; it is 26 November 2026, 15:00"),
        ("2025-12-04 20:00", "has passed"),
        ("20.11. 20:00", "has passed this year; write the year"),
        ("2028-01-01 20:00", "more than a year ahead"),
        ("friday 20:00 first", "happens once"),
        (", ".join(f"{day}.12. 20:00" for day in range(1, MOST_DATES + 2)), "11 dates"),
    ],
)
def test_what_is_refused(text: str, complaint: str):
    with pytest.raises(UserError, match=complaint) as refusal:
        parse_dates(text, NOW, BERLIN.key)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 250


def test_one_date_is_one():
    assert parse_date("friday 8pm", NOW, BERLIN.key) == datetime(2026, 11, 27, 20, tzinfo=BERLIN)
    with pytest.raises(UserError, match="has 2"):
        parse_date("fri 8pm, sat 8pm", NOW, BERLIN.key)


def test_an_hour_that_the_clocks_leave_out_is_refused():
    march = datetime(2027, 3, 20, 12, tzinfo=BERLIN)
    with pytest.raises(UserError, match=r"Europe/Berlin leave out 02:30 on 28 March 2027; write 03:30"):
        read("28.3. 02:30", march)
    assert read("28.3. 01:59, 28.3. 03:00", march) == ["2027-03-28 01:59 +0100", "2027-03-28 03:00 +0200"]


def test_an_hour_that_happens_twice_has_to_be_named():
    october = datetime(2026, 10, 20, 12, tzinfo=BERLIN)
    with pytest.raises(UserError, match="02:30 happens twice on 25 October 2026"):
        read("sunday 02:30", october)
    assert read("sunday 02:30 first, sunday 02:30 second", october) == [
        "2026-10-25 02:30 +0200",
        "2026-10-25 02:30 +0100",
    ]


def test_the_hour_of_the_clock_stays_over_a_change_of_the_clocks():
    saturday = datetime(2026, 10, 24, 20, tzinfo=BERLIN)
    assert read("tomorrow 20:00", saturday) == ["2026-10-25 20:00 +0100"]
    assert read("in 24 hours", saturday) == ["2026-10-25 19:00 +0100"]


@given(
    st.integers(0, 6 * 365 * 24 * 60),
    st.sampled_from([BERLIN, NEW_YORK, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Kathmandu")]),
    st.integers(1, 300),
    st.integers(0, 24 * 60 - 1),
)
def test_what_is_written_in_full_comes_back(begin: int, zone: ZoneInfo, days: int, minutes: int):
    now = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=begin)
    day = now.astimezone(zone).date() + timedelta(days=days)
    written = f"{day} {minutes // 60:02}:{minutes % 60:02}"
    naive = datetime.combine(day, time(minutes // 60, minutes % 60))
    first, second = (naive.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        with pytest.raises(UserError, match=r"leave out|happens twice"):
            parse_dates(written, now, zone.key)
    else:
        (moment,) = parse_dates(written, now, zone.key)
        assert f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" == written
        assert moment > now


def refusal(text: str) -> str:
    """The line with which a text is refused; empty if it is not, and all its dates are ahead."""
    try:
        dates = parse_dates(text, NOW, BERLIN.key)
    except UserError as error:
        return str(error)
    assert dates
    assert all(moment > NOW for moment in dates)
    return ""


@given(st.text(max_size=60))
@example("0001-01-01 00:00")
@example("9999-12-31 23:59")
@example("٤.١٢. ٢٠:٠٠")
@example("9999-99-99 99:99")
@example("in 999 weeks 20:00")
@example("1.1.9999 20:00")
def test_any_text_is_a_date_ahead_or_one_line(text: str):
    assert "\n" not in refusal(text)


WORDS = "friday|fri|4.12.|2026-12-04|dec|4|8pm|20:00|at|in|on|the|first|tonight|2|days|night|,|or|12/25|noon"


@given(st.lists(st.sampled_from(WORDS.split("|")), max_size=7))
def test_any_words_are_a_date_ahead_or_one_line(words: list[str]):
    assert "\n" not in refusal(" ".join(words))
