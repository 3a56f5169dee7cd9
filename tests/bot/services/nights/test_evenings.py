"""What /stats says of past nights."""

from bot.services.privacy import Privacy
from bot.services.taste.evenings import PastEvenings, foreseen
from bot.services.taste.wording import evening_lines
from tests.bot.services.nights.conftest import ANA, BEN, CLEO, GUILD, Actor, Evening


def past(evening: Evening) -> PastEvenings:
    world = evening.world
    return PastEvenings(world.store, world.shelf, world.ratings)


async def watch(evening: Evening, host: Actor, movie_id: int, *guests: Actor) -> None:
    """A night on which this movie wins."""
    night = await evening.plan(host)
    for guest in guests:
        await evening.nights.answer(guest, night.night_id, "in")
    await evening.nights.nominate(host, night.night_id, movie_id)
    night = await evening.nights.open_vote(host, night.night_id)
    (key,) = (one.movie_key for one in night.candidates if one.movie.movie_id == movie_id)
    await evening.nights.cast(host, night.night_id, {key: 1})
    await evening.nights.close(host, night.night_id)
    await evening.go(days=6)


async def test_without_nights_nothing_is_said(evening: Evening):
    found = await past(evening).of(GUILD)
    assert (found.nights, found.hosts, found.best) == (0, (), None)
    assert evening_lines(found) == []


async def test_hosts_and_the_night_that_was_foreseen_best(evening: Evening):
    world = evening.world
    await world.quick_training().retrain()
    for actor, loved in ((ANA, 1), (BEN, 1)):
        await world.rate(actor.user_id, *range(loved, 33, 4), stars=4.5)
        await world.rate(actor.user_id, *range(loved + 1, 34, 4), stars=1.5)
    await watch(evening, ANA, 41, BEN)
    await watch(evening, ANA, 42, BEN)
    await watch(evening, BEN, 45, ANA, CLEO)
    found = await past(evening).of(GUILD)
    assert found.nights == 3
    assert found.attended == 7
    assert found.hosts == (("Ana", 2), ("Ben", 1))
    assert found.best is None
    # As expected of a Western, and quite other than expected of Sci-Fi.
    for movie_id, stars in ((41, 4.5), (42, 5.0)):
        for actor in (ANA, BEN):
            await world.ratings.rate(actor.user_id, actor.name, movie_id, stars)
    best = (await past(evening).of(GUILD)).best
    assert best is not None
    assert (best.movie.movie_id, best.people) == (41, 2)
    assert best.error <= 0.5
    lines = evening_lines(await past(evening).of(GUILD))
    assert lines[0] == "3 movie nights, 2.3 people each"
    assert lines[1] == "hosted most by Ana (2) and Ben (1)"
    assert "foreseen best: Western Number 41" in lines[2]
    await Privacy(world.store, evening.clock).hide(BEN.user_id, "Ben")
    assert (await past(evening).of(GUILD)).best is None


async def test_a_past_night_of_somebody_deleted_stays_without_their_name(evening: Evening):
    await watch(evening, ANA, 41, BEN)
    (card,) = evening.channel.cards.values()
    assert "Ana" in [person.name for person in card.people]
    await Privacy(evening.world.store, evening.clock).delete(ANA.user_id)
    await evening.run()
    (card,) = evening.channel.cards.values()
    assert [person.name for person in card.people] == ["Ben"]
    assert (card.host_id, card.host_name) == (None, "")
    found = await past(evening).of(GUILD)
    assert (found.nights, found.attended, found.hosts) == (1, 2, ())
    (night,) = (await evening.nights.history(GUILD)).nights
    assert night.attended == 2
    assert [person.name for person, _ in night.there] == ["Ben"]
    assert night.movie is not None


async def test_stars_are_foreseen_from_five_ratings_on(evening: Evening):
    await evening.world.quick_training().retrain()
    model = evening.world.shelf.current.model
    assert model is not None
    fan = {movie: 5.0 if movie % 4 == 1 else 1.0 for movie in range(1, 31)}
    loved, other = foreseen(model, fan, 41), foreseen(model, fan, 42)
    assert loved is not None
    assert other is not None
    assert loved > other
    assert foreseen(model, {movie: fan[movie] for movie in (1, 2, 3, 4)}, 41) is None
    assert foreseen(model, fan | {41: 0.5}, 41) == loved
