"""A night from its plan to its history, and what may not be done on the way."""

import asyncio

import pytest
from sqlalchemy import func, insert, select, update

from bot.errors import NotAllowed, UserError
from bot.services.answers import Filters
from bot.services.watchlists import Watchlists
from bot.store import tables
from tests.bot.services.nights.conftest import ANA, BEN, CLEO, EVA, GUILD, Evening, key_of, somebody


async def test_a_night_goes_its_way_by_itself(evening: Evening):
    """Planned, voted on, announced, reminded of, watched, rated, in the history: time alone drives it."""
    await evening.world.rate(1, 1, 5, 9)
    night = await evening.plan(ANA, theme="Space", vote_kind="ranked")
    number = night.night_id
    assert (night.state, night.host_id) == ("gathering", 1)
    assert [one.name for one in night.who("in")] == ["Ana"]
    await evening.run()
    assert evening.channel.kinds() == ["card"]
    for actor, answer in ((BEN, "in"), (CLEO, "maybe")):
        await evening.nights.answer(actor, number, answer)
    await evening.nights.nominate(BEN, number, 50)
    assert night.vote_opens_at is not None
    await evening.go(days=3)
    night = await evening.nights.get(ANA, number)
    assert night.state == "voting"
    assert [one.source for one in night.candidates] == ["list"] * 5 + ["nominated"]
    wanted = key_of(night, 50)
    first = night.candidates[0].movie_key
    for actor in (BEN, CLEO):
        await evening.nights.cast(actor, number, {wanted: 1})
    await evening.nights.cast(ANA, number, {first: 1})
    seen = await evening.nights.get(ANA, number)
    assert (seen.ballots, seen.tally, seen.winner) == (3, None, None)
    await evening.go(hours=23)
    night = await evening.nights.get(ANA, number)
    assert night.state == "decided"
    assert night.winner is not None
    assert night.winner.movie_id == 50
    assert night.tally is not None
    assert dict(night.tally.totals)[wanted] == 2
    await evening.go(hours=2)
    assert (await evening.nights.get(ANA, number)).state == "running"
    await evening.go(hours=3)
    assert (await evening.nights.get(ANA, number)).state == "rating"
    change = await evening.nights.rate(BEN, number, 4.5)
    assert change.movie.movie_id == 50
    await evening.nights.rate(CLEO, number, 3.5)
    assert await evening.world.ratings.profile(2) == {50: 4.5}
    await evening.go(days=4)
    assert (await evening.nights.get(ANA, number)).state == "over"
    assert evening.channel.kinds() == ["card", "vote_open", "remind_day", "result", "remind_soon", "rate"]
    assert all(late == "" for _, late in evening.channel.said)
    page = await evening.nights.history(ANA)
    (past,) = page.nights
    assert past.movie is not None
    assert past.movie.movie_id == 50
    assert {person.name: stars for person, stars in past.there} == {"Ana": None, "Ben": 4.5, "Cleo": 3.5}
    assert (past.attended, past.mean) == (3, 4.0)
    # Ana gave it no stars, and is not to be shown it again all the same.
    assert await evening.world.ratings.noted_seen(ANA.user_id) == {50}
    assert await evening.world.ratings.noted_seen(BEN.user_id) == set(), "his stars say it"
    again = await evening.plan(ANA, evening.date(days=5))
    await evening.nights.nominate(ANA, again.night_id, 50)
    (offered,) = (await evening.nights.get(ANA, again.night_id)).candidates
    assert offered.seen_by == (ANA.user_id,)
    (card,) = evening.channel.cards.values()
    assert card.state == "over"


async def test_who_says_afterwards_that_they_were_not_there_has_not_seen_it(evening: Evening):
    night = await evening.plan(ANA, evening.date(days=5))
    number = night.night_id
    await evening.nights.answer(BEN, number, "in")
    await evening.nights.nominate(BEN, number, 50)
    await evening.go(days=4)
    await evening.nights.cast(BEN, number, {key_of(await evening.nights.get(ANA, number), 50): 1})
    await evening.go(days=1, hours=6)
    assert (await evening.nights.get(ANA, number)).state == "rating"
    await evening.nights.answer(BEN, number, "out")
    await evening.go(days=4)
    assert (await evening.nights.get(ANA, number)).state == "over"
    assert await evening.world.ratings.noted_seen(ANA.user_id) == {50}
    assert await evening.world.ratings.noted_seen(BEN.user_id) == set()


