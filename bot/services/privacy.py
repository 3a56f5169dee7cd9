"""What is kept about people, who may see it, and how it goes."""

import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.errors import NotAllowed
from bot.services.backups import SHORTEST, longest_days
from bot.services.clock import Clock, utc_now
from bot.services.hiding import shown
from bot.services.membership import Membership, NoAnswer, Nowhere, Viewer, acquainted
from bot.services.wording import counted
from bot.store import Connection, Store, meta, nights, people, personal, privacy, ratings, watchlists

Subject = Literal["ratings", "watchlist"]

SCRUBS_APART, LARGE_SCRUBS_APART = timedelta(minutes=10), timedelta(days=1)
GRACE = timedelta(days=30)
"""How long everything is kept of somebody who shares no server with the bot any more."""

HIDDEN = (
    "Others see neither your ratings nor your watchlist nor what is made of them: lists for several people, "
    "movie nights, maps, statistics and the leaderboard go by the others."
)
VETO = (
    "One thing counts: lists for several people leave out what you have seen or are not interested in, if at "
    "least two of the others hide nothing and the filters leave at least twenty movies. Whoever compares "
    "lists can tell that a movie is one of these, but not which of the two, nor your stars."
)
"""What `bot.services.hiding` does with somebody's data, told to them."""

MISSED_DAYS = 3
"""On so many days at the end of it they have to be missed, before they are forgotten."""

_DAY, _LAST_DAYS = timedelta(hours=20), timedelta(days=MISSED_DAYS - 1)
_AT_ONCE = 500

_NAMED = {
    "users": "your name, as it was shown last",
    "hidden_ratings": "that your ratings are hidden",
    "departures": "that you left, and when all of this will be deleted",
    "sightings": "which of my servers you are on",
}
_COUNTED = {
    "ratings": "rating",
    "rating_changes": "change of your ratings, with which they can be undone",
    "dismissals": "movie you are not interested in",
    "watchlist": "movie on your watchlist",
    "seen": "movie you have seen without stars",
    "import_batches": "import",
    "import_entries": "row of these imports, with which they can be undone",
    "import_waiting": "imported or typed row that found no movie",
    "night_hosts": "movie night that you host or hosted",
    "night_guests": "movie night that you were invited to",
    "night_texts": "text that you wrote for a movie night",
    "night_presence": "answer whether you come to a movie night",
    "night_marks": "date that suits you",
    "night_nominations": "nomination",
    "night_ballots": "ballot in secret",
    "night_votes": "vote on such a ballot",
    "night_forecasts": "movie night for which the model foresaw your stars",
    "night_acts": "thing you did in movie nights within the last hour, counted so that nobody overdoes it",
    "brought_records": "record of a movie night in another bot",
}

