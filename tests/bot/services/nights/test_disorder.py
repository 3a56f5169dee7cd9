"""Nights stay in order however often a timer is run."""

from sqlalchemy import update

from bot.store.night_tables import night_timers
from tests.bot.services.nights.conftest import ANA, Evening


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
