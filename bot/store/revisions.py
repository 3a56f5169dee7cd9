"""Whether a database has the tables of this program, asked without Alembic, which takes long to load."""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

MIGRATIONS = Path(__file__).parent / "migrations"

_VERSION = sa.table("alembic_version", sa.column("version_num", sa.String))
"""Where Alembic notes the last step that was taken."""


def newest() -> str:
    """The last of the program's steps; their files are ``v0001_what_it_does.py``."""
    return max(file.name[1:5] for file in (MIGRATIONS / "versions").glob("v*_*.py"))


async def is_newest(engine: AsyncEngine) -> bool:
    """Whether a database needs no step and comes from no later program."""
    async with engine.connect() as connection:
        if not await connection.run_sync(lambda db: sa.inspect(db).has_table(_VERSION.name)):
            return False
        return (await connection.scalars(sa.select(_VERSION.c.version_num))).all() == [newest()]
