"""Imports from an uploaded file to stored ratings, and back."""

import asyncio
import base64
import logging
import zlib
from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from bot.errors import UserError
from bot.services.clock import Clock, utc_now
from bot.services.imports import waiting
from bot.services.imports.applying import Application, Applied
from bot.services.imports.entries import Parsed, Wishes
from bot.services.imports.finding import Finder
from bot.services.imports.formats import returned
from bot.services.imports.kept import as_rows
from bot.services.imports.matching import NewFilm
from bot.services.imports.parsing import parse
from bot.services.imports.planning import Plan, Policy, make_plan, never_lost
from bot.services.imports.restoring import History, read_history
from bot.services.imports.slices import GONE, OnProgress, Slices, tell_nobody
from bot.services.imports.standing import standing_of
from bot.services.imports.undoing import Undone, erase, undo
from bot.services.imports.wishing import as_text, from_text
from bot.services.shelf import Shelf
from bot.services.threads import loop_first
from bot.services.unmatched import MOST_KEPT
from bot.services.wording import counted
from bot.store import Connection, Store, imports, meta, people
from bot.store.imports import StoredBatch
from recommender.catalogue import Catalogue
from recommender.datasets.title import one_line

RECENT = 5
AT_A_TIME = 2
"""So many people's imports are read, stored or taken back at a time."""

