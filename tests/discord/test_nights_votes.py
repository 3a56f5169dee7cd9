"""Nominations and ballots: by buttons, forms and menus, secret, and as many as there may be."""

import pytest

from bot.ui.nights.ballot import ordinal
from tests.discord.conftest import Friend, Shown, World
from tests.discord.nights import Evening, actor_of

FRIENDS, NOMINATIONS = 25, 50


@pytest.fixture
async def evening(world: World) -> Evening:
    return await Evening.begin(world)


async def open_vote(world: World, evening: Evening, *titles: str, **options: object) -> Shown:
    """A night of Ana's whose vote is open; answers its message."""
    await evening.plan(world.ana, nominations=10, **options)
    for title in titles:
        await evening.nominate(world.ana, title)
    await evening.press(world.ana, "Host: open the vote")
    return await evening.card()


async def ballot(world: World, friend: Friend) -> dict[str, int]:
    """What somebody's ballot says, by title."""
    night = await world.services.nights.get(await actor_of(world), 1)
    mine = await world.services.nights.ballot(await actor_of(world, friend), 1)
    return {
        one.movie.title: mine.choices[one.movie_key]
        for one in night.candidates
        if one.movie_key in mine.choices
    }


async def test_nominating_by_button(world: World, evening: Evening) -> None:
    await evening.plan(world.ana, nominations=2)
    form = await evening.press(world.ben, "Nominate a movie")
    nominated = await world.ben.write(form, title="Alien")
    assert nominated.private
    assert "You can nominate 1 more movie" in nominated.text
    which = await world.ben.write(await evening.press(world.ben, "Nominate a movie"), title="Dune")
    assert which.options == ["Dune (2021)", "Dune (1984)"] or set(which.options) >= {
        "Dune (1984)",
        "Dune (2021)",
    }
    picked = await world.ben.choose(which, "Dune (1984)")
    assert "You can nominate 0 more movies" in picked.text
    refused = await evening.nominate(world.ben, "Contact")
    assert "2" in refused.text
    assert "Nominated (2)" in (await evening.card()).text
    await world.ben.press(nominated, "Take it back")
    assert "Nominated (1)" in (await evening.card()).text
    nothing = await world.ben.write(await evening.press(world.ben, "Nominate a movie"), title="zzzzqqq")
    assert "no movie" in nothing.text


async def test_a_movie_that_two_nominate_is_one(world: World, evening: Evening) -> None:
    await world.ben.slash("rate", title="Contact", stars="4")
    await evening.plan(world.ana)
    await evening.press(world.ben, "I'm in")
    await evening.nominate(world.ana, "Contact")
    await evening.nominate(world.ben, "Contact")
    text = (await evening.card()).text
    assert "Nominated (1)" in text
    assert "nominated by Ana and Ben" in text
    assert "seen by Ben" in text
    assert await world.ben.complete("night withdraw", "title", "con") == ["Contact (1997)"]
    assert await world.ben.complete("night withdraw", "title", "alien") == []
    await world.ben.slash("night withdraw", title="Contact (1997)")
    assert "nominated by Ana" in (await evening.card()).text
    wrong = await world.ben.slash("night withdraw", title="Contact")
    assert "you have nominated no" in wrong.text.casefold()


async def test_approving(world: World, evening: Evening) -> None:
    await open_vote(world, evening, "Alien", "Contact")
    mine = await evening.press(world.ben, "Vote")
    assert "You have not voted yet" in mine.text
    mine = await world.ben.choose(mine, "Alien (1979)", "Contact (1997)")
    assert await ballot(world, world.ben) == {"Alien": 1, "Contact": 1}
    mine = await world.ben.choose(mine, "Contact (1997)")
    assert await ballot(world, world.ben) == {"Contact": 1}
    await world.restart()
    await world.ben.press(mine, "Take my ballot back")
    assert await ballot(world, world.ben) == {}
    assert (await evening.night()).ballots == 0


async def test_ranking_one_by_one(world: World, evening: Evening) -> None:
    await open_vote(world, evening, "Alien", "Contact", "Moon", vote="ranked")
    mine = await evening.press(world.ben, "Vote")
    mine = await world.ben.choose(mine, "Contact (1997)")
    assert "1. Contact" in mine.text.replace("*", "")
    assert "Contact (1997)" not in mine.options
    mine = await world.ben.choose(mine, "Moon (2009)")
    mine = await world.ben.choose(mine, "Alien (1979)")
    assert await ballot(world, world.ben) == {"Contact": 1, "Moon": 2, "Alien": 3}
    mine = await world.ben.press(mine, "Drop the last choice")
    assert await ballot(world, world.ben) == {"Contact": 1, "Moon": 2}
    mine = await world.ben.press(mine, "Start over")
    assert await ballot(world, world.ben) == {}


async def test_scoring(world: World, evening: Evening) -> None:
    await open_vote(world, evening, "Alien", "Contact", vote="score")
    mine = await evening.press(world.ben, "Vote")
    which = await world.ben.choose(mine, "Contact (1997)")
    mine = await world.ben.choose(which, "4 points", menu="m1:points")
    which = await world.ben.choose(mine, "Alien (1979)", menu="m1:score")
    await world.ben.choose(which, "0 points", menu="m1:points")
    assert await ballot(world, world.ben) == {"Contact": 4, "Alien": 0}


