"""Imports from an uploaded file to stored ratings, and back."""

import asyncio
import base64
import zlib
from dataclasses import dataclass, replace
from datetime import datetime

from bot.errors import UserError
from bot.services.clock import Clock, utc_now
from bot.services.imports import kept, waiting
from bot.services.imports.applying import Application, Applied, OnProgress
from bot.services.imports.entries import Parsed, Wishes
from bot.services.imports.finding import Finder
from bot.services.imports.formats import returned
from bot.services.imports.parsing import parse
from bot.services.imports.planning import Plan, Policy, make_plan, never_lost
from bot.services.imports.restoring import History, read_history
from bot.services.imports.standing import standing_of
from bot.services.imports.undoing import Undone, undo
from bot.services.imports.wishing import as_text, from_text
from bot.services.shelf import Shelf
from bot.store import Connection, Store, imports, people
from bot.store.imports import StoredBatch
from recommender.datasets.title import one_line

RECENT = 5
GONE = "that import does not wait any more: bring the file again"


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do, and how the file was understood.

    Attributes
    ----------
    batch_id : int
        Number of the import, with which it is confirmed.
    file : str
        What the file was called.
    parsed : Parsed
    wishes : Wishes
        What the person corrected.
    policy : str
        Whose rating stays where both have one.
    plan : Plan
    """

    batch_id: int
    file: str
    parsed: Parsed
    wishes: Wishes
    policy: Policy
    plan: Plan

    @property
    def may_leave_out(self) -> bool:
        """Whether there are unsure matches to leave out: of the bot's own export no movie is lost."""
        return self.parsed.export is None and bool(self.plan.unsure())

    @property
    def ready(self) -> bool:
        """Whether it can be confirmed: nothing is left to be asked, and there is something to do."""
        plan = self.plan
        steps = (plan.rating_steps(self.policy), plan.seen, plan.wanted)
        return not plan.undecided and bool(any(steps) or plan.waiting or self.parsed.export)


@dataclass(frozen=True, slots=True)
class DoneImport:
    """An import that was confirmed.

    Attributes
    ----------
    undone : bool
        It was taken back.
    waiting : int
        Rows that still wait for their movie.
    """

    batch_id: int
    file: str
    source: str
    applied_at: datetime
    undone: bool
    waiting: int


