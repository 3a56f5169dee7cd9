"""New releases, added to the catalogue week by week, where the host has a key for The Movie Database."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cachetools import TTLCache

from bot.services.clock import Clock
from bot.services.imports.finding import Finder
from bot.services.imports.waiting import settle
from bot.services.newer import bare, lacking, newer_of
from bot.services.shelf import Shelf, with_newer
from bot.services.tmdb.client import Tmdb, Unavailable
from bot.services.wording import age, counted, due, listed
from bot.store import Store, meta, movies, releases
from bot.store.movies import as_movie
from recommender.catalogue import Movie
from recommender.datasets.matching import MovieIndex, match
from recommender.titles import link
from recommender.titles.folding import fold

EVERY = timedelta(days=7)
KEPT = timedelta(days=180)
"""So long TMDB's terms let keep what it says; a day counts from when it said it."""
AGAIN = timedelta(hours=1)
"""After this time it is tried again where it came to nothing."""
BACK = timedelta(days=60)
"""So far back it looks each time: a new film needs some weeks until enough people have voted on it."""
FARTHEST = timedelta(days=365)
"""And so far at most, after a bot was off for long."""
LEAST_VOTES = 30
EACH_WEEK = 20
MOST = 100
"""At most so many at once, whatever the number of weeks."""
MOST_PAGES = 10
PATIENCE = 2.0
"""Somebody waits so many seconds for what TMDB knows of a title that nobody finds here."""
MOST_NAMED = 3
"""So many of the movies that a title may be join the catalogue."""
MOST_MISSED, A_DAY = 1000, 24 * 3600.0
"""So many titles that TMDB does not know either are not asked for again, for so many seconds."""
NAMED = 5
"""So many of them are named in the log."""

_WITH_YEAR = re.compile(r"(.+?)\s*\((\d{4})\)")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Looked:
    """When it was looked for new releases, and when it will be."""

    last: datetime | None
    next: datetime


