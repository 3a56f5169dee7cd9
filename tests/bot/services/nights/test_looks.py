"""What a look at the clock reads: what is due and what waits, however many nights there were."""

import re

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.bot.services.nights.conftest import ANA, Evening, key_of


@pytest.fixture
def read(evening: Evening) -> list[tuple[str, object]]:
    """The statements that are sent to the database."""
    sent: list[tuple[str, object]] = []
    engine: AsyncEngine = evening.world.store._reader

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        sent.append((statement, parameters))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    return sent


async def test_a_look_reads_only_what_waits(evening: Evening, read: list[tuple[str, object]]):
    night = await evening.voting(50)
    await evening.nights.cast(ANA, night.night_id, {key_of(night, 50): 1})
    await evening.go(days=40)
    assert await evening.nights.open(ANA) == []
    read.clear()
    assert await evening.run() == 0
    looked = [(statement, parameters) for statement, parameters in read if statement.startswith("SELECT")]
    assert len(looked) == 3
    async with evening.world.store.read() as db:
        for statement, parameters in looked:
            plan = await db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)  # pyright: ignore[reportArgumentType]
            steps = [row.detail for row in plan]
            # By an index of those that wait, or by the key of one of them.
            for step in steps:
                assert not re.match(r"SCAN night", step) or re.search(
                    r"INDEX ix_\w+_(waiting|to_be_shown)", step
                ), (
                    statement,
                    steps,
                )
