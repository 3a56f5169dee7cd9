"""One retrain from beginning to end: collect the ratings, fit, judge, adopt."""

import asyncio
import logging
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from bot.errors import UserError
from bot.services.answers import ModelVersion, Progress, RetrainResult
from bot.services.children import ChildError, Limits, run_child, worker
from bot.services.clock import Clock
from bot.services.fit_job import FRIENDS_FILE, JOB_FILE, MODEL_FOLDER, FitJob, FitOutcome
from bot.services.gate import judge
from bot.services.shelf import Serving, Shelf, load_serving
from bot.services.versions import Fitted, Versions
from bot.services.wording import counted, fitted_way
from bot.store import Connection, Store, changes, meta, model_versions, ratings, releases
from recommender.datasets.dataset import DatasetError, Ratings
from recommender.storage import ModelError

WORKER = worker("bot.services.fit_worker")
_WENT = "somebody deleted everything of theirs while it was fitted"
NOT_YET = 0
"""Number of a version that has none yet."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fitter:
    """What a retrain works with.

    Attributes
    ----------
    home : Path
        Holds the folders ``datasets`` and ``job``.
    options : mapping
        Options of `recommender.options.TrainingOptions` that differ from the default.
    command : sequence of str
        How to start the child process.
    """

    store: Store
    shelf: Shelf
    versions: Versions
    home: Path
    clock: Clock
    limits: Limits = field(default_factory=Limits)
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    command: Sequence[str] = WORKER

    @property
    def job(self) -> Path:
        """The folder of the running fit, or of one that was interrupted."""
        return self.home / "job"

    @property
    def interrupted(self) -> bool:
        """Whether a fit was interrupted and can be taken up."""
        return all((self.job / file).exists() for file in (JOB_FILE, FRIENDS_FILE))

    def forget(self) -> None:
        """Remove what there is of a fit that does not run: people's ratings, and what it learned."""
        shutil.rmtree(self.job, ignore_errors=True)

    def dataset(self, name: str) -> Path:
        """The folder of a data set."""
        return self.home / "datasets" / name

    async def load(self, dataset: str, model: Path, version: ModelVersion) -> Serving:
        """A fitted model with all movies that are known now.

        Raises
        ------
        DatasetError, ModelError
            If one of them cannot be read.
        """
        async with self.store.read() as db:
            newer = await releases.everything(db)
        return await asyncio.to_thread(load_serving, self.dataset(dataset), (model, version), newer)

    async def run(self, on_progress: Callable[[Progress], None], *, full: bool = False) -> RetrainResult:
        """Fit a model and adopt it, unless it fails or is clearly worse; then the running one stays.

        A fit that was interrupted goes on. Ratings that were added since are the next one's. Whether it
        begins from the beginning is `bot.services.fit_way.choose`'s to say, unless `full` is asked for.

        Raises
        ------
        UserError
            If there is no data set, or the database cannot be used.
        """
        serving = self.shelf.current
        if not serving.dataset:
            raise UserError("there is no data set to learn from: add one with: python -m bot data add")
        run = _Run(self, serving, self.clock(), time.monotonic(), full, *await self._facts(serving))
        return await run.go(on_progress)

    async def _facts(self, serving: Serving) -> tuple[Ratings, dict[int, int], int, bool, Path | None]:
        """The friends' ratings, each one's first change, the newest, how the last fit ended, what to beat."""
        async with self.store.read() as db:
            last_change = await changes.latest(db)
            first = await changes.first_of_everybody(db)
            friends, learned = await friend_ratings(db, first)
            since = await meta.get(db, meta.DATASET_SINCE)
            versions = await model_versions.everything(db)
            current = serving.version and await model_versions.get(db, serving.version.version)
        people = {user_id: first[user_id] for user_id in learned & first.keys()}
        failed = bool(versions) and versions[0].state in ("failed", "rejected")
        # A model that was fitted on other data may have learned from the people who are held out now.
        if not current or (since and datetime.fromisoformat(since) > current.created_at):
            return friends, people, last_change, failed, None
        return friends, people, last_change, failed, self.versions.path(current)


async def friend_ratings(db: Connection, first: Mapping[int, int]) -> tuple[Ratings, set[int]]:
    """The friends' ratings of movies that the active catalogue has, and the user ids of whose they are.

    The people become mere numbers: that of each one's first change, which stays the same from fit to fit and
    means nobody once everything of theirs is deleted. Should two stored movies be one movie of the catalogue,
    the newer rating counts.
    """
    parts = [Ratings.empty()]
    async for some in ratings.of_everybody(db):
        users, movies, stars, times = zip(*some, strict=True)
        parts.append(
            Ratings(
                np.array(users, np.int64),
                np.array(movies, np.int64),
                np.array(stars, np.float32),
                np.array(times, np.int64),
            )
        )
    return await asyncio.to_thread(_numbered, parts, first)


