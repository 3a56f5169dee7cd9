"""The fitted models: their rows in the database and their folders on disk, kept in step."""

import asyncio
import logging
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from bot.services.answers import ModelVersion
from bot.services.fit_way import STATE_FOLDER
from bot.store import Connection, Store, model_versions
from bot.store.model_versions import StoredVersion

KEPT = 5

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fitted:
    """What is noted of a fit, whatever became of it.

    Attributes
    ----------
    last_change : int
        Number of the newest rating change that was known to it.
    way, why : str
        As in `ModelVersion`.
    """

    created_at: datetime
    dataset: str
    friend_ratings: int
    community_ratings: int
    ndcg: float | None
    seconds: float
    last_change: int
    way: str = ""
    why: str = ""


class Versions:
    """The models that were ever fitted.

    Parameters
    ----------
    store : Store
    folder : Path
        Where the folders of the models are.
    """

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder

    async def all(self) -> list[StoredVersion]:
        """Every version, newest first."""
        async with self._store.read() as db:
            return await model_versions.everything(db)

    def path(self, version: StoredVersion) -> Path | None:
        """The folder of a version; None if it has none."""
        return None if version.path is None else self._folder / version.path

    async def note(self, fitted: Fitted, state: Literal["rejected", "failed"], detail: str) -> ModelVersion:
        """Note a fit that came to nothing."""
        async with self._store.write() as db:
            version = await _add(db, fitted, state, detail)
        return _answer(version, fitted, state, detail)

    async def adopt(self, fitted: Fitted, model: Path) -> ModelVersion:
        """Give a model folder its final place and have it be the current one; keep the last five.

        The folder, the row and its place are in step after a crash at any moment: the row comes last.

        Raises
        ------
        OSError
            If the folder cannot be moved; nothing has changed then.
        """
        async with self._store.write() as db:
            version = await _add(db, fitted, "kept", "")
            target = self._folder / str(version)
            await asyncio.to_thread(_move, model, target)
            await model_versions.set_path(db, version, target.name)
            await model_versions.make_current(db, version)
            removed = await self._forget_old(db)
        await asyncio.to_thread(_remove, [*removed, *self._states_but(target)])
        return _answer(version, fitted, "current", "")

    async def make_current(self, version: int) -> None:
        """Note that a kept version serves again."""
        async with self._store.write() as db:
            await model_versions.make_current(db, version)
        await asyncio.to_thread(_remove, self._states_but(self._folder / str(version)))

    async def tidy(self) -> None:
        """Remove the folders that no kept version has, and old states; a crash may have left them."""
        versions = await self.all()
        await asyncio.to_thread(self._remove_others, {version.path for version in versions})
        current = next((version for version in versions if version.state == "current"), None)
        kept = None if current is None else self.path(current)
        await asyncio.to_thread(_remove, self._states_but(kept))

    async def _forget_old(self, db: Connection) -> list[Path]:
        """Mark all but the last few versions as removed; answers the folders to remove."""
        kept = [version for version in await model_versions.everything(db) if version.state == "kept"]
        old = kept[KEPT - 1 :]
        for version in old:
            await model_versions.set_state(db, version.version, "removed")
            await model_versions.set_path(db, version.version, None)
        return [path for version in old if (path := self.path(version)) is not None]

    def _states_but(self, kept: Path | None) -> list[Path]:
        """What the fits of all models but one left to go on with."""
        return [state for state in self._folder.glob(f"*/{STATE_FOLDER}") if state.parent != kept]

    def _remove_others(self, known: set[str | None]) -> None:
        if self._folder.is_dir():
            _remove(path for path in self._folder.iterdir() if path.name not in known)


def as_answer(version: StoredVersion) -> ModelVersion:
    """A stored version as the services tell of it."""
    return ModelVersion(
        version=version.version,
        created_at=version.created_at,
        state=version.state,
        dataset=version.dataset,
        friend_ratings=version.friend_ratings,
        community_ratings=version.community_ratings,
        ndcg=version.ndcg,
        seconds=version.seconds,
        detail=version.detail,
        way=version.way,
        why=version.why,
    )


async def _add(db: Connection, fitted: Fitted, state: model_versions.State, detail: str) -> int:
    return await model_versions.add(
        db,
        created_at=fitted.created_at,
        state=state,
        dataset=fitted.dataset,
        friend_ratings=fitted.friend_ratings,
        community_ratings=fitted.community_ratings,
        ndcg=fitted.ndcg,
        seconds=fitted.seconds,
        detail=detail,
        last_change=fitted.last_change,
        way=fitted.way,
        why=fitted.why,
    )


def _answer(version: int, fitted: Fitted, state: model_versions.State, detail: str) -> ModelVersion:
    return ModelVersion(
        version,
        fitted.created_at,
        state,
        fitted.dataset,
        fitted.friend_ratings,
        fitted.community_ratings,
        fitted.ndcg,
        fitted.seconds,
        detail,
        fitted.way,
        fitted.why,
    )


def _move(source: Path, target: Path) -> None:
    """Move a folder, durably, over what a crash may have left in its place."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        shutil.rmtree(target)
    source.replace(target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(folders: Iterable[Path]) -> None:
    for folder in folders:
        try:
            if folder.is_dir() and not folder.is_symlink():
                shutil.rmtree(folder)
            else:
                folder.unlink()
        except OSError as error:
            logger.warning("cannot remove %s: %s", folder, error)
