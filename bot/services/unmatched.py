"""What somebody typed and the catalogue does not know yet: kept as typed, until it does."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.errors import UserError
from bot.services.answers import RatingChange
from bot.services.clock import Clock, utc_now
from bot.services.data_list import up_to
from bot.services.movies import title_text
from bot.services.ratings import RatingBook, shown_movie, stored_movie
from bot.services.shelf import Shelf
from bot.services.shown_titles import name_of
from bot.services.stars import valid_stars
from bot.services.titles import Titles
from bot.services.wording import Escape, stars_number, stars_words
from bot.store import Connection, Store, changes, imports, movies, people, ratings, unmatched, watchlists
from bot.store.imports import StoredWaiting
from bot.store.movies import MovieRef
from recommender.catalogue import Movie
from recommender.datasets.title import one_line
from recommender.titles import Lookup, fold, same_name
from recommender.titles.folding import fold_all

MOST_KEPT = 20_000
"""So many rows without a movie are kept of a person, imported and typed ones together."""
LONGEST_TITLE = 300
MOST_OFFERED = 10
"""So many movies that a row may be are offered with it."""

Kind = Literal["rating", "watchlist"]
REFERENCE = "kept:"
_LARGEST = 2**63 - 1
_MOST_TOLD = 5
_WITH_YEAR = re.compile(r"(.*\S)\s*\(((?:18|19|20)\d\d)\)")


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A row that waits for its movie.

    Attributes
    ----------
    waiting_id : int
    title : str
        As it was typed or imported.
    year : int or None
    stars : float or None
        None for what is only wanted.
    noted_at : datetime
    previous : float or None
        The stars it had before, where it was typed again.
    may_be : tuple of Movie
        Movies of this very title that the catalogue has by now; which one, if any, its person has to say.
    """

    waiting_id: int
    title: str
    year: int | None
    stars: float | None
    noted_at: datetime
    previous: float | None = None
    may_be: tuple[Movie, ...] = ()

    @property
    def name(self) -> str:
        """Title with the year behind it."""
        return self.title if self.year is None else f"{self.title} ({self.year})"

    @property
    def reference(self) -> str:
        """The text that stands for exactly this row; completion sends it."""
        return f"{REFERENCE}{self.waiting_id}"


