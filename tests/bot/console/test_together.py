"""Group lists and watchlists in the console."""

import re

import pytest

from recommender.groups import STRATEGIES
from tests.bot.console.conftest import Terminal
from tests.bot.console.test_session import number


def titles(answer: str) -> list[str]:
    return re.findall(r"^ ?\d+\. (.+?)  ", answer, re.MULTILINE)


@pytest.mark.parametrize("strategy", STRATEGIES)
async def test_a_list_for_several_with_everybodys_place(terminal: Terminal, strategy: str) -> None:
    answer = await terminal.say("as Zoe", f"!group recommend Ana, Ben, Zoe strategy: {strategy} count: 4")
    assert answer.startswith(f"For Ana, Ben and Zoe, by {strategy}:")
    assert "Zoe has no ratings yet: the others make the order." in answer
    assert len(titles(answer)) == 4
    assert len(re.findall(r"Ana \d+", answer)) == len(re.findall(r"Ben \d+", answer)) == 4
    assert "on average" in answer
    assert re.search(r"they (dis)?agree: \d+ apart", answer)
    assert await terminal.say(f"!group members: @Ana,Ben , Zoe strategy: {strategy} count: 4") == answer


async def test_wishes_are_kept_to(terminal: Terminal) -> None:
    answer = await terminal.say(
        "!group Ana, Ben genre: comedy exclude_genre: drama from_year: 1980 to_year: 1999 max_runtime: 90"
    )
    assert "This catalogue does not know the runtime of any movie" in answer
    found = re.findall(r"^ \d\. .+? \((\d{4})\)  (.+?)  match", answer, re.MULTILINE)
    assert len(found) == 5
    assert all(1980 <= int(year) <= 1999 and "Comedy" in of and "Drama" not in of for year, of in found)


async def test_a_pick_can_be_kept_or_put_aside(terminal: Terminal) -> None:
    answer = await terminal.say("as Zoe", "!group recommend Ana, Zoe")
    first, second = titles(answer)[:2]
    kept = await terminal.say(f"!pick {number(answer, 'watchlist')}")
    assert kept == f"✓ {first} is on your watchlist\n"
    again = await terminal.say("!group recommend Ana, Zoe")
    assert "on the watchlist of Zoe" in again
    await terminal.say(f"!pick {number(again, 'not interested', second)}")
    assert second not in await terminal.say("!group recommend Ana, Zoe")
    await terminal.say("as Yan")
    assert second in await terminal.say("!group recommend Ana, Yan")


async def test_nobody_with_ratings_gets_the_popular_list(terminal: Terminal) -> None:
    answer = await terminal.say("as Zoe", "as Yan", "!group recommend Zoe, Yan")
    assert answer.startswith("Popular with everybody, for Zoe and Yan:")
    assert "Nobody of you has rated a movie yet" in answer


async def test_without_names_it_is_for_those_who_are_in_for_the_next_night(terminal: Terminal) -> None:
    await terminal.say("as Ana", "!night plan in 3 days 20:00")
    await terminal.say("as Zoe", "!night in", "as Yan", "!night maybe")
    assert (await terminal.say("!group recommend")).startswith("For Ana and Zoe, by fairness:")
    await terminal.say("as Zoe", "!watchlist add Alien")
    assert titles(await terminal.say("!watchlist together")) == ["Alien (1979)"]
    assert titles(await terminal.say("!watchlist pick")) == ["Alien (1979)"]


async def test_a_fair_list_says_for_whom_a_movie_is(terminal: Terminal) -> None:
    answer = await terminal.say("!group recommend Ana, Ben count: 10")
    chosen_for = re.findall(r"^ +Most of all for (\w+);", answer, re.MULTILINE | re.IGNORECASE)
    assert set(chosen_for) == {"Ana", "Ben"}


