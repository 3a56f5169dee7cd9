"""Opening the database: what is refused, in one line, and left as it was."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import UserError
from bot.store import Store, meta, people
from bot.store.backup import back_up, sweep_parts

ROOT = Path(__file__).parents[3]


async def filled(home: Path, people_count: int = 40) -> Path:
    """A home with a database of some pages, closed; answers the database's file."""
    async with Store.open(home) as store, store.write() as db:
        for user_id in range(people_count):
            await people.remember(db, user_id, f"person {user_id} " + "x" * 1000)
    return home / "matinee.db"


async def refusal(home: Path, url: str | None = None) -> str:
    """The one line with which opening is refused."""
    with pytest.raises(UserError) as caught:
        async with Store.open(home, url):
            pass
    line = str(caught.value)
    assert "\n" not in line
    return line


async def test_what_was_written_is_there_after_reopening(tmp_path: Path):
    home = tmp_path / "new" / "home"
    async with Store.open(home) as store, store.write() as db:
        await meta.put(db, "colour", "green")
    async with Store.open(home) as store, store.read() as db:
        assert await meta.get(db, "colour") == "green"


async def test_a_write_that_raises_leaves_nothing(tmp_path: Path):
    async with Store.open(tmp_path) as store:

        async def undecided() -> None:
            async with store.write() as db:
                await meta.put(db, "colour", "green")
                raise UserError("changed my mind")

        with pytest.raises(UserError, match="changed my mind"):
            await undecided()
        async with store.read() as db:
            assert await meta.get(db, "colour") is None


async def test_a_commit_waits_for_the_disk_and_references_are_enforced(tmp_path: Path):
    async with Store.open(tmp_path) as store:
        for transaction in (store.read, store.write):
            async with transaction() as db:
                assert await db.scalar(text("PRAGMA synchronous")) == 2
                assert await db.scalar(text("PRAGMA journal_mode")) == "wal"
                assert await db.scalar(text("PRAGMA foreign_keys")) == 1


async def test_writers_take_turns_and_readers_do_not_wait(tmp_path: Path):
    async with Store.open(tmp_path) as store:
        async with store.write() as db:
            await meta.put(db, "count", "0")

        async def add_one() -> None:
            async with store.write() as db:
                count = int(await meta.get(db, "count") or 0)
                await asyncio.sleep(0)
                await meta.put(db, "count", str(count + 1))

        await asyncio.gather(*(add_one() for _ in range(25)))
        async with store.write() as db, store.read() as other:
            await meta.put(db, "count", "unseen")
            assert await meta.get(other, "count") == "25"


async def test_a_cancelled_write_does_not_block_the_next(tmp_path: Path):
    async with Store.open(tmp_path) as store:

        async def never_ending() -> None:
            async with store.write() as db:
                await meta.put(db, "colour", "red")
                await asyncio.sleep(60)

        for hops in range(12):
            task = asyncio.create_task(never_ending())
            for _ in range(hops * 3):
                await asyncio.sleep(0.0005)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            async with asyncio.timeout(5), store.write() as db:
                assert await meta.get(db, "colour") is None


def test_a_second_process_is_refused_until_the_first_ends(tmp_path: Path):
    code = (
        "import asyncio, sys, time\nfrom pathlib import Path\nfrom bot.store import Store\n"
        "async def main():\n"
        "    async with Store.open(Path(sys.argv[1])):\n"
        "        print('open', flush=True)\n"
        "        time.sleep(60)\n"
        "asyncio.run(main())"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        line = asyncio.run(refusal(tmp_path))
        assert f"process {other.pid}" in line
        assert str(tmp_path) in line
        other.kill()
    asyncio.run(filled(tmp_path))


async def test_the_same_database_from_another_home_is_refused(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/shared/film.db"
    async with Store.open(tmp_path / "one", url):
        assert "running on" in await refusal(tmp_path / "two", url)
        assert (tmp_path / "shared" / "film.db").exists()
        assert not (tmp_path / "one" / "matinee.db").exists()


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("secret nonsense", "not a database address"),
        ("sqlite://", "must name a database file"),
        ("sqlite:///:memory:", "must name a database file"),
        ("oracle+nothing://secret@host/db", "no driver"),
    ],
)
async def test_a_bad_address_is_refused_without_repeating_it(tmp_path: Path, url: str, complaint: str):
    line = await refusal(tmp_path, url)
    assert complaint in line
    assert "secret" not in line


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def copy(source: Path, target: Path, *files: str) -> None:
    target.mkdir()
    for name in files:
        shutil.copy(source / name, target)