class Imports:
    """Reads files of ratings, shows what they would do, and does it once that is confirmed.

    What waits to be confirmed is kept in the database with its file, one import for each person.
    Reading and matching is done in threads.
    """

    def __init__(self, store: Store, shelf: Shelf, clock: Clock = utc_now) -> None:
        self._store = store
        self._shelf = shelf
        self._clock = clock
        self._finder = Finder()

    async def name_of(self, user_id: int) -> str | None:
        """The name that somebody went by last, or None."""
        async with self._store.read() as db:
            return await people.name(db, user_id)

    async def begin(self, user_id: int, user_name: str, file: str, data: bytes) -> Preview:
        """Read a file and keep it until its import is confirmed.

        Raises
        ------
        BadImport
            If it cannot be imported.
        """
        parsed = await asyncio.to_thread(parse, file, data)
        shown = one_line(file)[-80:] or "the file"
        content = await asyncio.to_thread(_pack, data)
        async with self._store.write() as db:
            await people.remember(db, user_id, user_name)
            batch_id = await imports.add(
                db,
                user_id,
                file=shown,
                source=parsed.source,
                at=self._clock(),
                wishes=as_text(Wishes(), "newest"),
                content=content,
            )
        return await self._preview(user_id, batch_id, shown, parsed, Wishes(), "newest")

    async def preview(self, user_id: int, batch_id: int) -> Preview:
        """What an import that waits would do now.

        Raises
        ------
        UserError
            If it does not wait any more.
        """
        batch, wishes, policy = await self._waiting(user_id, batch_id)
        parsed = await asyncio.to_thread(_read, batch, wishes)
        return await self._preview(user_id, batch_id, batch.file, parsed, wishes, policy)

    async def correct(
        self,
        user_id: int,
        batch_id: int,
        *,
        column: tuple[str, int] | None = None,
        scale: int | None = None,
        kind: str | None = None,
        policy: str | None = None,
        sure: bool | None = None,
    ) -> Preview:
        """Correct how a file was understood, or say whose ratings stay; what is None stays as it was.

        Parameters
        ----------
        column : (str, int), optional
            One of `bot.services.imports.entries.FIELDS`, and the index of its column; -1 for none.
        scale : int, optional
            The best rating: 5, 10 or 100.
        kind : str, optional
            ``seen`` or ``watchlist``.
        policy : str, optional
            ``newest``, ``theirs`` or ``mine``.
        sure : bool, optional
            Whether what was matched by less than a number, or title and year, is left out.

        Raises
        ------
        UserError
            If the import does not wait any more, or that is no correction.
        """
        _, wishes, before = await self._waiting(user_id, batch_id)
        if column is not None:
            wishes = replace(wishes, columns={**wishes.columns, column[0]: column[1]})
        wishes = replace(wishes, scale=scale or wishes.scale, sure=wishes.sure if sure is None else sure)
        changed = as_text(wishes, policy or before, kind or wishes.kind)
        from_text(changed)
        async with self._store.write() as db:
            await _still_waiting(db, user_id, batch_id)
            await imports.set_wishes(db, batch_id, changed)
        return await self.preview(user_id, batch_id)

    async def cancel(self, user_id: int, batch_id: int) -> str:
        """Forget an import that waits; answers what its file was called.

        Raises
        ------
        UserError
            If it does not wait any more.
        """
        async with self._store.write() as db:
            batch = await _still_waiting(db, user_id, batch_id)
            await imports.remove(db, batch_id)
        return batch.file

    async def confirm(
        self, user_id: int, user_name: str, batch_id: int, on_progress: OnProgress | None = None
    ) -> Applied:
        """Do what an import would do, all of it or nothing.

        Raises
        ------
        UserError
            If it does not wait any more, or something has to be said first.
        """
        batch, wishes, policy = await self._waiting(user_id, batch_id)
        if on_progress is not None:
            on_progress("reading", 0, 0)
        parsed = await asyncio.to_thread(_read, batch, wishes)
        async with self._store.write() as db:
            await _still_waiting(db, user_id, batch_id)
            await people.remember(db, user_id, user_name)
            plan, history = await self._plan(db, user_id, parsed, wishes)
            if plan.undecided:
                raise UserError("say first whether these movies were seen or are to be seen")
            now = self._clock()
            done = await Application(db, user_id, batch_id, now, on_progress).apply(plan, policy, history)
            await imports.set_applied(db, batch_id, now)
            if history is not None:
                # What waited in the other bot may have a movie here.
                await waiting.settle(db, self._finder, self._shelf.current.catalogue, now)
        return done

    async def undo(self, user_id: int, batch_id: int) -> Undone:
        """Take an import back as a whole; ratings that were changed again since stay.

        Raises
        ------
        UserError
            If there is no such import of theirs, or it was taken back already.
        """
        async with self._store.write() as db:
            batch = await imports.get(db, batch_id)
            if batch is None or batch.applied_at is None or batch.user_id != user_id:
                raise UserError("there is nothing to undo: that import is not yours, or not kept any more")
            if batch.undone_at is not None:
                raise UserError("that import was undone already")
            return await undo(db, user_id, batch_id, self._clock())

    async def unmatched(self, user_id: int, batch_id: int) -> bytes:
        """The rows of an import that found no movie, as a CSV file to be corrected and brought again.

        Raises
        ------
        UserError
            If there is no such import of theirs, or all its rows found one.
        """
        async with self._store.read() as db:
            batch = await imports.get(db, batch_id)
            rows = await imports.waiting_of(db, batch_id)
        if batch is None or batch.user_id != user_id:
            raise UserError(GONE)
        if batch.applied_at is None:
            preview = await self.preview(user_id, batch_id)
            rows = kept.as_rows(preview.plan, user_id, batch_id, self._clock())
        if not rows:
            raise UserError("every row of that import has found its movie")
        return await asyncio.to_thread(returned.write, rows)

    async def recent(self, user_id: int) -> list[DoneImport]:
        """A person's last imports, newest first."""
        async with self._store.read() as db:
            return [
                DoneImport(
                    batch_id=batch.batch_id,
                    file=batch.file,
                    source=batch.source,
                    applied_at=batch.applied_at or batch.created_at,
                    undone=batch.undone_at is not None,
                    waiting=await imports.waiting_count(db, batch.batch_id),
                )
                for batch in await imports.of_person(db, user_id, RECENT)
            ]

    async def _preview(
        self, user_id: int, batch_id: int, file: str, parsed: Parsed, wishes: Wishes, policy: Policy
    ) -> Preview:
        async with self._store.read() as db:
            plan, _ = await self._plan(db, user_id, parsed, wishes)
        return Preview(batch_id, file, parsed, wishes, policy, plan)

    async def _plan(
        self, db: Connection, user_id: int, parsed: Parsed, wishes: Wishes
    ) -> tuple[Plan, History | None]:
        find = await self._finder.find(db, self._shelf.current.catalogue)
        standing = await standing_of(db, user_id)
        if parsed.export is None:
            return await asyncio.to_thread(make_plan, parsed, find, standing, sure=wishes.sure), None
        find = never_lost(find)
        plan = await asyncio.to_thread(make_plan, parsed, find, standing)
        return plan, await asyncio.to_thread(read_history, parsed.export, find)

    async def _waiting(self, user_id: int, batch_id: int) -> tuple[StoredBatch, Wishes, Policy]:
        async with self._store.read() as db:
            batch = await _still_waiting(db, user_id, batch_id)
        return batch, *from_text(batch.wishes)


async def _still_waiting(db: Connection, user_id: int, batch_id: int) -> StoredBatch:
    batch = await imports.get(db, batch_id) if 0 < batch_id < 2**63 else None
    if batch is None or batch.content is None or batch.user_id != user_id:
        raise UserError(GONE)
    return batch


def _pack(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data)).decode("ascii")


def _read(batch: StoredBatch, wishes: Wishes) -> Parsed:
    return parse(batch.file, zlib.decompress(base64.b64decode(batch.content or "")), wishes)
