"""Nights stay in order whatever people do, whenever the bot restarts, and however often a timer is run."""

import random
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import update

from bot.errors import UserError
from bot.services.nights.answers import VoteKind
from bot.services.nights.states import FINISHED
from bot.store.night_tables import night_timers
from tests.bot.services.nights.conftest import ANA, BEN, CLEO, EVA, GUILD, Evening

STEPS = 70


async def test_timers_whose_work_is_done_again_change_nothing(evening: Evening):
    first = await evening.plan(ANA, evening.date(days=3), evening.date(days=4))
    await evening.nights.close(ANA, first.night_id)
    await evening.nights.repeat(ANA, first.night_id)
    for _ in range(6):
        await evening.go(days=1, hours=5)
        said, before = list(evening.channel.said), await evening.nights.open(ANA)
        async with evening.world.store.write() as db:
            await db.execute(
                update(night_timers).where(night_timers.c.due_at <= evening.clock.now).values(done_at=None)
            )
        assert await evening.run() > 0
        assert evening.channel.said == said
        assert [(one.night_id, one.state) for one in await evening.nights.open(ANA)] == [
            (one.night_id, one.state) for one in before
        ]


class Guests:
    """People who do anything at any time."""

    def __init__(self, evening: Evening, seed: int) -> None:
        self.evening = evening
        self.chance = random.Random(seed)
        self.refused = self.done = 0

    async def act(self) -> None:
        chance, nights = self.chance, self.evening.nights
        open_nights = await nights.open(ANA)
        if not open_nights or chance.random() < 0.05:
            days = chance.sample(range(1, 9), chance.randint(1, 3))
            kinds: tuple[VoteKind, ...] = ("approval", "ranked", "score")
            await self.evening.plan(
                chance.choice((ANA, BEN)),
                *(self.evening.date(days=day) for day in days),
                vote_kind=chance.choice(kinds),
                quorum=chance.randint(1, 3),
                carry_over=chance.random() < 0.5,
            )
            return
        night = chance.choice(open_nights)
        number, actor = night.night_id, chance.choice((ANA, BEN, CLEO, EVA))
        ballot = {one.movie_key: 1 for one in night.candidates if chance.random() < 0.3}
        if night.vote_kind == "ranked":
            ballot = {key: rank for rank, key in enumerate(ballot, 1)}
        dates = [date.date_id for date in night.dates if chance.random() < 0.6]
        actions: list[Callable[[], Awaitable[object]]] = [
            lambda: nights.answer(actor, number, chance.choice(("in", "maybe", "out")), dates or None),
            lambda: nights.nominate(actor, number, chance.randint(1, 120)),
            lambda: nights.cast(actor, number, ballot),
            lambda: nights.cast(actor, number, ballot),
            lambda: nights.open_vote(actor, number),
            lambda: nights.close(actor, number),
            lambda: nights.move(actor, number, self.evening.date(days=chance.randint(1, 6))),
            lambda: nights.rate(actor, number, 4),
            lambda: nights.ask_ratings(actor, number),
            lambda: nights.repeat(actor, number),
            lambda: nights.stop_repeating(actor, number),
            lambda: nights.member_left(GUILD, actor.user_id),
            lambda: nights.take_back(actor, number),
        ]
        if chance.random() < 0.03:
            actions = [lambda: nights.cancel(actor, number)]
        await chance.choice(actions)()

    async def step(self) -> None:
        try:
            await self.act()
            self.done += 1
        except UserError:
            self.refused += 1
        if self.chance.random() < 0.3:
            await self.evening.go(hours=self.chance.choice((1, 9, 30)))
        elif self.chance.random() < 0.1:
            self.evening.clock.advance(days=self.chance.choice((1, 8)))
        if self.chance.random() < 0.1:
            self.evening.restart()


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_people_do_each_night_comes_to_its_end_and_says_things_once(
    evening: Evening, seed: int
):
    guests = Guests(evening, seed)
    for _ in range(STEPS):
        await guests.step()
    assert min(guests.done, guests.refused) > 10
    while weekly := [one for one in await evening.nights.open(ANA) if one.series_id is not None]:
        await evening.nights.stop_repeating(EVA, weekly[0].night_id)
    await evening.go(days=30)
    assert await evening.nights.open(ANA) == []
    assert await evening.nights.next_due() is None
    once = [
        (one.night_id, one.kind) for one in evening.channel.announcements if one.kind in ("result", "rate")
    ]
    assert len(once) == len(set(once))
    for number in {one.night_id for one in evening.channel.announcements}:
        night = await evening.nights.get(ANA, number)
        assert night.state in FINISHED
        assert night.trouble == ""
        assert evening.channel.cards[night.card_message_id or 0].state == night.state
        said = [kind for one, kind in once if one == number]
        assert said == ["result", "rate"][: len(said)]
