"""Hidden ratings, deletion, and people who have gone."""

import asyncio

import pytest

from bot.errors import NotAllowed
from bot.services.answers import Progress
from bot.services.privacy import GRACE, Privacy, _line
from bot.store.personal import personal_tables
from tests.bot.services.tiny import World

ANA, BEN = 918273645546372819, 918273645546372820


def privacy(world: World) -> Privacy:
    return Privacy(world.store, world.clock)


async def test_only_others_are_kept_from_hidden_ratings(world: World):
    book = privacy(world)
    await world.rate(ANA, 1)
    await book.hide(ANA, "Ana")
    await book.hide(ANA, "Ana")
    await book.check(ANA, ANA, "Ana")
    await book.check(ANA, BEN, "Ben")
    with pytest.raises(NotAllowed, match="Ana keeps their ratings to themselves"):
        await book.check(BEN, ANA, "Ana")
    assert await book.open_ones([BEN, ANA, BEN, 7]) == [BEN, 7]
    await book.unhide(ANA)
    assert await book.open_ones([BEN, ANA]) == [BEN, ANA]


async def test_somebody_unknown_can_hide_before_they_rate(world: World):
    await privacy(world).hide(BEN, "Ben")
    assert await privacy(world).hides(BEN)
    assert "that your ratings are hidden" in (await privacy(world).kept(BEN)).lines


async def test_the_next_model_is_fitted_without_who_was_deleted(world: World):
    training = world.training()
    await world.rate(ANA, *range(1, 8))
    await world.rate(BEN, *range(1, 4))
    assert (await training.retrain()).version.friend_ratings == 10
    status = await training.status()
    assert status.next_run is None
    await privacy(world).delete(ANA)
    status = await training.status()
    assert status.next_run is not None
    assert (await training.retrain()).version.friend_ratings == 3


@pytest.mark.parametrize("back", [False, True])
async def test_a_model_that_was_being_fitted_with_who_was_deleted_is_not_adopted(world: World, back: bool):
    await world.rate(ANA, *range(1, 8))
    await world.rate(BEN, *range(1, 4))
    training = world.training()
    gone = False

    async def go() -> None:
        await privacy(world).delete(ANA)
        if back:
            await world.rate(ANA, 9)

    tasks: list[asyncio.Task[None]] = []

    def look(_: Progress) -> None:
        nonlocal gone
        if not gone:
            gone = True
            tasks.append(asyncio.create_task(go()))

    result = await training.retrain(look)
    await asyncio.gather(*tasks)
    assert not result.adopted
    assert "somebody deleted everything of theirs" in result.message
    assert world.shelf.current.model is None
    again = await training.retrain()
    assert again.adopted
    assert again.version.friend_ratings == 3 + back


async def test_the_grace_period_begins_once_and_ends_on_time(world: World):
    book = privacy(world)
    await world.rate(ANA, 1)
    await world.rate(BEN, 1)
    due = await book.left(ANA)
    assert due == world.clock.now + GRACE
    world.clock.advance(days=20)
    assert await book.left(ANA) == due
    assert await book.sweep({BEN}) == []
    world.clock.advance(days=9, hours=23)
    assert await book.sweep({BEN}) == []
    world.clock.advance(hours=1)
    assert await book.sweep({BEN}) == [ANA]
    assert await book.sweep({BEN}) == []
    assert (await book.kept(ANA)).lines == ()
    assert len((await book.kept(BEN)).lines) == 3


async def test_returning_cancels_also_while_nobody_looked(world: World):
    book = privacy(world)
    await world.rate(ANA, 1)
    await book.sweep(set())
    world.clock.advance(days=29)
    await book.returned(ANA)
    assert await book.sweep({ANA}) == []
    await book.sweep(set())
    world.clock.advance(days=31)
    assert await book.sweep({ANA}) == []
    world.clock.advance(days=31)
    assert await book.sweep({ANA}) == []
    assert (await book.kept(ANA)).lines


async def test_of_whom_nothing_is_kept_nothing_is_noted(world: World):
    assert await privacy(world).left(ANA) is None
    assert (await privacy(world).kept(ANA)).lines == ()


async def test_every_table_about_a_person_is_named_in_plain_words():
    for table in personal_tables():
        for count in (1, 2):
            assert "“" not in _line(table.name, count), table.name
    assert _line("ratings", 1) == "1 rating"
    assert _line("dismissals", 2) == "2 movies you are not interested in"
