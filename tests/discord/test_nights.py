"""A movie night from the plan to the stars, as people on Discord go through it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from tests.discord.conftest import Friend, World
from tests.discord.nights import BERLIN, Evening, actor_of

Between = Callable[[], Awaitable[None]]


@pytest.fixture
async def evening(world: World) -> Evening:
    return await Evening.begin(world)


async def nothing() -> None:
    """What happens between two steps where nothing does."""


async def whole_night(world: World, evening: Evening, between: Between) -> None:
    """From the plan to the stars, with something done between any two steps."""
    planned = await evening.plan(world.ana, "sat 20:00", theme="Space")
    assert "Night 1 is planned" in planned.text
    await between()
    card = await evening.card()
    start = (await evening.night()).starts_at
    assert start is not None
    assert "Movie night: Space" in card.text
    assert f"<t:{int(start.timestamp())}:F>" in card.text

    assert (await evening.press(world.ben, "I'm in")).private
    await between()
    assert "In (2)" in (await evening.card()).text
    await evening.nominate(world.ana, "Alien")
    await between()
    await evening.nominate(world.ben, "Contact")
    await between()
    assert "Nominated (2)" in (await evening.card()).text

    await evening.press(world.ana, "Host: open the vote")
    await between()
    (opened,) = evening.said("the vote is open until")
    ballot = await world.ben.press(opened, "Vote")
    assert ballot.private
    await between()
    voted = await world.ben.choose(ballot, "Contact (1997)")
    assert "✓ Contact" in voted.text
    await between()
    await evening.press(world.ana, "Host: close the vote")
    await between()
    (result,) = evening.said("we watch Contact (1997), <t:")
    assert "1 ballot" in result.text
    (event,) = evening.events
    assert event.name == "Movie night: Contact (1997)"

    await evening.until(start - timedelta(minutes=29))
    await between()
    reminders = evening.said("begins <t:")
    assert len(reminders) == 2
    assert {world.ana.mention, world.ben.mention} == set(reminders[-1].content.split())
    await evening.until(start + timedelta(hours=3))
    await between()
    (asked,) = evening.said("rate what we watched")
    assert world.ben.mention in asked.content
    assert (await world.ben.press(asked, "4½ ★")).private
    await between()
    movie = world.services.movies.find("Contact").movies[0].movie_id
    assert (await world.services.ratings.profile(world.ben.id))[movie] == 4.5
    await evening.until(start + timedelta(days=4))
    await between()
    assert (await evening.night()).state == "over"
    history = await world.ana.slash("night history")
    assert "Contact" in history.text
    assert "Ben ★4½" in history.text
    assert len(evening.events) == 1


async def test_a_whole_night(world: World, evening: Evening) -> None:
    await whole_night(world, evening, nothing)


async def winding_night(world: World, evening: Evening, between: Between) -> None:
    """A vote on the date, too few ballots, moves, and the nights of the weeks that follow."""
    dates = "fri 20:00, sat 19:30, sun 18:00"
    await evening.plan(world.ana, dates, vote="ranked", quorum=2, carry_over=True)
    await between()
    await world.ben.choose(await evening.card(), "Sat 28 Nov, 19:30", menu="m1:suits")
    await between()
    await evening.press(world.admin, "Maybe")
    await between()
    await evening.press(world.ana, "Host: take the best date now")
    await between()
    start = (await evening.night()).starts_at
    assert start is not None
    assert start.astimezone(BERLIN).strftime("%a %H:%M") == "Sat 19:30"
    await evening.nominate(world.ana, "Alien")
    await between()
    await evening.nominate(world.ben, "Contact")
    await between()
    await evening.nominate(world.ben, "Moon")
    await between()
    await world.ben.slash("night withdraw", title="Moon (2009)")
    await between()
    await world.ana.slash("night repeat")
    await between()
    await evening.press(world.ana, "Host: open the vote")
    await between()
    mine = await evening.press(world.ben, "Vote")
    for title in ("Contact (1997)", "Alien (1979)"):
        await between()
        mine = await world.ben.choose(mine, title)
    await between()
    mine = await world.ben.press(mine, "Drop the last choice")
    assert "1. Contact" in mine.text.replace("*", "")
    await between()
    await evening.press(world.ana, "Host: close the vote")
    await between()
    assert (await evening.night()).state == "undecided"
    await evening.press(world.ana, "Host: vote again")
    await between()
    await evening.press(world.ana, "Host: close the vote")
    await between()
    await evening.press(world.ana, "Host: take what there is")
    await between()
    await world.ana.slash("night move", date="sunday 21:00")
    await between()
    await world.ana.slash("night move", channel=world.elsewhere)
    await between()
    (event,) = evening.events
    assert event.entity_metadata["location"] == "#elsewhere"
    start = (await evening.night()).starts_at
    assert start is not None
    await evening.until(start)
    await between()
    assert (await evening.night()).state == "running"
    await world.ana.slash("night watched")
    await between()
    assert len(evening.said("rate what we watched", world.elsewhere)) == 1
    await world.ben.slash("night rate", stars="4")
    await between()
    # The night a week later is skipped, and the one after it is opened all the same.
    following = await evening.night(2)
    assert following.starts_at is not None
    assert following.starts_at.astimezone(BERLIN).strftime("%a %H:%M") == "Sat 19:30"
    await world.ana.slash("night cancel", night=2)
    await between()
    await evening.until(following.starts_at)
    await between()
    (ahead,) = await world.services.nights.open(await actor_of(world))
    assert (ahead.night_id, ahead.state) == (3, "gathering")


@pytest.mark.parametrize(
    ("course", "said"),
    [
        (
            whole_night,
            {"the vote is open until": 1, "we watch Contact (1997), <t:": 1, "rate what we watched": 1},
        ),
        (
            winding_night,
            {
                "is on <t:": 1,
                "closed with 1 ballot": 2,
                "we watch Contact (1997), <t:": 1,
                "is now on <t:": 1,
            },
        ),
    ],
)
async def test_a_night_with_a_restart_between_any_two_steps(
    world: World,
    evening: Evening,
    course: Callable[[World, Evening, Between], Awaitable[None]],
    said: dict[str, int],
) -> None:
    restarts = 0

    async def between() -> None:
        nonlocal restarts
        restarts += 1
        await world.restart()
        await evening.look()

    await course(world, evening, between)
    assert restarts > 10
    assert {text: len(evening.said(text)) for text in said} == said


async def test_a_night_by_prefix(world: World, evening: Evening) -> None:
    planned = await world.ana.say("!night plan friday 8pm, sat 19:30 theme: Space vote: ranked quorum: 2")
    assert planned is not None
    night = await evening.night()
    assert (len(night.dates), night.theme, night.vote_kind, night.quorum) == (2, "Space", "ranked", 2)
    for command in ("!night", "!night status", "!night in", "!night maybe", "!night out", "!nominate Alien"):
        assert await world.ben.say(command) is not None, command
    assert "Alien" in (await evening.card()).text
    refused = await world.ben.say("!night vote")
    assert refused is not None
    assert "secret" in refused.text


async def test_nights_are_refused_in_direct_messages(world: World, evening: Evening) -> None:
    private = world.in_private(world.ana)
    for shown in (await private.say("!night"), await private.slash("night plan", dates="friday 8pm")):
        assert shown is not None
        assert "server" in shown.text


@pytest.mark.parametrize(
    ("dates", "complaint"),
    [
        ("someday", "do not understand"),
        ("31.2. 20:00", "no 31 February"),
        ("yesterday", "do not understand"),
        ("today 10:00", "has passed"),
        ("friday", "has no time"),
        ("28.3.2027 02:30", "leave out 02:30"),
    ],
)
async def test_what_is_no_date_is_one_line(
    world: World, evening: Evening, dates: str, complaint: str
) -> None:
    refused = await evening.plan(world.ana, dates)
    assert refused.private
    assert complaint in refused.text
    assert "\n" not in refused.text
    assert await world.services.nights.open(await actor_of(world)) == []


async def test_the_best_of_several_dates_wins(world: World, evening: Evening) -> None:
    await evening.plan(world.ana, "fri 20:00, sat 19:30, sun 18:00")
    card = await evening.card()
    assert any("hours of Europe/Berlin" in str(row) for row in card.rows)
    assert card.options == ["Fri 27 Nov, 20:00", "Sat 28 Nov, 19:30", "Sun 29 Nov, 18:00"]
    marked = await world.ben.choose(card, "Sat 28 Nov, 19:30", "Sun 29 Nov, 18:00", menu="m1:suits")
    assert marked.private
    assert marked.text.count("✓") == 2
    # One's own marks are shown, and can be changed there.
    again = await world.ben.choose(marked, "Sat 28 Nov, 19:30", menu="m1:suits")
    assert again.text.count("✓") == 1
    night = await evening.night()
    suits = {one.starts_at.astimezone(evening.now.tzinfo).strftime("%a"): one.suits for one in night.dates}
    assert world.ben.id in suits["Sat"]
    assert world.ben.id not in suits["Fri"]
    assert "Ben" in (await evening.card()).text
    await evening.press(world.ana, "Host: take the best date now")
    night = await evening.night()
    assert night.starts_at is not None
    assert night.starts_at.astimezone(evening.now.tzinfo).strftime("%a %H:%M") == "Sat 19:30"
    assert len(evening.said("is on <t:")) == 1


async def test_hosts_buttons_are_refused_to_others(world: World, evening: Evening) -> None:
    await evening.plan(world.ana)
    await evening.nominate(world.ana, "Alien")
    for refused in (
        await evening.press(world.ben, "Host: open the vote"),
        await world.ben.slash("night close"),
        await world.ben.slash("night cancel"),
        await world.ben.slash("night move", date="sunday 20:00"),
        await world.ben.slash("night repeat"),
        await world.ben.slash("night open"),
    ):
        assert refused.private
        assert "only" in refused.text.casefold(), refused.text
    assert (await evening.night()).state == "gathering"
    # Who manages the server or its events may.
    await evening.press(world.admin, "Host: open the vote")
    assert (await evening.night()).state == "voting"


async def test_only_a_role_may_plan_if_one_is_set(world: World, evening: Evening) -> None:
    role = world.guild.create_role("Film club")
    clara = world.join("Clara", roles=[role])
    changed = await world.admin.slash("settings", planner_role=role)
    assert role.mention in changed.text
    refused = await evening.plan(world.ben)
    assert "role for movie nights" in refused.text
    assert "is planned" in (await evening.plan(clara)).text
    # The role also closes and cancels what others plan.
    assert "cancelled" in (await clara.slash("night cancel", reason="*snow*")).text
    (said,) = evening.said("is cancelled:")
    assert r"\*snow\*" in said.text
    cleared = await world.admin.choose(changed, menu="m1:planners")
    assert "everybody plans" in cleared.text
    assert "is planned" in (await evening.plan(world.ben)).text


async def test_the_time_zone_is_set_in_the_settings(world: World, evening: Evening) -> None:
    assert "America/New_York" in await world.admin.complete("settings", "time_zone", "new york")
    shown = await world.admin.slash("settings", time_zone="new york")
    assert "America/New_York" in shown.text.replace("\\", "")
    wrong = await world.admin.slash("settings", time_zone="Nowhere", ephemeral=True)
    assert "no time zone" in wrong.text
    assert not (await world.services.guilds.get(world.guild.id)).ephemeral
    form = await world.admin.press(shown, "Time zone …")
    written = await world.admin.write(form, zone="Europe/Lisbon")
    assert "Europe/Lisbon" in written.text
    refused = await world.ana.press(shown, "Time zone …")
    assert "Manage Server" in refused.text
    await evening.plan(world.ana, "sat 20:00")
    start = (await evening.night()).starts_at
    assert start is not None
    assert start.utctimetuple()[3:5] == (20, 0)


async def test_who_may_come(world: World, evening: Evening) -> None:
    planned = await evening.plan(world.ana, who=f"{world.ben.mention} {world.owner.mention}")
    assert "is planned" in planned.text
    assert "In (1)" in (await evening.card()).text
    refused = await evening.press(world.admin, "I'm in")
    assert "for others" in refused.text
    await evening.press(world.ben, "I'm in")
    assert "In (2)" in (await evening.card()).text
    for who, complaint in (
        ("Ben", "takes mentions"),
        ("<@1234>", "not on this server"),
        (f"{world.ben.mention} <@&{world.guild.id}>", "either people or one role"),
    ):
        assert complaint in (await evening.plan(world.ana, who=who)).text


async def test_a_night_for_a_role(world: World, evening: Evening) -> None:
    role = world.guild.create_role("Film club")
    clara = world.join("Clara", roles=[role])
    await evening.plan(world.ana, who=role.mention)
    assert role.mention in (await evening.card()).text
    assert "no such movie night" in (await evening.press(world.ben, "Maybe")).text
    await evening.press(clara, "Maybe")
    assert "Maybe (1)" in (await evening.card()).text


async def test_two_closes_at_once_are_one(world: World, evening: Evening) -> None:
    await evening.plan(world.ana)
    await evening.nominate(world.ana, "Alien")
    await evening.press(world.ana, "Host: open the vote")
    card = await evening.card()
    ballot = await evening.press(world.ben, "Vote")
    await world.ben.choose(ballot, "Alien (1979)")
    rows, close = card.rows, card.id_of("Host: close the vote")
    await asyncio.gather(
        world.ana.press_stale(card, close, rows),
        world.admin.press_stale(card, close, rows),
        world.ana.slash("night close"),
    )
    assert (await evening.night()).state == "decided"
    assert len(evening.said("we watch Alien (1979), <t:")) == 1


async def test_too_few_ballots_are_told_and_the_host_decides(world: World, evening: Evening) -> None:
    await evening.plan(world.ana, quorum=2)
    await evening.nominate(world.ana, "Alien")
    await evening.press(world.ana, "Host: open the vote")
    ballot = await evening.press(world.ben, "Vote")
    await world.ben.choose(ballot, "Alien (1979)")
    await evening.press(world.ana, "Host: close the vote")
    assert (await evening.night()).state == "undecided"
    assert len(evening.said("closed with 1 ballot")) == 1
    await evening.press(world.ana, "Host: vote again")
    assert (await evening.night()).state == "voting"
    await evening.press(world.ana, "Host: close the vote")
    await evening.press(world.ana, "Host: take what there is")
    assert (await evening.night()).state == "decided"


async def test_a_night_is_moved_and_cancelled_with_its_event(world: World, evening: Evening) -> None:
    await evening.plan(world.ana)
    await evening.nominate(world.ana, "Alien")
    await evening.press(world.ana, "Host: open the vote")
    await evening.press(world.ana, "Vote")
    await evening.press(world.ana, "Host: close the vote")
    await evening.press(world.ana, "Host: take what there is")
    (event,) = evening.events
    before = event.scheduled_start_time
    card = await evening.card()
    rows = card.rows
    moved = await world.ana.slash("night move", date="sunday 21:00")
    assert "is now" in moved.text
    assert len(evening.said("is now on <t:")) == 1
    (event,) = evening.events
    assert event.scheduled_start_time != before
    await world.ana.slash("night move", channel=world.elsewhere)
    (event,) = evening.events
    assert event.entity_metadata["location"] == "#elsewhere"
    await world.ana.slash("night cancel")
    assert (await evening.card()).text.count("is cancelled")
    assert all(int(one.status) == 4 for one in evening.events)
    refused = await world.ben.press_stale(card, "m1:rsvp:0:1:in", rows)
    assert "it was cancelled" in refused.text


async def test_the_last_rating_is_the_hosts_to_ask_for(world: World, evening: Evening) -> None:
    await evening.plan(world.ana)
    await evening.nominate(world.ana, "Alien")
    await evening.press(world.ana, "Host: open the vote")
    await evening.until((await evening.night()).starts_at or evening.now)
    assert (await evening.night()).state == "running"
    refused = await evening.press(world.ben, "Host: it is over, rate it")
    assert "only" in refused.text.casefold()
    await evening.press(world.ana, "Host: it is over, rate it")
    assert len(evening.said("rate what we watched")) == 1
    rated = await world.ben.slash("night rate", stars="4")
    winner = (await evening.night()).winner
    assert winner is not None
    assert f"4 stars for {winner.name}" in rated.text
    assert "Ben" in (await evening.card()).text


async def test_who_leaves_the_server_comes_no_more(world: World, evening: Evening) -> None:
    await evening.plan(world.ana)
    await evening.press(world.ben, "I'm in")
    world.leave(world.ana)
    await world.env.settle()
    night = await evening.night()
    assert night.host_id == world.ben.id
    assert len(evening.said("hosts it now")) == 1


async def test_who_left_while_the_bot_was_off_is_noticed(world: World, evening: Evening) -> None:
    await evening.plan(world.ana)
    await evening.press(world.ben, "I'm in")

    def leave() -> None:
        world.leave(world.ana)

    await world.restart(meanwhile=leave)
    await evening.look()
    assert (await evening.night()).host_id == world.ben.id


async def test_who_hosted_a_skipped_night_and_left_while_the_bot_was_off_does_not_host_the_next(
    world: World, evening: Evening
) -> None:
    await evening.plan(world.ana)
    await world.ana.slash("night repeat")
    await world.ana.slash("night cancel")
    start = (await evening.night()).starts_at
    assert start is not None

    def leave() -> None:
        world.leave(world.ana)

    await world.restart(meanwhile=leave)
    await evening.until(start)
    (following,) = await world.services.nights.open(await actor_of(world))
    assert (following.night_id, following.host_id) == (2, None)


async def test_several_nights_and_which_one_is_meant(world: World, evening: Evening) -> None:
    await evening.plan(world.ana, "sat 20:00", theme="First")
    await evening.plan(world.ana, "sun 20:00", theme="Second")
    choices = await world.ben.choices("night in", "night", "")
    assert [one["value"] for one in choices] == [1, 2]
    await world.ben.slash("night in", night=2)
    assert "In (2)" in (await evening.card(2)).text
    status = await world.ben.slash("night status")
    assert "First" in status.text
    assert "Also ahead" in status.text
    unknown = await world.ben.slash("night status", night=99)
    assert "no such movie night" in unknown.text


async def test_answers_are_private_where_the_server_wants_that(world: World, evening: Evening) -> None:
    await world.services.guilds.change(world.guild.id, ephemeral=True)
    friend: Friend = world.ana
    for shown in (await evening.plan(friend), await friend.slash("night status")):
        assert shown.private
    assert not (await evening.card()).private


async def test_the_group_is_who_is_in_where_nobody_is_named(world: World, evening: Evening) -> None:
    nobody = await world.owner.slash("watchlist pick")
    assert "say that you are in" in nobody.text
    for friend, title in ((world.ana, "Contact"), (world.ben, "Arrival")):
        await friend.slash("rate", title=title, stars="5")
    await evening.plan(world.ana)
    await evening.press(world.ben, "I'm in")
    shown = await world.owner.slash("group recommend")
    assert "Ana" in shown.text
    assert "Ben" in shown.text
    assert "Olga" not in shown.text


async def test_the_group_of_a_night_that_is_over_is_not_the_one_of_the_next(
    world: World, evening: Evening
) -> None:
    for friend, title in ((world.ana, "Contact"), (world.ben, "Arrival"), (world.owner, "Moon")):
        await friend.slash("rate", title=title, stars="5")
    await evening.plan(world.ana)
    await evening.press(world.ben, "I'm in")
    await evening.nominate(world.ana, "Alien")
    for label in ("open the vote", "close the vote", "take what there is"):
        await evening.press(world.ana, f"Host: {label}")
    starts = (await evening.night()).starts_at
    assert starts is not None
    await evening.until(starts)
    assert (await evening.night()).state == "running"
    # Who is there tonight, as long as nothing else is planned.
    assert "Ben" in (await world.admin.slash("group recommend")).text
    await evening.until(starts + timedelta(hours=6))
    assert (await evening.night()).state == "rating"
    assert "say that you are in" in (await world.admin.slash("group recommend")).text
    await evening.plan(world.owner, "in 5 days 20:00")
    shown = await world.admin.slash("group recommend")
    assert "Olga" in shown.text
    assert "Ben" not in shown.text
