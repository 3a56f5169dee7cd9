"""A whole night in the console, played by several people, with the time put forward."""

import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.console.demo_night import play_night
from bot.console.people import person
from bot.console.screen import Screen
from bot.services.app import Services
from bot.services.clock import MovableClock
from tests.bot.console.conftest import Terminal, settings_of
from tests.bot.console.test_session import number

NOW = datetime(2026, 3, 26, 12, tzinfo=UTC)  # a Thursday; on Sunday the clocks go forward in Berlin


@pytest.fixture
async def evening(tmp_path: Path) -> AsyncIterator[Terminal]:
    """A terminal without a model whose time stands still until it is moved."""
    async with Services.open(settings_of(tmp_path), MovableClock(lambda: NOW)) as services:
        terminal = Terminal(services)
        await terminal.say("as Ana", "!settings time_zone: Berlin")
        yield terminal


async def test_a_night_from_plan_to_history(evening: Terminal) -> None:
    planned = await evening.say("!night plan saturday 8pm theme: Space vote: score quorum: 2 nominations: 1")
    assert "» Movie night 1: Space" in planned
    assert "Sat 28 Mar 2026 20:00" in planned
    assert "Ana" in await evening.say("as Ben", "!night in")
    assert "can't: Cleo" in await evening.say("as Cleo", "!night out")
    assert "nominated by Ben" in await evening.say("as Ben", "!nominate Heat (1995)")
    assert "the most in this night" in await evening.say("!nominate Alien (1979)")
    opened = await evening.say("as Ana", "!night open")
    assert "the vote is open until Sat 28 Mar 2026 18:00" in opened
    assert "6. Heat (1995) (nominated by Ben)" in opened
    assert "your ballot: Heat (1995) 5" in await evening.say("!night vote Heat = 5, 1 = 2")
    secret = await evening.say("as Ben", "!night vote 6 = 4", "as Cleo", "!night")
    assert "2 ballots so far" in secret
    assert "you have not voted yet" in secret
    assert "Heat (1995) 9" not in secret
    assert "✗ you said that you can't come" in await evening.say("!night vote 1 = 5")
    assert "✗ only its host" in await evening.say("!night close")
    result = await evening.say("as Ana", "!night close")
    assert "we watch Heat (1995), Sat 28 Mar 2026 20:00" in result
    assert "2 ballots, points: Heat (1995) 9" in result
    assert "✗" in await evening.say("!night close")
    later = await evening.say("!clock +2d12h")
    assert later.count("begins Sat 28 Mar 2026 20:00") == 2
    assert later.count("@Ana") == later.count("@Ben") == 3
    assert "how was Heat (1995)?" in later
    assert "late" not in later
    assert "recorded 4½ stars for Heat (1995)" in await evening.say("as Ben", "!night rate 4.5")
    assert await evening.stars("Ben", "Heat (1995)") == 4.5
    history = await evening.say("!night history")
    assert "Heat (1995), 4.5 stars on average" in history
    assert "Ben ★4½" in history
    assert "no movie night is planned" in await evening.say("!clock +4d", "!night")


async def test_several_dates_and_the_marks(evening: Terminal) -> None:
    await evening.say("!night plan friday 8pm, saturday 8pm, sunday 8pm")
    await evening.say("!night in sunday 8pm, saturday 8pm", "as Ben")
    answer = await evening.say("!night in sunday 8pm")
    assert "Sun 29 Mar 2026 20:00: 2 in" in answer
    assert "Sat 28 Mar 2026 20:00: 1 in" in answer
    assert "is no date of this night" in await evening.say("!night in monday 8pm")
    assert "✗ only its host" in await evening.say("!night close")
    assert "is on Sun 29 Mar 2026 20:00 (2 people can)" in await evening.say("as Host", "!night close")


async def test_the_buttons_of_a_night(evening: Terminal) -> None:
    await evening.say("!night plan saturday 8pm", "as Ben")
    shown = await evening.say("!night status 1")
    assert "maybe: Ben" in await evening.say(f"!pick {number(shown, 'maybe')}")
    await evening.say("as Ana", "!nominate Alien (1979)", "!night open", "!night vote 6", "!night close")
    shown = await evening.say("!clock +3d", "as Ben", "!night")
    stars = await evening.say(f"!pick {number(shown, 'rate it')}")
    assert "recorded" in await evening.say(f"!pick {number(stars, '★★★★')}")
    assert (await evening.services.ratings.page(person("Ben").user_id)).total == 1


async def test_nominating_from_the_watchlist_and_withdrawing(evening: Terminal) -> None:
    await evening.say("!night plan saturday 8pm")
    assert "✗ say which movie" in await evening.say("!nominate")
    await evening.say("!watchlist add Alien (1979)")
    assert "[1] Alien (1979)" in await evening.say("!nominate")
    assert "nominated by Ana" in await evening.say("!pick 1")
    assert "no longer your nomination" in await evening.say("!night withdraw alien")
    assert "✗ you nominated nothing" in await evening.say("!night withdraw alien")


