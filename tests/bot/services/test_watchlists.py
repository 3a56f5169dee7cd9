"""Watchlists: what is wanted, what leaves a list by itself, what comes back."""

import pytest

from bot.errors import UserError
from bot.services.watchlists import MOST, Watchlists
from bot.store import movies, people, watchlists
from recommender.catalogue import Catalogue
from tests.bot.services.tiny import World, tiny_catalogue, tiny_dataset

ANA, BEN = 1, 2


@pytest.fixture
def lists(world: World) -> Watchlists:
    return Watchlists(world.store, world.shelf, world.clock)


async def test_what_is_added_is_shown_newest_first(lists: Watchlists, world: World):
    movie, new = await lists.add(ANA, "Ana", 7)
    assert (movie.movie_id, new) == (7, True)
    world.clock.advance(days=1)
    await lists.add(ANA, "Ana", 3)
    world.clock.advance(days=1)
    assert await lists.add(ANA, "Ana", 7) == (movie, False), "once is enough"
    await lists.add(BEN, "Ben", 9)
    page = await lists.page(ANA)
    assert [one.movie.movie_id for one in page.wanted] == [3, 7]
    assert (page.total, page.page, page.pages) == (2, 0, 1)
    assert page.wanted[1].added_at < page.wanted[0].added_at
    assert await lists.wanted(ANA) == {3, 7}


async def test_pages(lists: Watchlists):
    for movie_id in range(1, 26):
        await lists.add(ANA, "Ana", movie_id)
    pages = [await lists.page(ANA, page=number) for number in (0, 1, 2)]
    shown = [one.movie.movie_id for page in pages for one in page.wanted]
    assert shown == list(range(25, 0, -1))
    assert (await lists.page(ANA, page=99)).page == 2
    assert (await lists.page(ANA, page=-1)).page == 0
    assert (await lists.page(BEN)).pages == 1


async def test_what_is_rated_leaves_and_comes_back_with_undo_or_unrate(lists: Watchlists, world: World):
    await lists.add(ANA, "Ana", 7)
    await lists.add(BEN, "Ben", 7)
    change = await world.ratings.rate(ANA, "Ana", 7, 4.0)
    assert await lists.wanted(ANA) == set()
    assert (await lists.page(ANA)).total == 0
    assert await lists.wanted(BEN) == {7}, "it is Ana who has seen it"
    with pytest.raises(UserError, match=r"you have seen .*Number 7.* and gave it 4 stars"):
        await lists.add(ANA, "Ana", 7)
    await world.ratings.undo(ANA, change.change_id)
    assert await lists.wanted(ANA) == {7}
    await world.ratings.rate(ANA, "Ana", 7, 4.0)
    await world.ratings.unrate(ANA, 7)
    assert await lists.wanted(ANA) == {7}


async def test_not_interested_and_wanted_exclude_each_other(lists: Watchlists, world: World):
    await lists.add(ANA, "Ana", 7)
    await world.ratings.dismiss(ANA, "Ana", 7)
    assert await lists.wanted(ANA) == set()
    await lists.add(ANA, "Ana", 7)
    assert await world.ratings.dismissed(ANA) == set()
    assert await lists.wanted(ANA) == {7}


async def test_what_is_removed_is_gone(lists: Watchlists):
    await lists.add(ANA, "Ana", 7)
    assert (await lists.remove(ANA, 7)).movie_id == 7
    assert await lists.wanted(ANA) == set()
    for movie_id in (7, 99999, -5, -(2**70)):
        with pytest.raises(UserError, match="is not on your watchlist"):
            await lists.remove(ANA, movie_id)


async def test_a_movie_is_found_by_title_on_the_own_list_alone(lists: Watchlists):
    await lists.add(ANA, "Ana", 5)
    assert (await lists.find(ANA, "western number 5")).movies[0].title.endswith("Number 5")
    assert (await lists.find(ANA, "movie:5")).kind == "one"
    assert (await lists.find(ANA, "movie:6")).kind == "none"
    assert (await lists.find(BEN, "western number 5")).kind == "none"
    with pytest.raises(UserError, match="title"):
        await lists.find(ANA, " ")


async def test_a_list_is_not_endless(lists: Watchlists, world: World):
    async with world.store.write() as db:
        await people.remember(db, ANA, "Ana")
        for movie in Catalogue(tiny_catalogue(MOST + 1)).movies[-MOST:]:
            stored = await movies.remember(db, movie)
            await watchlists.add(db, ANA, stored.movie_key, world.clock.now)
    with pytest.raises(UserError, match=f"full with {MOST}"):
        await lists.add(ANA, "Ana", 1)


async def test_a_movie_that_the_catalogue_has_lost_stays_and_can_be_removed(lists: Watchlists, world: World):
    await lists.add(ANA, "Ana", 7)
    world.use(tiny_dataset(movies=5, name="smaller"))
    async with world.store.write() as db:
        await movies.rematch(db, {})
    (kept,) = (await lists.page(ANA)).wanted
    assert not kept.known
    assert kept.movie.title.endswith("Number 7")
    assert await lists.wanted(ANA) == set()
    with pytest.raises(UserError, match="does not have that movie any more"):
        await lists.add(ANA, "Ana", 7)
    with pytest.raises(UserError, match=r"^that movie is not on"):
        await lists.remove(BEN, kept.ref)
    await lists.remove(ANA, kept.ref)
    assert (await lists.page(ANA)).total == 0


async def test_a_rating_of_the_same_film_as_another_stored_movie_counts(lists: Watchlists, world: World):
    await lists.add(ANA, "Ana", 7)
    await world.ratings.rate(ANA, "Ana", 8, 4.0)
    async with world.store.write() as db:
        stored = await movies.everything(db)
        seven = world.shelf.current.catalogue[7]
        await movies.rematch(db, {one.movie_key: seven for one in stored})
    assert await lists.wanted(ANA) == set()


async def test_a_watchlist_is_exported_and_deleted_with_its_person(lists: Watchlists, world: World):
    await lists.add(ANA, "Ana", 7)
    (row,) = (await world.store.export_person(ANA))["watchlist"]
    assert row["title"].endswith("Number 7")
    await world.store.delete_person(ANA)
    assert (await world.store.export_person(ANA))["watchlist"] == []
