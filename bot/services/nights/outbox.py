"""Announcements on their way to people, each exactly once.

What is to be said is a row, made in the transaction of what it tells. Before it is sent, the row notes that
it may be in the channel from now on; afterwards, that it is. A bot that ended in between looks there first.
"""

import asyncio
import hashlib
import json
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import cast

from bot.errors import UserError
from bot.services.clock import Clock
from bot.services.nights.answers import Announcement, Night, PostKind
from bot.services.nights.deliverer import Deliverer, MessageGone, Undelivered
from bot.services.nights.lanes import Lanes
from bot.services.nights.states import FINISHED
from bot.services.nights.steps import again, night_of, say
from bot.services.nights.views import night_view
from bot.services.nights.wording import title
from bot.services.shelf import Shelf
from bot.store import Connection, Store, night_timers, nights
from bot.store.night_timers import StoredPost
from bot.store.nights import StoredNight

log = logging.getLogger(__name__)

LATE = timedelta(minutes=10)
"""What is said later than this says so."""
SOON, LATER = timedelta(minutes=2), timedelta(minutes=30)
"""When it is tried again: after a hiccup, and where somebody has to do something first."""
GIVE_UP = timedelta(days=2)

_CONCERNED: tuple[PostKind, ...] = ("remind_day", "remind_soon", "rate", "moved", "cancelled")
"""Of these, those who are in are told by mention."""
_HOSTS: tuple[PostKind, ...] = ("no_date", "vote_missed", "nothing_to_vote")
"""Of these the host, who has to do something about it."""
_WITH_EVENT = ("decided", "running")
"""From the result on a night has a scheduled event, until it is over."""