async def test_the_best_date_wins(evening: Evening):
    """Most who are in; of equal ones most who may come; then the earliest."""
    dates = [evening.date(days=days) for days in (5, 6, 7)]
    night = await evening.plan(ANA, *dates)
    assert night.state == "planning"
    first, second, third = (date.date_id for date in night.dates)
    await evening.nights.answer(ANA, night.night_id, "in", [second, third])
    await evening.nights.answer(BEN, night.night_id, "in", [first, third, second])
    await evening.nights.answer(CLEO, night.night_id, "maybe", [third])
    night = await evening.nights.close(ANA, night.night_id)
    assert (night.state, night.starts_at) == ("gathering", dates[2])
    assert len(night.who("in")) == 2


async def test_whom_the_date_does_not_suit_counts_as_not_coming(evening: Evening):
    dates = [evening.date(days=days) for days in (5, 6)]
    night = await evening.plan(ANA, *dates)
    await evening.nights.answer(BEN, night.night_id, "in", [night.dates[1].date_id])
    await evening.nights.answer(CLEO, night.night_id, "in", [night.dates[0].date_id])
    await evening.go(days=3)
    night = await evening.nights.get(ANA, night.night_id)
    assert night.starts_at == dates[0]
    assert [one.name for one in night.who("out")] == ["Ben"]
    assert "date_fixed" in evening.channel.kinds()
    await evening.nights.answer(BEN, night.night_id, "in")
    assert len((await evening.nights.get(ANA, night.night_id)).who("in")) == 3


async def test_dates_that_passed_while_the_bot_was_off_are_no_choice(evening: Evening):
    night = await evening.plan(ANA, evening.date(days=1), evening.date(days=2))
    evening.clock.advance(days=1, hours=1)
    await evening.run()
    moved = await evening.nights.get(ANA, night.night_id)
    assert moved.starts_at == night.dates[1].starts_at
    other = await evening.plan(ANA, evening.date(days=1), evening.date(days=2))
    evening.clock.advance(days=9)
    await evening.run()
    assert (await evening.nights.get(ANA, other.night_id)).state == "cancelled"
    assert evening.channel.said.count(("no_date", "late")) == 1


async def test_ballots_are_secret_changeable_and_ones_own(evening: Evening):
    night = await evening.voting(50, 51)
    a, b = key_of(night, 50), key_of(night, 51)
    await evening.nights.cast(BEN, night.night_id, {a: 1})
    ballot = await evening.nights.cast(BEN, night.night_id, {b: 1})
    assert dict(ballot.choices) == {b: 1}
    assert dict((await evening.nights.ballot(BEN, night.night_id)).choices) == {b: 1}
    assert (await evening.nights.ballot(EVA, night.night_id)).cast_at is None
    seen = await evening.nights.get(ANA, night.night_id)
    assert (seen.ballots, seen.tally) == (1, None)
    # Whoever votes is in.
    assert "Ben" in [one.name for one in seen.who("in")]
    await evening.nights.take_back(BEN, night.night_id)
    assert (await evening.nights.get(ANA, night.night_id)).ballots == 0


async def test_who_cannot_come_has_no_vote(evening: Evening):
    night = await evening.voting(50)
    key = key_of(night, 50)
    await evening.nights.cast(BEN, night.night_id, {key: 1})
    night = await evening.nights.answer(BEN, night.night_id, "out")
    assert night.ballots == 0
    with pytest.raises(UserError, match="can't come"):
        await evening.nights.cast(BEN, night.night_id, {key: 1})
    # The ballot is not lost: it counts again as soon as they come.
    assert (await evening.nights.answer(BEN, night.night_id, "in")).ballots == 1


@pytest.mark.parametrize(
    ("kind", "choices"),
    [("approval", {50: 2}), ("score", {50: 6}), ("score", {50: -1}), ("ranked", {50: 1, 51: 1})],
)
async def test_a_ballot_that_does_not_fit_the_vote_is_refused(
    evening: Evening, kind: str, choices: dict[int, int]
):
    night = await evening.voting(50, 51, vote_kind=kind)
    with pytest.raises(UserError, match="this vote takes"):
        await evening.nights.cast(
            ANA, night.night_id, {key_of(night, movie): value for movie, value in choices.items()}
        )
    with pytest.raises(UserError, match="none of the candidates"):
        await evening.nights.cast(ANA, night.night_id, {999: 1})
    assert (await evening.nights.get(ANA, night.night_id)).ballots == 0


