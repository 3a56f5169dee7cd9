"""The map of a group, kept in its place."""

import json

import pytest

from bot.errors import UserError
from bot.services.privacy import Privacy
from bot.services.taste.maps import MOVIES, PEOPLE, PLACES, Maps
from bot.store import meta
from tests.bot.services.tiny import World

MEMBERS = {1: "Ana", 2: "Ben", 3: "Cara"}


def maps(world: World) -> Maps:
    return Maps(world.store, world.shelf, world.ratings, Privacy(world.store, world.clock))


async def test_people_movies_and_who_is_near_what(world: World):
    await world.quick_training().retrain()
    await world.rate(1, *range(1, 41, 4), stars=5.0)
    await world.rate(1, *range(2, 42, 4), stars=1.0)
    await world.rate(2, *range(2, 42, 4), stars=5.0)
    await world.rate(99, 4, stars=5.0)
    found = await maps(world).group(MEMBERS)
    assert [one.name for one in found.people] == ["Ana", "Ben"]
    assert {one.movie.movie_id for one in found.movies} == {*range(1, 41, 4), *range(2, 42, 4)}
    assert found.movies[0].raters == 2
    assert all(len(one.near) == 3 for one in found.people)
    assert (found.people[0].across, found.people[0].up) != (found.people[1].across, found.people[1].up)


async def test_hidden_people_and_their_movies_are_not_on_it(world: World):
    await world.quick_training().retrain()
    await world.rate(1, 1, 2)
    await world.rate(2, 3)
    await Privacy(world.store, world.clock).hide(1, "Ana")
    found = await maps(world).group(MEMBERS)
    assert [one.name for one in found.people] == ["Ben"]
    assert [one.movie.movie_id for one in found.movies] == [3]
    await Privacy(world.store, world.clock).hide(2, "Ben")
    with pytest.raises(UserError, match="the map is empty"):
        await maps(world).group(MEMBERS)


async def test_without_a_model_or_ratings_there_is_none(world: World):
    with pytest.raises(UserError, match="no model yet"):
        await maps(world).group(MEMBERS)
    await world.quick_training().retrain()
    for members in ({}, MEMBERS):
        with pytest.raises(UserError, match="the map is empty"):
            await maps(world).group(members)


async def test_the_map_of_the_last_model_is_noted_once_and_the_next_is_turned_onto_it(world: World):
    await world.quick_training().retrain()
    await world.rate(1, 1, 2, 3)
    first = await maps(world).group(MEMBERS)
    async with world.store.write() as db:
        noted = json.loads(await meta.get(db, PLACES) or "")
        assert (noted["dataset"], noted["version"], len(noted["places"])) == ("tiny", 1, 120)
        # As if the last model had been drawn upside down.
        noted["places"] = {key: [-across, -up] for key, (across, up) in noted["places"].items()}
        await meta.put(db, PLACES, json.dumps(noted | {"version": 0}))
    second = await maps(world).group(MEMBERS)
    assert second.people[0].across == pytest.approx(-first.people[0].across, abs=1e-3)
    assert second.people[0].up == pytest.approx(-first.people[0].up, abs=1e-3)
    async with world.store.write() as db:
        noted = json.loads(await meta.get(db, PLACES) or "")
        assert noted["version"] == 1
        await meta.put(db, PLACES, json.dumps(noted | {"dataset": "another", "places": {"1": [9, 9]}}))
    await maps(world).group(MEMBERS)
    async with world.store.read() as db:
        assert json.loads(await meta.get(db, PLACES) or "")["dataset"] == "tiny"


async def test_a_crowd_is_cut_to_those_who_rated_most(world: World):
    await world.quick_training().retrain()
    members = dict.fromkeys(range(1, 20), "Twin")
    for number in members:
        await world.rate(number, *range(1, 3 + 3 * number))
    found = await maps(world).group(members)
    assert len(found.people) == PEOPLE
    assert len({one.name for one in found.people}) == PEOPLE
    assert len(found.movies) == MOVIES
