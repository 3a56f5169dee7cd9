"""Announcements on their way to people, each exactly once.

What is to be said is a row, made in the transaction of what it tells. Before it is sent, the row notes that
it may be in the channel from now on; afterwards, that it is. A bot that ended in between looks there first.
"""

import asyncio
import json
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from bot.errors import UserError
from bot.services.clock import Clock
from bot.services.nights.answers import Announcement, Night, PostKind
from bot.services.nights.deliverer import Deliverer, MessageGone, Undelivered
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
    """Sends what is to be said, and keeps the nights' messages and events up to date."""

    def __init__(self, store: Store, shelf: Shelf, clock: Clock) -> None:
        self._store = store
        self._shelf = shelf
        self._clock = clock
        self._sending = asyncio.Lock()
        self._stuck: set[int] = set()

    async def deliver(self, deliverer: Deliverer, waiting: Mapping[int, str] | None = None) -> None:
        """Send everything that is waiting, in order; then show every night as it is now.

        What has to wait is told in the log and in the night's trouble, and never raised: whoever's action led
        to it has been answered already. Where not even the trouble can be noted, the host is told directly.

        Parameters
        ----------
        deliverer : Deliverer
        waiting : mapping of int to str, optional
            Nights whose timers could not be worked off, and why; left out where no timers were looked at.
        """
        # One at a time: who comes second finds nothing left to send.
        async with self._sending:
            stuck = dict(waiting or {})
            try:
                await self._all(deliverer, stuck)
            except UserError as error:
                log.error("announcements have to wait: %s", error)  # noqa: TRY400 - the line says all
            await self._tell_stuck(deliverer, stuck)
            # Only a look at everything knows that something goes on again.
            self._stuck = self._stuck | stuck.keys() if waiting is None else set(stuck)

    async def _tell_stuck(self, deliverer: Deliverer, stuck: Mapping[int, str]) -> None:
        """Tell hosts, once while it lasts, that their night cannot go on."""
        for night_id in stuck.keys() - self._stuck:
            try:
                async with self._store.read() as db:
                    night = await self._view(db, night_id)
            except UserError as error:
                log.error("nobody can be told of night %d: %s", night_id, error)  # noqa: TRY400 - it says all
            else:
                await deliverer.warn(night, f"{title(night)} has to wait: {stuck[night_id]}")

    async def _all(self, deliverer: Deliverer, stuck: dict[int, str]) -> None:
        await self._send(deliverer, stuck)
        async with self._store.read() as db:
            changed = await nights.to_be_shown(db)
        for night in changed:
            try:
                await self._show(deliverer, night)
            except UserError as error:
                self._has_to_wait(night.night_id, error, stuck)
        if changed:
            # A message that was deleted is posted anew.
            await self._send(deliverer, stuck)

    def _has_to_wait(self, night_id: int, error: UserError, stuck: dict[int, str]) -> None:
        # A full disk. What was sent and could not be noted is looked for in the channel later.
        log.error("announcements of night %d have to wait: %s", night_id, error)
        stuck[night_id] = str(error)

    async def _send(self, deliverer: Deliverer, stuck: dict[int, str]) -> None:
        async with self._store.read() as db:
            waiting = await night_timers.waiting_posts(db)
        held: set[int] = set()
        for post in waiting:
            if post.night_id in held:
                continue
            # What a night has to say is said in order, so the rest waits for the first.
            try:
                late = post.retry_at is not None and post.retry_at > self._clock()
                sent = not late and await self._try(deliverer, post)
            except UserError as error:
                self._has_to_wait(post.night_id, error, stuck)
                sent = False
            if not sent:
                held.add(post.night_id)

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
        retry_at = None if given_up else now + (LATER if failure.lasting else SOON)
        await self._note(post, failure=str(failure), retry_at=retry_at)
        await self._trouble(deliverer, night, str(failure))
        return False

    async def _show(self, deliverer: Deliverer, stored: StoredNight) -> None:
        """Bring one night's message and event up to date."""
        async with self._store.read() as db:
            night = await self._view(db, stored.night_id)
            mute = any(post.night_id == night.night_id for post in await night_timers.waiting_posts(db))
        settled, trouble = True, night.trouble if mute else ""
        try:
            await self._show_parts(deliverer, night, stored)
        except Undelivered as error:
            # Where somebody has to do something first, it is tried again with the next change.
            settled, trouble = error.lasting, str(error)
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
        wanted = _event_text(night)
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
        await deliverer.warn(night, line)

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


def _may_have_event(night: Night) -> bool:
    return night.state in _WITH_EVENT or night.event_id is not None


def _event_text(night: Night) -> str:
    """What a scheduled event shows of a night."""
    start = "" if night.starts_at is None else night.starts_at.isoformat()
    movie = "" if night.winner is None else night.winner.name
    return "\n".join((night.state, start, movie, night.theme, str(night.channel_id)))
