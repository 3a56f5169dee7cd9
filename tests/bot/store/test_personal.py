"""Every table that holds something about a person takes part in export and in deletion."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Float, Integer, MetaData, Table, insert, select

from bot.store import Connection, Store
from bot.store.personal import PERSON, personal_tables
from bot.store.tables import UtcTime, metadata

ANA, BEN = 918273645546372819, 918273645546372820
AT = datetime(2026, 5, 1, 20, 15, 30, tzinfo=UTC)


def value(column: Column[Any], user_id: int, movie_key: int) -> Any:
    """Something that fits a column."""
    if column.name == PERSON:
        return user_id
    if column.name == "movie_key":
        return movie_key
    if isinstance(column.type, UtcTime):
        return AT
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, Float):
        return 4.5
    if isinstance(column.type, Integer | BigInteger):
        return 1
    return f"{column.name} of {user_id}"


async def fill(db: Connection, table: Table, user_id: int, movie_key: int) -> None:
    """A row in which everything is set but numbers that the database gives."""
    given = {
        column.name: value(column, user_id, movie_key)
        for column in table.c
        if not (
            column is table.autoincrement_column
            or any(key.column.table is table for key in column.foreign_keys)
        )
    }
    await db.execute(insert(table).values(given))


async def everything(db: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables."""
    return {
        table.name: [tuple(row) for row in await db.execute(select(table))]
        for table in metadata.sorted_tables
    }


async def two_people(store: Store) -> None:
    async with store.write() as db:
        # What belongs to nobody comes first, because rows of people refer to it.
        for table in metadata.sorted_tables:
            if PERSON not in table.c:
                await fill(db, table, 0, 1)
        for table in personal_tables():
            for user_id in (ANA, BEN):
                await fill(db, table, user_id, 1)


async def test_everything_of_a_person_is_exported_and_nothing_of_another(tmp_path: Path):
    async with Store.open(tmp_path) as store:
        await two_people(store)
        exported = await store.export_person(ANA)
        async with store.read() as db:
            rows = await everything(db)
    expected = {name for name, kept in rows.items() if any(ANA in row for row in kept)}
    assert set(exported) == expected >= {"users", "ratings", "rating_changes", "dismissals"}
    assert all(len(kept) == 1 for kept in exported.values())
    text = json.dumps(exported)
    assert str(ANA) in text
    assert str(BEN) not in text
    assert exported["ratings"][0]["title"] == "title of 0"
    assert exported["ratings"][0]["rated_at"] == "2026-05-01T20:15:30+00:00"


async def test_a_deletion_leaves_no_trace_of_the_person_and_all_of_the_other(tmp_path: Path):
    async with Store.open(tmp_path) as store:
        await two_people(store)
        assert await store.delete_person(ANA) == len(personal_tables())
        async with store.read() as db:
            rows = await everything(db)
        left = [row for kept in rows.values() for row in kept]
        assert not any(ANA in row or f"name of {ANA}" in row for row in left)
        assert sum(BEN in row for row in left) == len(personal_tables())
        assert await store.delete_person(ANA) == 0
        assert all(kept == [] for kept in (await store.export_person(ANA)).values())


def test_a_persons_number_stands_in_columns_of_the_one_name_alone():
    """What the walk over the tables relies on: it finds a person by the name of the column."""
    assert names_in_disguise(metadata) == []


def test_a_disguise_is_seen():
    tables = MetaData()
    Table("users", tables, Column("user_id", BigInteger, primary_key=True))
    Table("votes", tables, Column("voter_id", BigInteger), Column("note", Integer))
    assert names_in_disguise(tables) == ["votes.voter_id"]


def names_in_disguise(tables: MetaData) -> list[str]:
    """Columns that could hold a Discord number and are neither a person's nor known to be something else."""
    # Only a BIGINT can hold Discord's numbers.
    known = {"user_id", "guild_id", "catalogue_id", "movie_night_channel_id"}
    known |= {"channel_id", "message_id", "event_id", "role_id", "invited_role_id"}
    return [
        f"{table.name}.{column.name}"
        for table in tables.sorted_tables
        for column in table.c
        if (isinstance(column.type, BigInteger) and column.name not in known)
        or (column.name != PERSON and any(key.column.name == PERSON for key in column.foreign_keys))
    ]