async def test_ranks_are_kept_without_gaps(evening: Evening):
    night = await evening.voting(50, 51, vote_kind="ranked")
    a, b = key_of(night, 50), key_of(night, 51)
    ballot = await evening.nights.cast(ANA, night.night_id, {a: 7, b: 3})
    assert dict(ballot.choices) == {b: 1, a: 2}


async def test_a_quorum_that_is_missed_leaves_it_to_the_host(evening: Evening):
    night = await evening.voting(50, 51, quorum=2)
    await evening.nights.cast(BEN, night.night_id, {key_of(night, 51): 1})
    night = await evening.nights.close(ANA, night.night_id)
    assert (night.state, night.tally) == ("undecided", None)
    night = await evening.nights.open_vote(ANA, night.night_id, until=evening.date(hours=1))
    assert night.ballots == 1
    await evening.go(hours=2)
    assert (await evening.nights.get(ANA, night.night_id)).state == "undecided"
    night = await evening.nights.close(ANA, night.night_id)
    assert night.winner is not None
    assert night.winner.movie_id == 51
    await evening.run()
    said = ["card", "vote_open", "vote_missed", "vote_open", "vote_missed", "result"]
    assert evening.channel.kinds() == said


async def test_a_night_that_begins_undecided_takes_what_there_is(evening: Evening):
    night = await evening.voting(50, quorum=3)
    await evening.go(days=4, hours=1)
    night = await evening.nights.get(ANA, night.night_id)
    assert night.state == "running"
    assert night.tally is not None
    assert night.tally.winner is None
    # Nobody voted: the first of the list.
    assert night.winner == night.candidates[0].movie


async def test_a_night_without_any_movie_ends_without_rating(evening: Evening):
    everything = Filters(genre=("Western",), from_year=2100)
    night = await evening.plan(ANA, filters=everything)
    await evening.go(days=5)
    assert (await evening.nights.get(ANA, night.night_id)).state == "over"
    assert evening.channel.kinds().count("nothing_to_vote") == 1
    assert "rate" not in evening.channel.kinds()


async def test_two_closes_at_once_announce_one_result(evening: Evening):
    night = await evening.voting(50)
    await evening.nights.cast(ANA, night.night_id, {key_of(night, 50): 1})
    results = await asyncio.gather(
        *(evening.nights.close(actor, night.night_id) for actor in (ANA, EVA, ANA)), return_exceptions=True
    )
    errors = [one for one in results if isinstance(one, BaseException)]
    assert len(errors) == 2
    assert all(isinstance(error, UserError) and "its vote is closed" in str(error) for error in errors)
    await asyncio.gather(*(evening.nights.deliver(evening.channel) for _ in range(3)))
    assert evening.channel.kinds().count("result") == 1


async def test_who_may_run_a_night(evening: Evening):
    night = await evening.plan(ANA)
    for action in (
        evening.nights.open_vote(BEN, night.night_id),
        evening.nights.cancel(BEN, night.night_id),
        evening.nights.move(BEN, night.night_id, evening.date(days=6)),
        evening.nights.close(BEN, night.night_id),
        evening.nights.repeat(BEN, night.night_id),
    ):
        with pytest.raises(NotAllowed, match="only its host"):
            await action
    await evening.nights.change_settings(GUILD, role_id=77)
    helper = somebody(8, "Hal", role_ids=frozenset({77}))
    await evening.nights.move(helper, night.night_id, evening.date(days=6))
    await evening.nights.cancel(EVA, night.night_id)
    with pytest.raises(NotAllowed, match="only members with the role"):
        await evening.plan(BEN)
    assert (await evening.plan(helper)).host_id == 8
    await evening.nights.change_settings(GUILD, role_id=0)
    await evening.plan(BEN)


async def test_a_night_for_some(evening: Evening):
    night = await evening.plan(ANA, guests=((2, "Ben"),), invited_role_id=66)
    for attempt in (
        evening.nights.answer(CLEO, night.night_id, "in"),
        evening.nights.nominate(CLEO, night.night_id, 50),
    ):
        with pytest.raises(UserError, match="no such movie night"):
            await attempt
    await evening.nights.answer(BEN, night.night_id, "in")
    night = await evening.nights.answer(somebody(6, "Flo", role_ids=frozenset({66})), night.night_id, "maybe")
    assert {one.name for one in night.people} == {"Ana", "Ben", "Flo"}
    # Who manages events runs it, and comes to it only if they are invited.
    with pytest.raises(NotAllowed, match="for others"):
        await evening.nights.answer(EVA, night.night_id, "in")
    await evening.nights.cancel(EVA, night.night_id)


