"""Single facts that need no table of their own."""

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import meta

ACTIVE_DATASET = "active_dataset"
"""Name of the data set whose catalogue the stored movies are matched to."""

MISSED_DATASET = "missed_dataset"
"""Name of the data set that was active before the starter set, because it could not be read any more."""

MATCHED_TO = "matched_to"
"""Digest of the catalogue that the stored movies are matched to; the one on disk may be another one."""

DATASET_SINCE = "dataset_since"
"""When the active data set was put there: a time in ISO 8601."""

DATA_RENEWED_AT = "data_renewed_at"
"""When the active data set became a newer state of itself, which the running model serves."""

CATALOGUE_SINCE = "catalogue_since"
"""When the catalogue was last joined with IMDb's newest files: a time in ISO 8601."""

CATALOGUE_FAILURE, CATALOGUE_FAILED_AT = "catalogue_failure", "catalogue_failed_at"
"""What the last try to renew it came to, and when, if that was nothing since."""

UNSETTLED = "unsettled"
"""Set while rows of imports have not been looked for in the catalogue yet that has become the active one."""

TO_SCRUB = "to_scrub"
"""Set where something was deleted that may still be read in the database's files."""

RELEASES_SINCE, RELEASES_DUE = "releases_since", "releases_due"
"""When new releases were last looked for to the end, and when they are to be next: times in ISO 8601."""

RETRAIN_HOURS, RETRAIN_RATINGS = "retrain_hours", "retrain_ratings"
"""After how many hours or changed ratings to retrain, as the bot's owner chose."""

SERVER_RETRAIN_HOURS, SERVER_RETRAIN_RATINGS = "server_retrain_hours", "server_retrain_ratings"
"""The same as the admins of a bot's only server chose; it counts while that is the only one."""

MISSED_AT = "missed_at"
"""When it was last counted as a day that those who have gone were missed: a time in ISO 8601."""


async def get(db: AsyncConnection, key: str) -> str | None:
    """The value of a fact, or None."""
    return await db.scalar(select(meta.c.value).where(meta.c.key == key))


async def put(db: AsyncConnection, key: str, value: str | None) -> None:
    """Set a fact, or with None forget it."""
    if value is None:
        await db.execute(delete(meta).where(meta.c.key == key))
        return
    changed = await db.execute(update(meta).where(meta.c.key == key).values(value=value))
    if changed.rowcount == 0:
        await db.execute(insert(meta).values(key=key, value=value))