class Outbox:
    """Sends what is to be said, and keeps the nights' messages and events up to date.

    Each night is delivered by itself, one after the other in a channel and side by side in many; see `Lanes`.
    """

    def __init__(self, store: Store, shelf: Shelf, clock: Clock) -> None:
        self._store = store
        self._shelf = shelf
        self._clock = clock
        self._lanes = Lanes()
        self._put_off: dict[int, datetime] = {}
        self._stuck: dict[int, str] = {}
        self._faulty: set[int] = set()
        self._warned: set[int] = set()
        # Warnings are apart: they go to people, and a night does not wait for them.
        self._warnings: dict[int, str] = {}
        self._warning = Lanes()

    async def deliver(self, deliverer: Deliverer, stuck: Mapping[int, str], patience: float) -> None:
        """Send what is waiting, in order for each night; then show every night as it is now.

        What has to wait is told in the log and in the night's trouble, and never raised: whoever's action led
        to it has been answered already. Where not even the trouble can be noted, the host is told directly.

        Parameters
        ----------
        deliverer : Deliverer
        stuck : mapping of int to str
            Nights whose timers could not be worked off, and why.
        patience : float
            Seconds to wait for it; what takes longer goes on by itself.
        """
        now = self._clock()
        try:
            async with self._store.read() as db:
                due = await nights.to_be_shown(db)
                due = {number: place for number, place in due.items() if self._may_be_shown(number, now)}
                # In the order in which things came up.
                due = await night_timers.nights_with_posts(db, now) | due
        except UserError as error:
            log.error("announcements have to wait: %s", error)  # noqa: TRY400 - the line says all
            due = {}
        for night_id, channel_id in due.items():
            self._lanes.start(night_id, channel_id, partial(self._night, deliverer, night_id))
        await self._lanes.wait(due, patience)
        # Only what is not stuck any more may be warned of again.
        stuck = {**stuck, **self._stuck}
        self._warned &= stuck.keys()
        for night_id in stuck.keys() - self._warned:
            await self._warn_of_stuck(deliverer, night_id, stuck[night_id])
        await self._warning.wait(due.keys() | stuck.keys(), patience)

    async def stop(self) -> None:
        """End what is on its way; what it leaves undone is done after the next start."""
        await asyncio.gather(self._lanes.stop(), self._warning.stop())

    def _may_be_shown(self, night_id: int, now: datetime) -> bool:
        until = self._put_off.get(night_id)
        return until is None or until <= now

    async def _warn_of_stuck(self, deliverer: Deliverer, night_id: int, reason: str) -> None:
        """Tell a host, once while it lasts, that their night cannot go on."""
        self._warned.add(night_id)
        try:
            async with self._store.read() as db:
                night = await self._view(db, night_id)
        except UserError as error:
            log.error("nobody can be told of night %d: %s", night_id, error)  # noqa: TRY400 - it says all
        else:
            self._warn(deliverer, night, f"{title(night)} has to wait: {reason}")

    def _warn(self, deliverer: Deliverer, night: Night, line: str) -> None:
        self._warnings[night.night_id] = line

        async def warn() -> None:
            # Another one may have come meanwhile, and taken the place of this.
            newest = self._warnings.pop(night.night_id, None)
            if newest is not None:
                await deliverer.warn(night, newest)

        self._warning.start(night.night_id, night.guild_id, warn)

    async def _night(self, deliverer: Deliverer, night_id: int) -> None:
        """Send what one night has to say, and show it."""
        try:
            await self._send(deliverer, night_id)
            async with self._store.read() as db:
                night = await night_of(db, night_id)
            if night.shown < night.revision and self._may_be_shown(night_id, self._clock()):
                await self._show(deliverer, night)
                # A message that was deleted is posted anew.
                await self._send(deliverer, night_id)
        except UserError as error:
            # A full disk. What was sent and could not be noted is looked for in the channel later.
            if night_id not in self._stuck:
                log.error("announcements of night %d have to wait: %s", night_id, error)  # noqa: TRY400
            self._stuck[night_id] = str(error)
        except Exception:
            # Once while it lasts: it is tried again at every look.
            if night_id not in self._faulty:
                log.exception("night %d could not be delivered", night_id)
            self._faulty.add(night_id)
        else:
            self._stuck.pop(night_id, None)
            self._faulty.discard(night_id)

    async def _send(self, deliverer: Deliverer, night_id: int) -> None:
        async with self._store.read() as db:
            waiting = await night_timers.waiting_posts(db, night_id)
        for post in waiting:
            # What a night has to say is said in order, so the rest waits for the first.
            if post.retry_at is not None and post.retry_at > self._clock():
                return
            if not await self._try(deliverer, post):
                return

    async def _try(self, deliverer: Deliverer, post: StoredPost) -> bool:
        """Send one; answers whether it is there now."""
        async with self._store.read() as db:
            night = await self._view(db, post.night_id)
        announcement = self._announcement(night, post)
        if post.begun_at is None:
            await self._note(post, begun_at=self._clock())

        async def send() -> int:
            found = await deliverer.find(night, announcement) if post.begun_at is not None else None
            return await deliverer.post(night, announcement) if found is None else found

        failure = None
        message_id = 0
        try:
            message_id = await send()
        except Undelivered as error:
            failure = error
        except Exception:
            # A mistake of ours in showing one night must not silence the others.
            log.exception("announcement %d of night %d could not be sent", post.post_id, post.night_id)
            failure = Undelivered("something went wrong inside the bot", lasting=True)
        if failure is None:
            async with self._store.write() as db:
                sent = {"message_id": message_id, "sent_at": self._clock(), "failure": "", "retry_at": None}
                await night_timers.change_post(db, post.post_id, **sent)
                # A new message shows the night as it is; a scheduled event may still have to follow.
                settled = post.kind == "card" and not _may_have_event(night)
                shown = {"shown": night.revision} if settled else {}
                await nights.note(db, post.night_id, trouble="", **shown)
            return True
        now = self._clock()
        given_up = now - post.created_at > GIVE_UP
        retry_at = None if given_up else _again_at(now, failure)
        await self._note(post, failure=str(failure), retry_at=retry_at)
        await self._trouble(deliverer, night, str(failure))
        return False

    async def _show(self, deliverer: Deliverer, stored: StoredNight) -> None:
        """Bring one night's message and event up to date."""
        async with self._store.read() as db:
            night = await self._view(db, stored.night_id)
            mute = bool(await night_timers.waiting_posts(db, night.night_id))
        self._put_off.pop(night.night_id, None)
        settled, trouble = True, night.trouble if mute else ""
        try:
            await self._show_parts(deliverer, night, stored)
        except Undelivered as error:
            # Where somebody has to do something first, it is tried again with the next change.
            settled, trouble = error.lasting, str(error)
            if not settled:
                self._put_off[night.night_id] = _again_at(self._clock(), error)
            await self._trouble(deliverer, night, trouble)
        except Exception:
            log.exception("night %d could not be shown", night.night_id)
        if settled:
            async with self._store.write() as db:
                await nights.note(db, night.night_id, shown=night.revision, trouble=trouble)

    async def _show_parts(self, deliverer: Deliverer, night: Night, stored: StoredNight) -> None:
        if night.card_message_id is not None:
            try:
                await deliverer.refresh(night)
            except MessageGone:
                if night.state not in FINISHED:
                    async with self._store.write() as db:
                        card = await night_timers.newest(db, night.night_id, "card")
                        # Whoever was told of the deletion may have seen to a new one already.
                        if card is not None and card.message_id == night.card_message_id:
                            key = await again(db, stored, "card")
                            await say(db, stored, "card", self._clock(), key=key)
        wanted = _event_digest(night)
        if wanted != stored.event_told and _may_have_event(night):
            event_id = await deliverer.event(night)
            async with self._store.write() as db:
                await nights.note(db, night.night_id, event_id=event_id, event_told=wanted)

    async def _trouble(self, deliverer: Deliverer, night: Night, line: str) -> None:
        """Note what is wrong, and tell the host once."""
        if night.trouble == line:
            return
        log.warning("night %d: %s", night.night_id, line)
        async with self._store.write() as db:
            await nights.note(db, night.night_id, trouble=line)
        self._warn(deliverer, night, line)

    async def _note(self, post: StoredPost, **values: datetime | str | None) -> None:
        async with self._store.write() as db:
            await night_timers.change_post(db, post.post_id, **values)

    async def _view(self, db: Connection, night_id: int) -> Night:
        return await night_view(db, self._shelf.current, await night_of(db, night_id))

    def _announcement(self, night: Night, post: StoredPost) -> Announcement:
        kind = cast(PostKind, post.kind)
        facts: dict[str, str] = json.loads(post.facts)
        return Announcement(
            post_id=post.post_id,
            night_id=post.night_id,
            kind=kind,
            marker=f"night-{night.night_id}-{post.post_id}",
            facts=facts,
            mention=_concerned(night, kind, facts),
            due_at=post.due_at,
            late=self._clock() - post.due_at > LATE,
        )


def _concerned(night: Night, kind: PostKind, facts: Mapping[str, str]) -> tuple[int, ...]:
    """Who is mentioned. A reminder of what has begun calls nobody."""
    if kind in _HOSTS:
        return () if night.host_id is None else (night.host_id,)
    if kind not in _CONCERNED or facts.get("began"):
        return ()
    return tuple(one.user_id for one in night.who("in"))


def _again_at(now: datetime, failure: Undelivered) -> datetime:
    return now + max(LATER if failure.lasting else SOON, failure.wait)


def _may_have_event(night: Night) -> bool:
    return night.state in _WITH_EVENT or night.event_id is not None


def _event_digest(night: Night) -> str:
    """A digest of what a scheduled event shows of a night: the words themselves are their writer's."""
    start = "" if night.starts_at is None else night.starts_at.isoformat()
    movie = "" if night.winner is None else night.winner.name
    text = "\n".join((night.state, start, movie, night.theme, str(night.channel_id)))
    return hashlib.sha256(text.encode()).hexdigest()
