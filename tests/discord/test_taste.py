"""/taste and /compare."""

import pytest

from tests.discord.conftest import Friend, Shown, World


async def rate(world: World, friend: Friend, name: str, stars: dict[int, float]) -> None:
    for movie_id, given in stars.items():
        await world.services.ratings.rate(friend.id, name, movie_id, given)


def check_pictures(shown: Shown, *names: str) -> None:
    """Each picture is attached once, has an alt text, and is shown by an embed of its own."""
    assert set(shown.pictures) == set(names)
    assert all(len(alt) > 30 for alt in shown.pictures.values())
    images = [one.image.url or "" for one in shown.embeds if one.image]
    assert len(images) == len(names)
    for name in names:
        assert sum(name in url for url in images) == 1


SCIFI = dict.fromkeys(range(1, 11), 5.0)
WESTERN = dict.fromkeys((11, 12, 13, 14, 15, 16, 17, 18, *range(302, 360, 4)), 1.5)


async def test_taste_in_pictures_and_numbers(world: World) -> None:
    await rate(world, world.ana, "Ana", SCIFI | WESTERN)
    for shown in (
        await world.ana.slash("taste"),
        await world.ben.slash("taste", member=world.ana),
        await world.ben.say(f"!taste {world.ana.mention}"),
    ):
        assert shown is not None
        check_pictures(shown, "genres.png", "amount.png", "decades.png", "history.png")
        assert "Taste of Ana" in shown.text
        assert "33 ratings, 2.6 stars on average" in shown.text
        assert "Loves Sci-Fi" in shown.text
        assert "from 10 movies (★5.0, others" in shown.text
        assert "Rather not Western" in shown.text
        assert "Mostly Western" in shown.text
        assert "Most unusual opinion" in shown.text


async def test_taste_of_somebody_without_ratings(world: World) -> None:
    shown = await world.ana.slash("taste")
    assert "Nothing rated yet" in shown.text
    assert shown.pictures == {}
    of_a_friend = await world.ana.slash("taste", member=world.ben)
    assert "has rated nothing" in of_a_friend.text


async def test_one_rating_is_no_picture(world: World) -> None:
    await rate(world, world.ana, "Ana", {1: 5.0})
    shown = await world.ana.slash("taste")
    assert "1 rating, 5.0 stars on average" in shown.text
    assert "5 ratings" in shown.text
    assert shown.pictures == {}


async def test_three_westerns_are_not_a_taste(world: World) -> None:
    await rate(world, world.ana, "Ana", dict.fromkeys(range(11, 14), 5.0) | dict.fromkeys(range(19, 30), 3.0))
    shown = await world.ana.slash("taste")
    assert "Loves Western" not in shown.text
    assert "No genre stands out yet" in shown.text


async def test_movies_that_the_catalogue_lost_are_no_error(world: World) -> None:
    await rate(world, world.ana, "Ana", SCIFI)
    async with world.services.ratings._store.write() as db:
        from bot.store import movies

        await movies.rematch(db, {})
    shown = await world.ana.slash("taste")
    assert "10 ratings" in shown.text
    await rate(world, world.ben, "Ben", {1: 5.0})
    compared = await world.ana.slash("compare", member=world.ben)
    assert "Not enough" in compared.text


async def test_compare(world: World) -> None:
    await rate(world, world.ana, "Ana", SCIFI | {11: 5.0, 12: 4.5, 30: 5.0})
    await rate(world, world.ben, "Ben", SCIFI | {11: 1.0, 12: 4.5, 29: 4.5})
    for shown in (
        await world.ana.slash("compare", member=world.ben),
        await world.ana.say(f"!compare {world.ben.mention}"),
    ):
        assert shown is not None
        check_pictures(shown, "compare.png")
        assert "from 12 movies in common" in shown.text
        assert "You agree on" in shown.text
        assert "The Searchers (1956): Ana ★5, Ben ★1" in shown.text
        assert "Ana, show Ben" in shown.text
        assert "Ben, show Ana" in shown.text
        assert "match" in shown.text


async def test_compare_with_somebody_without_common_movies(world: World) -> None:
    await rate(world, world.ana, "Ana", {1: 5.0, 2: 4.0})
    await rate(world, world.ben, "Ben", {3: 5.0})
    shown = await world.ana.slash("compare", member=world.ben)
    assert "Not enough: 0 movies in common" in shown.text
    assert "Ana, show Ben" in shown.text
    assert shown.pictures == {}
    await rate(world, world.admin, "Adam", {3: 1.0})
    with_nobody = await world.ana.slash("compare", member=world.admin)
    assert "Adam loves nothing yet that Ana has not seen" in with_nobody.text


async def test_compare_with_oneself_and_with_nobody(world: World) -> None:
    shown = await world.ana.slash("compare", member=world.ana)
    assert "whom to compare you with" in shown.text
    for text in ("!compare", "!compare nobodyhere", "!taste nobodyhere"):
        said = await world.ana.say(text)
        assert said is not None
        assert "\n" not in said.text


async def test_what_is_not_wanted_is_not_to_be_shown(world: World) -> None:
    await rate(world, world.ana, "Ana", {1: 5.0})
    await rate(world, world.ben, "Ben", {2: 1.0})
    await world.services.ratings.dismiss(world.ben.id, "Ben", 1)
    shown = await world.ana.slash("compare", member=world.ben)
    assert "Ana loves nothing yet that Ben has not seen" in shown.text


async def test_hidden_ratings_are_neither_shown_nor_compared(world: World) -> None:
    await rate(world, world.ana, "Ana", SCIFI)
    await world.services.privacy.hide(world.ana.id, "Ana")
    for command in ("taste", "compare"):
        for friend in (world.ben, world.admin, world.owner):
            refused = await friend.slash(command, member=world.ana)
            assert "Ana keeps their ratings to themselves" in refused.text
            assert refused.pictures == {}
    own = await world.ana.slash("taste")
    assert own.private
    assert "10 ratings" in own.text
    assert (await world.ana.slash("compare", member=world.ben)).private
    for text in ("!taste", f"!compare {world.ben.mention}"):
        said = await world.ana.say(text)
        assert said is not None
        assert "answers you alone" in said.text


@pytest.mark.parametrize("name", ["**bold**", "שלום", "😀😀", "@everyone", "$x_1$"])
async def test_strange_names_do_no_harm(world: World, name: str) -> None:
    friend = world.join(name)
    await rate(world, friend, name, SCIFI | WESTERN)
    shown = await friend.slash("taste")
    assert len(shown.pictures) == 4
    assert "**bold**" not in shown.embeds[0].title
