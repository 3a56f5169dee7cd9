"""Hidden ratings stay hidden where a group meets: in its list, among the candidates, in the history."""

from bot.services.group import GroupLists
from bot.services.nights import candidates
from bot.services.privacy import Privacy
from bot.services.watchlists import Watchlists
from tests.bot.services.nights.conftest import ANA, BEN, CLEO, Evening


async def hide(evening: Evening, user_id: int, name: str) -> None:
    await Privacy(evening.world.store, evening.clock).hide(user_id, name)


async def test_a_past_night_tells_no_hidden_stars(evening: Evening):
    night = await evening.voting(50)
    for actor in (BEN, CLEO):
        await evening.nights.answer(actor, night.night_id, "in")
    await evening.nights.close(ANA, night.night_id)
    await evening.go(days=6)
    (past,) = (await evening.nights.history(ANA)).nights
    assert past.movie is not None
    for actor, stars in ((ANA, 1.0), (BEN, 4.0), (CLEO, 5.0)):
        await evening.world.ratings.rate(actor.user_id, actor.name, past.movie.movie_id, stars)
    await hide(evening, BEN.user_id, "Ben")
    (past,) = (await evening.nights.history(ANA)).nights
    assert {person.name: stars for person, stars in past.there} == {"Ana": 1.0, "Ben": None, "Cleo": 5.0}
    assert past.mean == 3.0


async def test_candidates_do_not_say_what_somebody_who_hides_has_seen(evening: Evening):
    night = await evening.plan(ANA)
    await evening.nights.answer(BEN, night.night_id, "in")
    await evening.nights.nominate(ANA, night.night_id, 50)
    for actor in (ANA, BEN):
        await evening.world.ratings.rate(actor.user_id, actor.name, 50, 4.0)
    night = await evening.nights.get(ANA, night.night_id)
    assert night.candidates[0].seen_by == (1, 2)
    await hide(evening, BEN.user_id, "Ben")
    night = await evening.nights.get(ANA, night.night_id)
    assert night.candidates[0].seen_by == (1,)


async def test_a_nights_list_knows_nothing_of_who_hides_but_their_veto(evening: Evening):
    world = evening.world
    await world.quick_training().retrain()
    await world.rate(1, *range(1, 41, 4))
    night = await evening.plan(ANA)
    await evening.nights.answer(BEN, night.night_id, "in")
    before = await listed(evening, night.night_id)
    await hide(evening, BEN.user_id, "Ben")
    await world.rate(BEN.user_id, *before, *range(2, 42, 4))
    assert await listed(evening, night.night_id) == before, "beside one, what Ben has seen could be read off"
    await evening.nights.answer(CLEO, night.night_id, "in")
    assert not {*before} & {*await listed(evening, night.night_id)}


async def listed(evening: Evening, night_id: int) -> list[int]:
    """The list that a night's vote would open with."""
    night = await evening.nights.get(ANA, night_id)
    groups = GroupLists(
        evening.world.shelf,
        evening.world.ratings,
        Watchlists(evening.world.store, evening.world.shelf, evening.clock),
    )
    coming = [one.user_id for one in night.who("in")]
    return [movie.movie_id for movie in await candidates.group_list(groups, coming, night.filters)]
