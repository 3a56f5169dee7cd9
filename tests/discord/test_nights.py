"""A movie night from the plan to the stars, as people on Discord go through it."""

from datetime import timedelta

import pytest

from tests.discord.conftest import World
from tests.discord.nights import Evening


@pytest.fixture
async def evening(world: World) -> Evening:
    return await Evening.begin(world)


async def test_a_whole_night(world: World, evening: Evening) -> None:
    planned = await evening.plan(world.ana, "sat 20:00", theme="Space")
    assert "Night 1 is planned" in planned.text
    card = await evening.card()
    assert "Movie night: Space" in card.text
    start = (await evening.night()).starts_at
    assert f"<t:{int(start.timestamp())}:F>" in card.text

    said = await evening.press(world.ben, "I'm in")
    assert said.private
    await evening.press(world.ana, "I'm in")
    assert "In (2)" in (await evening.card()).text
    await evening.nominate(world.ana, "Alien")
    await evening.nominate(world.ben, "Contact")
    assert "Nominated (2)" in (await evening.card()).text

    await evening.press(world.ana, "Host: open the vote")
    assert len(evening.said("the vote is open until")) == 1
    ballot = await evening.press(world.ben, "Vote")
    assert ballot.private
    voted = await world.ben.choose(ballot, "Contact (1997)")
    assert "✓ Contact" in voted.text
    closed = await evening.press(world.ana, "Host: close the vote")
    assert "Contact" in closed.text
    (result,) = evening.said("we watch Contact (1997), <t:")
    assert "1 ballot" in result.text
    (event,) = evening.events
    assert event.name == "Movie night: Contact (1997)"

    await evening.until(start - timedelta(minutes=29))
    (reminder,) = evening.said("begins")[-1:]
    assert world.ana.mention in reminder.content
    assert world.ben.mention in reminder.content
    await evening.until(start + timedelta(hours=3))
    (asked,) = evening.said("rate what we watched")
    assert world.ben.mention in asked.content
    rated = await world.ben.press(asked, "4½ ★")
    assert rated.private
    movie = world.services.movies.find("Contact").movies[0].movie_id
    assert (await world.services.ratings.profile(world.ben.id))[movie] == 4.5
    await evening.until(start + timedelta(days=4))
    history = await world.ana.slash("night history")
    assert "Contact" in history.text
    assert "Ben ★4½" in history.text