async def test_a_watchlist_is_kept_shown_and_shortened(terminal: Terminal) -> None:
    assert "Alien (1979) is on your watchlist" in await terminal.say("as Zoe", "!watchlist add Alien")
    answer = await terminal.say("!watchlist add Dune")
    assert "Several movies are called" in answer
    await terminal.say(f"!pick {number(answer, 'Dune (1984)')}")
    shown = await terminal.say("!watchlist")
    assert shown.startswith("Zoe wants to see 2 movies:")
    assert shown.index("Dune (1984)") < shown.index("Alien (1979)")
    assert await terminal.say("!watchlist show") == shown
    assert "take off" not in await terminal.say("as Yan", "!watchlist show Zoe")
    shown = await terminal.say("as Zoe", "!watchlist")
    assert "is off your watchlist" in await terminal.say(f"!pick {number(shown, 'take off', 'Alien')}")
    assert "Dune (1984) is off your watchlist" in await terminal.say("!watchlist remove dune")
    assert "Zoe has nothing on the watchlist" in await terminal.say("!watchlist")


async def test_a_long_watchlist_is_turned(terminal: Terminal) -> None:
    await terminal.say("as Zoe")
    zoe = await terminal.say("!popular 10")
    for place in range(10):
        await terminal.say(f"!pick {4 * place + 4}")
    await terminal.say("!watchlist add Alien", "!watchlist add Dune (1984)")
    shown = await terminal.say("!watchlist")
    assert "page 1 of 2" in shown
    assert "page 2 of 2" in await terminal.say(f"!pick {number(shown, 'next page')}")
    assert titles(zoe)


async def test_rating_takes_a_movie_off_and_undoing_puts_it_back(terminal: Terminal) -> None:
    await terminal.say("as Zoe", "!watchlist add Alien", "!rate Alien 4")
    assert "Zoe has nothing on the watchlist" in await terminal.say("!watchlist")
    await terminal.say("!rate Alien 4")
    await terminal.say("!unrate Alien")
    assert "Alien (1979)" in await terminal.say("!watchlist")


async def test_what_is_on_the_lists_together_and_one_by_lot(terminal: Terminal) -> None:
    await terminal.say("as Zoe", "!watchlist add Stagecoach", "as Yan", "!watchlist add Stagecoach")
    await terminal.say("!watchlist add Rio Bravo")
    answer = await terminal.say("!watchlist together Zoe, Yan")
    assert titles(answer) == ["Stagecoach (1939)", "Rio Bravo (1959)"]
    assert "on the watchlist of Zoe and Yan" in answer
    drawn = await terminal.say(f"!pick {number(answer, 'pick one of ours tonight')}")
    assert drawn.startswith("Tonight, by lot:")
    assert titles(drawn)[0] in titles(answer)
    assert titles(await terminal.say("!watchlist pick Zoe, Yan"))[0] in titles(answer)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("!group", "say who watches, with commas: !group recommend Ana, Ben"),
        ("!group recommend , ,", "say who watches"),
        ("!group recommend Ana members: Ben", "not both"),
        ("!group recommend Ana strategy: lots", "one of average, least misery"),
        ("!group recommend Ana rewatch: perhaps", "yes or no"),
        ("!group recommend Ana count: 0", "1 to 10"),
        ("!group recommend Ana max_runtime: long", "whole number"),
        ("!group recommend Ana max_runtime: 5000", "no runtime"),
        ("!group recommend Ana genre: Quux", "not a genre"),
        ("!watchlist add", "title"),
        ("!watchlist add qqqqqqqqqqqq", "no movie"),
        ("!watchlist remove Alien", "nothing on your watchlist"),
        ("!watchlist show page: x", "whole number"),
        ("!watchlist together", "say who watches"),
        ("!watchlist together Ana", "nobody of you"),
        ("!watchlist pick", "say who watches"),
    ],
)
async def test_a_mistake_is_answered_with_one_line(fresh_terminal: Terminal, line: str, told: str) -> None:
    answer = await fresh_terminal.say("as Ana", "as Zoe", line)
    assert answer.startswith("✗ ")
    assert answer.count("\n") == 1
    assert told in answer
