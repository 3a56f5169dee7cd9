"""Asking The Movie Database. Whoever asks gets details or None, in a few seconds, whatever is wrong there."""

import asyncio
import json
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from bot.services.tmdb.breaker import PAUSE, Breaker
from bot.services.tmdb.details import Details, Garbage, read_details
from bot.services.tmdb.facts import Page, certain, read_found, read_movie, read_page
from recommender.catalogue import Movie

if TYPE_CHECKING:
    import aiohttp

BASE = "https://api.themoviedb.org/3"
SECONDS = 4.0
AT_ONCE = 4
APART = 0.05
"""Seconds between two questions: twenty a second, where forty are allowed."""
LARGEST = 1 << 19
"""Bytes of an answer."""
KEPT, FRESH = 500, 24 * 3600.0
"""So many answers are kept, for so many seconds: offers change from day to day."""
LONGEST_PAUSE = 600.0
REFUSED_PAUSE = 3600.0

logger = logging.getLogger(__name__)
T = TypeVar("T")


class Unavailable(Exception):
    """There was no usable answer."""


class Tmdb:
    """The client.

    Parameters
    ----------
    key : str
        An API key or an API read access token.
    base : str
        Address of the service.
    clock : callable
        Answers seconds that only grow.
    """

    def __init__(self, key: str, base: str = BASE, clock: Callable[[], float] = time.monotonic) -> None:
        # A token is a JSON Web Token and goes into a header; a key can only be part of the address.
        token = key.startswith("eyJ")
        self._headers = {"Authorization": f"Bearer {key}"} if token else {}
        self._parameters = {} if token else {"api_key": key}
        self._base = base
        self._clock = clock
        self._breaker = Breaker(clock)
        self._kept: OrderedDict[int, tuple[float, Details | None]] = OrderedDict()
        self._numbers: dict[tuple[str, int | None, int | None], tuple[float, int | None]] = {}
        self._asking: dict[int, asyncio.Task[Details | None]] = {}
        self._places = asyncio.Semaphore(AT_ONCE)
        self._turn = asyncio.Lock()
        self._session: aiohttp.ClientSession | None = None

    async def movie(self, tmdb_id: int) -> Details | None:
        """What is known there of a movie; None if there is no such movie or no answer is to be had."""
        kept = self._kept.get(tmdb_id)
        if kept is not None and self._clock() - kept[0] < FRESH:
            return kept[1]
        asking = self._asking.get(tmdb_id)
        if asking is None:
            asking = asyncio.create_task(self._asked(tmdb_id), name=f"movie {tmdb_id} at TMDB")
            self._asking[tmdb_id] = asking
            asking.add_done_callback(lambda _: self._asking.pop(tmdb_id, None))
        # Several who ask for the same wait for one answer, which goes on if one of them gives up.
        return await asyncio.shield(asking)

    async def number(self, movie: Movie) -> int | None:
        """The number there of a movie of the catalogue, which may not know it.

        It is looked for by the number at IMDb, else by title and year; None where that is not certain, or no
        answer is to be had.
        """
        if movie.tmdb_id is not None:
            return movie.tmdb_id
        one = movie.title, movie.year, movie.imdb_id
        kept = self._numbers.get(one)
        if kept is not None and self._clock() - kept[0] < FRESH:
            return kept[1]
        try:
            found = await self.find(movie)
        except Unavailable:
            return None
        number = certain(movie, found)
        self._numbers[one] = self._clock(), number
        while len(self._numbers) > KEPT:
            self._numbers.pop(next(iter(self._numbers)))
        return number

    async def find(self, movie: Movie) -> tuple[Movie, ...]:
        """What is found there by a number at IMDb, else by a title, with the year if there is one.

        Raises
        ------
        Unavailable
            If no answer is to be had.
        """
        return await self._ask(*_question(movie), read_found) or ()

    async def close(self) -> None:
        """Hang up."""
        for asking in list(self._asking.values()):
            asking.cancel()
        if self._session is not None:
            await self._session.close()

    async def released(self, since: date, until: date, least_votes: int, page: int) -> Page:
        """A page of what came out in some days and enough people voted on, the most popular first.

        Raises
        ------
        Unavailable
            If no answer is to be had.
        """
        wishes = {
            "include_adult": "false",
            "include_video": "false",
            "sort_by": "popularity.desc",
            "primary_release_date.gte": since.isoformat(),
            "primary_release_date.lte": until.isoformat(),
            "vote_count.gte": str(least_votes),
            "page": str(page),
        }
        found = await self._ask("/discover/movie", wishes, read_page)
        return Page((), 0) if found is None else found

    async def facts(self, tmdb_id: int) -> Movie | None:
        """A movie as a catalogue has it; None if there is no such movie or it is nothing for a catalogue.

        Raises
        ------
        Unavailable
            If no answer is to be had.
        """
        wishes = {"append_to_response": "credits,keywords"}
        return await self._ask(f"/movie/{tmdb_id}", wishes, read_movie)

    async def _asked(self, tmdb_id: int) -> Details | None:
        wishes = {"append_to_response": "watch/providers"}
        try:
            details = await self._ask(f"/movie/{tmdb_id}", wishes, read_details)
        except Unavailable:
            return None
        self._kept[tmdb_id] = self._clock(), details
        self._kept.move_to_end(tmdb_id)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return details

    async def _ask(self, path: str, wishes: Mapping[str, str], read: Callable[[object], T]) -> T | None:
        """What stands there, taken apart; None where there is nothing. Any trouble is `Unavailable`."""
        if not self._breaker.closed:
            raise Unavailable("it is left alone for a while")
        try:
            async with asyncio.timeout(SECONDS), self._places:
                await self._wait_for_turn()
                found = await self._get(path, wishes)
            answer = None if found is None else read(found)
        except (Unavailable, Garbage, TimeoutError) as error:
            self._breaker.failed()
            logger.warning("TMDB: %s", error or "no answer in time")
            raise Unavailable(str(error)) from None
        self._breaker.worked()
        return answer

    async def _wait_for_turn(self) -> None:
        async with self._turn:
            await asyncio.sleep(APART)

    async def _get(self, path: str, wishes: Mapping[str, str]) -> Any:
        """The JSON that stands there; None where there is nothing."""
        import aiohttp

        if self._session is None:
            self._session = aiohttp.ClientSession(headers={"Accept": "application/json"} | self._headers)
        parameters = {**wishes, **self._parameters}
        try:
            async with self._session.get(
                self._base + path, params=parameters, allow_redirects=False
            ) as response:
                if response.status == 404:
                    return None
                if response.status == 429:
                    self._breaker.pause(_seconds(response.headers.get("Retry-After", "")))
                if response.status in (401, 403):
                    self._breaker.pause(REFUSED_PAUSE)
                if response.status != 200:
                    raise Unavailable(f"status {response.status}")
                content = bytearray()
                async for piece in response.content.iter_chunked(1 << 14):
                    content += piece
                    if len(content) > LARGEST:
                        raise Unavailable("an answer that is far too long")
            return json.loads(content)
        except aiohttp.ClientError as error:
            # Its text may hold the address, and that the key.
            raise Unavailable(type(error).__name__) from None
        except (ValueError, RecursionError) as error:
            raise Unavailable("an answer that is no JSON") from error


def _question(movie: Movie) -> tuple[str, dict[str, str]]:
    """Where to look for a movie, and for what."""
    if movie.imdb_id is not None:
        return f"/find/tt{movie.imdb_id:07}", {"external_source": "imdb_id"}
    year = {} if movie.year is None else {"primary_release_year": str(movie.year)}
    return "/search/movie", {"query": movie.title, "include_adult": "false", **year}


def _seconds(text: str) -> float:
    """The pause that was asked for, within reason."""
    return min(max(float(text), 1.0), LONGEST_PAUSE) if text.isascii() and text.isdecimal() else PAUSE
