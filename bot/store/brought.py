"""What a person's export tells of movie nights in another bot: kept for them, and shown to nobody else."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import personal
from bot.store.tables import brought_records

PARTS = (
    "night_hosts",
    "night_guests",
    "night_presence",
    "night_marks",
    "night_nominations",
    "night_ballots",
    "night_votes",
    "night_forecasts",
)
"""Tables that say something of one person, and mean nothing without the evening of a server."""


async def add(db: AsyncConnection, user_id: int, batch_id: int, records: Sequence[tuple[str, str]]) -> None:
    """Keep records, each a part and a row as JSON, unless they are there or are rows of this bot itself."""
    if not records:
        return
    there = {(part, _text(row)) for part, rows in (await of_person(db, user_id)).items() for row in rows}
    for part, rows in (await personal.export_person(db, user_id, PARTS)).items():
        there |= {(part, _text({name: row[name] for name in row if name != personal.PERSON})) for row in rows}
    new = [one for one in dict.fromkeys(records) if one not in there]
    values = [{"user_id": user_id, "batch_id": batch_id, "part": part, "facts": facts} for part, facts in new]
    if values:
        await db.execute(insert(brought_records), values)


async def of_person(db: AsyncConnection, user_id: int) -> dict[str, list[dict[str, Any]]]:
    """The rows that a person brought, by part."""
    mine = select(brought_records.c.part, brought_records.c.facts).where(brought_records.c.user_id == user_id)
    found: dict[str, list[dict[str, Any]]] = {}
    for row in await db.execute(mine.order_by(brought_records.c.record_id)):
        found.setdefault(row.part, []).append(json.loads(row.facts))
    return found


async def remove(db: AsyncConnection, batch_id: int) -> None:
    """Forget what an import brought."""
    await db.execute(delete(brought_records).where(brought_records.c.batch_id == batch_id))


def _text(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, sort_keys=True)
