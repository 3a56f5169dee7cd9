"""A backup in the place of a database: whole or not at all."""

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.store import Store, meta, people
from bot.store.backup import sweep_parts
from bot.store.restore import restore
from tests.bot.store import old

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 5, 1, 20, 15, 30, tzinfo=UTC)


async def saved(folder: Path, colour: str) -> Path:
    """A backup in which the fact ``colour`` has a value."""
    async with Store.open(folder / colour) as store:
        async with store.write() as db:
            await meta.put(db, "colour", colour)
            await people.remember(db, 5, "x" * 3000)
        await store.backup(folder / f"{colour}.db")
    return folder / f"{colour}.db"


async def colour(home: Path) -> str | None:
    async with Store.open(home) as store, store.read() as db:
        return await meta.get(db, "colour")


async def put_back(backup: Path, home: Path) -> Path | None:
    return (await restore(backup, home, None, lambda: NOW))[1]


async def refusal(backup: Path, home: Path) -> str:
    with pytest.raises(UserError) as caught:
        await put_back(backup, home)
    line = str(caught.value)
    assert "\n" not in line
    return line


def content(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in home.iterdir() if path.name.startswith("matinee.db")}


async def test_into_a_new_home_and_over_what_was_there(tmp_path: Path):
    green, red = await saved(tmp_path, "green"), await saved(tmp_path, "red")
    home = tmp_path / "home"
    before = os.umask(0)
    try:
        assert await put_back(green, home) is None
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o077 for path in (home, *home.iterdir())} == {0}
    assert await colour(home) == "green"
    kept = await put_back(red, home)
    assert await colour(home) == "red"
    # What was there is a database that can be restored itself.
    assert kept == home / "backups" / "matinee-20260501-201530-replaced.old"
    assert await put_back(kept, tmp_path / "third") is None
    assert await colour(tmp_path / "third") == "green"
    assert sorted(path.name for path in home.iterdir()) == ["backups", "matinee.db", "matinee.lock"]


async def test_what_stands_in_the_log_of_the_old_database_alone_is_kept(tmp_path: Path):
    green = await saved(tmp_path, "green")
    home = tmp_path / "home"
    async with Store.open(tmp_path / "running") as store:
        async with store.write() as db:
            await meta.put(db, "colour", "blue")
        # As a crash leaves it.
        home.mkdir()
        for name in ("matinee.db", "matinee.db-wal"):
            shutil.copy(tmp_path / "running" / name, home)
    kept = await put_back(green, home)
    assert await colour(home) == "green"
    assert kept is not None
    await put_back(kept, tmp_path / "third")
    assert await colour(tmp_path / "third") == "blue"


async def test_a_damaged_database_is_replaced_and_every_byte_of_it_kept(tmp_path: Path):
    green = await saved(tmp_path, "green")
    home = tmp_path / "home"
    home.mkdir()
    (home / "matinee.db").write_bytes(b"damaged" * 1000)
    (home / "matinee.db-wal").write_bytes(b"a log of who knows what")
    kept = await put_back(green, home)
    assert await colour(home) == "green"
    assert kept is not None
    assert kept.read_bytes() == b"damaged" * 1000
    assert kept.with_name(f"{kept.name}-wal").read_bytes() == b"a log of who knows what"


async def test_a_log_without_its_database_is_not_played_into_the_new_one(tmp_path: Path):
    green, red = await saved(tmp_path, "green"), await saved(tmp_path, "red")
    home = tmp_path / "home"
    await put_back(green, home)
    async with Store.open(home) as store:
        async with store.write() as db:
            await meta.put(db, "colour", "blue")
        shutil.copy(home / "matinee.db-wal", tmp_path / "log")
    (home / "matinee.db").unlink()
    shutil.copy(tmp_path / "log", home / "matinee.db-wal")
    await put_back(red, home)
    assert await colour(home) == "red"


@pytest.mark.parametrize("revision", old.REVISIONS)
async def test_a_backup_of_an_earlier_version_is_brought_up_to_date(tmp_path: Path, revision: str):
    old.build(tmp_path / "old.db", revision)
    rows, before = old.read(tmp_path / "old.db"), (tmp_path / "old.db").read_bytes()
    assert await put_back(tmp_path / "old.db", tmp_path / "home") is None
    assert (tmp_path / "old.db").read_bytes() == before
    async with Store.open(tmp_path / "home") as store:
        assert (await store.export_person(old.PEOPLE[0]))["users"][0]["name"] == old.STRANGE
    assert not (tmp_path / "home" / "backups").exists(), "no step was left for the start"
    assert old.read(tmp_path / "home" / "matinee.db")["users"] == rows["users"]