@dataclass(frozen=True, slots=True)
class UnmatchedPage:
    """Some of the rows of a person that wait; `page` counts from 0."""

    rows: tuple[Unmatched, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Found:
    """Something that was typed, and the movie that the catalogue has for it now."""

    title: str
    movie: Movie
    stars: float | None


class UnmatchedRows:
    """The unmatched rows of everybody.

    A rating or a wish whose movie the catalogue lacks is kept as it was typed. It shows among its person's
    ratings, and is matched when another catalogue is served: by itself only where the title would have been
    recorded without a question.
    """

    def __init__(self, store: Store, shelf: Shelf, book: RatingBook, clock: Clock = utc_now) -> None:
        self._store = store
        self._shelf = shelf
        self._book = book
        self._clock = clock

    @property
    def reach(self) -> str:
        """Up to when the catalogue knows movies: ``ends in 2018``; empty if that is not known."""
        serving = self._shelf.current
        newest = up_to(serving.catalogue, serving.until)
        return f"ends {'on' if ' ' in newest else 'in'} {newest}" if newest else ""

    async def keep(
        self, user_id: int, user_name: str, text: str, stars: float | None
    ) -> Unmatched | RatingChange:
        """Keep a rating, or without stars a wish, until its movie is known.

        What waits under the same title already is changed instead, and so is the rating of a movie that the
        catalogue had when they rated it.

        Raises
        ------
        UserError
            If that is no title, the stars are none, or too many rows are kept of the person.
        """
        if stars is not None:
            rated = await self._book.rated(user_id, text)
            if rated.kind == "one":
                ref = MovieRef(rated.movies[0].movie_id)
                async with self._store.read() as db:
                    lacking = (await stored_movie(db, ref)).catalogue_id is None
                if lacking:
                    return await self._book.rate(user_id, user_name, ref, stars)
        async with self._store.write() as db:
            return await self._keep(db, user_id, user_name, text, stars)

    async def page(
        self, user_id: int, kind: Kind = "rating", *, page: int = 0, size: int = 10
    ) -> UnmatchedPage:
        """Some of a person's rows that wait, the newest first; a page beyond the last one is the last one."""
        async with self._store.read() as db:
            total = await unmatched.count(db, user_id, kind)
            pages = max(-(-total // size), 1)
            page = min(max(page, 0), pages - 1)
            rows = await unmatched.of_person(db, user_id, kind, limit=size, offset=page * size)
        titles = self._shelf.current.titles
        shown = await asyncio.to_thread(lambda: tuple(_shown(row, titles) for row in rows))
        return UnmatchedPage(shown, total, page, pages)

    async def named(self, user_id: int, text: str, kind: Kind = "rating") -> Unmatched | None:
        """The row of a person that a title or a reference means, if one waits under it."""
        number = text.strip().removeprefix(REFERENCE)
        async with self._store.read() as db:
            if number != text.strip() and number.isascii() and number.isdigit():
                row = await _own(db, user_id, int(number))
                return None if row is None or row.kind != kind else _plain(row)
            title, year = _title_and_year(title_text(text))
            row = await _same(await unmatched.of_person(db, user_id, kind), title, year)
        return None if row is None else _plain(row)

    async def get(self, user_id: int, waiting_id: int) -> tuple[Unmatched, Lookup]:
        """A row, and the movies of the catalogue that are near its title.

        Raises
        ------
        UserError
            If none of theirs with this number waits.
        """
        async with self._store.read() as db:
            row = await _mine(db, user_id, waiting_id)
        titles = self._shelf.current.titles
        return _plain(row), await asyncio.to_thread(titles.find, _plain(row).name, MOST_OFFERED)

    async def remove(self, user_id: int, waiting_id: int) -> Unmatched:
        """Take back what was typed or imported; answers what it was.

        Raises
        ------
        UserError
            If none of theirs with this number waits.
        """
        async with self._store.write() as db:
            row = await _mine(db, user_id, waiting_id)
            await imports.remove_waiting(db, [waiting_id])
        return _plain(row)

    async def keep_instead(self, user_id: int, user_name: str, change_id: int, text: str) -> Unmatched:
        """Keep the stars of a change as a row, because no movie of the catalogue was meant; undo the change.

        Raises
        ------
        UserError
            If the change cannot be undone, or the title says the same movie again.
        """
        lookup = await asyncio.to_thread(self._shelf.current.titles.find, title_text(text), 1)
        async with self._store.write() as db:
            undone = await self._book.undo_within(db, user_id, change_id)
            if undone.previous is None:
                raise UserError("there were no stars to keep for another movie")
            if lookup.kind == "one" and lookup.movies[0] == undone.movie:
                raise UserError(
                    f"that is the title of {name_of(undone.movie)}: write the year of the one you mean"
                    " behind it"
                )
            return await self._keep(db, user_id, user_name, text, undone.previous)

    async def is_movie(self, user_id: int, user_name: str, waiting_id: int, movie_id: int) -> RatingChange:
        """Give the stars of a row to the movie that its person says it is; both or neither.

        Raises
        ------
        UserError
            If no rating of theirs with this number waits, or the catalogue lacks the movie.
        """
        async with self._store.write() as db:
            row = await _mine(db, user_id, waiting_id)
            if row.stars is None:
                raise UserError("that has no stars: put the movie on your watchlist by its title")
            change = await self._book.rate_within(db, user_id, user_name, movie_id, row.stars)
            await imports.remove_waiting(db, [waiting_id])
        return change

    async def news(self, user_id: int) -> tuple[Found, ...]:
        """What a person typed and the catalogue knows by now, each told once."""
        async with self._store.read() as db:
            if not await unmatched.any_found(db, user_id):
                return ()
        serving = self._shelf.current
        async with self._store.write() as db:
            rows = await unmatched.take_found(db, user_id)
        return tuple(Found(row.title, shown_movie(serving, row.movie), row.stars) for row in rows)

    async def _keep(
        self, db: Connection, user_id: int, user_name: str, text: str, stars: float | None
    ) -> Unmatched:
        title, year = _title_and_year(title_text(text))
        kind: Kind = "watchlist" if stars is None else "rating"
        stars = None if stars is None else valid_stars(stars)
        now = self._clock()
        await people.remember(db, user_id, user_name)
        before = await _same(await unmatched.of_person(db, user_id, kind), title, year)
        if before is not None and before.waiting_id is not None:
            year = year or before.year
            await unmatched.retype(db, before.waiting_id, title=title, year=year, stars=stars, at=now)
            return Unmatched(before.waiting_id, title, year, stars, now, before.stars)
        if await imports.kept_count(db, user_id) >= MOST_KEPT:
            raise UserError(
                f"I do not know “{title[:60]}”, and {MOST_KEPT:,} rows of yours wait for their movie. "
                "That is the most: take some back with unrate, or undo an import"
            )
        why = "typed, and not known"
        row = StoredWaiting(user_id, None, None, kind, title, year, None, None, stars, now, "", why)
        return Unmatched(await unmatched.add(db, row), title, year, stars, now)


async def settle_typed(store: Store, shelf: Shelf, now: datetime) -> None:
    """Record what was typed and would be recorded without a question by what is served now.

    A rating or wish that its person has given the movie since stays.
    """
    serving = shelf.current
    async with store.read() as db:
        rows = await unmatched.typed(db)
    found = await asyncio.to_thread(lambda: [*_matched(rows, serving.titles)])
    for row, movie in found:
        async with store.write() as db:
            if shelf.current.catalogue is not serving.catalogue:
                # Who exchanged it settles too.
                return
            await _settle(db, row, movie, now)


def kept_line(row: Unmatched, reach: str, title: str) -> str:
    """What to tell who typed a title that is not known; `title` is as the front shows it."""
    known = f" (my catalogue {reach})" if reach else ""
    was = "" if row.previous in (None, row.stars) else f", was {stars_number(row.previous)}"
    return f"I do not know {title} yet{known}. Kept{was}; it counts as soon as I do."


def found_lines(found: Sequence[Found], escape: Escape = str) -> list[str]:
    """What to tell a person about what they typed and the catalogue knows now."""
    lines = [
        f"I know {escape(name_of(one.movie))} now: "
        + (
            "it is on your watchlist"
            if one.stars is None
            else f"the {stars_words(one.stars)} that you gave “{escape(one.title)}” count"
        )
        for one in found[:_MOST_TOLD]
    ]
    more = len(found) - _MOST_TOLD
    return [*lines, f"and {more:,} more that waited"] if more > 0 else lines


async def _settle(db: Connection, row: StoredWaiting, movie: Movie, now: datetime) -> None:
    there = None if row.waiting_id is None else await unmatched.get(db, row.waiting_id)
    if there is None or there.waiting_id is None or there != row:
        # Typed again or taken back meanwhile.
        return
    stored = await movies.remember(db, movie)
    if there.stars is None:
        news = await _want(db, there, stored.movie_key)
    else:
        before = await ratings.of_catalogue_movie(db, there.user_id, movie.movie_id)
        news = before is None or before.rated_at < there.noted_at
        if news:
            key = stored.movie_key if before is None else before.movie.movie_key
            await ratings.put(db, there.user_id, key, there.stars, there.noted_at)
            await changes.record(
                db,
                user_id=there.user_id,
                movie_key=key,
                stars=there.stars,
                previous=None if before is None else before.stars,
                previous_at=None if before is None else before.rated_at,
                at=now,
            )
    if news:
        await unmatched.set_found(db, there.waiting_id, stored.movie_key)
    else:
        await imports.remove_waiting(db, [there.waiting_id])


async def _want(db: Connection, row: StoredWaiting, movie_key: int) -> bool:
    return await watchlists.add(db, row.user_id, movie_key, row.noted_at)


async def _own(db: Connection, user_id: int, waiting_id: int) -> StoredWaiting | None:
    row = await unmatched.get(db, waiting_id) if 0 < waiting_id <= _LARGEST else None
    return None if row is None or row.user_id != user_id else row


async def _mine(db: Connection, user_id: int, waiting_id: int) -> StoredWaiting:
    row = await _own(db, user_id, waiting_id)
    if row is None:
        raise UserError("that does not wait for its movie any more: see ratings")
    return row


async def _same(rows: Sequence[StoredWaiting], title: str, year: int | None) -> StoredWaiting | None:
    """The row that waits under this title, the year aside where one of the two has none."""
    wanted = {fold(title), fold(_plain_name(title, year))}

    def look() -> StoredWaiting | None:
        titles = fold_all([row.title for row in rows])
        names = fold_all([_plain_name(row.title, row.year) for row in rows])
        alike = [
            row
            for row, *known in zip(rows, titles, names, strict=True)
            if not wanted.isdisjoint(" ".join(name.split()) for name in known)
            and (None in (year, row.year) or row.year == year)
        ]
        return next((row for row in alike if row.year == year), alike[0] if alike else None)

    return await asyncio.to_thread(look) if rows else None


def _matched(rows: Sequence[StoredWaiting], titles: Titles) -> list[tuple[StoredWaiting, Movie]]:
    """The rows whose titles are movies' beyond question, with these."""
    found: list[tuple[StoredWaiting, Movie]] = []
    for row in rows:
        lookup = titles.find(_plain_name(row.title, row.year), 2)
        if lookup.kind == "one":
            found.append((row, lookup.movies[0]))
    return found


def _shown(row: StoredWaiting, titles: Titles) -> Unmatched:
    plain = _plain(row)
    near = titles.find(plain.name, MOST_OFFERED).movies
    may_be = tuple(movie for movie in near if _may_be(row, movie))
    return Unmatched(plain.waiting_id, plain.title, plain.year, plain.stars, plain.noted_at, None, may_be)


def _may_be(row: StoredWaiting, movie: Movie) -> bool:
    named = any(same_name(row.title, name) for name in (movie.title, movie.name, *movie.aliases))
    return named and (None in (row.year, movie.year) or row.year == movie.year)


def _plain(row: StoredWaiting) -> Unmatched:
    return Unmatched(row.waiting_id or 0, row.title, row.year, row.stars, row.noted_at)


def _plain_name(title: str, year: int | None) -> str:
    return title if year is None else f"{title} ({year})"


def _title_and_year(text: str) -> tuple[str, int | None]:
    """What was typed as it is kept; a bare number at the end may be part of the title, and stays there."""
    line = one_line(text)
    if not line or len(line) > LONGEST_TITLE:
        raise UserError(f"that title is too long to be kept: {LONGEST_TITLE} characters are the most")
    found = _WITH_YEAR.fullmatch(line)
    return (found[1], int(found[2])) if found else (line, None)
