"""Two servers with one bot: what is shown of people who are not on the server where it is asked for."""

from typing import Any

import pytest
from discord import Guild, Member

from bot.ui.ids import custom_id
from tests.discord.conftest import Friend, Shown, World

NOTHING = "That person has rated nothing, or is no member here"
NO_LIST = "That person has nothing on their watchlist, or is no member here"
ALONE = "That person has rated nothing, or shares no server with us"


async def rate(world: World, friend: Friend, name: str, *movie_ids: int) -> None:
    for movie_id in movie_ids:
        await world.services.ratings.rate(friend.id, name, movie_id, 4.5)
        await world.services.watchlists.add(friend.id, name, movie_id + 10)


@pytest.fixture
async def zoe(world: World) -> Friend:
    """Somebody of another server, of whom a lot is kept; nobody of the friends is there."""
    stranger = world.elsewhere_join("Zoe")
    await rate(world, stranger, "Zoe", *range(1, 8))
    return stranger


async def everything_about(world: World, asker: Friend, whose: Friend) -> list[Shown]:
    """All answers that carry a person's data, however that person is given."""
    shown = [
        await asker.slash("ratings", member=whose),
        await asker.slash("ratings", member=whose, order="stars", page=2),
        await asker.slash("taste", member=whose),
        await asker.slash("compare", member=whose),
    ]
    for command in ("ratings", "taste", "compare"):
        for written in (f"<@{whose.id}>", f"<@!{whose.id}>", str(whose.id)):
            said = await asker.say(f"!{command} {written}")
            assert said is not None
            shown.append(said)
    own = await asker.slash("ratings")
    controls = (
        custom_id("rated", asker.id, 0, whose.id, 0),
        custom_id("sort", asker.id, whose.id, 1),
        custom_id("why", whose.id, 1),
    )
    return shown + [await asker.press_stale(own, control, own.rows) for control in controls]


async def lists_of(asker: Friend, whose: Friend) -> list[Shown]:
    own = await asker.slash("watchlist show")
    shown = [
        await asker.slash("watchlist show", member=whose),
        await asker.say(f"!watchlist <@{whose.id}>"),
        await asker.say(f"!watchlist show {whose.id}"),
        await asker.press_stale(own, custom_id("wanted", asker.id, 0, whose.id), own.rows),
    ]
    return [one for one in shown if one is not None]


async def test_somebody_of_another_server_is_refused_like_somebody_without_data(
    world: World, zoe: Friend
) -> None:
    await rate(world, world.ana, "Ana", 1, 2)
    for whose in (zoe, world.ben):
        answers = await everything_about(world, world.ana, whose)
        assert {(one.text, one.private, len(one.embeds)) for one in answers if one.private} == {
            (NOTHING, True, 0)
        }
        assert {one.text for one in answers} == {NOTHING}
        assert {one.text for one in await lists_of(world.ana, whose)} == {NO_LIST}


@pytest.mark.parametrize("who", ["admin", "owner"])
async def test_neither_admins_nor_the_owner_see_more(world: World, zoe: Friend, who: str) -> None:
    asker: Friend = getattr(world, who)
    await rate(world, asker, who, 1)
    assert {one.text for one in await everything_about(world, asker, zoe)} == {NOTHING}


async def test_that_a_stranger_hides_their_ratings_is_not_told(world: World, zoe: Friend) -> None:
    await world.services.privacy.hide(zoe.id, "Zoe")
    await rate(world, world.ana, "Ana", 1)
    assert {one.text for one in await everything_about(world, world.ana, zoe)} == {NOTHING}


async def test_a_name_is_looked_for_on_this_server_alone(world: World, zoe: Friend) -> None:
    world.join("Zora")
    for command in ("ratings", "taste", "compare", "watchlist", "group recommend", "watchlist together"):
        of_another = await world.ana.say(f"!{command} Zoe")
        of_nobody = await world.ana.say(f"!{command} Zor")
        assert of_another is not None
        assert of_nobody is not None
        assert of_another.text == "Nobody here is called “Zoe”; close to that: Zora"
        assert of_nobody.text == "Nobody here is called “Zor”; close to that: Zora"


async def test_who_is_named_by_name_nick_or_username_is_found(world: World) -> None:
    lee = world.join("Lee Van", nick="The Ugly")
    await rate(world, lee, "Lee Van", 1, 2)
    for name in ("Lee Van", "the ugly", "@The Ugly", "lee van"):
        said = await world.ana.say(f"!ratings {name}")
        assert said is not None
        assert "Ratings of The Ugly" in said.text
        compared = await world.ana.say(f"!compare {name}")
        assert compared is not None
        assert "The Ugly" in compared.text


async def test_two_of_one_name_are_told_apart(world: World) -> None:
    twin = world.join("Ben")
    await rate(world, twin, "Ben", 1)
    said = await world.ana.say("!ratings Ben")
    assert said is not None
    assert said.text.startswith("Several people here are called “Ben”: Ben (ben), Ben (ben")
    assert "; mention the one you mean with @" in said.text
    named = await world.ana.say(f"!ratings {twin.mention}")
    assert named is not None
    assert "1 rating" in named.text