def _damage_text(content: bytes) -> bytes:
    return b"these are not the pages you are looking for\n" * 50


def _damage_middle(content: bytes) -> bytes:
    return content[:4096] + b"\xff" * (len(content) - 4096)


def _damage_end(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _damage_header(content: bytes) -> bytes:
    return b"\0" * 100 + content[100:]


@pytest.mark.parametrize("damage", [_damage_text, _damage_middle, _damage_end, _damage_header])
async def test_a_damaged_database_is_reported_and_keeps_every_byte(tmp_path: Path, damage):
    file = await filled(tmp_path)
    file.write_bytes(damage(file.read_bytes()))
    before = file.read_bytes()
    line = await refusal(tmp_path)
    assert "damaged" in line
    assert str(file) in line
    assert str(tmp_path / "backups") in line
    assert file.read_bytes() == before
    assert names(tmp_path) == ["matinee.db", "matinee.lock"]


async def test_a_damaged_database_is_not_mixed_with_the_log_beside_it(tmp_path: Path):
    await filled(tmp_path)
    crashed = tmp_path / "crashed"
    async with Store.open(tmp_path) as store:
        async with store.write() as db:
            await meta.put(db, "colour", "green")
        # What a crash leaves: the last commits are in the log alone.
        copy(tmp_path, crashed, "matinee.db", "matinee.db-wal")
    file = crashed / "matinee.db"
    file.write_bytes(_damage_end(file.read_bytes()))
    before = file.read_bytes(), (crashed / "matinee.db-wal").read_bytes()
    assert len(before[1]) > 0
    assert "damaged" in await refusal(crashed)
    assert (file.read_bytes(), (crashed / "matinee.db-wal").read_bytes()) == before


async def test_a_crashed_database_goes_on_with_its_log(tmp_path: Path):
    async with Store.open(tmp_path) as store:
        async with store.write() as db:
            await meta.put(db, "colour", "green")
        copy(tmp_path, tmp_path / "crashed", "matinee.db", "matinee.db-wal")
    async with Store.open(tmp_path / "crashed") as store, store.read() as db:
        assert await meta.get(db, "colour") == "green"


async def test_the_newest_backup_is_named(tmp_path: Path):
    file = await filled(tmp_path)
    async with Store.open(tmp_path) as store:
        for day in ("20260101", "20260301", "20260201"):
            await store.backup(tmp_path / "backups" / f"matinee-{day}-120000-before-0002.db")
    file.write_bytes(b"junk" * 5000)
    assert "matinee-20260301-120000-before-0002.db" in await refusal(tmp_path)


async def test_a_database_that_became_empty_is_not_begun_anew_if_there_are_backups(tmp_path: Path):
    file = await filled(tmp_path)
    async with Store.open(tmp_path) as store:
        await store.backup(tmp_path / "backups" / "one.db")
    file.write_bytes(b"")
    assert "is empty" in await refusal(tmp_path)
    assert file.read_bytes() == b""


async def test_an_empty_file_without_backups_is_a_start_that_was_cut_short(tmp_path: Path):
    (tmp_path / "matinee.db").write_bytes(b"")
    async with Store.open(tmp_path) as store, store.read() as db:
        assert await meta.get(db, "colour") is None


async def test_another_programs_database_is_left_alone(tmp_path: Path):
    file = tmp_path / "matinee.db"
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE users (name)")
    before = file.read_bytes()
    assert "another program" in await refusal(tmp_path)
    assert file.read_bytes() == before


async def test_damage_that_shows_only_later_is_one_line_too(tmp_path: Path):
    async with Store.open(tmp_path) as store:
        async with store.write() as db:
            for user_id in range(300):
                await people.remember(db, user_id, "x" * 200)
            await db.execute(text("COMMIT"))
            await db.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            await db.execute(text("BEGIN"))
        content = bytearray((tmp_path / "matinee.db").read_bytes())
        content[4096:] = b"\xff" * (len(content) - 4096)
        (tmp_path / "matinee.db").write_bytes(content)

        async def use_it() -> None:
            async with store.write() as db:
                await db.execute(text("PRAGMA cache_size = 0"))
                await people.remember(db, 5000, "Ana")

        with pytest.raises(UserError, match="the database is damaged"):
            await use_it()


async def test_a_home_below_a_file_is_refused(tmp_path: Path):
    (tmp_path / "file").write_text("not a folder")
    line = await refusal(tmp_path / "file" / "home")
    assert "Not a directory" in line
    assert "MATINEE_HOME" in line


async def test_a_home_that_is_a_file_is_refused(tmp_path: Path):
    (tmp_path / "file").write_text("not a folder")
    assert "cannot use the folder" in await refusal(tmp_path / "file")


async def test_a_database_that_is_a_folder_is_refused(tmp_path: Path):
    (tmp_path / "matinee.db").mkdir()
    assert "cannot be opened" in await refusal(tmp_path)


REFUSED = """
import asyncio, os, sys
from pathlib import Path
from bot.errors import UserError
from bot.store import Store

async def open_it():
    async with Store.open(Path(sys.argv[1])):
        pass

if os.geteuid() == 0:
    os.seteuid(65534)
try:
    asyncio.run(open_it())
except UserError as error:
    print(error)
"""
"""A process that opens a home and may not do everything, as root may."""


def test_a_read_only_home_is_refused():
    # Not below tmp_path, which is closed to the user that root becomes.
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o555)
        try:
            child = subprocess.run(
                [sys.executable, "-c", REFUSED, folder], cwd=ROOT, capture_output=True, text=True, check=True
            )
        finally:
            home.chmod(0o755)
    (line,) = child.stdout.splitlines()
    assert "Permission denied" in line


