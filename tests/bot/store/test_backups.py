"""Copies of a database that is in use."""

import asyncio
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.store import Store, meta, people
from bot.store.backup import scrub


async def test_a_backup_is_a_whole_database_of_its_own(tmp_path: Path):
    async with Store.open(tmp_path / "home") as store:
        async with store.write() as db:
            await meta.put(db, "colour", "green")
        await store.backup(tmp_path / "other" / "matinee.db")
        async with store.write() as db:
            await meta.put(db, "colour", "red")
        assert names(tmp_path / "other") == ["matinee.db"]
    async with Store.open(tmp_path / "other") as store, store.read() as db:
        assert await meta.get(db, "colour") == "green"


async def test_a_backup_while_people_write_is_of_one_moment(tmp_path: Path):
    async with Store.open(tmp_path / "home") as store:

        async def keep_writing() -> None:
            for number in range(30):
                async with store.write() as db:
                    await people.remember(db, number, "x" * 500)
                    await meta.put(db, "people", str(number + 1))

        writing = asyncio.create_task(keep_writing())
        for number in range(4):
            await store.backup(tmp_path / f"copy{number}" / "matinee.db")
        await writing
    for number in range(4):
        async with Store.open(tmp_path / f"copy{number}") as store:
            async with store.read() as db:
                counted = int(await meta.get(db, "people") or 0)
            exported = [await store.export_person(user_id) for user_id in range(counted + 1)]
            assert [len(kept["users"]) for kept in exported] == [1] * counted + [0]


async def test_a_backup_overwrites_nothing(tmp_path: Path):
    (tmp_path / "precious.db").write_text("precious")
    async with Store.open(tmp_path / "home") as store:
        with pytest.raises(UserError, match="exists already"):
            await store.backup(tmp_path / "precious.db")
    assert (tmp_path / "precious.db").read_text() == "precious"


async def test_a_backup_that_cannot_be_written_is_one_line_and_leaves_nothing(tmp_path: Path):
    (tmp_path / "file").write_text("not a folder")
    async with Store.open(tmp_path / "home") as store:
        with pytest.raises(UserError, match="no backup could be written"):
            await store.backup(tmp_path / "file" / "copy.db")
        with pytest.raises(UserError, match="no backup could be written"):
            await store.backup(tmp_path / ("x" * 300))
    assert names(tmp_path) == ["file", "home"]


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_the_copies_that_sqlite_makes_of_rows_it_moves_about_are_scrubbed(tmp_path: Path):
    """What it overwrites at a deletion is the row where it stands, not where it stood before."""
    file = tmp_path / "matinee.db"
    left = 0
    for seed in range(3):
        chance = random.Random(seed)
        with closing(sqlite3.connect(file, isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA secure_delete = ON")
            database.execute("PRAGMA synchronous = OFF")
            database.execute("DROP TABLE IF EXISTS said")
            database.execute("CREATE TABLE said (number INTEGER PRIMARY KEY, who INTEGER, words TEXT)")
            database.execute("CREATE INDEX mine ON said (who)")
            for part in range(300):
                database.execute("BEGIN")
                for _ in range(chance.randint(1, 15)):
                    who = chance.randint(1, 20)
                    words = f"<{who}>" + "x" * chance.randint(1, 300 if part % 7 else 9000)
                    database.execute("INSERT INTO said (who, words) VALUES (?, ?)", (who, words))
                if part % 5 == 0:
                    gone = chance.randint(1, 20)
                    database.execute("DELETE FROM said WHERE who = ? AND number % 3 = 0", (gone,))
                if part % 9 == 0:
                    changed = chance.randint(1, 20)
                    database.execute("UPDATE said SET words = words || 'zz' WHERE who = ?", (changed,))
                database.execute("COMMIT")
            database.execute("DELETE FROM said WHERE who < 15")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        left += sum(f"<{who}>".encode() in file.read_bytes() for who in range(1, 15))
        assert scrub(file, whole=True)
        assert not any(f"<{who}>".encode() in file.read_bytes() for who in range(1, 15))
    # Otherwise there was nothing to scrub.
    assert left
