"""Databases as earlier versions of the program left them, with rows in every table that existed then."""

import base64
import json
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import create_engine

from bot.store.migrate import steps
from bot.store.revisions import MIGRATIONS

REVISIONS = sorted(file.name[1:5] for file in (MIGRATIONS / "versions").glob("v*_*.py"))
PEOPLE = (918273645546372819, -7, 2**63 - 1)
GUILDS = (5, 2**63 - 1, 7)

STRANGE = "Ünï🎬\u202e\"'%;--\n**bold** <@1>"
_TALLY = {"kind": "approval", "ballots": 1, "winner": 1, "order": [1], "totals": {"1": 1}, "rounds": []}
_WISHES = {"columns": {}, "scale": None, "kind": None, "policy": "newer"}
_NATURAL: dict[str, tuple[Any, ...]] = {
    # By the name of the column, or of table and column: what is no text that a person made up.
    "user_id": PEOPLE,
    "guild_id": GUILDS,
    "batch_id": (1, 2, 3),
    "kind": ("rating", "seen", "watchlist"),
    "import_batches.wishes": tuple(
        json.dumps(_WISHES | {"policy": one}) for one in ("newer", "mine", "file")
    ),
    "import_batches.content": (base64.b64encode(zlib.compress(STRANGE.encode())).decode(), None, ""),
    # One that was cut off would be finished or undone at the start.
    "import_batches.unfinished": (0, 0, 0),
    "brought_records.facts": (json.dumps({"night_id": 1, "theme": STRANGE}), "{}", '{"a": null}'),
    "releases.facts": tuple(
        json.dumps({"movie_id": 10**12 + one, "title": f"Ünknown & {one}", "tmdb_id": one})
        for one in (1, 2, 3)
    ),
    "nights.state": ("over", "gathering", "cancelled"),
    "nights.wishes": ('{"genre": "Drama"}', "{}", '{"from_year": 1900}'),
    "nights.vote_kind": ("approval", "ranked", "score"),
    "nights.starts_at": ("2026-05-01 20:15:30.000000", "2999-01-01 00:00:00.000000", None),
    "nights.result": (json.dumps(_TALLY), None, None),
    "night_settings.time_zone": ("Europe/Berlin", "UTC", "Asia/Kathmandu"),
    "night_series.time_zone": ("Europe/Berlin", "UTC", "Asia/Kathmandu"),
    "night_series.first_local": ("2026-05-01T20:15:30", "1970-01-01T00:00:00", "2999-01-01T00:00:00"),
    "night_candidates.source": ("list", "nominated", "carried"),
    "night_presence.answer": ("in", "maybe", "out"),
    "night_timers.kind": ("open_vote", "remind_day", "end"),
    "night_posts.kind": ("card", "cancelled", "card"),
    "night_posts.facts": ("{}", json.dumps({"reason": STRANGE}), '{"before": "2026-05-01T20:15:30+00:00"}'),
    "model_versions.state": ("kept", "rejected", "failed"),
    "rating_changes.undoes": (1, None, 3),
    "movies.title": ("Alien", STRANGE, "x" * 5000),
    "movies.year": (1979, None, 2**31 - 1),
    "movies.imdb_id": (78748, None, 2**31 - 1),
    "movies.tmdb_id": (348, None, 2**31 - 1),
    # Of no movie, so that the rows go on waiting.
    "import_waiting.imdb_id": (2**31 - 2, None, 2**31 - 3),
    "import_waiting.tmdb_id": (2**31 - 2, None, 2**31 - 3),
    "guild_settings.country": ("DE", None, "US"),
    "guild_settings.titles": ("de", None, "original"),
}
_BY_TYPE: dict[str, tuple[Any, ...]] = {
    "INTEGER": (1, 2, 2**31 - 1),
    "BIGINT": (1, 2**63 - 1, 0),
    "FLOAT": (0.5, 5.0, 3.5),
    "BOOLEAN": (1, 0, 1),
    "DATETIME": ("2026-05-01 20:15:30.000000", "1970-01-02 00:00:00.000001", "2999-12-31 23:59:59.999999"),
    "TEXT": (STRANGE, "", "x" * 5000),
}
ROWS = 3

Rows = dict[str, list[dict[str, Any]]]


def build(file: Path, revision: str) -> None:
    """Make a database of a version and put `ROWS` rows into each of its tables."""
    file.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{file}")
    config = steps()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
    with closing(sqlite3.connect(file)) as database:
        for table in _tables(database):
            for number in range(ROWS):
                _insert(database, table, number)
        database.commit()
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def read(file: Path) -> Rows:
    """All rows of all tables, by column, in the order they came."""
    with closing(sqlite3.connect(file)) as database:
        database.row_factory = sqlite3.Row
        return {
            table: [dict(row) for row in database.execute(f"SELECT * FROM {table} ORDER BY rowid")]
            for table in _tables(database)
        }


def _tables(database: sqlite3.Connection) -> list[str]:
    names = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid")
    return [row[0] for row in names if row[0] not in ("alembic_version", "sqlite_sequence")]


def _insert(database: sqlite3.Connection, table: str, number: int) -> None:
    parents = {row[3]: (row[2], row[4]) for row in database.execute(f"PRAGMA foreign_key_list({table})")}
    columns = database.execute(f"PRAGMA table_info({table})").fetchall()
    values: dict[str, Any] = {}
    for _, name, kind, required, _, key in columns:
        natural = _NATURAL.get(f"{table}.{name}", _NATURAL.get(name))
        if natural is not None:
            values[name] = natural[number]
        elif number == 1 and not required and not key:
            values[name] = None
        elif name in parents:
            parent, column = parents[name]
            found = database.execute(f"SELECT {column} FROM {parent} ORDER BY rowid").fetchall()
            values[name] = found[number][0]
        elif key and kind == "INTEGER":
            values[name] = number + 1
        else:
            values[name] = _BY_TYPE[kind][number]
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    database.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))