async def test_a_full_disk_is_one_line_and_the_rest_stays(tmp_path: Path):
    async with Store.open(tmp_path) as store:
        async with store.write() as db:
            await meta.put(db, "colour", "green")
            pages = await db.scalar(text("PRAGMA page_count"))

        async def write_much() -> None:
            async with store.write() as db:
                # SQLite's own limit on the size gives the very error that a full disk gives.
                await db.execute(text(f"PRAGMA max_page_count = {pages}"))
                await meta.put(db, "story", "long " * 10_000)

        with pytest.raises(UserError, match="disk of the bot's computer is full"):
            await write_much()
        async with store.read() as db:
            assert await meta.get(db, "colour") == "green"
            assert await meta.get(db, "story") is None


def test_a_disk_that_takes_no_more_while_starting_is_one_line(tmp_path: Path):
    code = (
        "import asyncio, resource, sys\nfrom pathlib import Path\n"
        "from bot.errors import UserError\nfrom bot.store import Store\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))\n"
        "async def main():\n"
        "    try:\n"
        "        async with Store.open(Path(sys.argv[1])):\n"
        "            print('open')\n"
        "    except UserError as error:\n"
        "        print(error)\n"
        "asyncio.run(main())"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert run.stdout.startswith("nothing was changed: the disk of the bot's computer")
    assert run.stdout.count("\n") == 1
    asyncio.run(filled(tmp_path))


async def test_a_mistake_of_ours_is_not_blamed_on_the_disk(tmp_path: Path):
    async with Store.open(tmp_path) as store:
        with pytest.raises(Exception, match="no such table"):
            async with store.read() as db:
                await db.execute(text("SELECT * FROM nowhere"))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("DROP TABLE night_votes", "the table night_votes is missing"),
        ("ALTER TABLE users DROP COLUMN name", "the column name of the table users is missing"),
        (
            "DROP INDEX ix_rating_changes_user_id_movie_key",
            "the index ix_rating_changes_user_id_movie_key of the table rating_changes is missing",
        ),
    ],
)
@pytest.mark.parametrize("log_beside", [False, True])
async def test_a_database_that_lacks_a_part_is_reported_and_keeps_every_byte(
    tmp_path: Path, change: str, told: str, log_beside: bool
):
    file = await filled(tmp_path)
    with closing(sqlite3.connect(file)) as database:
        database.execute(change)
        database.commit()
        if log_beside:
            copy(tmp_path, tmp_path / "crashed", "matinee.db", "matinee.db-wal")
    home = tmp_path / "crashed" if log_beside else tmp_path
    before = {name: (home / name).read_bytes() for name in names(home) if name.startswith("matinee.db")}
    line = await refusal(home)
    assert told in line
    assert "left untouched" in line
    after = {name: (home / name).read_bytes() for name in before}
    assert after == before


