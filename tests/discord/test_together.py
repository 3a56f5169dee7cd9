"""/group recommend and /watchlist with their controls."""

import re

import pytest

from recommender.groups import DEFAULT, STRATEGIES
from tests.discord.conftest import Friend, Shown, World
from tests.discord.films import WILD_TITLES

WESTERNS, HORROR = (11, 12, 13, 14), (19, 20, 21)
RATED = {"The Searchers", "High Noon", "Rio Bravo", "Unforgiven", "The Shining", "Halloween", "Suspiria"}


async def rate(world: World, friend: Friend, stars: float, *movie_ids: int) -> None:
    for movie_id in movie_ids:
        await world.services.ratings.rate(friend.id, "x", movie_id, stars)


async def tastes(world: World) -> None:
    """Ana loves Westerns and hates Horror, Ben the other way round; Olga has rated nothing."""
    await rate(world, world.ana, 5.0, *WESTERNS)
    await rate(world, world.ana, 1.0, *HORROR)
    await rate(world, world.ben, 5.0, *HORROR)


def titles(shown: Shown) -> list[str]:
    return [re.sub(r"^\d+\. | \(\d{4}\)$", "", embed.title or "") for embed in shown.embeds]


async def wanted(world: World, friend: Friend) -> set[int]:
    return await world.services.watchlists.wanted(friend.id)


async def test_a_list_for_named_members_with_everybodys_place(world: World) -> None:
    await tastes(world)
    members = f"{world.ana.mention} {world.ben.mention}, Olga"
    shown = await world.ana.slash("group recommend", members=members)
    assert shown.content.startswith(f"**For Ana, Ben and Olga, by {DEFAULT}**")
    assert "Olga has no ratings yet: the others make the order." in shown.content
    assert len(shown.embeds) == 5
    told = "\n".join(embed.description or "" for embed in shown.embeds)
    assert set(re.findall(r"Most of all for (\w+);", told)) == {"Ana", "Ben"}
    for embed in shown.embeds:
        assert re.search(r"Ana \d+ \([+−] [\w-]+\)", embed.description or "")
        assert re.search(r"Ben \d+ \([+−] [\w-]+\)", embed.description or "")
        assert re.search(r"they (dis)?agree: \d+ apart", embed.description or "")
        assert "on average" in (embed.description or "")
        assert "Olga" not in (embed.description or "")
    assert not RATED & set(titles(shown))


@pytest.mark.parametrize("strategy", STRATEGIES)
async def test_every_strategy_by_slash_and_by_prefix(world: World, strategy: str) -> None:
    await tastes(world)
    slash = await world.ana.slash("group recommend", members="Ana, Ben", strategy=strategy, count=3)
    prefix = await world.ana.say(f"!group recommend Ana, Ben strategy: {strategy} count: 3")
    short = await world.ana.say(f"!group @ana, BEN strategy: {strategy} count: 3")
    assert prefix is not None
    assert short is not None
    assert f"by {strategy}" in slash.content
    assert titles(slash) == titles(prefix) == titles(short)
    assert len(titles(slash)) == 3


async def test_without_names_it_is_who_is_in_the_voice_channel(world: World) -> None:
    await tastes(world)
    shown = await world.ana.say("!group recommend")
    assert shown is not None
    assert "Who watches?" in shown.text
    assert "members: Ana, Ben" in shown.text
    assert "join a voice channel" in shown.text
    sofa = world.guild.create_voice_channel("sofa")
    await world.ana.actor.join_voice(sofa)
    await world.ben.actor.join_voice(sofa)
    shown = await world.ana.slash("group recommend")
    assert shown.content.startswith("**For Ana and Ben, by")
    assert "Who watches?" in (await world.owner.slash("group recommend")).text


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("!group recommend Xaver", "Nobody here is called “Xaver”"),
        ("!group recommend <@99>", "not on this server"),
        ("!group recommend Ana strategy: dictatorship", "least misery"),
        ("!group recommend Ana genre: Slapstick", "not a genre"),
        ("!group recommend Ana max_runtime: 0", "1 to 1000"),
        ("!group recommend Ana count: 11", "1 to 10"),
        ("!group recommend Ana from_year: 2000 to_year: 1990", "1990 to 2000"),
        ("!watchlist add", "title"),
        ("!watchlist add qqqqqqqqq", "no movie"),
        ("!watchlist remove Alien", "On your watchlist there is none like it"),
        ("!watchlist together Ana", "nobody of you has a movie on the watchlist"),
        ("!watchlist pick Ana", "nobody of you has a movie on the watchlist"),
    ],
)
async def test_a_mistake_gets_one_clear_line(world: World, text: str, part: str) -> None:
    shown = await world.ana.say(text)
    assert shown is not None
    assert part.casefold() in shown.text.casefold()
    assert "\n" not in shown.text
    assert shown.embeds == []