async def test_a_ballot_is_its_voters_alone(world: World, evening: Evening) -> None:
    await open_vote(world, evening, "Alien", "Contact")
    mine = await evening.press(world.ben, "Vote")
    assert mine.private
    rows = mine.rows
    (menu,) = (one for one in mine.controls if one["type"] == 3)
    refused = await world.ana.press_stale(mine, menu["custom_id"], rows, menu["options"][0]["value"])
    assert "your own ballot" in refused.text
    assert await ballot(world, world.ben) == {}
    assert (await world.ana.slash("night vote")).private


async def test_nobody_sees_a_count_before_the_close(world: World, evening: Evening) -> None:
    await open_vote(world, evening, "Alien", "Contact")
    mine = await evening.press(world.ben, "Vote")

    async def seen() -> list[str]:
        """All that others can see."""
        status = await world.ana.slash("night status")
        own = await world.ana.slash("night vote")
        return [(await evening.card()).text, status.text, own.text, *(one.text for one in evening.said(""))]

    mine = await world.ben.choose(mine, "Alien (1979)")
    first = await seen()
    await world.ben.choose(mine, "Contact (1997)")
    second = await seen()
    # Another choice changes nothing of it; that there is a ballot may be seen.
    assert first[:3] == second[:3]
    assert "1 ballot so far" in first[0]
    assert set(second[3:]) <= set(first[3:]) | set(second[:3])


async def test_after_the_close_the_ballot_is_closed(world: World, evening: Evening) -> None:
    await open_vote(world, evening, "Alien")
    mine = await evening.press(world.ben, "Vote")
    rows = mine.rows
    (menu,) = (one for one in mine.controls if one["type"] == 3)
    await world.ben.choose(mine, "Alien (1979)")
    await evening.press(world.ana, "Host: close the vote")
    late = await world.ben.press_stale(mine, menu["custom_id"], rows, menu["options"][0]["value"])
    assert "its vote is closed" in late.text
    assert "its vote is closed" in (await world.ben.slash("night vote")).text


async def test_who_does_not_come_does_not_vote(world: World, evening: Evening) -> None:
    await open_vote(world, evening, "Alien")
    await evening.press(world.ben, "Can't")
    mine = await evening.press(world.ben, "Vote")
    refused = await world.ben.choose(mine, "Alien (1979)")
    assert "you said that you can't come" in refused.text.casefold()


async def test_twenty_five_friends_and_fifty_nominations(world: World, evening: Evening) -> None:
    long = "A name that has no end " * 2
    friends = [world.join(f"{long[:28]}{number:02}") for number in range(FRIENDS)]
    await evening.plan(world.ana, nominations=2)
    for friend in friends:
        await evening.press(friend, "I'm in")
    titles = [
        f"{taste} Story {number}"
        for number, taste in enumerate(("Sci-Fi", "Western", "Horror", "Musical") * 15)
    ]
    for number, title in enumerate(titles[:NOMINATIONS]):
        nominated = await evening.nominate(friends[number // 2], f"{title} ({1950 + number})")
        assert "is nominated" in nominated.text
    card = await evening.card()
    assert f"In ({FRIENDS + 1})" in card.text
    assert f"Nominated ({NOMINATIONS})" in card.text
    assert all(title in card.text for title in titles[:NOMINATIONS])
    await evening.press(world.ana, "Host: open the vote")
    voter = friends[0]
    mine = await evening.press(voter, "Vote")
    first = mine.options
    assert len(first) == 25
    mine = await voter.choose(mine, *first[:3])
    mine = await voter.press(mine, "Next →")
    second = mine.options
    assert len(second) == 25
    assert not set(first) & set(second)
    mine = await voter.choose(mine, second[4])
    # What was marked on the page before stays.
    assert len(await ballot(world, voter)) == 4
    for friend in friends[1:]:
        theirs = await evening.press(friend, "Vote")
        await friend.choose(theirs, first[0])
    assert (await evening.night()).ballots == FRIENDS
    await evening.press(world.ana, "Host: close the vote")
    (result,) = evening.said("we watch")[-1:]
    assert "25 ballots" in result.text


async def test_nominating_from_the_watchlist(world: World, evening: Evening) -> None:
    await evening.plan(world.ana, max_runtime=150)
    assert "up to 150 minutes" in (await evening.card()).text
    empty = await world.ben.slash("nominate")
    assert "watchlist" in empty.text
    for title in ("Moon", "Contact"):
        await world.ben.slash("watchlist add", title=title)
    for offered in (await evening.press(world.ben, "From my watchlist"), await world.ben.slash("nominate")):
        assert set(offered.options) == {"Moon (2009)", "Contact (1997)"}
    assert "more movie" not in offered.text
    await world.ben.choose(offered, "Moon (2009)")
    assert "Moon (2009) (nominated" in (await evening.card()).text


async def test_a_watchlist_longer_than_a_menu_says_what_is_missing(world: World, evening: Evening) -> None:
    await evening.plan(world.ana)
    for number in range(1, 28):
        await world.services.watchlists.add(world.ben.id, "Ben", number)
    offered = await evening.press(world.ben, "From my watchlist")
    assert len(offered.options) == 25
    assert "2 more movies on it: nominate them by title." in offered.text


@pytest.mark.parametrize(
    ("number", "word"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (21, "21st"), (32, "32nd")],
)
def test_choices_are_counted_as_people_count(number: int, word: str) -> None:
    assert ordinal(number) == word
