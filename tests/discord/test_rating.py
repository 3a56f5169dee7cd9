"""/rate, /unrate and /ratings, as slash commands and as prefix commands."""

import pytest

from bot.services.stars import format_stars
from tests.discord.conftest import World
from tests.discord.films import WILD_TITLES


async def stars_of(world: World, friend_id: int) -> dict[str, float]:
    page = await world.services.ratings.page(friend_id, size=100)
    return {one.movie.name: one.stars for one in page.ratings}


async def test_rate_shows_what_was_recorded_and_what_it_replaced(world: World) -> None:
    first = await world.ana.slash("rate", title="Contact", stars="4.5")
    assert "Contact (1997)" in first.text
    assert "Recorded 4½ stars" in first.text
    second = await world.ana.slash("rate", title="Contact", stars="3")
    assert "was 4½" in second.text
    assert await stars_of(world, world.ana.id) == {"Contact (1997)": 3.0}


async def test_rate_by_completion(world: World) -> None:
    (choice,) = await world.ana.choices("rate", "title", "contac")
    assert choice["name"] == "Contact (1997)"
    shown = await world.ana.slash("rate", title=choice["value"], stars="4")
    assert "Contact (1997)" in shown.text


@pytest.mark.parametrize(
    ("written", "stars"),
    [
        ("Blade Runner 4.5", 4.5),
        ("blade runner 4,5", 4.5),
        ("Blade Runner 9/10", 4.5),
        ("Blade Runner ★★★★½", 4.5),
        ('"Blade Runner" ½', 0.5),
    ],
)
async def test_rate_by_prefix(world: World, written: str, stars: float) -> None:
    shown = await world.ana.say(f"!rate {written}")
    assert shown is not None
    assert "Blade Runner (1982)" in shown.text
    assert await stars_of(world, world.ana.id) == {"Blade Runner (1982)": stars}


@pytest.mark.parametrize("stars", ["five", "NaN", "0", "5.5", "4.7", "-1", "inf", "", "😀", "'; DROP TABLE"])
async def test_wrong_stars_get_one_line_and_change_nothing(world: World, stars: str) -> None:
    for shown in (
        await world.ana.slash("rate", title="Contact", stars=stars),
        await world.ana.say(f"!rate Contact {stars}"),
    ):
        assert shown is not None
        assert "\n" not in shown.text
        assert "stars" in shown.text
    assert await stars_of(world, world.ana.id) == {}


async def test_errors_of_slash_commands_are_private(world: World) -> None:
    shown = await world.ana.slash("rate", title="Contact", stars="five")
    assert shown.private


@pytest.mark.parametrize("text", ["", "4.5", "Contact"])
async def test_rate_without_title_or_stars_says_how(world: World, text: str) -> None:
    shown = await world.ana.say(f"!rate {text}")
    assert shown is not None
    assert "Blade Runner 4.5" in shown.text or "4.5 4.5" in shown.text
    assert await stars_of(world, world.ana.id) == {}


async def test_remakes_are_asked_for_with_a_picker(world: World) -> None:
    for shown in (
        await world.ana.slash("rate", title="dune", stars="4"),
        await world.ana.say("!rate dune 4"),
    ):
        assert shown is not None
        assert await stars_of(world, world.ana.id) == {}
        assert sorted(shown.options) == ["Dune (1984)", "Dune (2021)"]
    picked = await world.ana.choose(shown, "Dune (2021)")
    assert "Recorded 4 stars for Dune (2021)" in picked.text
    assert await stars_of(world, world.ana.id) == {"Dune (2021)": 4.0}


async def test_a_year_tells_remakes_apart(world: World) -> None:
    shown = await world.ana.say("!rate Dune (1984) 2")
    assert shown is not None
    assert "Dune (1984)" in shown.text
    assert await stars_of(world, world.ana.id) == {"Dune (1984)": 2.0}


async def test_the_picker_of_somebody_else_is_refused(world: World) -> None:
    shown = await world.ana.slash("rate", title="dune", stars="4")
    refused = await world.ben.choose(shown, "Dune (2021)")
    assert refused.private
    assert "somebody else" in refused.text
    assert await stars_of(world, world.ana.id) == await stars_of(world, world.ben.id) == {}


async def test_picking_twice_does_no_harm(world: World) -> None:
    shown = await world.ana.slash("rate", title="dune", stars="4")
    rows = shown.rows
    menu, _ = shown.controls
    values = [option["value"] for option in menu["options"]]
    await world.ana.press_stale(shown, menu["custom_id"], rows, values[0])
    again = await world.ana.press_stale(shown, menu["custom_id"], rows, values[0])
    assert "as before" in again.text


