"""*Ask me*: five questions under /recommend, and what they lead to."""

from tests.discord.conftest import Shown, World


def asked(shown: Shown) -> str:
    """The movie that is being asked about."""
    return (shown.embeds[-1].title or "").removeprefix("How was ").removesuffix("?")


async def begin(world: World) -> Shown:
    await world.ana.slash("rate", title="Alien", stars="5")
    picks = await world.ana.slash("recommend")
    assert "Ask me" in picks.buttons
    return await world.ana.press(picks, "Ask me")


async def test_an_answer_is_recorded_and_the_next_question_follows(world: World) -> None:
    first = await begin(world)
    assert first.private
    assert "0 of 5 answered" in first.text
    name = asked(first)
    second = await world.ana.press(first, "4½ ★")
    page = await world.services.ratings.page(world.ana.id)
    assert (page.ratings[0].movie.name, page.ratings[0].stars) == (name, 4.5)
    assert "1 of 5 answered" in second.text
    assert asked(second) != name


async def test_what_was_not_seen_is_not_asked_again(world: World) -> None:
    shown = await begin(world)
    names = [asked(shown)]
    for _ in range(4):
        shown = await world.ana.press(shown, "Not seen")
        names.append(asked(shown))
    assert len(set(names)) == 5
    assert "0 of 5 answered" in shown.text
    assert (await world.services.ratings.page(world.ana.id)).total == 1
    assert asked(await world.ana.press(shown, "2 ★")) not in names


async def test_five_answers_end_with_thanks_and_new_picks_also_after_a_restart(world: World) -> None:
    shown = await world.ana.slash("ask")
    for number in range(5):
        if number == 2:
            await world.restart()
        shown = await world.ana.press(shown, "5 ★")
    assert "Thanks: 5 answers more" in shown.text
    assert "from 5 ratings" in shown.text
    assert "Ask me" in shown.buttons


async def test_questions_to_somebody_else_are_refused(world: World) -> None:
    shown = await world.ana.slash("ask")
    for label in ("4 ★", "Not seen"):
        refused = await world.ben.press(shown, label)
        assert refused.private
        assert "somebody else" in refused.text
    assert (await world.services.ratings.page(world.ben.id)).total == 0
