"""Looking for movies in the active catalogue, and among the stored ones that it lacks."""

import asyncio

from bot.services.imports.entries import Entry
from bot.services.imports.matching import Found, Matcher
from bot.services.imports.planning import Find
from bot.services.threads import made_to_stay
from bot.store import Connection, movies
from bot.store.movies import MovieRef
from recommender.catalogue import Catalogue, Movie


class Finder:
    """Keeps the index of the catalogue that was asked for last."""

    def __init__(self) -> None:
        self._last: tuple[Catalogue, Matcher] | None = None

    async def find(self, db: Connection, catalogue: Catalogue) -> Find:
        """A function that looks in a catalogue, which the stored movies are matched to."""
        if self._last is None or self._last[0] is not catalogue:
            with made_to_stay():
                self._last = catalogue, await asyncio.to_thread(Matcher, catalogue)
        matcher = self._last[1]
        lacking = [
            Movie(one.movie_key, one.title, one.year, imdb_id=one.imdb_id, tmdb_id=one.tmdb_id)
            for one in await movies.everything(db)
            if one.catalogue_id is None
        ]
        others = await asyncio.to_thread(Matcher, lacking)

        def find(entry: Entry) -> Found:
            found = matcher.find(entry)
            if found.movie is not None or found.candidates:
                return found
            other = others.find(entry)
            if other.movie is None or not other.certain:
                return found
            return other._replace(film=MovieRef(other.movie.movie_id))

        return find