@pytest.mark.parametrize("title", [*WILD_TITLES[:4], "", "x" * 500, "../../etc/passwd", "```", "@everyone"])
async def test_any_title_is_answered_and_mentions_nobody(world: World, title: str) -> None:
    shown = await world.ana.slash("rate", title=title or " ", stars="4")
    assert "@everyone" not in shown.text
    said = await world.ana.say(f"!rate {title} 4")
    assert said is not None
    assert "@everyone" not in said.text


async def test_completion_of_stars(world: World) -> None:
    assert len(await world.ana.complete("rate", "stars", "")) == 10
    (choice,) = await world.ana.choices("rate", "stars", "9/10")
    assert choice == {"name": "★★★★½  4½ stars", "value": "4.5"}


@pytest.mark.parametrize("typed", ["", "du", "zzzzzzzz", "x" * 90, "**", "שלום", "movie:1", "movie:999999"])
async def test_completion_of_titles_keeps_the_limits(world: World, typed: str) -> None:
    await world.ana.choices("rate", "title", typed)
    await world.ana.choices("unrate", "title", typed)
    await world.ana.choices("why", "title", typed)
    await world.ana.choices("similar", "title", typed)


async def test_undo_brings_back_what_was_there(world: World) -> None:
    await world.ana.slash("rate", title="Contact", stars="3")
    shown = await world.ana.slash("rate", title="Contact", stars="5")
    undone = await world.ana.press(shown, "Undo")
    assert "Recorded 3 stars" in undone.text
    assert undone.buttons == []
    assert await stars_of(world, world.ana.id) == {"Contact (1997)": 3.0}


async def test_undo_of_a_first_rating_removes_it(world: World) -> None:
    shown = await world.ana.slash("rate", title="Contact", stars="3")
    undone = await world.ana.press(shown, "Undo")
    assert "Removed your rating of Contact (1997)" in undone.text
    assert await stars_of(world, world.ana.id) == {}


async def test_undo_is_refused_to_others_and_the_second_time(world: World) -> None:
    shown = await world.ana.slash("rate", title="Contact", stars="3")
    rows, undo = shown.rows, shown.id_of("Undo")
    refused = await world.ben.press(shown, "Undo")
    assert refused.private
    assert "only the person who rated" in refused.text
    assert await stars_of(world, world.ana.id) == {"Contact (1997)": 3.0}
    await world.ana.press(shown, "Undo")
    again = await world.ana.press_stale(shown, undo, rows)
    assert again.private
    assert "undone already" in again.text
    assert await stars_of(world, world.ana.id) == {}


async def test_undo_works_after_a_restart(world: World) -> None:
    shown = await world.ana.slash("rate", title="Contact", stars="3")
    await world.restart()
    undone = await world.ana.press(shown, "Undo")
    assert "Removed your rating" in undone.text
    assert await stars_of(world, world.ana.id) == {}


async def test_unrate(world: World) -> None:
    await world.ana.slash("rate", title="Contact", stars="3")
    await world.ana.slash("rate", title="Arrival", stars="4")
    assert await world.ana.complete("unrate", "title", "cont") == ["Contact (1997)"]
    assert set(await world.ana.complete("unrate", "title", "")) == {"Contact (1997)", "Arrival (2016)"}
    shown = await world.ana.slash("unrate", title="contact")
    assert "Removed your rating of Contact (1997), which was 3 stars" in shown.text
    said = await world.ana.say("!unrate Arrival")
    assert said is not None
    assert await stars_of(world, world.ana.id) == {}
    back = await world.ana.press(said, "Undo")
    assert "Recorded 4 stars" in back.text


async def test_unrate_asks_among_the_own_ratings_only(world: World) -> None:
    await world.ana.say("!rate Dune (1984) 2")
    shown = await world.ana.slash("unrate", title="dune")
    assert "Removed your rating of Dune (1984)" in shown.text
    none = await world.ana.slash("unrate", title="dune")
    assert none.private
    assert "/ratings" in none.text


async def test_unrate_asks_which_of_two_remakes(world: World) -> None:
    await world.ana.say("!rate Dune (1984) 2")
    await world.ana.say("!rate Dune (2021) 5")
    shown = await world.ana.slash("unrate", title="dune")
    removed = await world.ana.choose(shown, "Dune (1984)")
    assert "Removed your rating of Dune (1984)" in removed.text
    assert await stars_of(world, world.ana.id) == {"Dune (2021)": 5.0}


