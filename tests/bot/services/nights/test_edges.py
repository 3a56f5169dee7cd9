"""What decides where it is close: between dates, between nights, between one moment and the next."""

from datetime import timedelta

import pytest

from bot.errors import UserError
from bot.services.nights.answers import Answer, Night, Plan
from tests.bot.services.nights.conftest import (
    ANA,
    BEN,
    CHANNEL,
    CLEO,
    EVA,
    GUILD,
    Actor,
    Evening,
    key_of,
    somebody,
)

MOMENT = timedelta(microseconds=1)
DAN = somebody(4, "Dan")


async def best_of(evening: Evening, *answers: tuple[Actor, Answer, tuple[int, ...]]) -> int:
    """Which of three dates (from 0) wins, if these people say that some of them suit."""
    dates = [evening.date(days=days) for days in (3, 4, 5)]
    night = await evening.plan(EVA, *dates)
    for actor, answer, suiting in answers:
        marked = [night.dates[place].date_id for place in suiting]
        await evening.nights.answer(actor, night.night_id, answer, marked)
    await evening.nights.answer(EVA, night.night_id, "out")
    night = await evening.nights.close(EVA, night.night_id)
    assert night.starts_at is not None
    return dates.index(night.starts_at)


async def test_one_who_is_in_outweighs_any_number_who_may_come(evening: Evening):
    several = ((ANA, "maybe", (0,)), (BEN, "maybe", (0,)), (CLEO, "maybe", (0,)))
    assert await best_of(evening, *several, (DAN, "in", (1,))) == 1
    assert await best_of(evening, *several, (DAN, "maybe", (1,))) == 0


async def test_among_dates_that_suit_as_many_the_maybes_decide_and_then_the_earliest(evening: Evening):
    two = ((ANA, "in", (1,)), (BEN, "in", (2,)))
    assert await best_of(evening, *two, (CLEO, "maybe", (2,))) == 2
    assert await best_of(evening, *two) == 1


async def test_who_left_has_no_ballot_in_what_the_host_takes_after_too_few(evening: Evening):
    night = await evening.voting(50, 51, quorum=3)
    for actor, movie in ((ANA, 50), (BEN, 51)):
        await evening.nights.cast(actor, night.night_id, {key_of(night, movie): 1})
    assert (await evening.nights.close(ANA, night.night_id)).state == "undecided"
    await evening.nights.member_left(GUILD, BEN.user_id)
    assert (await evening.nights.get(ANA, night.night_id)).ballots == 1
    decided = await evening.nights.close(ANA, night.night_id)
    assert decided.tally is not None
    assert decided.tally.totals[key_of(night, 51)] == 0
    # With the result they are counted for good.
    await evening.nights.member_left(GUILD, ANA.user_id)
    assert (await evening.nights.get(EVA, night.night_id)).ballots == decided.tally.ballots == 1


async def watch(evening: Evening, movie_id: int, loser_id: int, **wishes: object) -> Night:
    """A night of this week that is over, with a loser to be carried over."""
    night = await evening.voting(movie_id, loser_id, carry_over=True, **wishes)
    for actor, chosen in ((ANA, (movie_id,)), (BEN, (movie_id, loser_id))):
        await evening.nights.cast(actor, night.night_id, {key_of(night, one): 1 for one in chosen})
    await evening.nights.close(ANA, night.night_id)
    await evening.go(days=7)
    return night


async def test_losers_are_carried_over_from_the_newest_night(evening: Evening):
    await watch(evening, 10, 11)
    await watch(evening, 20, 21)
    night = await evening.plan()
    assert [(one.source, one.movie.movie_id) for one in night.candidates] == [("carried", 21)]


async def test_losers_are_carried_over_among_the_same_people_only(evening: Evening):
    await watch(evening, 10, 11, guests=((2, "Ben"),))
    for wishes in ({}, {"guests": ((3, "Cleo"),)}, {"invited_role_id": 66}):
        assert (await evening.plan(**wishes)).candidates == ()
    elsewhere = await evening.nights.plan(
        ANA, CHANNEL + 1, Plan((evening.date(days=4),), guests=((2, "Ben"),))
    )
    assert elsewhere.candidates == ()
    assert len((await evening.plan(guests=((2, "Ben"),))).candidates) == 1


async def test_losers_are_handed_on_among_the_same_people_only(evening: Evening):
    open_to_all = await evening.plan(BEN, evening.date(days=10))
    theirs = await evening.plan(BEN, evening.date(days=11), guests=((1, "Ana"), (2, "Ben")))
    await watch(evening, 10, 11, guests=((2, "Ben"), (1, "Ana")))
    assert (await evening.nights.get(BEN, open_to_all.night_id)).candidates == ()
    assert len((await evening.nights.get(BEN, theirs.night_id)).candidates) == 1


async def test_a_vote_may_close_the_moment_the_night_begins(evening: Evening):
    start = evening.date(days=4)
    with pytest.raises(UserError, match="has to close before the night begins"):
        await evening.plan(ANA, start, vote_closes_at=start + MOMENT)
    with pytest.raises(UserError, match="not in the past"):
        await evening.plan(ANA, start, vote_closes_at=evening.clock.now)
    night = await evening.plan(ANA, start, vote_closes_at=start)
    assert night.vote_closes_at == start
    await evening.nights.nominate(ANA, night.night_id, 50)
    opened = await evening.nights.open_vote(ANA, night.night_id, start)
    assert opened.vote_closes_at == start
    await evening.nights.cast(BEN, night.night_id, {key_of(opened, 50): 1})
    await evening.go(days=3, hours=23, minutes=59)
    assert (await evening.nights.get(ANA, night.night_id)).state == "voting"
    await evening.go(minutes=1)
    begun = await evening.nights.get(ANA, night.night_id)
    assert begun.state == "running"
    assert begun.tally is not None
    assert begun.tally.ballots == 1
    assert evening.channel.kinds().count("result") == 1


async def test_a_close_that_was_chosen_moves_along_to_the_moment_of_the_start(evening: Evening):
    start = evening.date(days=4)
    night = await evening.plan(ANA, start, vote_closes_at=start)
    moved = await evening.nights.move(ANA, night.night_id, evening.date(days=6))
    assert moved.vote_closes_at == moved.starts_at == evening.date(days=6)
