"""Doing what has come due for nights, also where the bot was off when it did."""

import logging
from collections.abc import Mapping, Sequence

from bot.errors import UserError
from bot.services.clock import Clock
from bot.services.group import GroupLists
from bot.services.nights import candidates
from bot.services.nights.due import WORKS, Moment
from bot.services.nights.results import read_filters
from bot.services.nights.steps import night_of
from bot.services.shelf import Shelf
from bot.store import Store, night_people, night_timers
from bot.store.night_timers import StoredTimer
from recommender.catalogue import Movie

log = logging.getLogger(__name__)


class Clockwork:
    """Works off the timers of all nights, earliest first."""

    def __init__(self, store: Store, shelf: Shelf, groups: GroupLists, clock: Clock) -> None:
        self._store = store
        self._shelf = shelf
        self._groups = groups
        self._clock = clock
        self.stuck: Mapping[int, str] = {}

    async def run_due(self) -> int:
        """Do what has come due, in order; answers how much was done.

        Why nights have to wait stands in `stuck` then, by number; it is told in the log once while it lasts.
        """
        done, failed, stuck = 0, set[int](), dict[int, str]()
        while True:
            async with self._store.read() as db:
                timer = await night_timers.next_timer(db, self._clock(), failed)
            if timer is None:
                break
            try:
                await self._work(timer)
            except UserError as error:
                # The disk, mostly: nothing was changed, and the next round tries again.
                if timer.night_id not in self.stuck:
                    log.error("%s of night %d has to wait: %s", timer.kind, timer.night_id, error)  # noqa: TRY400
                failed.add(timer.timer_id)
                stuck[timer.night_id] = str(error)
            except Exception:
                # A mistake of ours in one night must not keep the others from taking place.
                if timer.night_id not in self.stuck:
                    log.exception("%s of night %d failed", timer.kind, timer.night_id)
                failed.add(timer.timer_id)
                stuck[timer.night_id] = "something went wrong inside the bot; its log says what"
            else:
                done += 1
        self.stuck = stuck
        return done

    async def _work(self, timer: StoredTimer) -> None:
        """Do what a timer is for, and note that it is done, in one transaction."""
        listed = await self.listed(timer.night_id) if timer.kind == "open_vote" else ()
        async with self._store.write() as db:
            night = await night_of(db, timer.night_id)
            moment = Moment(self._clock(), timer.due_at, self._shelf.current, listed)
            await WORKS[timer.kind](db, night, moment)
            waiting = await night_timers.waiting(db, timer.night_id)
            # The work may have set the same timer anew, for later.
            if waiting.get(timer.kind) == timer.due_at:
                await night_timers.finish(db, timer.timer_id, self._clock())

    async def listed(self, night_id: int) -> Sequence[Movie]:
        """The list of those who come, or else may come; worked out before the transaction that wants it."""
        async with self._store.read() as db:
            night = await night_of(db, night_id)
            answers = await night_people.answers(db, night_id)
            host = await night_people.host(db, night_id)
        if night.state != "gathering":
            return ()
        group = [one.user_id for one in answers if one.answer == "in"]
        group = group or [one.user_id for one in answers if one.answer == "maybe"]
        group = group or ([] if host is None else [host.user_id])
        wishes = read_filters(night.wishes)
        return await candidates.group_list(self._groups, group, wishes)
