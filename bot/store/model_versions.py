"""The models that were ever fitted."""

from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import model_versions

State = Literal["current", "kept", "rejected", "failed", "removed"]


class StoredVersion(NamedTuple):
    """A fitted model.

    Attributes
    ----------
    path : str or None
        Its folder, relative to the home's folder of models; None if none was written.
    last_change : int
        Number of the newest rating change it has learned from.
    way : str
        ``warm`` or ``full``; empty where that is not known.
    why : str
        Why in that way, in words that follow "because".
    """

    version: int
    created_at: datetime
    state: State
    dataset: str
    friend_ratings: int
    community_ratings: int
    ndcg: float | None
    seconds: float
    detail: str
    path: str | None
    last_change: int
    way: str
    why: str


_COLUMNS = [model_versions.c[name] for name in StoredVersion._fields]


async def add(
    db: AsyncConnection,
    *,
    created_at: datetime,
    state: State,
    dataset: str,
    friend_ratings: int,
    community_ratings: int,
    ndcg: float | None,
    seconds: float,
    detail: str = "",
    path: str | None = None,
    last_change: int,
    way: str = "",
    why: str = "",
) -> int:
    """Note a model; answers its version. Use `make_current` to have it serve."""
    result = await db.execute(
        insert(model_versions)
        .values(
            created_at=created_at,
            state=state,
            dataset=dataset,
            friend_ratings=friend_ratings,
            community_ratings=community_ratings,
            ndcg=ndcg,
            seconds=seconds,
            detail=detail,
            path=path,
            last_change=last_change,
            way=way,
            why=why,
        )
        .returning(model_versions.c.version)
    )
    return result.scalar_one()


async def everything(db: AsyncConnection) -> list[StoredVersion]:
    """All versions, newest first."""
    rows = await db.execute(select(*_COLUMNS).order_by(model_versions.c.version.desc()))
    return [StoredVersion(*row) for row in rows]


async def get(db: AsyncConnection, version: int) -> StoredVersion | None:
    """One version, or None."""
    row = (await db.execute(select(*_COLUMNS).where(model_versions.c.version == version))).first()
    return None if row is None else StoredVersion(*row)


async def current(db: AsyncConnection) -> StoredVersion | None:
    """The version that serves, or None."""
    row = (await db.execute(select(*_COLUMNS).where(model_versions.c.state == "current"))).first()
    return None if row is None else StoredVersion(*row)


async def make_current(db: AsyncConnection, version: int) -> None:
    """Have a version serve, and keep the one that did."""
    await db.execute(update(model_versions).where(model_versions.c.state == "current").values(state="kept"))
    await set_state(db, version, "current")


async def set_state(db: AsyncConnection, version: int, state: State, detail: str | None = None) -> None:
    """Change the state of a version, and why."""
    values: dict[str, str] = {"state": state} if detail is None else {"state": state, "detail": detail}
    await db.execute(update(model_versions).where(model_versions.c.version == version).values(values))


async def set_path(db: AsyncConnection, version: int, path: str | None) -> None:
    """Say where a version is, or with None that it is nowhere any more."""
    await db.execute(update(model_versions).where(model_versions.c.version == version).values(path=path))
