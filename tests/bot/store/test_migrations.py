"""The steps from an earlier database to today's."""

import asyncio
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from bot.errors import UserError
from bot.store import Store, guild_settings, imports, people
from bot.store.backup import back_up
from bot.store.engine import database_url, make_engine
from bot.store.migrate import migrate, steps
from bot.store.revisions import MIGRATIONS, is_newest, newest
from bot.store.tables import metadata

NOW = datetime(2026, 5, 1, 20, 15, 30, tzinfo=UTC)

STEP = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = {revision!r}, {previous!r}
def upgrade():
    {body}
"""


def write_steps(folder: Path, *bodies: str) -> Path:
    """A folder of steps, numbered from 0001."""
    versions = folder / "versions"
    versions.mkdir(parents=True, exist_ok=True)
    shutil.copy(MIGRATIONS / "env.py", folder)
    for number, body in enumerate(bodies, start=1):
        previous = f"{number - 1:04}" if number > 1 else None
        step = STEP.format(revision=f"{number:04}", previous=previous, body=body)
        (versions / f"v{number:04}.py").write_text(step)
    return folder


async def run(home: Path, folder: Path, saved: list[str]) -> None:
    """Bring the database of a home up to the steps in a folder."""
    engine = make_engine(database_url(home, None), foreign_keys=False)

    def save(what: str) -> None:
        saved.append(what)
        back_up(home / "matinee.db", home / "backups" / f"{what}.db")

    try:
        await migrate(engine, save, steps(folder))
    finally:
        await engine.dispose()


def rows(file: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchall()


async def test_the_steps_make_the_tables_that_the_program_uses(tmp_path: Path):
    async with Store.open(tmp_path) as store, store.read() as db:
        difference = await db.run_sync(
            lambda connection: compare_metadata(
                MigrationContext.configure(connection, opts={"compare_type": True}), metadata
            )
        )
        names = await db.run_sync(
            lambda connection: {
                constraint["name"]
                for table in metadata.tables
                for constraint in inspect(connection).get_foreign_keys(table)
            }
        )
    assert difference == []
    assert "fk_ratings_user_id" in names


def test_the_steps_form_one_line():
    script = ScriptDirectory.from_config(steps())
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1
    assert script.get_current_head() == newest()


async def test_a_database_is_looked_at_without_its_steps(tmp_path: Path):
    engine = make_engine(database_url(tmp_path, None))
    assert not await is_newest(engine), "a new one"
    await engine.dispose()
    async with Store.open(tmp_path):
        pass
    assert await is_newest(engine)
    for versions in ([], ["0007"], ["9999"]):
        async with engine.begin() as connection:
            await connection.exec_driver_sql("DELETE FROM alembic_version")
            for version in versions:
                await connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (version,))
        assert not await is_newest(engine), versions
    await engine.dispose()


def test_alembic_is_loaded_for_steps_alone(tmp_path: Path):
    """It is a sixth of what a start loads."""
    program = """if True:
        import asyncio, sys
        from pathlib import Path
        from bot.store import Store
        async def look():
            async with Store.open(Path(sys.argv[1])):
                print("alembic" in sys.modules)
        asyncio.run(look())
    """
    said = [
        subprocess.run(
            [sys.executable, "-c", program, tmp_path],
            cwd=Path(__file__).parents[3],
            check=True,
            capture_output=True,
            text=True,
        )
        for _ in range(2)
    ]
    assert [one.stdout for one in said] == ["True\n", "False\n"]


async def make_at(home: Path, revision: str) -> None:
    """A new database as it was after some step."""
    engine = make_engine(database_url(home, None), foreign_keys=False)
    config = steps()

    def to_the_step(connection: Connection) -> None:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    async with engine.begin() as connection:
        await connection.run_sync(to_the_step)
    await engine.dispose()


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        ([], {}),
        ([(2.5, 1)], {"server_retrain_hours": "2.5", "server_retrain_ratings": "1"}),
        ([(6.0, 7)], {"server_retrain_ratings": "7"}),
        ([(2.5, 1), (6.0, 20)], {}),
    ],
    ids=["nothing", "one server", "one server, in part", "two servers"],
)
async def test_when_to_retrain_becomes_one_thing_for_the_whole_bot(
    tmp_path: Path, chosen: list[tuple[float, int]], kept: dict[str, str]
):
    await make_at(tmp_path, "0010")
    with closing(sqlite3.connect(tmp_path / "matinee.db")) as connection:
        for guild_id, values in enumerate(chosen, 1):
            connection.execute(
                "INSERT INTO guild_settings (guild_id, movie_night_channel_id, retrain_hours,"
                " retrain_ratings, ephemeral, leaderboard, country) VALUES (?, 42, ?, ?, 1, 0, 'DE')",
                (guild_id, *values),
            )
        connection.commit()
    async with Store.open(tmp_path) as store, store.read() as db:
        for guild_id in range(1, len(chosen) + 1):
            assert await guild_settings.get(db, guild_id) == (guild_id, 42, True, False, "DE", None)
    assert dict(rows(tmp_path / "matinee.db", "SELECT key, value FROM meta")) == kept


async def test_rows_that_wait_go_on_waiting_after_the_step_that_can_let_them_be_replaced(tmp_path: Path):
    await make_at(tmp_path, "0007")
    with closing(sqlite3.connect(tmp_path / "matinee.db")) as connection:
        connection.execute("INSERT INTO users VALUES (5, 'Ana')")
        connection.execute(
            "INSERT INTO import_waiting (user_id, batch_id, line, kind, title, noted_at, aliases, why)"
            " VALUES (5, 7, 1, 'seen', 'Lost', '2026-05-01 20:15:30', '', 'not known')"
        )
        connection.commit()
    async with Store.open(tmp_path) as store, store.read() as db:
        assert [(row.title, row.replaced_by) for row in await imports.waiting(db, 5)] == [("Lost", None)]


async def test_a_new_database_needs_no_backup_and_a_current_one_no_step(tmp_path: Path):
    async with Store.open(tmp_path):
        pass
    async with Store.open(tmp_path):
        pass
    assert not (tmp_path / "backups").exists()


async def test_a_backup_is_made_before_a_step_and_holds_what_was(tmp_path: Path):
    first = "op.create_table('film', sa.Column('title', sa.Text))"
    second = "op.execute(sa.text(\"UPDATE film SET title = 'changed'\"))"
    saved: list[str] = []
    await run(tmp_path, write_steps(tmp_path / "steps", first), saved)
    assert saved == []
    with closing(sqlite3.connect(tmp_path / "matinee.db")) as connection:
        connection.execute("INSERT INTO film VALUES ('Alien')")
        connection.commit()
    await run(tmp_path, write_steps(tmp_path / "steps", first, second), saved)
    assert saved == ["before-0002"]
    assert rows(tmp_path / "matinee.db", "SELECT title FROM film") == [("changed",)]
    backup = tmp_path / "backups" / "before-0002.db"
    assert rows(backup, "SELECT title FROM film") == [("Alien",)]
    assert rows(backup, "SELECT version_num FROM alembic_version") == [("0001",)]


async def test_a_step_that_fails_undoes_all_steps(tmp_path: Path):
    first = "op.create_table('film', sa.Column('title', sa.Text))"
    second = "op.add_column('film', sa.Column('year', sa.Integer)); op.rename_table('film', 'more')"
    third = "op.execute(sa.text('UPDATE nowhere SET x = 1'))"
    await run(tmp_path, write_steps(tmp_path / "steps", first), [])
    with pytest.raises(Exception, match="no such table: nowhere"):
        await run(tmp_path, write_steps(tmp_path / "steps", first, second, third), [])
    file = tmp_path / "matinee.db"
    assert rows(file, "SELECT version_num FROM alembic_version") == [("0001",)]
    assert rows(file, "SELECT name FROM pragma_table_info('film')") == [("title",)]
    assert rows(file, "SELECT name FROM sqlite_schema WHERE name = 'more'") == []


async def test_a_first_step_that_fails_leaves_an_empty_database(tmp_path: Path):
    body = "op.create_table('film', sa.Column('title', sa.Text)); raise RuntimeError('halfway')"
    with pytest.raises(RuntimeError, match="halfway"):
        await run(tmp_path, write_steps(tmp_path / "steps", body), [])
    assert rows(tmp_path / "matinee.db", "SELECT name FROM sqlite_schema") == []


async def test_a_step_that_leaves_dangling_rows_is_undone(tmp_path: Path):
    body = (
        "op.create_table('a', sa.Column('id', sa.Integer, primary_key=True));"
        "op.create_table('b', sa.Column('a_id', sa.Integer, sa.ForeignKey('a.id')));"
        "op.execute(sa.text('INSERT INTO b VALUES (7)'))"
    )
    with pytest.raises(RuntimeError, match="refer to nothing"):
        await run(tmp_path, write_steps(tmp_path / "steps", body), [])
    assert rows(tmp_path / "matinee.db", "SELECT name FROM sqlite_schema") == []


async def test_without_a_backup_no_step_is_run(tmp_path: Path):
    first = "op.create_table('film', sa.Column('title', sa.Text))"
    await run(tmp_path, write_steps(tmp_path / "steps", first), [])
    (tmp_path / "backups").write_text("a file where the folder should be")
    with pytest.raises(UserError, match="no backup could be written"):
        await run(tmp_path, write_steps(tmp_path / "steps", first, "op.drop_table('film')"), [])
    assert rows(tmp_path / "matinee.db", "SELECT * FROM film") == []


async def test_a_newer_database_is_refused_and_left_as_it_is(tmp_path: Path):
    async with Store.open(tmp_path) as store, store.write() as db:
        await people.remember(db, 5, "Ana")
    with closing(sqlite3.connect(tmp_path / "matinee.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = (tmp_path / "matinee.db").read_bytes()
    with pytest.raises(UserError, match=r"newer Matinée .*9999"):
        async with Store.open(tmp_path):
            pass
    assert (tmp_path / "matinee.db").read_bytes() == before


async def test_the_store_names_its_backup_by_time_and_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    first = "op.create_table('users', sa.Column('title', sa.Text))"
    monkeypatch.setattr("bot.store.migrate.MIGRATIONS", write_steps(tmp_path / "steps", first))
    async with Store.open(tmp_path, clock=lambda: NOW):
        pass
    second = "op.create_table('more', sa.Column('title', sa.Text))"
    monkeypatch.setattr("bot.store.migrate.MIGRATIONS", write_steps(tmp_path / "steps", first, second))
    async with Store.open(tmp_path, clock=lambda: NOW):
        pass
    assert [file.name for file in (tmp_path / "backups").iterdir()] == [
        "matinee-20260501-201530-before-0002.db"
    ]


def test_steps_work_in_a_folder_with_a_percent_sign(tmp_path: Path):
    folder = write_steps(tmp_path / "100% steps", "op.create_table('film', sa.Column('title', sa.Text))")
    asyncio.run(run(tmp_path, folder, []))
    assert rows(tmp_path / "matinee.db", "SELECT * FROM film") == []
