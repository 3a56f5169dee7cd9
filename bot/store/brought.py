"""What a person's export tells of movie nights in another bot: kept for them, and shown to nobody else."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import personal
from bot.store.bulk import STEP, each
from bot.store.tables import brought_records

PARTS = (
    "night_hosts",
    "night_guests",
    "night_texts",
    "night_presence",
    "night_marks",
    "night_nominations",
    "night_ballots",
    "night_votes",
    "night_forecasts",
)
"""Tables that say something of one person, and mean nothing without the evening of a server."""


async def lacking(
    db: AsyncConnection, user_id: int, records: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Those of some records, each a part and a row as JSON, that are neither kept nor rows of this bot."""
    if not records:
        return []
    there = {(part, _text(row)) for part, rows in (await of_person(db, user_id)).items() for row in rows}
    for part, rows in (await personal.export_person(db, user_id, PARTS)).items():
        there |= {(part, _text({name: row[name] for name in row if name != personal.PERSON})) for row in rows}
    return [one for one in dict.fromkeys(records) if one not in there]


async def add(db: AsyncConnection, user_id: int, batch_id: int, records: Sequence[tuple[str, str]]) -> None:
    """Keep records, each a part and a row as JSON."""
    person = {"user_id": user_id, "batch_id": batch_id}
    await each(
        db, insert(brought_records), [person | {"part": part, "facts": facts} for part, facts in records]
    )


async def of_person(db: AsyncConnection, user_id: int) -> dict[str, list[dict[str, Any]]]:
    """The rows that a person brought, by part."""
    mine = select(brought_records.c.part, brought_records.c.facts).where(brought_records.c.user_id == user_id)
    found: dict[str, list[dict[str, Any]]] = {}
    for row in await db.execute(mine.order_by(brought_records.c.record_id)):
        found.setdefault(row.part, []).append(json.loads(row.facts))
    return found


async def remove(db: AsyncConnection, user_id: int, batch_id: int) -> int:
    """Forget some of what an import brought; answers how many records, 0 once there are none."""
    mine = (brought_records.c.user_id == user_id) & (brought_records.c.batch_id == batch_id)
    some = select(brought_records.c.record_id).where(mine).limit(STEP)
    found = await db.execute(delete(brought_records).where(brought_records.c.record_id.in_(some)))
    return found.rowcount


def _text(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, sort_keys=True)
