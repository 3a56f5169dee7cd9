"""What /stats says of past nights."""

import pytest

from bot.services.privacy import Privacy
from bot.services.taste import evenings
from bot.services.taste.evenings import PastEvenings, foreseen
from bot.services.taste.wording import evening_lines
from bot.store import Connection, night_forecasts, personal
from recommender.model import Model
from tests.bot.services.nights.conftest import ANA, BEN, CLEO, Actor, Evening


def past(evening: Evening) -> PastEvenings:
    world = evening.world
    return PastEvenings(world.store, world.shelf)


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
    found = await past(evening).of(ANA)
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
    found = await past(evening).of(ANA)
    assert found.nights == 3
    assert found.attended == 7
    assert found.hosts == (("Ana", 2), ("Ben", 1))
    assert found.best is None
    # As expected of a Western, and quite other than expected of Sci-Fi.
    for movie_id, stars in ((41, 4.5), (42, 5.0)):
        for actor in (ANA, BEN):
            await world.ratings.rate(actor.user_id, actor.name, movie_id, stars)
    best = (await past(evening).of(ANA)).best
    assert best is not None
    assert (best.movie.movie_id, best.people) == (41, 2)
    assert best.error <= 0.5
    lines = evening_lines(await past(evening).of(ANA))
    assert lines[0] == "3 movie nights, 2.3 people each"
    assert lines[1] == "hosted most by Ana (2) and Ben (1)"
    assert "foreseen best: Western Number 41" in lines[2]
    await Privacy(world.store, evening.clock).hide(BEN.user_id, "Ben")
    assert (await past(evening).of(ANA)).best is None


async def watched(evening: Evening, *nights: tuple[int, tuple[tuple[Actor, float], ...]]) -> None:
    """Nights with a movie each, and what those who were there gave it; Ana and Ben are known to the model."""
    world = evening.world
    await world.quick_training().retrain()
    for actor, loved in ((ANA, 1), (BEN, 1), (CLEO, 2)):
        await world.rate(actor.user_id, *range(loved, 33, 4), stars=4.5)
        await world.rate(actor.user_id, *range(loved + 1, 34, 4), stars=1.5)
    for movie_id, given in nights:
        host, *guests = (actor for actor, _ in given)
        await watch(evening, host, movie_id, *guests)
        for actor, stars in given:
            await world.ratings.rate(actor.user_id, actor.name, movie_id, stars)


async def test_a_night_is_foreseen_once(evening: Evening, monkeypatch: pytest.MonkeyPatch):
    asked: list[int] = []

    def counted(model: Model, others: dict[int, float], movie_id: int) -> float | None:
        asked.append(movie_id)
        return foreseen(model, others, movie_id)

    monkeypatch.setattr(evenings, "foreseen", counted)
    await watched(evening, (41, ((ANA, 4.5), (BEN, 4.5))))
    before = await past(evening).of(ANA)
    assert before.best is not None
    assert asked == [41, 41]
    assert await past(evening).of(ANA) == before
    # Another model foresees otherwise, perhaps: what was foreseen then stays.
    for movie_id in range(50, 60):
        await evening.world.ratings.rate(ANA.user_id, "Ana", movie_id, 1.0)
    assert await past(evening).of(ANA) == before
    assert asked == [41, 41]
    # What somebody gives counts as it is now.
    await evening.world.ratings.rate(BEN.user_id, "Ben", 41, 0.5)
    worse = (await past(evening).of(ANA)).best
    assert worse is not None
    assert worse.error == pytest.approx(before.best.error + 2.0)
    await evening.world.ratings.unrate(BEN.user_id, 41)
    assert (await past(evening).of(ANA)).best is None
    assert asked == [41, 41]


async def test_nothing_kept_of_a_night_tells_of_who_hides_or_is_gone(evening: Evening):
    await watched(evening, (41, ((ANA, 4.5), (BEN, 0.5), (CLEO, 3.0))), (45, ((ANA, 1.0), (BEN, 5.0))))
    world = evening.world
    privacy = Privacy(world.store, evening.clock)
    open_to_all = await past(evening).of(ANA)
    await privacy.hide(BEN.user_id, "Ben")
    without = await past(evening).of(ANA)
    # Whatever Ben gives now, and gave before: the answer is the same.
    for stars in (0.5, 5.0):
        for movie_id in (41, 45):
            await world.ratings.rate(BEN.user_id, "Ben", movie_id, stars)
        assert await past(evening).of(ANA) == without
    assert without.best is not None
    assert (without.best.movie.movie_id, without.best.people) == (41, 2)
    await world.ratings.rate(BEN.user_id, "Ben", 41, 0.5)
    await privacy.unhide(BEN.user_id)
    assert await past(evening).of(ANA) == open_to_all
    assert len((await world.store.export_person(BEN.user_id))["night_forecasts"]) == 2
    await privacy.delete(BEN.user_id)
    gone = await past(evening).of(ANA)
    assert gone.best == without.best
    assert (await world.store.export_person(BEN.user_id))["night_forecasts"] == []


async def test_nothing_is_foreseen_of_who_hides(evening: Evening):
    await watched(evening, (41, ((ANA, 4.5), (BEN, 4.5))))
    privacy = Privacy(evening.world.store, evening.clock)
    await privacy.hide(BEN.user_id, "Ben")
    assert (await past(evening).of(ANA)).best is None
    assert (await evening.world.store.export_person(BEN.user_id))["night_forecasts"] == []
    await privacy.unhide(BEN.user_id)
    assert (await past(evening).of(ANA)).best is not None


async def test_who_is_deleted_while_their_stars_are_foreseen_leaves_nothing(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    await watched(evening, (41, ((ANA, 4.5), (BEN, 4.5))))
    kept = night_forecasts.add

    async def late(db: Connection, rows: list[tuple[int, int, float | None]]) -> None:
        await personal.delete_person(db, BEN.user_id)
        await kept(db, rows)

    monkeypatch.setattr(night_forecasts, "add", late)
    assert (await past(evening).of(ANA)).best is None
    tables = await evening.world.store.export_person(BEN.user_id)
    assert not any(tables.values())
    assert len((await evening.world.store.export_person(ANA.user_id))["night_forecasts"]) == 1


async def test_a_year_of_nights_is_worked_off_in_the_background(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(evenings, "AT_ONCE", 2)
    given = ((ANA, 4.5), (BEN, 4.5))
    await watched(evening, *((movie_id, given) for movie_id in (41, 45, 49)))
    statistics = past(evening)
    await statistics.of(ANA)
    going_on = statistics._going_on
    assert going_on is not None
    await going_on
    async with evening.world.store.read() as db:
        assert await night_forecasts.lacking(db, range(10), least_ratings=5, limit=9) == []
    await statistics.close()


async def test_a_past_night_of_somebody_deleted_stays_without_their_name(evening: Evening):
    await watch(evening, ANA, 41, BEN)
    (card,) = evening.channel.cards.values()
    assert "Ana" in [person.name for person in card.people]
    await Privacy(evening.world.store, evening.clock).delete(ANA.user_id)
    await evening.run()
    (card,) = evening.channel.cards.values()
    assert [person.name for person in card.people] == ["Ben"]
    assert (card.host_id, card.host_name) == (None, "")
    found = await past(evening).of(ANA)
    assert (found.nights, found.attended, found.hosts) == (1, 2, ())
    (night,) = (await evening.nights.history(ANA)).nights
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
