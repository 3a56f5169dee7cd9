"""Retraining as the bot and its admins see it: start or join one, when it is due, history, way back."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.errors import UserError
from bot.services.answers import ModelStatus, ModelVersion, Progress, RetrainResult
from bot.services.fit_job import FRIENDS_FILE
from bot.services.fit_run import Fitter
from bot.services.schedule import Attempt, Situation, Thresholds, thresholds
from bot.services.shelf import Serving
from bot.services.versions import as_answer
from bot.services.wording import listed
from bot.store import Connection, changes, meta, ratings
from bot.store.model_versions import StoredVersion
from recommender.datasets.dataset import DatasetError
from recommender.storage import ModelError

OnProgress = Callable[[Progress], None]

logger = logging.getLogger(__name__)


class Training:
    """Retrains, one at a time.

    Parameters
    ----------
    fitter : Fitter
        What a retrain works with.
    """

    def __init__(self, fitter: Fitter) -> None:
        self._fitter = fitter
        self._task: asyncio.Task[RetrainResult] | None = None
        self._closed = False
        self._progress: Progress | None = None
        self._listeners: list[OnProgress] = []
        self._error = ""
        self._broke_at: datetime | None = None
        self._interrupted = False
        self._full = False
        self._unread = False

    async def start(self) -> None:
        """Clear away what a killed process left behind, but for a fit that can be taken up."""
        self._interrupted = self._fitter.interrupted
        if not self._interrupted:
            await asyncio.to_thread(self._fitter.forget)
        await self._fitter.versions.tidy()

    async def close(self) -> None:
        """End a running fit, and begin no other."""
        self._closed = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def forget(self) -> None:
        """Remove from the disk what a fit has of people's ratings; to be called when somebody's are deleted.

        A fit that runs goes on, and is not adopted if it learned from them. The ratings that it has on disk
        go as soon as its child has read them, so that it cannot be taken up should it be killed now.
        """
        self._interrupted = False
        if self._task is None:
            await asyncio.to_thread(self._fitter.forget)
        elif self._progress is None:
            self._unread = True
        else:
            (self._fitter.job / FRIENDS_FILE).unlink(missing_ok=True)

    async def retrain(self, on_progress: OnProgress | None = None, *, full: bool = False) -> RetrainResult:
        """Retrain now, or wait for the retrain that is running.

        Parameters
        ----------
        on_progress : callable, optional
            Called in the event loop, whoever started the retrain.
        full : bool
            Begin from the beginning, whatever changed. Otherwise `bot.services.fit_way.choose` decides.

        Raises
        ------
        UserError
            If there is no data set, the database cannot be used, the bot is shutting down, or a full retrain
            is asked for while one is running that nobody asked to be full.
        """
        if self._closed:
            raise UserError("the bot is shutting down: retrain when it is back")
        if self._task is None:
            self._interrupted = False
            self._full = full
            self._task = asyncio.create_task(self._run(full))
            self._task.add_done_callback(self._done)
        elif full and not self._full:
            raise UserError("a retrain is running: ask for a full one when it is done")
        task = self._task
        if on_progress is not None:
            self._listeners.append(on_progress)
        try:
            # Shielded: whoever stops waiting does not take the fit from the others.
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                raise UserError("the retrain was ended because the bot is shutting down") from None
            raise
        finally:
            if on_progress is not None:
                self._listeners.remove(on_progress)

    async def thresholds(self, *, shared: bool = False) -> Thresholds:
        """After what time and how many ratings to retrain.

        Parameters
        ----------
        shared : bool
            Whether the bot serves more than one server. Then what the admins of one chose does not count.
        """
        async with self._fitter.store.read() as db:
            return await _thresholds(db, shared)

    async def change_thresholds(
        self, *, hours: float | None = None, ratings: int | None = None, by_owner: bool
    ) -> None:
        """Change what is named, for the whole bot.

        Parameters
        ----------
        hours : float, optional
        ratings : int, optional
        by_owner : bool
            False where the admins of the bot's only server chose: that holds while there is no other.

        Raises
        ------
        UserError
            If one is out of its range; nothing is changed then.
        """
        thresholds(hours, ratings)
        async with self._fitter.store.write() as db:
            for (of_owner, of_server), value in zip(_CHOSEN, (hours, ratings), strict=True):
                if value is None:
                    continue
                if by_owner:
                    await meta.put(db, of_owner, str(value))
                await meta.put(db, of_server, None if by_owner else str(value))

    async def retrain_if_due(self, *, shared: bool = False) -> RetrainResult | None:
        """Retrain if enough time or ratings have come together and something changed; else None.

        A fit that was interrupted before this process began is taken up at once. `shared` is as for
        `thresholds`.

        Raises
        ------
        UserError
            As `retrain` does.
        """
        if self._closed or self._task is not None or not self._fitter.shelf.current.dataset:
            return None
        situation = await self._situation(shared)
        now = self._fitter.clock()
        hours = situation.thresholds.hours
        if self._broke_at is not None and now < self._broke_at + timedelta(hours=hours):
            return None
        return await self.retrain() if self._interrupted or situation.is_due(now) else None

    async def status(self, *, shared: bool = False) -> ModelStatus:
        """The running model and what comes next; `shared` is as for `thresholds`."""
        serving = self._fitter.shelf.current
        situation = await self._situation(shared)
        versions = await self._fitter.versions.all()
        current = None if serving.version is None else serving.version.version
        learned = next((version.last_change for version in versions if version.version == current), 0)
        async with self._fitter.store.read() as db:
            new_ratings = await changes.ratings_changed_since(db, learned)
        now = self._fitter.clock()
        next_run = now if situation.is_due(now) else situation.next_run()
        return ModelStatus(
            current=serving.version,
            movies=len(serving.catalogue if serving.model is None else serving.model.catalogue),
            new_ratings=new_ratings,
            running=self._progress,
            last_error=self._error or _complaint(versions),
            next_run=next_run,
            next_run_ratings=situation.missing_ratings(),
        )

    async def history(self) -> list[ModelVersion]:
        """All models that were ever fitted, newest first."""
        return [as_answer(version) for version in await self._fitter.versions.all()]

    async def rollback(self, version: int | None = None) -> ModelVersion:
        """Have a kept model serve again; without a number the newest one before the current.

        Raises
        ------
        UserError
            If there is no such model, it cannot be used, or a retrain is running.
        """
        if self._task is not None:
            raise UserError("a retrain is running: wait until it is done")
        async with self._fitter.shelf.learning:
            return await self._roll_back(version)

    async def _roll_back(self, number: int | None) -> ModelVersion:
        fitter = self._fitter
        serving = fitter.shelf.current
        chosen = _chosen(await fitter.versions.all(), number, serving)
        path = fitter.versions.path(chosen)
        if path is None:
            raise UserError(f"model {chosen.version} is not on disk any more")
        answer = as_answer(chosen._replace(state="current"))
        async with fitter.shelf.exchanging:
            try:
                loaded = await fitter.load(serving.dataset, path, answer)
            except (ModelError, DatasetError) as error:
                raise UserError(f"model {chosen.version} cannot be used: {error}") from error
            await fitter.versions.make_current(chosen.version)
            fitter.shelf.swap(loaded)
        return answer

    async def _run(self, full: bool) -> RetrainResult:
        # What the database and the shelf call current is changed by one at a time.
        async with self._fitter.shelf.learning:
            return await self._fitter.run(self._tell, full=full)

    def _tell(self, progress: Progress) -> None:
        self._progress = progress
        if self._unread:
            # The child tells nothing before it has read its job.
            self._unread = False
            (self._fitter.job / FRIENDS_FILE).unlink(missing_ok=True)
        for listener in tuple(self._listeners):
            try:
                listener(progress)
            except Exception:
                # A message that cannot be edited any more must not end the fit.
                logger.exception("a listener of the retrain failed")

    def _done(self, task: asyncio.Task[RetrainResult]) -> None:
        self._task = self._progress = None
        self._unread = False
        if task.cancelled():
            return
        error = task.exception()
        # A failed fit is noted in the database; what could not even be noted is kept here.
        self._error = "" if error is None else " ".join(str(error).split())
        self._broke_at = None if error is None else self._fitter.clock()

    async def _situation(self, shared: bool) -> Situation:
        fitter = self._fitter
        versions = await fitter.versions.all()
        newest = versions[0] if versions else None
        async with fitter.store.read() as db:
            thresholds = await _thresholds(db, shared)
            since = await meta.get(db, meta.DATASET_SINCE)
            renewed = await meta.get(db, meta.DATA_RENEWED_AT)
            friends = await ratings.count_of_everybody(db)
            changed = await changes.ratings_changed_since(db, newest.last_change if newest else 0)
        serving = fitter.shelf.current
        return Situation(
            attempt=None if newest is None else _attempt(newest),
            has_model=serving.model is not None,
            dataset=serving.dataset,
            dataset_since=None if since is None else datetime.fromisoformat(since),
            renewed_at=None if renewed is None else datetime.fromisoformat(renewed),
            changed=changed,
            friend_ratings=friends,
            thresholds=thresholds,
        )


_CHOSEN = (
    (meta.RETRAIN_HOURS, meta.SERVER_RETRAIN_HOURS),
    (meta.RETRAIN_RATINGS, meta.SERVER_RETRAIN_RATINGS),
)
"""Where what the owner chose is stored, and where what the admins of the only server chose."""


async def _thresholds(db: Connection, shared: bool) -> Thresholds:
    chosen: list[str | None] = []
    for of_owner, of_server in _CHOSEN:
        alone = None if shared else await meta.get(db, of_server)
        chosen.append(await meta.get(db, of_owner) if alone is None else alone)
    hours, number = chosen
    return thresholds(None if hours is None else float(hours), None if number is None else int(number))


def _attempt(version: StoredVersion) -> Attempt:
    return Attempt(
        at=version.created_at,
        dataset=version.dataset,
        friend_ratings=version.friend_ratings,
        came_to_nothing=version.state in ("failed", "rejected"),
    )


def _complaint(versions: list[StoredVersion]) -> str:
    """Why the newest fit came to nothing; empty if it did not."""
    newest = versions[0] if versions else None
    if newest is None or newest.state not in ("failed", "rejected"):
        return ""
    return (
        f"model {newest.version} was not adopted, because {newest.detail}"
        if newest.state == "rejected"
        else newest.detail
    )


def _chosen(versions: list[StoredVersion], number: int | None, serving: Serving) -> StoredVersion:
    current = None if serving.version is None else serving.version.version
    kept = [
        version
        for version in versions
        # After an exchange of the data the last current one may not be serving.
        if version.state in ("kept", "current") and version.version != current
    ]
    if number is None:
        for version in kept:
            if version.dataset == serving.dataset and (current is None or version.version < current):
                return version
        raise UserError("there is no earlier model to go back to")
    if number == current:
        raise UserError(f"model {number} is already serving")
    for version in kept:
        if version.version == number:
            return version
    choice = listed([str(version.version) for version in kept])
    raise UserError(f"model {number} is not kept: " + (f"choose from {choice}" if kept else "no other is"))
