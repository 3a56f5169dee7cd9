"""Group lists on the tiny community, whose model is fitted once."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from bot.errors import UserError
from bot.services.answers import Filters, GroupList
from bot.services.group import OURS, GroupLists
from bot.services.privacy import Privacy
from bot.services.recommending import Recommending
from bot.services.shelf import Serving
from bot.services.together import notes, reason_line
from bot.services.watchlists import Watchlists
from recommender.catalogue import Catalogue, Movie
from recommender.groups import STRATEGIES, Strategy
from recommender.model import Model
from tests.bot.services.tiny import World

FAN, OPPOSITE, NEWCOMER, OTHER = 1, 2, 3, 4
WESTERNS = (1, 5, 9, 13, 17)
HORROR = (4, 8, 12)
SEEN = {*WESTERNS, *HORROR, 16, 20}
each = pytest.mark.parametrize("strategy", STRATEGIES)


def lists(world: World) -> GroupLists:
    return GroupLists(
        world.shelf,
        world.ratings,
        Watchlists(world.store, world.shelf, world.clock),
        lambda places: places - 1,
    )


@pytest.fixture
async def groups(world: World, served: Serving) -> GroupLists:
    """A fan of Westerns who dislikes Horror, and somebody with the opposite taste."""
    world.shelf.swap(served)
    await world.rate(FAN, *WESTERNS, stars=5)
    await world.rate(FAN, *HORROR, stars=1.5)
    await world.rate(OPPOSITE, *HORROR, 16, 20, stars=5)
    await world.rate(OPPOSITE, 1, 5, 9, stars=1.5)
    return lists(world)


async def want(world: World, user_id: int, *movie_ids: int) -> None:
    watchlists = Watchlists(world.store, world.shelf, world.clock)
    for movie_id in movie_ids:
        await watchlists.add(user_id, f"friend {user_id}", movie_id)


def movies(found: GroupList) -> list[int]:
    return [pick.movie.movie_id for pick in found.picks]


@each
async def test_a_group_gets_what_nobody_has_seen(groups: GroupLists, world: World, strategy: Strategy):
    await world.ratings.dismiss(NEWCOMER, "new", 2)
    found = await groups.recommend([FAN, OPPOSITE, NEWCOMER, FAN], count=20, strategy=strategy)
    assert (found.people, found.raters, found.personal) == ((FAN, OPPOSITE, NEWCOMER), (FAN, OPPOSITE), True)
    assert found.strategy == strategy
    assert found.note == ""
    assert len(set(movies(found))) == 20
    assert not {*movies(found)} & {*SEEN, 2}
    for pick in found.picks:
        assert set(pick.members) == {FAN, OPPOSITE}
        places = [view.percentile for view in pick.members.values()]
        assert pick.percentile == pytest.approx(sum(places) / 2)
        assert pick.disagreement == pytest.approx(abs(places[0] - places[1]))
        for view in pick.members.values():
            assert view.genre is None or view.genre.genre in pick.movie.genres
        assert pick.seen_by == ()


async def test_each_member_has_a_driving_genre_of_their_own(groups: GroupLists):
    found = await groups.recommend([FAN, OPPOSITE], count=30, strategy="average")
    western = next(pick for pick in found.picks if "Western" in pick.movie.genres)
    mine, theirs = western.members[FAN].genre, western.members[OPPOSITE].genre
    assert mine is not None
    assert theirs is not None
    assert (mine.genre, mine.share > 0) == ("Western", True)
    assert (theirs.genre, theirs.share > 0) == ("Western", False)
    assert "Western speaks for it with 1 of 2" in western.reason


async def test_the_reason_is_the_strategys(groups: GroupLists):
    told_of: dict[Strategy, str] = {
        "least misery": "nobody places it below",
        "most pleasure": "somebody's favourite",
    }
    for strategy, told in told_of.items():
        found = await groups.recommend([FAN, OPPOSITE], strategy=strategy)
        for pick in found.picks:
            places = [view.percentile for view in pick.members.values()]
            decisive = min(places) if strategy == "least misery" else max(places)
            assert told in pick.reason
            assert f" {int(decisive)}" in pick.reason


async def test_a_fair_list_says_for_whom_a_movie_was_chosen(groups: GroupLists, world: World):
    names = {FAN: "Fan", OPPOSITE: "Opposite", NEWCOMER: "New"}
    found = await groups.recommend([NEWCOMER, FAN, OPPOSITE], count=20)
    chosen = {
        user_id: [pick for pick in found.picks if pick.chosen_for == (user_id,)] for user_id in found.people
    }
    assert chosen[FAN]
    assert chosen[OPPOSITE]
    assert not chosen[NEWCOMER]
    for user_id in found.raters:
        for pick in chosen[user_id]:
            assert f"most of all for {names[user_id]}; " in reason_line(pick, names)
            assert pick.members[user_id].percentile == max(view.percentile for view in pick.members.values())
    assert all("most of all" not in reason_line(pick, names) for pick in found.picks if not pick.chosen_for)
    crowd = {number: f"Guest {number}" for number in range(100, 120)} | names
    crowded = reason_line(replace(found.picks[0], chosen_for=tuple(range(100, 120))), crowd)
    assert "most of all for Guest 100, Guest 101, Guest 102, Guest 103, Guest 104 and 15 more; " in crowded
    await Privacy(world.store, world.clock).hide(FAN, "Fan")
    found = await groups.recommend([NEWCOMER, FAN, OPPOSITE], count=20)
    assert not any(pick.chosen_for for pick in found.picks), "it is one person's list now"


async def test_one_member_gets_their_own_safe_list(groups: GroupLists, world: World):
    alone = await Recommending(world.shelf, world.ratings).recommend(FAN, count=10, style="safe")
    together = await groups.recommend([FAN, NEWCOMER], count=10)
    assert movies(together) == [pick.movie.movie_id for pick in alone.picks]
    assert all(pick.disagreement == 0 for pick in together.picks)


async def test_rewatching_allows_what_nobody_disliked(groups: GroupLists):
    found = movies(await groups.recommend([FAN, OPPOSITE], count=50, rewatch=True))
    assert {13, 17, 16, 20} <= set(found)
    assert not {1, 5, 9, *HORROR} & set(found)
    picks = (await groups.recommend([FAN, OPPOSITE], count=50, rewatch=True)).picks
    assert next(pick for pick in picks if pick.movie.movie_id == 13).seen_by == (FAN,)


async def test_a_veto_holds_while_rewatching_and_for_the_popular_list(groups: GroupLists, world: World):
    await world.ratings.dismiss(NEWCOMER, "new", 13)
    assert 13 not in movies(await groups.recommend([FAN, NEWCOMER], count=50, rewatch=True))
    assert 13 not in movies(await groups.recommend([NEWCOMER, OTHER], count=50))
    assert 13 in movies(await groups.recommend([OTHER], count=50))


async def test_who_hides_has_a_veto_and_nothing_else(groups: GroupLists, world: World):
    names = {FAN: "Fan", OPPOSITE: "Opposite", NEWCOMER: "New", OTHER: "Other"}
    alone = await groups.recommend([OPPOSITE], count=20)
    await want(world, FAN, movies(alone)[9])
    await world.ratings.dismiss(FAN, "fan", movies(alone)[0])
    await world.rate(FAN, movies(alone)[1], stars=5)
    await Privacy(world.store, world.clock).hide(FAN, "Fan")
    beside_one = await groups.recommend([FAN, OPPOSITE], count=20)
    assert beside_one.picks == alone.picks
    assert (beside_one.raters, beside_one.hiding) == ((OPPOSITE,), (FAN,))
    assert notes(beside_one, names) == ["Fan hides their ratings: the others make the order"]
    beside_two = await groups.recommend([FAN, OPPOSITE, NEWCOMER], count=20)
    told = "New has no ratings yet and Fan hides their ratings: the others make the order"
    assert notes(beside_two, names) == [told]
    assert movies(beside_two)[0] == movies(alone)[2]
    again = movies(await groups.recommend([FAN, OPPOSITE, NEWCOMER], count=50, rewatch=True))
    assert movies(alone)[0] not in again
    assert {movies(alone)[1], HORROR[0]} <= {*again}, "that Fan dislikes Horror could be read off"


async def test_among_few_movies_the_veto_of_who_hides_does_not_count(groups: GroupLists, world: World):
    group = [FAN, OPPOSITE, NEWCOMER]
    best = (await groups.recommend([OPPOSITE], count=1)).picks[0].movie
    assert best.year is not None
    await world.ratings.dismiss(FAN, "fan", best.movie_id)
    few = Filters(from_year=best.year, to_year=best.year)
    many = Filters(from_year=best.year - 12, to_year=best.year + 12)
    assert best.movie_id not in movies(await groups.recommend(group, count=20, filters=few))
    await Privacy(world.store, world.clock).hide(FAN, "Fan")
    assert best.movie_id in movies(await groups.recommend(group, count=20, filters=few))
    assert best.movie_id not in movies(await groups.recommend(group, count=20, filters=many))


async def test_where_all_who_rated_hide_it_is_the_popular_list(groups: GroupLists, world: World):
    popular = await groups.recommend([NEWCOMER, OTHER], count=8)
    await want(world, FAN, 40)
    for user_id in (FAN, OPPOSITE):
        await Privacy(world.store, world.clock).hide(user_id, "somebody")
    for people, told in (
        ([FAN, OPPOSITE], "all of you hide your ratings, so this is the popular list"),
        ([FAN, NEWCOMER], "hidden ratings make no list for a group, and nobody else of you has rated"),
    ):
        found = await groups.recommend(people, count=8)
        assert not found.personal
        assert found.note.startswith(told)
        assert movies(found) == movies(popular)
        assert notes(found, {}) == [found.note]


async def test_hidden_watchlists_are_nobody_elses(groups: GroupLists, world: World):
    await want(world, FAN, 21, 24)
    await Privacy(world.store, world.clock).hide(FAN, "Fan")
    with pytest.raises(UserError, match="nobody of you has a movie on a watchlist that others may see"):
        await groups.ours([FAN, OPPOSITE])
    await want(world, OPPOSITE, 13, 24, 25, 28)
    await world.ratings.dismiss(FAN, "fan", 28)
    picks, note = await groups.ours([FAN, OPPOSITE])
    assert {pick.movie.movie_id for pick in picks} == {13, 24, 25, 28}
    assert {pick.wanted_by for pick in picks} == {(OPPOSITE,)}
    assert note == "whoever hides their ratings hides their watchlist too"
    picks, note = await groups.ours([FAN, OPPOSITE, NEWCOMER])
    assert {pick.movie.movie_id for pick in picks} == {24, 25}
    assert "left out" not in note
    await world.ratings.dismiss(NEWCOMER, "new", 25)
    picks, note = await groups.ours([FAN, OPPOSITE, NEWCOMER])
    assert [pick.movie.movie_id for pick in picks] == [24]
    assert note.startswith("1 other left out that one of you has seen or put aside; whoever hides")


async def test_a_watchlist_raises_and_is_told(groups: GroupLists, world: World):
    before = movies(await groups.recommend([FAN, NEWCOMER], count=20))
    await want(world, NEWCOMER, before[10])
    found = await groups.recommend([FAN, NEWCOMER], count=20)
    assert movies(found).index(before[10]) < 10
    pick = found.picks[movies(found).index(before[10])]
    assert pick.wanted_by == (NEWCOMER,)
    assert all(other.wanted_by == () for other in found.picks if other is not pick)


async def test_nobody_with_ratings_gets_the_popular_list(groups: GroupLists, world: World):
    found = await groups.recommend([NEWCOMER, OTHER], count=8)
    assert not found.personal
    assert found.raters == ()
    assert "popular list, the same for everybody" in found.note
    popularity = dict(zip(world.shelf.current.catalogue, world.shelf.current.popularity, strict=True))
    counts = [popularity[pick.movie] for pick in found.picks]
    assert counts == sorted(popularity.values(), reverse=True)[:8]
    assert all(pick.percentile is None and pick.members == {} for pick in found.picks)
    assert found.picks[0].reason.endswith(" ratings")


async def test_what_they_want_to_see_leads_the_popular_list(groups: GroupLists, world: World):
    popular = movies(await groups.recommend([NEWCOMER, OTHER], count=20))
    await want(world, NEWCOMER, popular[15], popular[10], popular[12])
    await want(world, OTHER, popular[15])
    await world.ratings.dismiss(OTHER, "other", popular[12])
    found = await groups.recommend([NEWCOMER, OTHER], count=8)
    assert movies(found) == [popular[15], popular[10], *popular[:6]]
    assert [pick.wanted_by for pick in found.picks[:3]] == [(NEWCOMER, OTHER), (NEWCOMER,), ()]
    assert "so this is the popular list; what is on your watchlists comes first" in found.note
    assert movies(await groups.recommend([NEWCOMER, OTHER], count=1)) == [popular[15]]


async def test_before_the_first_model(world: World):
    await world.rate(FAN, 1, 2)
    found = await lists(world).recommend([FAN])
    assert "no model yet" in found.note
    assert not {*movies(found)} & {1, 2}
    (opinion,) = await lists(world).about([FAN], [1])
    assert (opinion.percentile, opinion.seen_by) == (None, (FAN,))


async def test_filters_hold_and_unknown_runtimes_are_said(groups: GroupLists, world: World, served: Serving):
    wishes = Filters(genre=("horror",), exclude_genre=("Drama",), from_year=1960, max_runtime=100)
    found = await groups.recommend([FAN, OPPOSITE], count=30, filters=wishes)
    assert "does not know the runtime of any movie" in found.note
    for pick in found.picks:
        assert "Horror" in pick.movie.genres
        assert "Drama" not in pick.movie.genres
        assert (pick.movie.year or 0) >= 1960
    assert served.model is not None
    timed = Catalogue(
        movie._replace(runtime=None if movie.movie_id % 4 == 0 else 60 + movie.movie_id)
        for movie in served.catalogue
    )
    model = Model(timed, served.model.features, served.model.parameters, {})
    world.shelf.swap(replace(served, model=model, catalogue=timed))
    found = await groups.recommend([FAN, OPPOSITE], count=50, filters=Filters(max_runtime=100))
    assert {pick.movie.runtime for pick in found.picks if pick.movie.runtime is not None}
    assert all(pick.movie.runtime is None or pick.movie.runtime <= 100 for pick in found.picks)
    assert "30 movies whose runtime I do not know are kept in" in found.note


@pytest.mark.parametrize(
    ("people", "wishes", "count", "told"),
    [
        ([], Filters(), 5, "name who watches"),
        (range(99), Filters(), 5, "at most 50"),
        ([FAN], Filters(), 0, "1 to 50"),
        ([FAN], Filters(genre=("Slapstick",)), 5, "not a genre"),
        ([FAN], Filters(max_runtime=0), 5, "no runtime of a film"),
        ([FAN], Filters(genre=("War",)), 5, "no movie fits War: leave out genre"),
    ],
)
async def test_mistakes(groups: GroupLists, people: list[int], wishes: Filters, count: int, told: str):
    with pytest.raises(UserError, match=told):
        await groups.recommend(people, count=count, filters=wishes)


async def test_nothing_is_left(groups: GroupLists, world: World):
    await world.rate_all(NEWCOMER)
    with pytest.raises(UserError, match="somebody of you has rated or put aside every movie"):
        await groups.recommend([NEWCOMER, FAN])


async def test_what_the_model_lacks_has_no_place_but_who_wants_it(
    groups: GroupLists, world: World, served: Serving
):
    newer = Catalogue([*served.catalogue, Movie(999, "Brand New", 2026, ("Western",))])
    world.shelf.swap(replace(served, catalogue=newer, popularity=served.popularity[:0]))
    await want(world, OPPOSITE, 999)
    new, old = await groups.about([FAN, OPPOSITE], [999, 2])
    assert (new.movie.title, new.percentile, new.wanted_by) == ("Brand New", None, (OPPOSITE,))
    assert old.percentile is not None
    assert len((await groups.recommend([FAN, OPPOSITE])).picks) == 5
    with pytest.raises(UserError, match="does not have that movie"):
        await groups.about([FAN], [12345])


async def test_where_nobody_rated_anything_the_list_is_a_mix_of_newer_movies(
    groups: GroupLists, world: World, served: Serving
):
    nothing = np.zeros(len(served.catalogue), np.float32)
    world.shelf.swap(replace(served, model=None, version=None, popularity=nothing))
    found = await groups.recommend([NEWCOMER, OTHER], count=4)
    shown = [pick.movie for pick in found.picks]
    assert len(shown) == 4
    assert shown != list(served.catalogue)[:4], "the catalogue begins with its oldest movies"
    assert all(not set(one.genres) & set(other.genres) for one, other in pairwise(shown[:2]))


async def test_ours_are_what_most_want_and_then_what_suits_best(groups: GroupLists, world: World):
    await want(world, FAN, 21, 24, 28)
    await want(world, OPPOSITE, 24, 25, 17)
    await want(world, NEWCOMER, 25)
    await world.ratings.dismiss(NEWCOMER, "new", 28)
    picks, note = await groups.ours([FAN, OPPOSITE, NEWCOMER])
    assert {pick.movie.movie_id for pick in picks[:2]} == {24, 25}
    assert [pick.movie.movie_id for pick in picks[2:]] == [21]
    assert [len(pick.wanted_by) for pick in picks] == [2, 2, 1]
    assert picks[0].percentile is not None
    assert picks[1].percentile is not None
    assert picks[0].percentile >= picks[1].percentile
    assert note == "2 others left out that one of you has seen or put aside"
    assert (await groups.pick_one([FAN, OPPOSITE, NEWCOMER])).movie.movie_id == 21
    assert groups.draw_movie([24, 25]).movie_id == 25
    with pytest.raises(UserError, match="does not have those movies"):
        groups.draw_movie([12345])


async def test_ours_are_ten_at_most_and_an_error_without_any(groups: GroupLists, world: World):
    with pytest.raises(UserError, match="nobody of you"):
        await groups.ours([FAN, NEWCOMER])
    await want(world, NEWCOMER, 13)
    with pytest.raises(UserError, match="has seen or put aside each movie"):
        await groups.ours([FAN, NEWCOMER])
    await want(world, NEWCOMER, *range(30, 45))
    picks, note = await groups.ours([FAN, NEWCOMER])
    assert len(picks) == OURS
    assert "the first 10 of 15" in note


async def test_a_list_holds_one_movie_of_a_series_unless_more_are_wanted(
    groups: GroupLists, world: World, served: Serving
):
    assert served.model is not None
    series = Catalogue(
        movie._replace(collection="The Series") if "Western" in movie.genres else movie
        for movie in served.catalogue
    )
    model = Model(series, served.model.features, served.model.parameters, {})
    world.shelf.swap(replace(served, model=model, catalogue=series))
    for wishes, most in ((Filters(), 1), (Filters(sequels=True), 10)):
        found = await groups.recommend([FAN], count=10, filters=wishes)
        assert (sum(pick.movie.collection is not None for pick in found.picks) > 1) == (most > 1)
