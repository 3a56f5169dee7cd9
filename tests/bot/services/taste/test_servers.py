"""What the members of a server think together."""

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


async def test_more_people_than_one_query_takes_are_summed_up(world: World):
    for number in range(1, 8):
        await world.rate(number, 1, stars=number / 2)
    async with world.store.read() as db:
        whole = await opinions.by_movie(db, range(1, 1200))
        people = await opinions.by_person(db, range(1, 1200))
    opinions.TOGETHER, usual = 2, opinions.TOGETHER
    try:
        async with world.store.read() as db:
            assert await opinions.by_movie(db, range(1, 8)) == whole
            assert await opinions.by_person(db, range(1, 8)) == people
    finally:
        opinions.TOGETHER = usual
    assert (whole[0].count, whole[0].total, whole[0].least, whole[0].most) == (7, 14.0, 0.5, 3.5)