async def test_nominations_merge_have_a_cap_and_can_be_withdrawn(evening: Evening):
    await evening.world.rate(3, 50)
    night = await evening.plan(ANA, nominations_each=2)
    number = night.night_id
    await evening.nights.answer(CLEO, number, "maybe")
    await evening.nights.nominate(ANA, number, 50)
    night = await evening.nights.nominate(BEN, number, 50)
    (only,) = night.candidates
    assert (only.nominated_by, only.seen_by) == ((1, 2), (3,))
    with pytest.raises(UserError, match="already"):
        await evening.nights.nominate(BEN, number, 50)
    await evening.nights.nominate(BEN, number, 51)
    with pytest.raises(UserError, match="the most in this night"):
        await evening.nights.nominate(BEN, number, 52)
    night = await evening.nights.withdraw(BEN, number, only.movie_key)
    assert len(night.candidates) == 2
    night = await evening.nights.withdraw(ANA, number, only.movie_key)
    assert [one.movie.movie_id for one in night.candidates] == [51]
    with pytest.raises(UserError, match="not nominated"):
        await evening.nights.withdraw(ANA, number, only.movie_key)


async def test_the_list_is_of_those_who_come_and_fits_the_wishes(evening: Evening):
    await evening.world.rate(2, 2, 6, 10)
    night = await evening.plan(ANA, filters=Filters(genre=("horror",)))
    assert night.filters.genre == ("Horror",)
    await evening.nights.answer(BEN, night.night_id, "in")
    night = await evening.nights.open_vote(ANA, night.night_id)
    assert len(night.candidates) == 5
    assert all("Horror" in one.movie.genres for one in night.candidates)


async def test_a_nomination_of_the_list_stays_one_movie(evening: Evening):
    plain = await evening.voting()
    top = plain.candidates[0].movie.movie_id
    await evening.nights.cancel(ANA, plain.night_id)
    night = await evening.voting(top)
    assert len(night.candidates) == 5
    assert night.candidates[0].nominated_by == (1,)


async def test_losers_are_carried_over(evening: Evening):
    night = await evening.voting(50, 51, carry_over=True)
    await evening.nights.cast(ANA, night.night_id, {key_of(night, 50): 1})
    await evening.nights.cast(BEN, night.night_id, {key_of(night, 51): 1, key_of(night, 50): 1})
    await evening.nights.close(ANA, night.night_id)
    following = await evening.plan(BEN)
    # What nobody voted for is no loser that anybody misses.
    assert [(one.source, one.movie.movie_id) for one in following.candidates] == [("carried", 51)]
    await evening.nights.open_vote(BEN, following.night_id)


async def test_a_host_who_left_hands_over(evening: Evening):
    night = await evening.plan(ANA)
    evening.clock.advance(minutes=1)
    await evening.nights.answer(BEN, night.night_id, "in")
    (changed,) = await evening.nights.member_left(GUILD, 1)
    assert (changed.host_id, [one.name for one in changed.people]) == (2, ["Ben"])
    (changed,) = await evening.nights.member_left(GUILD, 2)
    assert changed.host_id is None
    assert await evening.nights.member_left(GUILD, 77) == []
    # Without a host whoever comes runs it.
    with pytest.raises(NotAllowed, match="who comes"):
        await evening.nights.cancel(CLEO, night.night_id)
    await evening.nights.answer(CLEO, night.night_id, "in")
    await evening.nights.cancel(CLEO, night.night_id)
    await evening.run()
    assert evening.channel.kinds() == ["card", "new_host", "new_host", "cancelled"]