class Releases:
    """Looks for new releases when it is time.

    Parameters
    ----------
    store : Store
    shelf : Shelf
    tmdb : Tmdb or None
        Without it there is nothing to look at, and nothing is said about it.
    clock : Clock
    reload : callable
        Serves anew what is served now.
    """

    def __init__(
        self,
        store: Store,
        shelf: Shelf,
        tmdb: Tmdb | None,
        clock: Clock,
        reload: Callable[[], Awaitable[object]],
    ) -> None:
        self._store = store
        self._shelf = shelf
        self._tmdb = tmdb
        self._clock = clock
        self._reload = reload
        self._looking = asyncio.Lock()
        self._missed = TTLCache[str, bool](MOST_MISSED, A_DAY)

    async def status(self) -> str:
        """A line about it; empty without a key."""
        if self._tmdb is None:
            return ""
        looked = await self._looked()
        now = self._clock()
        last = "not looked for yet" if looked.last is None else f"looked for {age(looked.last, now)}"
        added = counted(len(newer_of(self._shelf.current.catalogue)), "new release")
        return f"{added} by TMDB in the catalogue, {last}, next {due(looked.next, now)}"

    async def forget_if_due(self) -> int:
        """Forget what TMDB's terms do not let keep longer than half a year; answers of how many movies.

        Their titles, years and numbers stay, so that they can be found, and so do people's ratings of them.
        """
        async with self._store.read() as db:
            old = await releases.older_than(db, self._clock() - KEPT)
        old = [movie for movie in old if movie != bare(movie)]
        if not old:
            return 0
        async with self._shelf.exchanging:
            async with self._store.write() as db:
                for movie in old:
                    await releases.change(db, bare(movie))
            # The model placed them by what is forgotten now: it is served as at a start.
            await self._reload()
        logger.info("what TMDB said of %s is forgotten after %d days", counted(len(old), "movie"), KEPT.days)
        return len(old)

    async def add_if_due(self) -> Sequence[Movie]:
        """Look if a week has gone by, and add to the catalogue what came out; answers what was added.

        When it is next looked for is a row that is written after the work, and what is there is not added
        twice: whenever the bot ends, it goes on at its next start. What does not answer is asked again later.
        """
        if self._tmdb is None or not self._shelf.current.dataset:
            return ()
        looked, now = await self._looked(), self._clock()
        if now < looked.next:
            return ()
        async with self._looking:
            found, complete = await self._new(self._tmdb, looked, now)
            if found:
                await self._add(found, now)
        async with self._store.write() as db:
            if complete:
                await meta.put(db, meta.RELEASES_SINCE, now.isoformat())
            await meta.put(db, meta.RELEASES_DUE, (now + (EVERY if complete else AGAIN)).isoformat())
        return found

    async def look_up(self, text: str) -> bool:
        """Look at TMDB for what nobody finds here; answers whether the catalogue has got something for it.

        What comes joins it for everybody. It takes two seconds at most, but for the joining, and one look at
        a time; whatever else there is, nothing is found.

        Parameters
        ----------
        text : str
            A title, perhaps with its year in parentheses, or a number or address at IMDb or TMDB.
        """
        wanted = fold(text)
        if self._tmdb is None or not self._shelf.current.dataset or wanted in self._missed:
            return False
        if self._looking.locked():
            return False
        async with self._looking:
            try:
                async with asyncio.timeout(PATIENCE):
                    found = await self._named(self._tmdb, text)
            except (Unavailable, TimeoutError):
                return False
            catalogue = self._shelf.current.catalogue
            found = await asyncio.to_thread(lacking, catalogue, found)
            if found:
                await self._add(found, self._clock())
            else:
                self._missed[wanted] = True
            return bool(found)

    async def _named(self, tmdb: Tmdb, text: str) -> list[Movie]:
        """The few movies there that a text may be the name of."""
        address = link(text)
        if address is not None and address.fact == "tmdb_id":
            numbers = [address.number]
        elif address is not None and address.fact == "imdb_id":
            numbers = [one.movie_id for one in await tmdb.find(Movie(0, "", imdb_id=address.number))]
        else:
            title, year = _title_and_year(text if address is None else address.title)
            wanted = set(fold(title).split())
            # Near titles are no help: the catalogue's own search finds those.
            numbers = [
                one.movie_id
                for one in await tmdb.find(Movie(0, title, year))
                if any(wanted <= set(fold(name).split()) for name in (one.title, *one.aliases))
            ]
        found = await asyncio.gather(*(tmdb.facts(number) for number in dict.fromkeys(numbers[:MOST_NAMED])))
        return [movie for movie in found if movie is not None]

    async def _looked(self) -> Looked:
        async with self._store.read() as db:
            last, next_ = await meta.get(db, meta.RELEASES_SINCE), await meta.get(db, meta.RELEASES_DUE)
        return Looked(
            None if last is None else datetime.fromisoformat(last),
            self._clock() if next_ is None else datetime.fromisoformat(next_),
        )

    async def _new(self, tmdb: Tmdb, looked: Looked, now: datetime) -> tuple[list[Movie], bool]:
        """What the catalogue lacks of what came out, the most popular first, and whether that is all."""
        weeks = 1 if looked.last is None else max((now - looked.last) // EVERY, 1)
        catalogue = self._shelf.current.catalogue
        known = set(catalogue.number("tmdb_id").tolist())
        async with self._store.read() as db:
            known |= {movie.tmdb_id for movie in await releases.everything(db)}
            # What an incomplete look has added already counts.
            room = min(EACH_WEEK * weeks, MOST) - await releases.count_since(db, looked.last)
        found: list[Movie] = []
        try:
            async for tmdb_id in _released(tmdb, _first_day(looked, now), now.date()):
                if len(found) >= room:
                    break
                movie = None if tmdb_id in known else await tmdb.facts(tmdb_id)
                known.add(tmdb_id)
                # The catalogue may know the film without its number.
                if movie is not None and await asyncio.to_thread(lacking, catalogue, [movie]):
                    found.append(movie)
        except Unavailable:
            return found, False
        return found, True

    async def _add(self, found: Sequence[Movie], now: datetime) -> None:
        """Keep and serve new movies, and have what waits for one of them find it."""
        async with self._shelf.exchanging:
            serving = self._shelf.current
            # Another catalogue may be served by now, and know some of them.
            found = await asyncio.to_thread(lacking, serving.catalogue, found)
            if not found:
                return
            # In the order in which they are read back: a fit and a start must mean the same catalogue.
            in_order = sorted(found, key=lambda movie: movie.movie_id)
            served = await asyncio.to_thread(with_newer, serving, in_order)
            index = await asyncio.to_thread(MovieIndex, found)
            async with self._store.write() as db:
                for movie in found:
                    await releases.add(db, movie, now)
                without = [one for one in await movies.everything(db) if one.catalogue_id is None]
                matches = {one.movie_key: match(as_movie(one), index) for one in without}
                by_id = {movie.movie_id: movie for movie in found}
                await movies.note_matches(
                    db, {key: by_id[movie_id] for key, movie_id in matches.items() if movie_id is not None}
                )
                await meta.put(db, meta.UNSETTLED, served.dataset)
            self._shelf.swap(served)
            await settle(self._store, Finder(), self._shelf, now)
        names = [movie.name for movie in found]
        names = [*names[:NAMED], f"{len(names) - NAMED} more"] if len(names) > NAMED else names
        logger.info("%s by TMDB: %s", counted(len(found), "new release"), listed(names))


def _title_and_year(text: str) -> tuple[str, int | None]:
    found = _WITH_YEAR.fullmatch(text.strip())
    return (text, None) if found is None else (found[1], int(found[2]))


def _first_day(looked: Looked, now: datetime) -> date:
    since = now - BACK if looked.last is None else looked.last - BACK
    return max(since, now - FARTHEST).date()


async def _released(tmdb: Tmdb, since: date, until: date) -> AsyncIterator[int]:
    """The numbers of what came out, page by page."""
    for number in range(1, MOST_PAGES + 1):
        page = await tmdb.released(since, until, LEAST_VOTES, number)
        for tmdb_id in page.tmdb_ids:
            yield tmdb_id
        if number >= page.pages:
            return
