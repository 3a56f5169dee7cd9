"""What the admins of each server chose."""

from typing import NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import guild_settings


class StoredGuild(NamedTuple):
    """The settings of one server."""

    guild_id: int
    movie_night_channel_id: int | None
    ephemeral: bool
    leaderboard: bool = True
    country: str | None = None
    titles: str | None = None


_COLUMNS = [guild_settings.c[name] for name in StoredGuild._fields]


async def get(db: AsyncConnection, guild_id: int) -> StoredGuild | None:
    """The settings of a server, or None if nothing was ever chosen."""
    row = (await db.execute(select(*_COLUMNS).where(guild_settings.c.guild_id == guild_id))).first()
    return None if row is None else StoredGuild(*row)


async def put(db: AsyncConnection, guild: StoredGuild) -> None:
    """Set the settings of a server."""
    values = guild._asdict()
    changed = await db.execute(
        update(guild_settings).where(guild_settings.c.guild_id == guild.guild_id).values(values)
    )
    if changed.rowcount == 0:
        await db.execute(insert(guild_settings).values(values))