async def test_two_of_one_name_must_be_mentioned_and_bots_do_not_watch(world: World) -> None:
    twin = world.join("Ben")
    shown = await world.ana.say("!group recommend Ben")
    assert shown is not None
    assert "Several people here are called “Ben”: Ben (ben), Ben (ben" in shown.text
    assert "mention the one you mean" in shown.text
    shown = await world.ana.slash("group recommend", members=f"{twin.mention} <@{world.bot_id}>")
    assert "for Ben" in shown.content
    assert "Who watches?" in (await world.ana.slash("group recommend", members=f"<@{world.bot_id}>")).text


async def test_in_direct_messages_there_is_no_group(world: World) -> None:
    shown = await world.in_private(world.ana).slash("group recommend", members="Ben")
    assert "on a server" in shown.text


async def test_without_any_ratings_it_is_the_popular_list_and_says_so(world: World) -> None:
    shown = await world.ana.slash("group recommend", members="Ana, Ben")
    assert shown.content.startswith("**Popular with everybody, for Ana and Ben**")
    assert "Nobody of you has rated a movie yet" in shown.content
    assert len(shown.embeds) == 5


async def test_runtimes_that_nobody_knows_are_said_to_be_unknown(world: World) -> None:
    await tastes(world)
    shown = await world.ana.slash("group recommend", members="Ana", max_runtime=90)
    assert "does not know the runtime of any movie" in shown.content


async def test_not_interested_of_one_is_out_for_all_and_rewatching_is_a_wish(world: World) -> None:
    await tastes(world)
    first = titles(await world.ana.slash("group recommend", members="Ana, Ben", genre="Western"))[0]
    movie = world.services.movies.find(first).movies[0]
    await world.services.ratings.dismiss(world.owner.id, "Olga", movie.movie_id)
    assert first in titles(await world.ana.slash("group recommend", members="Ana, Ben", genre="Western"))
    all_three = {"members": "Ana, Ben, Olga", "genre": "Western", "count": 10}
    assert first not in titles(await world.ana.slash("group recommend", **all_three))
    again = await world.ana.slash("group recommend", **all_three, rewatch=True)
    assert RATED & set(titles(again))
    assert "Seen by Ana" in again.text
    hated = {"members": "Ana, Ben", "genre": "Horror", "count": 10, "rewatch": True}
    assert not RATED & set(titles(await world.ana.slash("group recommend", **hated)))


async def test_a_pick_can_be_rated_put_aside_explained_and_kept_by_whoever_chooses_it(world: World) -> None:
    await tastes(world)
    shown = await world.ana.slash("group recommend", members="Ana, Ben")
    await world.restart()
    card = await world.owner.choose(shown, shown.options[0], menu="m1:card")
    assert card.private
    assert card.buttons == ["Seen it", "Not interested", "Why?", "Watchlist"]
    movie = world.services.movies.find(shown.options[0]).movies[0]
    kept = await world.owner.press(card, "Watchlist")
    assert "On your watchlist · undo" in kept.buttons
    assert await wanted(world, world.owner) == {movie.movie_id}
    back = await world.owner.press(kept, "On your watchlist · undo")
    assert "Watchlist" in back.buttons
    assert await wanted(world, world.owner) == set()
    why = await world.owner.press(card, "Why?")
    assert why.buttons == ["Seen it", "Not interested", "Watchlist"]


async def test_a_group_of_25_and_wild_names_stay_within_the_limits(world: World) -> None:
    members = [world.join(f"{WILD_TITLES[number % 10]} {number}"[:32]) for number in range(25)]
    for number, member in enumerate(members):
        await rate(world, member, 5.0, 11 + number % 10, 201 + number % 10)
        await world.services.watchlists.add(member.id, "x", 301 + number % 3)
    everybody = " ".join(member.mention for member in members)
    assert len((await world.ana.slash("group recommend", members=everybody, count=10)).embeds) == 10
    assert (await world.ana.slash("watchlist together", members=everybody)).embeds
    assert (await world.ana.slash("watchlist pick", members=everybody)).embeds


