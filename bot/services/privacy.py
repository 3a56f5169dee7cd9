"""What is kept about people, who may see it, and how it goes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import NotAllowed
from bot.services.backups import SHORTEST, longest_days
from bot.services.clock import Clock, utc_now
from bot.services.hiding import shown
from bot.services.wording import counted
from bot.store import Connection, Store, nights, people, personal, privacy

GRACE = timedelta(days=30)
"""How long everything is kept of somebody who shares no server with the bot any more."""

HIDDEN = (
    "Others see neither your ratings nor your watchlist nor what is made of them: lists for several people, "
    "movie nights, maps, statistics and the leaderboard go by the others."
)
VETO = (
    "One thing counts: lists for several people leave out what you have seen or are not interested in, if at "
    "least two of the others hide nothing. Whoever compares lists can tell that a movie is one of these, but "
    "not which of the two, nor your stars."
)
"""What `bot.services.hiding` does with somebody's data, told to them."""

_NAMED = {
    "users": "your name, as it was shown last",
    "hidden_ratings": "that your ratings are hidden",
    "departures": "that you left, and when all of this will be deleted",
}
_COUNTED = {
    "ratings": "rating",
    "rating_changes": "change of your ratings, with which they can be undone",
    "dismissals": "movie you are not interested in",
    "watchlist": "movie on your watchlist",
    "seen": "movie you have seen without stars",
    "import_batches": "import",
    "import_entries": "row of these imports, with which they can be undone",
    "import_waiting": "imported row that found no movie",
    "night_hosts": "movie night that you host or hosted",
    "night_guests": "movie night that you were invited to",
    "night_presence": "answer whether you come to a movie night",
    "night_marks": "date that suits you",
    "night_nominations": "nomination",
    "night_ballots": "ballot in secret",
    "night_votes": "vote on such a ballot",
    "night_forecasts": "movie night for which the model foresaw your stars",
    "night_acts": "thing you did in movie nights within the last hour, counted so that nobody overdoes it",
    "brought_records": "record of a movie night in another bot",
}


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
    """Hidden ratings, deletion, and what happens when somebody leaves.

    Parameters
    ----------
    store : Store
    clock : Clock
    backups : int
        How many of its daily backups the bot keeps.
    """

    def __init__(self, store: Store, clock: Clock = utc_now, backups: int = SHORTEST) -> None:
        self._store = store
        self._clock = clock
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

    async def known(self, user_ids: Collection[int] | None = None) -> dict[int, str]:
        """The names of those of these people (of all, if None) of whom anything is kept."""
        async with self._store.read() as db:
            known = await privacy.known(db)
        return {one: name for one, name in known.items() if user_ids is None or one in user_ids}

    async def check(self, viewer_id: int, whose_id: int, name: str) -> None:
        """Let a person see somebody's ratings, what is made of them, or their watchlist.

        Raises
        ------
        NotAllowed
            If they are somebody else's who hides them.
        """
        if viewer_id != whose_id and await self.hides(whose_id):
            raise NotAllowed(f"{name} keeps their ratings to themselves, and their watchlist with them")

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
            return await _forget(db, user_id)

    async def left(self, user_id: int) -> datetime | None:
        """Note that somebody shares no server with the bot any more; answers when they will be forgotten.

        None if nothing is kept about them.
        """
        async with self._store.write() as db:
            if user_id not in await privacy.known(db):
                return None
            due_at = (await privacy.leaving(db)).get(user_id)
            if due_at is None:
                due_at = self._clock() + GRACE
                await privacy.leave(db, user_id, due_at)
        return due_at

    async def returned(self, user_id: int) -> None:
        """Note that somebody is back on a server."""
        async with self._store.write() as db:
            await privacy.stay(db, [user_id])

    async def sweep(self, present: Collection[int]) -> list[int]:
        """Bring who has gone up to date, and forget those whose time has come; answers whom.

        To be called at start and now and then: people leave and return while the bot is off, too.

        Parameters
        ----------
        present : collection of int
            Everybody who shares a server with the bot. Those of the console belong to no server and stay.
        """
        now = self._clock()
        async with self._store.write() as db:
            leaving = await privacy.leaving(db)
            await privacy.stay(db, [user_id for user_id in leaving if user_id in present])
            for user_id in await privacy.known(db):
                if user_id > 0 and user_id not in present and user_id not in leaving:
                    await privacy.leave(db, user_id, now + GRACE)
            due = [one for one, due_at in leaving.items() if one not in present and due_at <= now]
            for user_id in due:
                await _forget(db, user_id)
        return due


async def _forget(db: Connection, user_id: int) -> int:
    shown = await personal.nights_of_person(db, user_id)
    rows = await personal.delete_person(db, user_id)
    for night_id in shown:
        await nights.change(db, night_id)
    return rows


def _line(table: str, count: int) -> str:
    if table in _NAMED:
        return _NAMED[table]
    noun = _COUNTED.get(table)
    if noun is None:
        return f"{count:,} in “{table.replace('_', ' ')}”"
    first, space, rest = noun.partition(" ")
    return f"{counted(count, first)}{space}{rest}"