def _numbered(parts: Sequence[Ratings], first: Mapping[int, int]) -> tuple[Ratings, set[int]]:
    users, movies, stars, times = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("user_ids", "movie_ids", "stars", "rated_at")
    )
    # By person and movie; those of one and the same stay in the order of time.
    order = np.lexsort((movies, users))
    same = (np.diff(users[order]) == 0) & (np.diff(movies[order]) == 0)
    newest = np.sort(np.delete(order, np.flatnonzero(same)))
    people, place = np.unique(users[newest], return_inverse=True)
    user_ids: list[int] = people.tolist()
    numbers = np.array([first.get(one, -1 - number) for number, one in enumerate(user_ids)], np.int64)
    return Ratings(numbers[place], movies[newest], stars[newest], times[newest]), set(user_ids)


@dataclass(frozen=True, slots=True)
class _Run:
    fitter: Fitter
    serving: Serving
    started: datetime
    began: float
    full: bool
    friends: Ratings
    people: Mapping[int, int]
    last_change: int
    failed_before: bool
    running: Path | None

    async def go(self, on_progress: Callable[[Progress], None]) -> RetrainResult:
        fitter, folder = self.fitter, self.fitter.job
        interrupted = False
        try:
            job = await asyncio.to_thread(self._prepare)
            run = replace(self, friends=job.friends, last_change=job.last_change)
            outcome = await run_child(
                fitter.command,
                folder,
                on_progress,
                lambda said: FitOutcome(**said),
                what="the fit",
                seconds=fitter.limits.seconds,
            )
            return await run._judge(outcome, folder / MODEL_FOLDER)
        except ChildError as error:
            logger.warning("the fit failed: %s\n%s", error, error.log)
            return await self._failed(str(error))
        except (OSError, ModelError, DatasetError) as error:
            logger.warning("the fit failed", exc_info=True)
            return await self._failed(" ".join(str(error).split()))
        except asyncio.CancelledError:
            interrupted = True
            raise
        finally:
            if not interrupted:
                await asyncio.to_thread(fitter.forget)

    def _prepare(self) -> FitJob:
        fitter, folder = self.fitter, self.fitter.job
        new = FitJob(
            dataset=fitter.dataset(self.serving.dataset),
            friends=self.friends,
            running=self.running,
            options=fitter.options,
            memory_bytes=fitter.limits.memory,
            niceness=fitter.limits.niceness,
            last_change=self.last_change,
            full=self.full,
            failed_before=self.failed_before,
        )
        job = new.taken_up(folder)
        if job is new:
            fitter.forget()
        folder.mkdir(parents=True, exist_ok=True)
        job.write(folder)
        return job

    async def _judge(self, outcome: FitOutcome, model: Path) -> RetrainResult:
        new = np.array(outcome.new, np.float64)
        running = None if outcome.running is None else np.array(outcome.running, np.float64)
        before = None if running is None or not len(running) else float(running.mean())
        after = float(new.mean()) if len(new) and np.isfinite(new).all() else None
        way = "warm" if outcome.warm else "full"
        fitted = replace(self._fitted(outcome.community_ratings, after), way=way, why=outcome.why)
        verdict = judge(new, running, outcome.friends)
        if not verdict.adopt or await self._somebody_went():
            reason = _WENT if verdict.adopt else verdict.reason
            version = await self.fitter.versions.note(fitted, "rejected", reason)
            message = f"the new model was not adopted, because {reason}; {self._stays()}"
            return RetrainResult(version, False, before, after, message)
        # Loaded before it is adopted: what cannot be served must not be noted as serving.
        not_yet = ModelVersion(NOT_YET, fitted.created_at, "current", fitted.dataset, 0, 0, None, 0)
        async with self.fitter.shelf.exchanging:
            serving = await self.fitter.load(fitted.dataset, model, not_yet)
            version = await self.fitter.versions.adopt(fitted, model)
            self.fitter.shelf.swap(replace(serving, version=version))
        return RetrainResult(version, True, before, after, _adopted(version, before))

    async def _failed(self, reason: str) -> RetrainResult:
        version = await self.fitter.versions.note(self._fitted(0, None), "failed", reason)
        return RetrainResult(version, False, None, None, f"the retrain failed: {reason}; {self._stays()}")

    async def _somebody_went(self) -> bool:
        """Whether somebody whom the model was fitted with has deleted everything meanwhile, back or not."""
        async with self.fitter.store.read() as db:
            return not self.people.items() <= (await changes.first_of_everybody(db)).items()

    def _fitted(self, community_ratings: int, ndcg: float | None) -> Fitted:
        return Fitted(
            created_at=self.started,
            dataset=self.serving.dataset,
            friend_ratings=len(self.friends),
            community_ratings=community_ratings,
            ndcg=ndcg,
            seconds=time.monotonic() - self.began,
            last_change=self.last_change,
        )

    def _stays(self) -> str:
        version = self.serving.version
        return "there is no model yet" if version is None else f"model {version.version} stays"


def _adopted(version: ModelVersion, before: float | None) -> str:
    line = (
        f"model {version.version} is serving, fitted in {version.seconds:.0f} s ({fitted_way(version)}) on "
        f"{counted(version.friend_ratings, 'rating')} by friends and {version.community_ratings:,} by others"
    )
    if version.ndcg is None:
        return f"{line}; too few people to measure its quality"
    was = "" if before is None else f", was {before:.3f}"
    return f"{line}; NDCG@10 {version.ndcg:.3f}{was}"
