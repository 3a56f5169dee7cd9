"""What people want to see."""

from bot.errors import UserError
from bot.services.answers import WantedMovie, WatchlistPage
from bot.services.clock import Clock, utc_now
from bot.services.movies import find_among
from bot.services.ratings import known_movie, shown_movie, stored_movie
from bot.services.shelf import Shelf
from bot.services.shown_titles import name_of
from bot.services.wording import stars_words
from bot.store import Store, dismissals, movies, people, ratings, watchlists
from bot.store.movies import MovieRef
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

    async def remove(self, user_id: int, movie: int | MovieRef) -> Movie:
        """Take a movie off a person's list.

        Raises
        ------
        UserError
            If it is not on it.
        """
        async with self._store.write() as db:
            serving = self._shelf.current
            if isinstance(movie, MovieRef):
                found = shown_movie(serving, await stored_movie(db, movie))
                removed = await watchlists.remove(db, user_id, movie.key)
            else:
                found = serving.catalogue.get(movie)
                removed = found is not None and await watchlists.remove_catalogue_movie(db, user_id, movie)
            if found is None or not removed:
                # What others have rows of is not told.
                name = "that movie" if found is None or isinstance(movie, MovieRef) else name_of(found)
                raise UserError(f"{name} is not on your watchlist")
        return found

    async def page(self, user_id: int, *, page: int = 0, size: int = 10) -> WatchlistPage:
        """Some of a person's list, newest first; a page beyond the last one is the last one."""
        async with self._store.read() as db:
            total = await watchlists.count(db, user_id)
            pages = max(-(-total // size), 1)
            page = min(max(page, 0), pages - 1)
            rows = await watchlists.of_person(db, user_id, limit=size, offset=page * size)
        serving = self._shelf.current
        shown = [(row, shown_movie(serving, row.movie)) for row in rows]
        wanted = tuple(
            WantedMovie(movie, row.added_at, row.movie.ref, movie.movie_id in serving.catalogue)
            for row, movie in shown
        )
        return WatchlistPage(wanted, total, page, pages)

    async def find(self, user_id: int, text: str) -> Lookup:
        """Which movie of their own list a person means; see `bot.services.movies.find_among`.

        Raises
        ------
        UserError
            If the text is empty or has more than 400 characters.
        """
        async with self._store.read() as db:
            rows = await watchlists.of_person(db, user_id)
        serving = self._shelf.current
        return await find_among(((row.movie.ref, shown_movie(serving, row.movie)) for row in rows), text)

    async def wanted(self, user_id: int) -> set[int]:
        """The movies of the active catalogue that are on a person's list."""
        async with self._store.read() as db:
            return await watchlists.catalogue_ids(db, user_id)
