"""What the members of a server think together."""

import random
import statistics

import pytest

from bot.services.privacy import Privacy
from bot.services.taste import servers as servers_module
from bot.services.taste.servers import Servers
from bot.store import opinions
from tests.bot.services.tiny import World

MEMBERS = {1: "Ana", 2: "Ben", 3: "Cara", 4: "Dan"}


def servers(world: World) -> Servers:
    return Servers(world.store, Privacy(world.store, world.clock))


async def rate(world: World, movie_id: int, **stars: float) -> None:
    for user_id, name in MEMBERS.items():
        if name in stars:
            await world.ratings.rate(user_id, name, movie_id, stars[name])


async def test_loved_and_divided(world: World):
    await rate(world, 1, Ana=5.0, Ben=5.0, Cara=4.5)
    await rate(world, 2, Ana=5.0, Ben=0.5, Cara=5.0)
    await rate(world, 3, Ana=3.0, Ben=3.0)
    await rate(world, 4, Ana=5.0)
    await world.rate(99, 3, stars=5.0)
    found = await servers(world).stats(MEMBERS)
    assert (found.raters, found.ratings, found.movies) == (3, 9, 4)
    assert [one.movie.title for one in found.loved] == [
        "Western Number 1",
        "Sci-Fi Number 2",
        "Musical Number 3",
    ]
    assert found.loved[2].mean == 3.0
    assert [(one.movie.title, one.least, one.most, one.count) for one in found.divided] == [
        ("Sci-Fi Number 2", 0.5, 5.0, 3),
        ("Western Number 1", 4.5, 5.0, 3),
    ]


async def test_one_enthusiast_more_does_not_beat_many(world: World):
    await rate(world, 1, Ana=5.0, Ben=4.5, Cara=5.0, Dan=4.5)
    await rate(world, 2, Ana=5.0, Ben=4.5)
    await rate(world, 3, Ana=1.0, Ben=1.0, Cara=1.0, Dan=1.0)
    found = await servers(world).stats(MEMBERS)
    assert found.loved[0].movie.title == "Western Number 1"


async def test_hidden_ratings_do_not_count(world: World):
    await rate(world, 1, Ana=5.0, Ben=1.0)
    await Privacy(world.store, world.clock).hide(1, "Ana")
    found = await servers(world).stats(MEMBERS)
    assert (found.raters, found.ratings, found.loved, found.divided) == (1, 1, (), ())
    leaders = await servers(world).leaders(MEMBERS, 1)
    assert [one.name for one in leaders.top] == ["Ben"]
    assert leaders.own is None


async def test_nobody_and_nothing(world: World):
    for members in ({}, MEMBERS):
        found = await servers(world).stats(members)
        assert (found.raters, found.mean, found.loved) == (0, None, ())
        assert (await servers(world).leaders(members, 1)).top == ()


async def test_places_are_shared_and_the_asker_is_told_their_own(world: World):
    members = {number: f"Friend {number}" for number in range(1, 14)}
    for number in members:
        await world.rate(number, *range(1, 16 - number if number != 3 else 14))
    found = await servers(world).leaders(members, 13)
    assert [(one.place, one.ratings) for one in found.top[:4]] == [(1, 14), (2, 13), (2, 13), (4, 11)]
    assert len(found.top) == servers_module.LONGEST
    assert found.count == 13
    assert found.own is not None
    assert (found.own.place, found.own.name, found.own.ratings) == (13, "Friend 13", 2)


@pytest.mark.parametrize("seed", range(3))
async def test_what_the_database_sums_up_is_what_counting_by_hand_says(world: World, seed: int):
    chance = random.Random(seed)
    # More people than a database allows parameters; nearly all of them never rated anything.
    members = dict.fromkeys(range(1, 34_000), "somebody")
    given: dict[int, list[float]] = {}
    for user_id in (*range(1, 8), 50_000):
        for movie_id in chance.sample(range(1, 14), 7):
            stars = chance.randint(1, 10) / 2
            await world.rate(user_id, movie_id, stars=stars)
            if user_id in members:
                given.setdefault(movie_id, []).append(stars)
    everything = [stars for movie in given.values() for stars in movie]
    mean = statistics.fmean(everything)
    shared = {movie: stars for movie, stars in given.items() if len(stars) > 1}
    loved = sorted(shared, key=lambda one: -(sum(shared[one]) + 2 * mean) / (len(shared[one]) + 2))
    spread = {
        movie: (statistics.pvariance(stars) * len(stars) + 2) / (len(stars) + 1)
        for movie, stars in shared.items()
        if len(set(stars)) > 1
    }
    found = await servers(world).stats(members)
    assert (found.raters, found.ratings, found.movies) == (7, len(everything), len(given))
    assert found.mean == pytest.approx(mean)
    names = {movie.movie_id: movie.title for movie in world.shelf.current.catalogue}
    assert [one.movie.title for one in found.loved] == [names[one] for one in loved[:5]]
    shown = {one.movie.title: one for one in found.divided}
    wanted = sorted(spread, key=lambda one: -spread[one])[:5]
    assert [*shown] == [names[one] for one in wanted]
    for movie in wanted:
        one = shown[names[movie]]
        stars = given[movie]
        assert (one.count, one.least, one.most) == (len(stars), min(stars), max(stars))
        assert one.mean == pytest.approx(statistics.fmean(stars))


async def test_who_asks_last_of_many_is_told_their_place_once(world: World):
    for number in range(1, 14):
        await world.rate(number, *range(1, 16 - number))
    async with world.store.read() as db:
        found, people = await opinions.by_person(db, range(1, 40_000), 3, also=13)
        assert [(one.user_id, one.count, one.place) for one in found] == [
            (1, 14, 1),
            (2, 13, 2),
            (3, 12, 3),
            (13, 2, 13),
        ]
        assert people == 13
        # A second question on the same connection.
        found, _ = await opinions.by_person(db, range(1, 3), 3, also=2)
    assert [one.user_id for one in found] == [1, 2]