def modes(folder: Path) -> dict[str, int]:
    """The permissions of all that is in a folder, and its own."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mode & 0o777
        for path in (folder, *folder.rglob("*"))
    }


@pytest.fixture
def generous() -> Iterator[None]:
    """A umask that takes nothing away."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("generous")
async def test_the_home_and_the_database_are_their_owners_alone_whatever_the_umask(tmp_path: Path):
    home = tmp_path / "home"
    async with Store.open(home) as store:
        async with store.write() as db:
            await meta.put(db, "colour", "green")
        await store.backup(home / "backups" / "one.db")
        found = modes(home)
    assert found.keys() >= {
        "matinee.db",
        "matinee.db-wal",
        "matinee.db-shm",
        "matinee.lock",
        "backups/one.db",
    }
    assert {name: mode for name, mode in found.items() if mode & 0o077} == {}
    elsewhere = tmp_path / "elsewhere" / "film.db"
    async with Store.open(home, f"sqlite:///{elsewhere}"):
        assert {mode & 0o077 for mode in modes(elsewhere.parent).values()} == {0}


@pytest.mark.usefixtures("generous")
def test_a_backup_is_its_owners_alone_from_the_first_byte(tmp_path: Path):
    asyncio.run(filled(tmp_path))
    seen: list[int] = []

    def look(*_: object) -> int:
        seen.extend(path.stat().st_mode & 0o777 for path in (tmp_path / "backups").iterdir())
        return sqlite3.SQLITE_OK

    class Watched(sqlite3.Connection):
        def backup(self, target: sqlite3.Connection, **_: object) -> None:  # type: ignore[override]
            look()
            super().backup(target, pages=1, progress=look)

    connect = sqlite3.connect
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.store.backup.sqlite3.connect", lambda *a, **k: connect(*a, **k, factory=Watched))
        back_up(tmp_path / "matinee.db", tmp_path / "backups" / "one.db")
    assert len(seen) > 3
    assert set(seen) == {0o600}


async def test_what_a_killed_backup_left_is_swept_at_start(tmp_path: Path):
    file = await filled(tmp_path)
    backups = tmp_path / "backups"
    backups.mkdir()
    for name in ("one.db.part", "one.db.part-journal", "one.db.part-wal", "kept.db"):
        shutil.copy(file, backups / name)
    shutil.copy(file, tmp_path / "matinee.db.part")
    async with Store.open(tmp_path):
        assert names(backups) == ["kept.db"]
        assert not (tmp_path / "matinee.db.part").exists()


def test_a_backup_that_is_being_written_is_left_alone(tmp_path: Path):
    asyncio.run(filled(tmp_path))
    target = tmp_path / "backups" / "one.db"

    class Interrupted(sqlite3.Connection):
        def backup(self, target: sqlite3.Connection, **_: object) -> None:  # type: ignore[override]
            # Meanwhile a bot starts, and somebody asks for the same backup.
            other = subprocess.run(
                [sys.executable, "-m", "bot", "backup", str(tmp_path / "backups" / "one.db")],
                env=os.environ | {"MATINEE_HOME": str(tmp_path)},
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
            )
            assert "is being written already" in other.stderr
            sweep_parts(tmp_path / "backups")
            super().backup(target)

    connect = sqlite3.connect
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "bot.store.backup.sqlite3.connect", lambda *a, **k: connect(*a, **k, factory=Interrupted)
        )
        back_up(tmp_path / "matinee.db", target)
    assert names(tmp_path / "backups") == ["one.db"]
