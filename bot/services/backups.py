"""The backups that the bot makes by itself: one a day, the last few kept."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bot.errors import UserError
from bot.services.clock import Clock, utc_now
from bot.store import Store
from bot.store.backup import DAILY, OwnBackup, backup_name, own_backups

A_DAY = timedelta(days=1)
SHORTEST = 7
"""A copy of before an update is kept for so many days, also where fewer daily ones are."""

logger = logging.getLogger(__name__)


def longest_days(kept: int) -> int:
    """For how many days at most what was deleted stays in the backups that the bot makes by itself.

    Parameters
    ----------
    kept : int
        How many daily ones are kept.
    """
    return max(kept, SHORTEST)


class Backups:
    """The automatic backups of a home. What its host made is never touched.

    Parameters
    ----------
    store : Store
    folder : Path
        Where the backups are. How old they are is told by their names, so that it outlives restarts.
    kept : int
        How many daily ones are kept; 0: none are made.
    clock : Clock
    """

    def __init__(self, store: Store, folder: Path, kept: int, clock: Clock = utc_now) -> None:
        self._store = store
        self._folder = folder
        self._kept = kept
        self._clock = clock
        self._complaint = ""

    async def back_up_if_due(self) -> Path | None:
        """Make a backup if the last one is a day old, then remove those that are too many or too old.

        Where none can be made, on a full disk for one, the log says so once, and none is removed.

        Returns
        -------
        Path or None
            The new backup; None if none was due or could be made.
        """
        if not self._store.is_file:
            return None
        now = self._clock()
        found = await asyncio.to_thread(own_backups, self._folder)
        made = None
        if self._kept and not any(one.daily and now - A_DAY < one.made_at <= now for one in found):
            made = self._folder / backup_name(now, DAILY)
            try:
                await self._store.backup(made)
            except UserError as error:
                if str(error) != self._complaint:
                    logger.error("%s", error)  # noqa: TRY400 - the line says all
                self._complaint = str(error)
                return None
            self._complaint = ""
        await asyncio.to_thread(_remove, self._too_many(found, made, now))
        return made

    def _too_many(self, found: Sequence[OwnBackup], made: Path | None, now: datetime) -> list[Path]:
        # A clock that was ahead for a moment has made those of the future; they go first.
        daily = sorted((one for one in found if one.daily), key=lambda one: (one.made_at <= now, one.made_at))
        old = daily[: max(len(daily) + (made is not None) - self._kept, 0)] if self._kept else []
        # If the last one is not of yesterday, the bot was off or the clock jumped: wait and see for a day.
        if any(now - 2 * A_DAY < one.made_at <= now for one in daily) or not self._kept:
            old += [one for one in found if now - one.made_at > longest_days(self._kept) * A_DAY]
        return [one.file for one in old]


def _remove(files: Sequence[Path]) -> None:
    for file in files:
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            logger.warning("the old backup %s cannot be removed: %s", file, error.strerror)