async def test_steps_that_are_not_legal_say_why(evening: Evening):
    night = await evening.plan(ANA)
    number = night.night_id
    for attempt, reason in (
        (evening.nights.cast(ANA, number, {}), "its vote is not open yet"),
        (evening.nights.rate(ANA, number, 4), "its vote is not open yet"),
        (evening.nights.close(ANA, number), "not open yet"),
        (evening.nights.ask_ratings(ANA, number), "ask for ratings"),
        (evening.nights.get(ANA, 4711), "no such movie night"),
        (evening.nights.get(ANA, 2**70), "no such movie night"),
    ):
        with pytest.raises(UserError, match=reason):
            await attempt
    await evening.nights.cancel(ANA, number)
    for attempt in (
        evening.nights.answer(BEN, number, "in"),
        evening.nights.nominate(BEN, number, 50),
        evening.nights.open_vote(ANA, number),
        evening.nights.cancel(ANA, number),
        evening.nights.move(ANA, number, evening.date(days=8)),
    ):
        with pytest.raises(UserError, match="it was cancelled"):
            await attempt


async def test_plans_out_of_range(evening: Evening):
    for dates, wishes, reason in (
        ((evening.date(days=-1),), {}, "past"),
        ((evening.date(minutes=5),), {}, "too near"),
        ((evening.date(days=400),), {}, "more than a year"),
        ((evening.date(days=2),), {"quorum": 0}, "quorum"),
        ((evening.date(days=2),), {"nominations_each": 99}, "nominations"),
        ((evening.date(days=2),), {"vote_closes_at": evening.date(days=3)}, "before the night"),
        ((evening.date(days=2),), {"theme": "x" * 201}, "theme"),
        ((evening.date(days=2),), {"filters": Filters(genre=("nonsense",))}, "not a genre"),
        (tuple(evening.date(days=day) for day in range(1, 12)), {}, "too many"),
    ):
        with pytest.raises(UserError, match=reason):
            await evening.plan(ANA, *dates, **wishes)
    assert await evening.nights.open(ANA) == []
    for number in range(20):
        await evening.plan(somebody(100 + number, "Host"))
    with pytest.raises(UserError, match="20 nights are planned already"):
        await evening.plan()


async def test_losers_go_to_the_next_night_also_where_that_is_planned_before_the_close(evening: Evening):
    night = await evening.voting(50, 51, carry_over=True)
    ahead = await evening.plan(BEN, evening.date(days=11))
    far = await evening.plan(BEN, evening.date(days=18))
    await evening.run()
    await evening.nights.cast(ANA, night.night_id, {key_of(night, 50): 1})
    await evening.nights.cast(BEN, night.night_id, {key_of(night, 51): 1, key_of(night, 50): 1})
    await evening.nights.close(ANA, night.night_id)
    await evening.run()
    taken = await evening.nights.get(ANA, ahead.night_id)
    assert [(one.source, one.movie.movie_id) for one in taken.candidates] == [("carried", 51)]
    assert taken.card_message_id is not None
    assert evening.channel.cards[taken.card_message_id].candidates == taken.candidates
    assert (await evening.nights.get(ANA, far.night_id)).candidates == ()
    # Carried over is carried over once.
    another = await evening.plan(CLEO, evening.date(days=25))
    assert another.candidates == ()


async def test_what_people_say_while_rating_decides_whose_watchlist_it_leaves(evening: Evening):
    wanted = Watchlists(evening.world.store, evening.world.shelf, evening.clock)
    night = await evening.voting(50)
    for actor in (BEN, CLEO, EVA):
        await wanted.add(actor.user_id, actor.name, 50)
    async with evening.world.store.write() as db:
        # Eva's is another stored movie of the same film, as one from before the data changed.
        await db.execute(insert(tables.movies).values(title="Before", catalogue_id=50))
        await db.execute(
            update(tables.watchlist)
            .where(tables.watchlist.c.user_id == EVA.user_id)
            .values(movie_key=select(func.max(tables.movies.c.movie_key)).scalar_subquery())
        )
    for actor in (CLEO, EVA):
        await evening.nights.answer(actor, night.night_id, "in")
    await evening.nights.cast(ANA, night.night_id, {key_of(night, 50): 1})
    await evening.nights.close(ANA, night.night_id)
    await evening.go(days=5)
    assert (await evening.nights.get(ANA, night.night_id)).state == "rating"
    await evening.nights.answer(BEN, night.night_id, "in")
    await evening.nights.answer(CLEO, night.night_id, "out")
    await evening.go(days=4)
    assert (await evening.nights.get(ANA, night.night_id)).state == "over"
    assert await wanted.wanted(BEN.user_id) == set()
    assert await wanted.wanted(CLEO.user_id) == {50}
    assert await wanted.wanted(EVA.user_id) == set()