log = logging.getLogger(__name__)


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
    lost : int
        Rows that no catalogue has a movie for, whether they are kept or made into movies of their own.
    kept : int
        Rows of earlier imports that are kept already.
    """

    batch_id: int
    file: str
    parsed: Parsed
    wishes: Wishes
    policy: Policy
    plan: Plan
    lost: int
    kept: int

    @property
    def too_many(self) -> str:
        """What to say where more rows would be kept than there is room for; empty if there is room."""
        if self.lost == 0 or self.lost + self.kept <= MOST_KEPT:
            return ""
        earlier = f" and {counted(self.kept, 'row')} of earlier imports wait already" if self.kept else ""
        return (
            f"{counted(self.lost, 'row')} in it find no movie{earlier}; at most {MOST_KEPT:,} are kept for a "
            "person: leave some of them out, or undo an earlier import"
        )

    @property
    def may_leave_out(self) -> bool:
        """Whether there are unsure matches to leave out: of the bot's own export no movie is lost."""
        return self.parsed.export is None and bool(self.plan.unsure())

    @property
    def ready(self) -> bool:
        """Whether it can be confirmed: nothing is left to be asked, and there is something to do."""
        plan = self.plan
        steps = (plan.rating_steps(self.policy), plan.seen, plan.wanted)
        return not (plan.undecided or self.too_many) and bool(
            any(steps) or plan.waiting or self.parsed.export
        )


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
        self._busy: set[int] = set()
        self._loop_first = ExitStack()

    async def start(self) -> None:
        """Clean up after what was cut off when the bot was stopped.

        An import that was being stored waits to be confirmed again, and one that was being taken back is
        taken back; rows that waited for a movie of a catalogue that is new find it.
        """
        await self._clean_up()
        async with self._store.read() as db:
            unsettled = await meta.get(db, meta.UNSETTLED)
        if unsettled:
            await waiting.settle(self._store, self._finder, self._shelf, self._clock())

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
        async with self._turn(user_id):
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
        async with self._turn(user_id):
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
        """Do what an import would do.

        It is stored in many transactions, so that nobody else has to wait for it. Where that fails, nothing
        of it stays; where the bot is stopped meanwhile, the next start sees to that.

        Raises
        ------
        UserError
            If it does not wait any more, something has to be said first, or too many rows find no movie.
        """
        tell = on_progress or tell_nobody
        async with self._turn(user_id):
            batch, wishes, policy = await self._waiting(user_id, batch_id)
            tell("reading", 0, 0)
            parsed = await asyncio.to_thread(_read, batch, wishes)
            serving = self._shelf.current
            async with self._store.read() as db:
                plan, history = await self._plan(db, serving.catalogue, user_id, parsed, wishes)
                kept = await imports.kept_count(db, user_id)
            if plan.undecided:
                raise UserError("say first whether these movies were seen or are to be seen")
            preview = Preview(batch_id, batch.file, parsed, wishes, policy, plan, _lost(plan, history), kept)
            if preview.too_many:
                raise UserError(preview.too_many)
            now = self._clock()
            slices = Slices(self._store, batch_id)
            application = Application(
                slices,
                user_id,
                now,
                tell,
                is_served=lambda: self._shelf.current.catalogue is serving.catalogue,
            )
            try:
                async with self._store.write() as db:
                    await _still_waiting(db, user_id, batch_id)
                    await people.remember(db, user_id, user_name)
                    await imports.begin(db, batch_id, now)
                done = await application.apply(plan, policy, history)
                async with slices.write() as db:
                    await imports.set_applied(db, batch_id)
            except Exception:
                await self._clean_up_after(user_id)
                raise
            if history is not None and history.waiting:
                # What waited in the other bot may have a movie here.
                await waiting.settle(self._store, self._finder, self._shelf, now)
        return done

    async def undo(self, user_id: int, batch_id: int) -> Undone:
        """Take an import back as a whole; ratings that were changed again since stay.

        Raises
        ------
        UserError
            If there is no such import of theirs, or it was taken back already.
        """
        async with self._turn(user_id):
            now = self._clock()
            async with self._store.write() as db:
                batch = await imports.get(db, batch_id)
                if batch is None or batch.applied_at is None or batch.user_id != user_id:
                    raise UserError(
                        "there is nothing to undo: that import is not yours, or not kept any more"
                    )
                if batch.undone_at is not None:
                    raise UserError("that import was undone already")
                await imports.begin_undoing(db, batch_id, now)
            slices = Slices(self._store, batch_id)
            undone = await undo(slices, user_id, now)
            async with slices.write() as db:
                await imports.set_undone(db, batch_id)
        return undone

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
            rows = as_rows(preview.plan, user_id, batch_id, self._clock())
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
            plan, history = await self._plan(db, self._shelf.current.catalogue, user_id, parsed, wishes)
            kept = await imports.kept_count(db, user_id)
        return Preview(batch_id, file, parsed, wishes, policy, plan, _lost(plan, history), kept)

    async def _plan(
        self, db: Connection, catalogue: Catalogue, user_id: int, parsed: Parsed, wishes: Wishes
    ) -> tuple[Plan, History | None]:
        find = await self._finder.find(db, catalogue)
        standing = await standing_of(db, user_id)
        if parsed.export is None:
            return await asyncio.to_thread(make_plan, parsed, find, standing, sure=wishes.sure), None
        find = never_lost(find)
        plan = await asyncio.to_thread(make_plan, parsed, find, standing)
        return plan, await asyncio.to_thread(read_history, parsed.export, find)

    @asynccontextmanager
    async def _turn(self, user_id: int) -> AsyncGenerator[None]:
        """Have a person's turn, and let nothing stay of what was cut off before.

        Raises
        ------
        UserError
            If they have one already, or too many others do.
        """
        if user_id in self._busy:
            raise UserError("your last import is still being worked on: wait until that is done")
        if len(self._busy) >= AT_A_TIME:
            raise UserError(f"{AT_A_TIME} other people's imports are being worked on: try again in a minute")
        if not self._busy:
            self._loop_first.enter_context(loop_first())
        self._busy.add(user_id)
        try:
            await self._clean_up(user_id)
            yield
        finally:
            self._busy.discard(user_id)
            if not self._busy:
                self._loop_first.close()

    async def _clean_up(self, user_id: int | None = None) -> None:
        """Let nothing stay of imports that were cut off, and finish what was being taken back."""
        async with self._store.read() as db:
            cut_off = await imports.unfinished(db, user_id)
        for batch in cut_off:
            slices, now = Slices(self._store, batch.batch_id), self._clock()
            if batch.undone_at is not None:
                await undo(slices, batch.user_id, batch.undone_at)
            else:
                await erase(slices, batch.user_id, now)
            async with slices.write() as db:
                if batch.undone_at is not None:
                    await imports.set_undone(db, batch.batch_id)
                else:
                    await imports.set_waiting(db, batch.batch_id)
            log.info("import %d, which was cut off, was cleaned up", batch.batch_id)

    async def _clean_up_after(self, user_id: int) -> None:
        """Let nothing stay of an import that failed; where that fails too, it is done later."""
        try:
            await self._clean_up(user_id)
        except Exception:
            log.exception("an import that failed was not cleaned up: the next one or the next start does it")

    async def _waiting(self, user_id: int, batch_id: int) -> tuple[StoredBatch, Wishes, Policy]:
        async with self._store.read() as db:
            batch = await _still_waiting(db, user_id, batch_id)
        return batch, *from_text(batch.wishes)


async def _still_waiting(db: Connection, user_id: int, batch_id: int) -> StoredBatch:
    batch = await imports.get(db, batch_id) if 0 < batch_id < 2**63 else None
    if batch is None or batch.content is None or batch.user_id != user_id:
        raise UserError(GONE)
    return batch


def _lost(plan: Plan, history: History | None) -> int:
    """How many rows no catalogue has a movie for."""
    made = {step.film for step in (*plan.new, *plan.seen, *plan.wanted)}
    if history is not None:
        made |= history.movies.keys()
    brought = 0 if history is None else len(history.waiting)
    return plan.waiting + brought + sum(isinstance(film, NewFilm) for film in made)


def _pack(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data)).decode("ascii")


def _read(batch: StoredBatch, wishes: Wishes) -> Parsed:
    return parse(batch.file, zlib.decompress(base64.b64decode(batch.content or "")), wishes)
