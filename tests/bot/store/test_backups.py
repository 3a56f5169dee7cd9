"""Copies of a database that is in use."""

import asyncio
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.store import Store, meta, people


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
