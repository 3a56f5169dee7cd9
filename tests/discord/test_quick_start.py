"""Somebody without ratings gets the popular list, said to be that, and a dozen movies to rate."""

from tests.discord.conftest import Shown, World


def asked(shown: Shown) -> str:
    """The movie that is being asked about."""
    return (shown.embeds[-1].description or "").splitlines()[0].strip("*")


async def test_the_popular_list_is_said_to_be_it(world: World) -> None:
    shown = await world.ana.slash("recommend")
    assert "popular list" in shown.text
    assert "same for everybody" in shown.text
    assert "Quick start" in shown.text
    assert len(shown.options) == 12
    stars = ["½ ★", "1 ★", "1½ ★", "2 ★", "2½ ★", "3 ★", "3½ ★", "4 ★", "4½ ★", "5 ★"]
    assert shown.buttons == [*stars, "Not seen, next", "My picks now"]


async def test_one_press_rates_and_goes_on_to_the_next(world: World) -> None:
    shown = await world.ana.slash("recommend")
    names = shown.options
    first = asked(shown)
    assert first == names[0]
    after = await world.ana.press(shown, "4½ ★")
    page = await world.services.ratings.page(world.ana.id)
    assert [(one.movie.name, one.stars) for one in page.ratings] == [(first, 4.5)]
    assert asked(after) == names[1]
    assert after.options == names
    assert "1 of 12 rated" in after.text
    skipped = await world.ana.press(after, "Not seen, next")
    assert asked(skipped) == names[2]
    assert (await world.services.ratings.page(world.ana.id)).total == 1


async def test_any_of_the_dozen_can_be_chosen(world: World) -> None:
    shown = await world.ana.slash("recommend")
    name = shown.options[7]
    chosen = await world.ana.choose(shown, name)
    assert asked(chosen) == name
    await world.ana.press(chosen, "2 ★")
    page = await world.services.ratings.page(world.ana.id)
    assert [(one.movie.name, one.stars) for one in page.ratings] == [(name, 2.0)]


async def test_the_dozen_ends_with_picks(world: World) -> None:
    shown = await world.ana.slash("recommend")
    for number in range(12):
        shown = await world.ana.press(shown, "4 ★" if number % 2 else "Not seen, next")
    assert "That was the dozen; 6 movies of it rated" in shown.text
    assert shown.buttons == ["My picks now"]
    picks = await world.ana.press(shown, "My picks now")
    assert "from 6 ratings" in picks.text


async def test_it_goes_on_after_a_restart(world: World) -> None:
    shown = await world.ana.slash("recommend")
    names = shown.options
    shown = await world.ana.press(shown, "4 ★")
    await world.restart()
    shown = await world.ana.press(shown, "2 ★")
    assert asked(shown) == names[2]
    assert (await world.services.ratings.page(world.ana.id)).total == 2


async def test_the_same_press_twice_rates_once(world: World) -> None:
    shown = await world.ana.slash("recommend")
    rows, button = shown.rows, shown.id_of("4 ★")
    await world.ana.press(shown, "4 ★")
    again = await world.ana.press_stale(shown, button, rows)
    assert (await world.services.ratings.page(world.ana.id)).total == 1
    assert "1 of 12 rated" in again.text


async def test_the_quick_start_of_somebody_else_is_refused(world: World) -> None:
    shown = await world.ana.slash("recommend")
    for refused in (
        await world.ben.press(shown, "4 ★"),
        await world.ben.press(shown, "Not seen, next"),
        await world.ben.choose(shown, shown.options[3]),
    ):
        assert refused.private
        assert "somebody else" in refused.text
    assert (await world.services.ratings.page(world.ben.id)).total == 0


async def test_picks_before_the_first_rating_show_the_quick_start_again(world: World) -> None:
    shown = await world.ana.say("!recommend")
    assert shown is not None
    again = await world.ana.press(shown, "My picks now")
    assert again.private
    assert "Quick start" in again.text
