"""What people want to see."""

from bot.errors import UserError
from bot.services.answers import WantedMovie, WatchlistPage
from bot.services.clock import Clock, utc_now
from bot.services.movies import find_among
from bot.services.ratings import LARGEST_NUMBER, known_movie, shown_movie
from bot.services.shelf import Shelf
from bot.services.shown_titles import name_of
from bot.services.wording import stars_words
from bot.store import Store, dismissals, movies, people, ratings, watchlists
from recommender.catalogue import Movie
from recommender.titles import Lookup

MOST = 500
"""So many movies fit on a list: more is no list but a catalogue."""


class Watchlists:
    """The watchlists of everybody.

    A movie that somebody rates leaves their list by itself, and comes back should they take the rating back.
    Movies are named as in `bot.services.ratings.RatingBook`.
    """

    def __init__(self, store: Store, shelf: Shelf, clock: Clock = utc_now) -> None:
        self._store = store
        self._shelf = shelf
        self._clock = clock

    async def add(self, user_id: int, user_name: str, movie_id: int) -> tuple[Movie, bool]:
        """Put a movie on a person's list, and forget that they were not interested.

        Returns
        -------
        Movie, bool
            The movie, and whether it was not on the list before.

        Raises
        ------
        UserError
            If they have rated it, the list is full, or the catalogue lacks the movie.
        """
        async with self._store.write() as db:
            movie = known_movie(self._shelf.current, movie_id)
            rated = await ratings.of_catalogue_movie(db, user_id, movie_id)
            if rated is not None:
                raise UserError(
                    f"you have seen {name_of(movie)} and gave it {stars_words(rated.stars)}: "
                    "a watchlist is for what you have not seen"
                )
            if await watchlists.count(db, user_id) >= MOST:
                raise UserError(f"your watchlist is full with {MOST} movies: take some off first")
            await people.remember(db, user_id, user_name)
            stored = await movies.remember(db, movie)
            await dismissals.remove(db, user_id, movie_id)
            return movie, await watchlists.add(db, user_id, stored.movie_key, self._clock())

    async def remove(self, user_id: int, movie_id: int) -> Movie:
        """Take a movie off a person's list.

        Raises
        ------
        UserError
            If it is not on it.
        """
        async with self._store.write() as db:
            serving = self._shelf.current
            if movie_id < 0:
                stored = await movies.by_key(db, -movie_id) if -movie_id <= LARGEST_NUMBER else None
                movie = None if stored is None else shown_movie(serving, stored)
                removed = await watchlists.remove(db, user_id, -movie_id) if stored else False
            else:
                movie = serving.catalogue.get(movie_id)
                removed = movie is not None and await watchlists.remove_catalogue_movie(db, user_id, movie_id)
            if movie is None or not removed:
                raise UserError(
                    f"{'that movie' if movie is None else name_of(movie)} is not on your watchlist"
                )
        return movie

    async def page(self, user_id: int, *, page: int = 0, size: int = 10) -> WatchlistPage:
        """Some of a person's list, newest first; a page beyond the last one is the last one."""
        async with self._store.read() as db:
            total = await watchlists.count(db, user_id)
            pages = max(-(-total // size), 1)
            page = min(max(page, 0), pages - 1)
            rows = await watchlists.of_person(db, user_id, limit=size, offset=page * size)
        serving = self._shelf.current
        wanted = tuple(WantedMovie(shown_movie(serving, row.movie), row.added_at) for row in rows)
        return WatchlistPage(wanted, total, page, pages)

    async def find(self, user_id: int, text: str) -> Lookup:
        """Which movie of their own list a person means.

        Raises
        ------
        UserError
            If the text is empty or has more than 400 characters.
        """
        async with self._store.read() as db:
            rows = await watchlists.of_person(db, user_id)
        serving = self._shelf.current
        return await find_among((shown_movie(serving, row.movie) for row in rows), text)

    async def wanted(self, user_id: int) -> set[int]:
        """The movies of the active catalogue that are on a person's list."""
        async with self._store.read() as db:
            return await watchlists.catalogue_ids(db, user_id)