async def test_a_weekly_night_keeps_its_hour_and_one_is_skipped(evening: Terminal) -> None:
    await evening.say("!night plan friday 20:00", "!night repeat weekly")
    assert "Fri 3 Apr 2026 20:00, every week" in await evening.say("!clock +2d")
    assert "Movie night 2 (Fri 3 Apr 2026 20:00) is cancelled: holidays" in await evening.say(
        "!night cancel holidays"
    )
    assert "Fri 10 Apr 2026 20:00, every week" in await evening.say("!clock +1w")
    assert "is now on Sat 11 Apr 2026 21:00" in await evening.say("!night move 2026-04-11 21:00")
    assert "no longer repeated" in await evening.say("!night repeat stop")
    assert "✗ behind !night repeat stands" in await evening.say("!night repeat daily")


async def test_a_bot_that_was_off_says_what_is_late(evening: Terminal) -> None:
    await evening.say("!night plan saturday 8pm")
    answer = await evening.say("!clock +1w off")
    assert answer.count("late, the bot was away") == 5
    assert answer.index("the vote was opened") < answer.index("we watch") < answer.index("how was")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("!night", "no movie night is planned"),
        ("!night plan", "the date is missing"),
        ("!night plan saturday 8pm vote: lots", "vote: is one of"),
        ("!night plan saturday 8pm carry_over: perhaps", "carry_over: is yes or no"),
        ("!night plan saturday 8pm quorum: 0", "quorum"),
        ("!night status 77", "no such movie night"),
        ("!night status x", "the number of a night"),
        ("!settings time_zone: Atlantis", "no time zone"),
        ("!clock yesterday", "how far to move the clock"),
        ("!clock +1d asleep", "off"),
        ("!clock +9999d", "at most 400 days"),
    ],
)
async def test_what_is_not_understood_is_one_line(evening: Terminal, line: str, reason: str) -> None:
    answer = await evening.say(line)
    assert answer.startswith("✗ ")
    assert reason in answer
    assert answer.count("\n") == 1


async def test_ballots_by_number_title_and_kind(evening: Terminal) -> None:
    await evening.say("!night plan saturday 8pm vote: ranked", "!nominate Heat (1995)", "!night open")
    assert "your ballot: Heat (1995) > " in await evening.say("!night vote heat > 2")
    assert "no number 9" in await evening.say("!night vote 9 > 1")
    assert "is not on the list" in await evening.say("!night vote Zardoz > 1")
    assert "named twice" in await evening.say("!night vote 1 > 1")
    assert "abstains" in await evening.say("!night vote nothing")
    await evening.say("!night cancel", "!night plan saturday 9pm", "!night open")
    assert "your ballot approves" in await evening.say("!night vote 1, 3")
    assert "write the points" not in await evening.say("!night vote 1")


async def test_the_clock_of_other_sessions_is_not_moved(fresh_terminal: Terminal) -> None:
    assert "cannot be moved" in await fresh_terminal.say("!clock +1d")


async def test_the_night_of_the_demo_goes_well(evening: Terminal) -> None:
    file = io.StringIO()
    await play_night(Screen(file), evening.services, ["Ana", "Ben", "Cleo", "Dan"])
    shown = file.getvalue()
    assert "✗" not in shown
    assert "stars on average" in shown


async def test_a_night_goes_on_in_the_next_session(tmp_path: Path) -> None:
    """Each line in a session of its own, as after a restart."""
    answers: list[str] = []
    lines = (
        ("Ana", "!night plan 2026-04-02 20:00, 2026-04-03 20:00"),
        ("Ben", "!night in 2026-04-03 20:00"),
        ("Ana", "!night close"),
        ("Ben", "!nominate Heat (1995)"),
        ("Ana", "!night open"),
        ("Ben", "!night vote Heat"),
        ("Ben", "!night vote"),
        ("Ana", "!night close"),
        ("Ana", "!clock +9d"),
    )
    for name, line in lines:
        async with Services.open(settings_of(tmp_path), MovableClock(lambda: NOW)) as services:
            answers.append(await Terminal(services).say(f"as {name}", line))
    assert "Fri 3 Apr 2026 20:00 (2 people can)" in answers[2]
    assert "your ballot approves Heat (1995)" in answers[6]
    assert "we watch Heat (1995), Fri 3 Apr 2026 20:00" in answers[7]
    said = [line for answer in answers for line in answer.splitlines() if line.startswith("»")]
    words = ("Movie night 1", "is on", "the vote is open", "we watch", "begins", "begins", "how was")
    assert len(said) == len(words)
    assert all(word in line for word, line in zip(words, said, strict=True))