async def test_in_a_group_are_members_of_the_server_alone(world: World, zoe: Friend) -> None:
    await rate(world, world.ana, "Ana", 1, 2)
    for command in ("group recommend", "watchlist together", "watchlist pick"):
        shown = await world.ana.slash(command, members=f"{world.ana.mention} <@{zoe.id}>")
        nobody = await world.ana.slash(command, members=f"{world.ana.mention} <@{2**64 - 1}>")
        assert shown.text == nobody.text == "One of those you mention is not on this server."


async def test_in_direct_messages_it_is_those_one_shares_a_server_with(world: World, zoe: Friend) -> None:
    await rate(world, world.ben, "Ben", 1, 2)
    ana = world.in_private(world.ana)
    for written in (f"<@{zoe.id}>", str(zoe.id)):
        said = await ana.say(f"!ratings {written}")
        assert said is not None
        assert said.text == ALONE
    by_name = await ana.say("!ratings Zoe")
    assert by_name is not None
    assert by_name.text == "Nobody here is called “Zoe”"
    for written in (str(world.ben.id), "Ben"):
        said = await ana.say(f"!ratings {written}")
        assert said is not None
        assert "Ratings of Ben" in said.text
    # Now they share one, and the friends' server still tells nothing of her.
    world.second.add_member(world.ana.actor.user)
    await world.advance(1)
    for written in (str(zoe.id), "Zoe"):
        said = await ana.say(f"!ratings {written}")
        assert said is not None
        assert "7 ratings" in said.text
    here = await world.ana.slash("ratings", member=zoe)
    assert here.text == NOTHING


@pytest.mark.parametrize("restart", [False, True])
async def test_who_left_is_a_stranger_at_once(world: World, restart: bool) -> None:
    await rate(world, world.ben, "Ben", *range(1, 8))
    await rate(world, world.ana, "Ana", 1)
    assert "7 ratings" in (await world.ana.slash("ratings", member=world.ben)).text
    if restart:
        await world.restart(lambda: world.leave(world.ben))
    else:
        world.leave(world.ben)
        await world.advance(1)
    assert {one.text for one in await everything_about(world, world.ana, world.ben)} == {NOTHING}
    world.guild.add_member(world.ben.actor.user)
    await world.advance(1)
    assert "7 ratings" in (await world.ana.slash("ratings", member=world.ben)).text


async def test_lists_of_a_server_know_its_members_right_after_a_start(world: World, zoe: Friend) -> None:
    await rate(world, world.ana, "Ana", *range(1, 8))
    await rate(world, world.ben, "Ben", *range(1, 8))
    await world.restart()
    assert not world.bot.guilds[0].chunked
    board = await world.ana.slash("leaderboard")
    assert "Ana" in board.text
    assert "Ben" in board.text
    assert "Zoe" not in board.text
    assert "14 ratings" in (await world.ana.slash("stats")).text
    near = (await world.ana.slash("map")).text
    assert "Ben" in near
    assert "Zoe" not in near
    group = await world.ana.slash("group recommend", members="Ana, Ben")
    assert "For Ana and Ben" in group.text


async def test_who_is_in_a_voice_channel_is_known_after_a_start(world: World) -> None:
    await rate(world, world.ana, "Ana", *range(1, 8))
    sofa = world.guild.create_voice_channel("sofa")
    for friend in (world.ana, world.ben):
        await friend.actor.join_voice(sofa)
    await world.restart()
    assert "For Ana and Ben" in (await world.ana.slash("group recommend")).text


async def test_discord_is_asked_for_people_of_whom_something_is_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        world.join(f"Passer-by {number}")
    await rate(world, world.ana, "Ana", 1, 2)
    await world.restart()
    asked: list[object] = []
    query = Guild.query_members

    async def watched(guild: Guild, query_text: str | None = None, **options: Any) -> list[Member]:
        asked.append(options.get("user_ids") or query_text)
        return await query(guild, query_text, **options)

    monkeypatch.setattr(Guild, "query_members", watched)
    world.bot.members.forget()
    await world.ana.slash("leaderboard")
    await world.ana.slash("stats")
    assert asked == [[world.ana.id]]
    assert [member.id for member in world.bot.guilds[0].members] == [world.bot_id]


async def test_while_discord_does_not_tell_nothing_is_shown(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rate(world, world.ben, "Ben", 1, 2)

    async def silent(*_: object, **__: object) -> object:
        raise TimeoutError

    monkeypatch.setattr("discord.Guild.query_members", silent)
    for text in (f"!ratings {world.ben.id}", "!ratings Ben", "!leaderboard", "!group Ben"):
        world.bot.members.forget()
        said = await world.ana.say(text)
        assert said is not None
        assert "Discord does not tell me at the moment" in said.text
    # Whom Discord itself names as a member needs no question.
    assert "2 ratings" in (await world.ana.slash("ratings", member=world.ben)).text