_NOTHING = {"ratings": "has rated nothing", "watchlist": "has nothing on their watchlist"}


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept about a person.

    Attributes
    ----------
    lines : tuple of str
        In plain words, one for each table; empty if nothing is kept.
    hidden : bool
        Whether others cannot see the ratings.
    remains : str
        What a deletion leaves, and for how long.
    """

    lines: tuple[str, ...]
    hidden: bool
    remains: str


class Privacy:
    """Who may be shown what of others, deletion, and what happens when somebody leaves.

    Parameters
    ----------
    store : Store
    clock : Clock
    backups : int
        How many of its daily backups the bot keeps.
    uptime : callable
        Answers seconds that really pass, whatever happens to the clock.
    forget_fits : callable, optional
        Called after a deletion: removes what fits left of people's ratings.

    Attributes
    ----------
    membership : Membership
        Who is on which server. The front sets its own; until then nobody is shown anything of another.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock = utc_now,
        backups: int = SHORTEST,
        uptime: Callable[[], float] = time.monotonic,
        forget_fits: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.membership: Membership = Nowhere()
        self._store = store
        self._clock = clock
        self._uptime = uptime
        self._counted: float | None = None
        self._forget_fits = forget_fits
        self._scrubbed_at: datetime | None = None
        self._remains = (
            f"The backups that I make by myself hold it for {longest_days(backups)} days more at most. Those "
            "that my host makes last as long as my host wants, and what I wrote into channels stays there."
        )

    async def kept(self, user_id: int) -> Kept:
        """What is kept about a person, from the tables themselves, so that nothing is left out."""
        async with self._store.read() as db:
            rows = await personal.count_person(db, user_id)
            hidden = await privacy.hides(db, user_id)
        lines = tuple(_line(table, count) for table, count in rows.items() if count)
        return Kept(lines, hidden, self._remains)

    async def hides(self, user_id: int) -> bool:
        """Whether a person's ratings are hidden from others."""
        async with self._store.read() as db:
            return await privacy.hides(db, user_id)

    async def open_ones(self, user_ids: Iterable[int]) -> list[int]:
        """Those of these people whose ratings others may see, in their order."""
        async with self._store.read() as db:
            return await shown(db, user_ids)

    async def known(self) -> dict[int, str]:
        """The names of everybody of whom anything is kept."""
        async with self._store.read() as db:
            return await privacy.known(db)

    async def roster(self, viewer: Viewer) -> dict[int, str]:
        """Everybody of whom anything is kept and a person may be shown it, with their names.

        Raises
        ------
        NoAnswer
            If it cannot be found out who is on the server.
        """
        return await acquainted(self.membership, viewer, (await self.known()).keys())

    async def look(self, viewer: Viewer, whose_id: int, subject: Subject = "ratings") -> str:
        """Let a person look at somebody's ratings, what is made of them, or their watchlist.

        Everybody may look at their own. Whoever shares no server with them is refused in the same words as
        somebody of whom there is nothing, so that the refusal tells nothing. All that shows a person's data
        asks here.

        Returns
        -------
        str
            The name that the other one goes by there.

        Raises
        ------
        NotAllowed
            If there is nothing to be shown to this viewer, or the other one hides their ratings.
        NoAnswer
            If it cannot be found out who is on the server.
        """
        if viewer.user_id == whose_id:
            return viewer.name
        name = (await acquainted(self.membership, viewer, [whose_id])).get(whose_id)
        if name is not None and await self.hides(whose_id):
            raise NotAllowed(f"{name} keeps their ratings to themselves, and their watchlist with them")
        if name is None or not await self._has(whose_id, subject):
            where = "shares no server with us" if viewer.guild_id is None else "is no member here"
            raise NotAllowed(f"that person {_NOTHING[subject]}, or {where}")
        return name

    async def _has(self, user_id: int, subject: Subject) -> bool:
        async with self._store.read() as db:
            if subject == "watchlist":
                return await watchlists.count(db, user_id) > 0
            return (await ratings.summary(db, user_id))[0] > 0

    async def hide(self, user_id: int, name: str) -> None:
        """Hide a person's ratings from others."""
        async with self._store.write() as db:
            await people.remember(db, user_id, name)
            await privacy.hide(db, user_id, self._clock())

    async def unhide(self, user_id: int) -> None:
        """Let others see a person's ratings again."""
        async with self._store.write() as db:
            await privacy.unhide(db, user_id)

    async def delete(self, user_id: int) -> int:
        """Delete everything that is kept about a person; answers the number of rows.

        The next model is fitted without them: the schedule sees that there are fewer ratings. Past nights
        stay without their name, and the messages of nights are brought up to date.
        """
        async with self._store.write() as db:
            rows = await _forget(db, user_id)
        await self._clear_away()
        return rows

    async def left(self, guild_id: int, user_id: int) -> datetime | None:
        """Note that somebody left a server; answers when they will be forgotten if it was the last one.

        None if nothing is kept about them, or if they are or may be on another server: `sweep` will tell.
        """
        async with self._store.write() as db:
            if await people.name(db, user_id) is None:
                return None
            before = await privacy.sighted(db, [user_id])
            await privacy.lose_sight(db, [(user_id, guild_id)])
        found, silent = await self._look_for(before)
        before[user_id] -= found[user_id] | {guild_id}
        if found[user_id] or before[user_id] & silent:
            return None
        async with self._store.write() as db:
            gone = (await privacy.departed(db, [user_id])).get(user_id)
            if gone is None:
                gone = privacy.Departure(self._clock() + GRACE, 0)
                await privacy.leave(db, {user_id: gone})
        return gone.due_at

    async def joined(self, guild_id: int, user_id: int) -> None:
        """Note that somebody came to a server, perhaps back."""
        async with self._store.write() as db:
            if await people.name(db, user_id) is not None:
                await privacy.stay(db, [user_id])
                await privacy.sight(db, [(user_id, guild_id)])

    async def sweep(self) -> list[int]:
        """Bring who has gone up to date, and forget those whose time has come; answers whom.

        To be called at start and then daily: people leave and return while the bot is off, too. Whoever was
        seen last on a server that cannot be asked is left alone, and so are those of the console.

        A clock alone forgets nobody, because it can be wrong: somebody is forgotten once their time has come
        and they were missed, at the end of it, on several days of the bot's own running.
        """
        gone: list[int] = []
        if not self.membership.servers():
            return gone
        counts = await self._is_another_day()
        last = 0
        while True:
            async with self._store.read() as db:
                some = await privacy.numbers(db, last, _AT_ONCE)
                before, leaving = await privacy.sighted(db, some), await privacy.departed(db, some)
            if not some:
                break
            last = some[-1]
            found, silent = await self._look_for(before)
            changed = [one for one in some if one in leaving or not found[one] or found[one] != before[one]]
            if not changed:
                continue
            lost = {one: before[one] - found[one] - silent for one in changed}
            # Somebody who was never seen anywhere may be on any server that cannot be asked.
            places = {one: before[one] or (set() if one in leaving else silent) for one in changed}
            missed = {
                one: self._missed(leaving.get(one), counts)
                for one in changed
                if not found[one] and not places[one] & silent
            }
            async with self._store.write() as db:
                # Whoever came back while they were looked for is not gone.
                now = await privacy.sighted(db, missed.keys())
                missed = {one: when for one, when in missed.items() if now[one] <= before[one]}
                over = [one for one, when in missed.items() if self._is_over(when)]
                await privacy.sight(db, [(one, place) for one in changed for place in found[one]])
                await privacy.lose_sight(db, [(one, place) for one in changed for place in lost[one]])
                await privacy.stay(db, [one for one in changed if found[one]])
                await privacy.leave(db, missed)
                for user_id in over:
                    await _forget(db, user_id)
            gone += over
        if gone:
            await self._clear_away()
        return gone

    async def _look_for(self, before: Mapping[int, set[int]]) -> tuple[dict[int, set[int]], set[int]]:
        """Where some people are, and which servers cannot be asked.

        Parameters
        ----------
        before : mapping of user id to set of guild ids
            Where they were seen last. There they are looked for first; who is on none of those servers is
            looked for on all others.
        """
        servers = self.membership.servers()
        silent = {guild_id for guild_id, available in servers.items() if not available}
        found: dict[int, set[int]] = {user_id: set() for user_id in before}

        async def ask(guild_id: int, user_ids: Collection[int]) -> None:
            if not user_ids or guild_id in silent:
                return
            try:
                for user_id in await self.membership.among(guild_id, user_ids):
                    found[user_id].add(guild_id)
            except NoAnswer:
                silent.add(guild_id)

        for guild_id in servers:
            await ask(guild_id, [one for one, seen in before.items() if guild_id in seen])
        missing = [one for one in before if not found[one]]
        for guild_id in servers:
            await ask(guild_id, [one for one in missing if guild_id not in before[one]])
        return found, silent

    def _missed(self, was: privacy.Departure | None, counts: bool) -> privacy.Departure:
        """What is to be noted of somebody who is nowhere, after what was noted before."""
        now = self._clock()
        # What was noted while the clock was ahead is not waited for.
        due_at = now + GRACE if was is None else min(was.due_at, now + GRACE)
        days = was.days + counts if was is not None and now >= due_at - _LAST_DAYS else 0
        return privacy.Departure(due_at, days)

    def _is_over(self, gone: privacy.Departure) -> bool:
        return self._clock() >= gone.due_at and gone.days >= MISSED_DAYS

    async def _is_another_day(self) -> bool:
        """Whether a day of the bot's own running has gone by since this was last answered with yes.

        By the clock and, as far as this process knows, by the time that really passed: of a clock that
        jumps, and back, no day is made.
        """
        now, up = self._clock(), self._uptime()
        async with self._store.write() as db:
            noted = await meta.get(db, meta.MISSED_AT)
            since = None if noted is None else now - datetime.fromisoformat(noted)
            if since is not None and since < timedelta():
                # The clock was ahead then.
                await meta.put(db, meta.MISSED_AT, now.isoformat())
                return False
            if (since is not None and since < _DAY) or (
                self._counted is not None and up - self._counted < _DAY.total_seconds()
            ):
                return False
            await meta.put(db, meta.MISSED_AT, now.isoformat())
        self._counted = up
        return True

    async def scrub_if_due(self) -> None:
        """See to it that what was deleted cannot be read in the database's files any more.

        To be called now and then. A large database is written anew once a day at most: nobody can write
        meanwhile. Until then what was deleted is overwritten where it stood, and out of the log.
        """
        now = self._clock()
        apart = SCRUBS_APART if self._store.is_small else LARGE_SCRUBS_APART
        whole = self._scrubbed_at is None or abs(now - self._scrubbed_at) >= apart
        async with self._store.read() as db:
            wanted = await meta.get(db, meta.TO_SCRUB)
        if wanted is None:
            return
        if whole:
            self._scrubbed_at = now
        if await self._store.scrub(whole=whole):
            async with self._store.write() as db:
                await meta.put(db, meta.TO_SCRUB, None)

    async def _clear_away(self) -> None:
        if self._forget_fits is not None:
            await self._forget_fits()
        await self.scrub_if_due()


async def _forget(db: Connection, user_id: int) -> int:
    shown = await personal.nights_of_person(db, user_id)
    rows = await personal.delete_person(db, user_id)
    for night_id in shown:
        await nights.change(db, night_id)
    if rows:
        await meta.put(db, meta.TO_SCRUB, "yes")
    return rows


def _line(table: str, count: int) -> str:
    if table in _NAMED:
        return _NAMED[table]
    noun = _COUNTED.get(table)
    if noun is None:
        return f"{count:,} in “{table.replace('_', ' ')}”"
    first, space, rest = noun.partition(" ")
    return f"{counted(count, first)}{space}{rest}"