async def test_a_watchlist_is_kept_shown_and_shortened(world: World) -> None:
    shown = await world.ana.slash("watchlist add", title="movie:3")
    assert "Alien (1979) is on your watchlist." in shown.text
    assert "was on your watchlist already" in (await world.ana.slash("watchlist add", title="alien")).text
    question = await world.ana.slash("watchlist add", title="Dune")
    assert "on your watchlist" in (await world.ana.choose(question, question.options[0])).text
    shown = await world.ana.slash("watchlist show")
    assert "Watchlist of Ana" in shown.text
    assert "2 movies" in shown.text
    assert shown.options[1] == "Alien (1979)", "the newest first"
    await world.restart()
    shown = await world.ana.choose(shown, "Alien (1979)")
    assert "Alien" not in shown.text
    for_ben = await world.ben.slash("watchlist show", member=world.ana)
    assert "Dune" in for_ben.text
    assert for_ben.controls == []
    assert await world.ana.complete("watchlist remove", "title", "du") == [shown.options[0]]
    assert "off your watchlist" in (await world.ana.slash("watchlist remove", title="dune")).text
    prefix = await world.ana.say("!watchlist")
    assert prefix is not None
    assert "Nothing on it." in prefix.text


async def test_adding_can_be_undone_on_the_spot(world: World) -> None:
    shown = await world.ana.slash("watchlist add", title="movie:3")
    await world.ana.press(shown, "Take it off")
    assert await wanted(world, world.ana) == set()


async def test_the_list_of_somebody_else_cannot_be_shortened(world: World) -> None:
    await world.ana.slash("watchlist add", title="movie:3")
    shown = await world.ana.slash("watchlist show")
    refused = await world.ben.choose(shown, "Alien (1979)")
    assert "somebody else" in refused.text
    assert await wanted(world, world.ana) == {3}


async def test_a_long_watchlist_is_turned(world: World) -> None:
    for movie_id in range(1, 16):
        await world.services.watchlists.add(world.ana.id, "Ana", movie_id)
    shown = await world.ben.slash("watchlist show", member=world.ana)
    assert "15 movies · page 1 of 2" in shown.text
    second = await world.ben.press(shown, "Next →")
    assert "page 2 of 2" in second.text
    assert "Contact" in second.text


async def test_what_is_rated_leaves_the_watchlist_and_comes_back_when_that_is_undone(world: World) -> None:
    await world.ana.slash("watchlist add", title="movie:3")
    rated = await world.ana.slash("rate", title="movie:3", stars="4")
    assert await wanted(world, world.ana) == set()
    assert "You have seen Alien" in (await world.ana.slash("watchlist add", title="movie:3")).text
    await world.ana.press(rated, "Undo")
    assert await wanted(world, world.ana) == {3}


async def test_together_ranks_what_most_want_and_one_is_drawn(world: World) -> None:
    await tastes(world)
    for friend, movie_ids in ((world.ana, (15, 22)), (world.ben, (22, 23)), (world.owner, (13,))):
        for movie_id in movie_ids:
            await world.services.watchlists.add(friend.id, "x", movie_id)
    members = "Ana, Ben, Olga"
    shown = await world.ana.slash("watchlist together", members=members)
    assert shown.options[0] == "The Fly (1986)"
    assert "On the watchlist of Ana and Ben" in shown.text
    assert re.search(r"The Fly \(1986\) · match [\d.]+ % on average", shown.text)
    assert "1 other left out that one of you has seen or put aside" in shown.text
    assert "Rio Bravo" not in shown.text
    await world.restart()
    drawn = await world.ben.press(shown, "Pick one of ours tonight")
    assert not drawn.private
    name = re.search(r"Tonight, by lot: \*\*(.+)\*\*", drawn.content)
    assert name is not None
    assert name[1] in drawn.options
    direct = await world.ana.slash("watchlist pick", members=members)
    assert "Tonight, by lot" in direct.content
    assert f"{titles(direct)[0]}" in shown.text