def _text(file: Path) -> None:
    file.write_text("the shopping list\n" * 100)


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-5000])


def _overwritten(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[:8192] + b"\xff" * 4096 + data[12288:])


def _sql(*statements: str):
    def change(file: Path) -> None:
        with closing(sqlite3.connect(file)) as database:
            for statement in statements:
                database.execute(statement)
            database.commit()

    return change


def _of_another_program(file: Path) -> None:
    file.unlink()
    _sql("CREATE TABLE users (name)")(file)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_text, "not a database"),
        (_empty, "it is empty"),
        (_cut, "cannot be restored"),
        (_overwritten, "cannot be restored"),
        (_of_another_program, "database of another program"),
        (_sql("UPDATE alembic_version SET version_num = '9999'"), "newer Matinée"),
        (_sql("DROP TABLE night_votes"), "the table night_votes is missing"),
        (_sql("INSERT INTO hidden_ratings VALUES (77, '2026-05-01 20:15:30')"), "damaged"),
    ],
)
async def test_what_is_no_sound_backup_is_refused_and_changes_nothing(tmp_path: Path, spoil, told: str):
    green, red = await saved(tmp_path, "green"), await saved(tmp_path, "red")
    home = tmp_path / "home"
    await put_back(green, home)
    before = content(home)
    spoil(red)
    assert told in await refusal(red, home)
    assert content(home) == before
    assert await colour(home) == "green"
    assert "there is no file" in await refusal(tmp_path / "nowhere.db", home)
    assert "the database itself" in await refusal(home / "matinee.db", home)


async def test_while_a_bot_runs_nothing_is_restored(tmp_path: Path):
    green, red = await saved(tmp_path, "green"), await saved(tmp_path, "red")
    home = tmp_path / "home"
    await put_back(green, home)
    async with Store.open(home):
        assert "running on" in await refusal(red, home)
    assert await colour(home) == "green"


async def test_on_a_full_disk_the_old_database_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    green, red = await saved(tmp_path, "green"), await saved(tmp_path, "red")
    home = tmp_path / "home"
    await put_back(green, home)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for place in ("copy_database", "_finish", "_duplicate"):
        with monkeypatch.context() as patch:
            patch.setattr(f"bot.store.restore.{place}", full)
            assert "No space left on device" in await refusal(red, home)
        assert await colour(home) == "green"
        assert not list(home.glob("*.part*"))


PROGRAM = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
import bot.store.migrate
from bot.store import restore

STEPS = ("copy_database", "_bring_up_to_date", "_finish", "_keep", "_duplicate", "sync", "_exchange")

def dies_at(place):
    passed = 0
    def pass_by():
        nonlocal passed
        passed += 1
        if passed == place:
            os.kill(os.getpid(), signal.SIGKILL)
    def stepping(step):
        def taken(*arguments):
            pass_by()
            answer = step(*arguments)
            pass_by()
            return answer
        return taken
    for name in STEPS:
        setattr(restore, name, stepping(getattr(restore, name)))

backup = Path(sys.argv[1])
for line in sys.stdin:
    home, place = line.split()
    child = os.fork()
    if child == 0:
        dies_at(int(place))
        asyncio.run(restore.restore(backup, Path(home), None, lambda: datetime.now(UTC)))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def test_a_kill_at_any_step_leaves_the_old_database_or_the_new_one(tmp_path: Path):
    for name in ("green", "red"):
        asyncio.run(saved(tmp_path, name))
    found: list[str | None] = []
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, tmp_path / "red.db"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        while True:
            home = tmp_path / str(len(found))
            shutil.copytree(tmp_path / "green", home)
            program.stdin.write(f"{home} {len(found) + 1}\n")
            program.stdin.flush()
            status = program.stdout.readline()
            sweep_parts(home)
            assert not list(home.glob("*.part*"))
            with closing(sqlite3.connect(home / "matinee.db")) as database:
                assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                found += database.execute("SELECT value FROM meta WHERE key = 'colour'").fetchone()
            if status == "0\n":
                break
            assert status == f"{-signal.SIGKILL}\n"
        program.stdin.close()
    assert set(found) == {"green", "red"}
    # Once it is exchanged, it stays so.
    assert found == sorted(found)
    assert len(found) > 10
