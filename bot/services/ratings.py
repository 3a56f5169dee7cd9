"""What people rated, and what they do not want to see."""

from datetime import datetime

from bot.errors import UserError
from bot.services.answers import RatedMovie, RatingChange, RatingsPage
from bot.services.clock import Clock, utc_now
from bot.services.movies import find_among
from bot.services.shelf import Serving, Shelf
from bot.services.shown_titles import name_of
from bot.services.stars import valid_stars
from bot.store import (
    Connection,
    Store,
    changes,
    dismissals,
    movies,
    people,
    privacy,
    ratings,
    seen,
    watchlists,
)
from bot.store.movies import MovieRef, StoredMovie
from bot.store.ratings import Order, StoredRating
from recommender.catalogue import Movie
from recommender.titles import Lookup

LARGEST_NUMBER = 2**63 - 1
NOWHERE = 0
"""The number of movies that the active catalogue lacks; no movie of a catalogue has it."""


class RatingBook:
    """The ratings of everybody.

    What a method answered is on disk. Movies are named by their id in the active catalogue; those that have
    rows, whatever the catalogue, by their `MovieRef` too.
    """

    def __init__(self, store: Store, shelf: Shelf, clock: Clock = utc_now) -> None:
        self._store = store
        self._shelf = shelf
        self._clock = clock

    async def rate(self, user_id: int, user_name: str, movie: int | MovieRef, stars: float) -> RatingChange:
        """Give a movie stars, whatever it had before.

        Raises
        ------
        UserError
            If the stars are not 0.5 to 5 in halves, or nobody knows the movie.
        """
        stars = valid_stars(stars)
        async with self._store.write() as db:
            return await self.rate_within(db, user_id, user_name, movie, stars)

    async def unrate(self, user_id: int, movie: int | MovieRef) -> RatingChange:
        """Remove a rating.

        Raises
        ------
        UserError
            If there is none.
        """
        async with self._store.write() as db:
            serving = self._shelf.current
            before = await _rating(db, user_id, movie)
            if before is None:
                known = serving.catalogue.get(movie) if isinstance(movie, int) else None
                raise UserError(f"you have not rated {'that movie' if known is None else known.name}")
            return await self._change(db, serving, user_id, before.movie, None, before)

    async def undo(self, user_id: int, change_id: int) -> RatingChange:
        """Take a change of this person back; the answer is a change too, which can be undone.

        Raises
        ------
        UserError
            If the change is not theirs, was undone before, or the rating was changed again since.
        """
        async with self._store.write() as db:
            return await self.undo_within(db, user_id, change_id)

    async def rate_instead(self, user_id: int, user_name: str, change_id: int, movie_id: int) -> RatingChange:
        """Take a change back because another movie was meant, which gets its stars; both or neither.

        Raises
        ------
        UserError
            If the change cannot be undone, or nobody knows the other movie.
        """
        async with self._store.write() as db:
            undone = await self.undo_within(db, user_id, change_id)
            if undone.previous is None:
                raise UserError("there were no stars to give to another movie")
            return await self.rate_within(db, user_id, user_name, movie_id, undone.previous)

    async def page(
        self, user_id: int, *, page: int = 0, size: int = 10, order: Order = "newest"
    ) -> RatingsPage:
        """Some of a person's ratings; a page beyond the last one is the last one."""
        async with self._store.read() as db:
            total, mean = await ratings.summary(db, user_id)
            pages = max(-(-total // size), 1)
            page = min(max(page, 0), pages - 1)
            rows = await ratings.of_person(db, user_id, order=order, limit=size, offset=page * size)
        serving = self._shelf.current
        rated = tuple(_rated(serving, row) for row in rows)
        return RatingsPage(rated, total, mean, page, pages)

    async def profile(self, user_id: int) -> dict[int, float]:
        """A person's stars by movie, of the movies that the active catalogue has; oldest first."""
        async with self._store.read() as db:
            return await ratings.profile(db, user_id)

    async def seen(self, user_id: int) -> set[int]:
        """The movies of the active catalogue that a person has rated."""
        return set(await self.profile(user_id))

    async def hiding(self) -> set[int]:
        """Everybody whose ratings are to be shown to nobody else."""
        async with self._store.read() as db:
            return await privacy.hiding(db)

    async def noted_seen(self, user_id: int) -> set[int]:
        """The movies of the active catalogue that a person has seen, as imports and movie nights say."""
        async with self._store.read() as db:
            return await seen.catalogue_ids(db, user_id)

    async def rated(self, user_id: int, text: str) -> Lookup:
        """Which of their own rated movies a person means; see `bot.services.movies.find_among`.

        Raises
        ------
        UserError
            If the text is empty or has more than 400 characters.
        """
        async with self._store.read() as db:
            rows = await ratings.of_person(db, user_id)
        serving = self._shelf.current
        return await find_among(((row.movie.ref, shown_movie(serving, row.movie)) for row in rows), text)

    async def dismiss(self, user_id: int, user_name: str, movie_id: int) -> Movie:
        """Note that a person does not want to be shown a movie; it leaves their watchlist.

        Raises
        ------
        UserError
            If the catalogue lacks the movie.
        """
        async with self._store.write() as db:
            movie = known_movie(self._shelf.current, movie_id)
            await people.remember(db, user_id, user_name)
            stored = await movies.remember(db, movie)
            await dismissals.add(db, user_id, stored.movie_key, self._clock())
            await watchlists.remove_catalogue_movie(db, user_id, movie_id)
        return movie

    async def restore(self, user_id: int, movie_id: int) -> Movie:
        """Let a person be shown a movie again.

        Raises
        ------
        UserError
            If they had not dismissed it, or the catalogue lacks it.
        """
        async with self._store.write() as db:
            movie = known_movie(self._shelf.current, movie_id)
            if not await dismissals.remove(db, user_id, movie_id):
                raise UserError(f"{name_of(movie)} is not among the movies you are not interested in")
        return movie

    async def dismissed(self, user_id: int) -> set[int]:
        """The movies of the active catalogue that a person does not want to be shown."""
        async with self._store.read() as db:
            return await dismissals.of_person(db, user_id)

    async def rate_within(
        self, db: Connection, user_id: int, user_name: str, movie: int | MovieRef, stars: float
    ) -> RatingChange:
        """Give a movie valid stars as part of a transaction.

        Raises
        ------
        UserError
            If nobody knows the movie.
        """
        # Asked for within the transaction: a data set is exchanged in one, ids and catalogue together.
        serving = self._shelf.current
        before = await _rating(db, user_id, movie)
        await people.remember(db, user_id, user_name)
        if before is not None:
            stored = before.movie
        elif isinstance(movie, MovieRef):
            stored = await stored_movie(db, movie)
        else:
            stored = await movies.remember(db, known_movie(serving, movie))
        return await self._change(db, serving, user_id, stored, stars, before)

    async def undo_within(self, db: Connection, user_id: int, change_id: int) -> RatingChange:
        """Take a change back as part of a transaction; see `undo`."""
        change = await changes.get(db, change_id) if 0 < change_id <= LARGEST_NUMBER else None
        if change is None:
            raise UserError("there is nothing to undo: that change is not kept any more")
        if change.user_id != user_id:
            raise UserError("only the person who rated can undo that")
        newer = await changes.newer(db, change)
        if any(later.undoes == change_id for later in newer):
            raise UserError("that was undone already")
        if newer:
            raise UserError("that rating was changed again since: rate the movie anew instead")
        stored = await movies.by_key(db, change.movie_key)
        before = await ratings.get(db, user_id, change.movie_key)
        if stored is None:
            raise RuntimeError(f"change {change_id} is of a movie that is not there")
        return await self._change(
            db,
            self._shelf.current,
            user_id,
            stored,
            change.previous,
            before,
            rated_at=change.previous_at,
            undoes=change_id,
        )

    async def _change(
        self,
        db: Connection,
        serving: Serving,
        user_id: int,
        stored: StoredMovie,
        stars: float | None,
        before: StoredRating | None,
        *,
        rated_at: datetime | None = None,
        undoes: int | None = None,
    ) -> RatingChange:
        """Make the rating what is wanted, and note the change; `rated_at` is now unless it is given."""
        now = self._clock()
        if stars is None:
            await ratings.remove(db, user_id, stored.movie_key)
        else:
            await ratings.put(db, user_id, stored.movie_key, stars, rated_at or now)
        previous = None if before is None else before.stars
        change_id = await changes.record(
            db,
            user_id=user_id,
            movie_key=stored.movie_key,
            stars=stars,
            previous=previous,
            previous_at=None if before is None else before.rated_at,
            at=now,
            undoes=undoes,
        )
        movie = shown_movie(serving, stored)
        # Without any model it is not worth a word that it does not know the movie.
        known = serving.catalogue if serving.model is None else serving.model.catalogue
        in_model, is_known = movie.movie_id in known, movie.movie_id in serving.catalogue
        return RatingChange(change_id, movie, stars, previous, in_model, is_known)


async def _rating(db: Connection, user_id: int, movie: int | MovieRef) -> StoredRating | None:
    if abs(movie.key if isinstance(movie, MovieRef) else movie) > LARGEST_NUMBER:
        return None
    if isinstance(movie, MovieRef):
        return await ratings.get(db, user_id, movie.key)
    return await ratings.of_catalogue_movie(db, user_id, movie)


def _rated(serving: Serving, row: StoredRating) -> RatedMovie:
    movie = shown_movie(serving, row.movie)
    return RatedMovie(movie, row.stars, row.rated_at, row.movie.ref, movie.movie_id in serving.catalogue)


def known_movie(serving: Serving, movie_id: int) -> Movie:
    """The catalogue's movie of this id.

    Raises
    ------
    UserError
        If it has none.
    """
    movie = serving.catalogue.get(movie_id)
    if movie is None:
        raise UserError("the catalogue does not have that movie any more: look it up by its title")
    return movie


async def stored_movie(db: Connection, ref: MovieRef) -> StoredMovie:
    """The movie of somebody's rows.

    Raises
    ------
    UserError
        If nobody has rows of it any more.
    """
    stored = await movies.by_key(db, ref.key) if abs(ref.key) <= LARGEST_NUMBER else None
    if stored is None:
        raise UserError("that movie is not there any more: look it up by its title")
    return stored


def shown_movie(serving: Serving, stored: StoredMovie) -> Movie:
    """The stored movie as the catalogue has it, or, as `NOWHERE`, as it was when it was stored."""
    movie = None if stored.catalogue_id is None else serving.catalogue.get(stored.catalogue_id)
    if movie is not None:
        return movie
    return Movie(NOWHERE, stored.title, stored.year, imdb_id=stored.imdb_id, tmdb_id=stored.tmdb_id)