async def rate_many(world: World, count: int) -> None:
    for movie_id in range(1, count + 1):
        await world.services.ratings.rate(world.ana.id, "Ana", movie_id, (movie_id % 10 + 1) / 2)


async def test_another_movie_gets_the_stars_if_the_wrong_one_was_taken(world: World) -> None:
    shown = await world.ana.say("!rate Western Story 1 4")
    assert shown is not None
    refused = await world.ben.press(shown, "Another one")
    assert "somebody else" in refused.text
    asked = await world.ana.press(shown, "Another one")
    assert "Not Western Story 1 (1951), but:" in asked.text
    assert "Western Story 1 (1951)" not in asked.options
    other = asked.options[0]
    picked = await world.ana.choose(asked, other)
    assert f"Recorded 4 stars for {other}" in picked.text
    assert await stars_of(world, world.ana.id) == {other: 4.0}
    # The stars were moved; a second press finds nothing to move.
    asked = await world.ana.press(shown, "Another one")
    again = await world.ana.choose(asked, other)
    assert "undone already" in again.text
    assert await stars_of(world, world.ana.id) == {other: 4.0}


async def test_ratings_are_paged_newest_first_and_sortable(world: World) -> None:
    await rate_many(world, 25)
    shown = await world.ana.slash("ratings")
    assert "25 ratings" in shown.text
    assert "page 1 of 3" in shown.text
    assert "Notorious" not in shown.text
    assert shown.text.index("Halloween") > shown.text.index("Ringu") or "Halloween" not in shown.text
    assert shown.buttons == ["Next →", "Best first"]
    second = await world.ana.press(shown, "Next →")
    assert "page 2 of 3" in second.text
    third = await world.ana.press(second, "Next →")
    assert "page 3 of 3" in third.text
    assert third.buttons == ["← Back", "Best first"]
    back = await world.ana.press(third, "← Back")
    assert "page 2 of 3" in back.text
    best = await world.ana.press(back, "Best first")
    assert "best first" in best.text
    assert "page 1 of 3" in best.text
    assert (best.embeds[0].description or "").startswith(format_stars(5.0))
    assert best.buttons == ["Next →", "Newest first"]


async def test_ratings_of_a_friend(world: World) -> None:
    await rate_many(world, 3)
    for shown in (
        await world.ben.slash("ratings", member=world.ana),
        await world.ben.say(f"!ratings {world.ana.mention}"),
        await world.ben.say(f"!ratings {world.ana.mention} order: stars page: 9"),
    ):
        assert shown is not None
        assert "Ratings of Ana" in shown.text
        assert "3 ratings" in shown.text
    by_number = await world.ben.say(f"!ratings {world.ana.id}")
    assert by_number is not None
    assert "3 ratings" in by_number.text
    assert "best first" in (await world.ben.press(by_number, "Best first")).text


async def test_ratings_pages_of_another_asker_are_refused(world: World) -> None:
    await rate_many(world, 25)
    shown = await world.ana.slash("ratings")
    refused = await world.ben.press(shown, "Next →")
    assert refused.private
    assert "/ratings" in refused.text
    assert "page 1 of 3" in shown.text


async def test_ratings_turn_pages_after_a_restart(world: World) -> None:
    await rate_many(world, 25)
    shown = await world.ana.slash("ratings")
    await world.restart()
    assert "page 2 of 3" in (await world.ana.press(shown, "Next →")).text


async def test_no_ratings_yet(world: World) -> None:
    own = await world.ana.slash("ratings")
    assert "/recommend" in own.text
    other = await world.ana.slash("ratings", member=world.ben)
    assert "has rated nothing" in other.text


@pytest.mark.parametrize("text", ["!ratings order: sideways", "!ratings page: 0"])
async def test_ratings_with_bad_input(world: World, text: str) -> None:
    shown = await world.ana.say(text)
    assert shown is not None
    assert "!help ratings" in shown.text
    assert "\n" not in shown.text


async def test_two_people_rating_at_once_keep_their_own(world: World) -> None:
    await world.ana.slash("rate", title="Contact", stars="1")
    await world.ben.slash("rate", title="Contact", stars="5")
    assert await stars_of(world, world.ana.id) == {"Contact (1997)": 1.0}
    assert await stars_of(world, world.ben.id) == {"Contact (1997)": 5.0}
