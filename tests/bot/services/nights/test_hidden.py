"""Hidden ratings stay hidden where a group meets: in its list, among the candidates, in the history."""

from bot.services.group import GroupLists
from bot.services.privacy import Privacy
from bot.services.watchlists import Watchlists
from tests.bot.services.nights.conftest import ANA, BEN, CLEO, GUILD, Evening


async def hide(evening: Evening, user_id: int, name: str) -> None:
    await Privacy(evening.world.store, evening.clock).hide(user_id, name)


async def test_a_past_night_tells_no_hidden_stars(evening: Evening):
    night = await evening.voting(50)
    for actor in (BEN, CLEO):
        await evening.nights.answer(actor, night.night_id, "in")
    await evening.nights.close(ANA, night.night_id)
    await evening.go(days=6)
    (past,) = (await evening.nights.history(GUILD)).nights
    assert past.movie is not None
    for actor, stars in ((ANA, 1.0), (BEN, 4.0), (CLEO, 5.0)):
        await evening.world.ratings.rate(actor.user_id, actor.name, past.movie.movie_id, stars)
    await hide(evening, BEN.user_id, "Ben")
    (past,) = (await evening.nights.history(GUILD)).nights
    assert {person.name: stars for person, stars in past.there} == {"Ana": 1.0, "Ben": None, "Cleo": 5.0}
    assert past.mean == 3.0


async def test_candidates_do_not_say_what_somebody_who_hides_has_seen(evening: Evening):
    night = await evening.plan(ANA)
    await evening.nights.answer(BEN, night.night_id, "in")
    await evening.nights.nominate(ANA, night.night_id, 50)
    for actor in (ANA, BEN):
        await evening.world.ratings.rate(actor.user_id, actor.name, 50, 4.0)
    night = await evening.nights.get(night.night_id)
    assert night.candidates[0].seen_by == (1, 2)
    await hide(evening, BEN.user_id, "Ben")
    night = await evening.nights.get(night.night_id)
    assert night.candidates[0].seen_by == (1,)


async def test_a_group_list_counts_who_hides_and_shows_them_not(evening: Evening):
    world = evening.world
    await world.quick_training().retrain()
    await world.rate(1, *range(1, 41, 4))
    await world.rate(2, *range(2, 42, 4))
    groups = GroupLists(world.shelf, world.ratings, Watchlists(world.store, world.shelf, world.clock))
    before = await groups.recommend([1, 2])
    about = await groups.about([1, 2], [2])
    assert about[0].seen_by == (2,)
    await hide(evening, 2, "Ben")
    after = await groups.recommend([1, 2])
    assert [one.movie for one in after.picks] == [one.movie for one in before.picks]
    assert all(set(one.members) == {1, 2} for one in before.picks)
    assert all(set(one.members) == {1} for one in after.picks)
    assert (await groups.about([1, 2], [2]))[0].seen_by == ()
