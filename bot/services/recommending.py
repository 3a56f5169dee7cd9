"""What to watch next, and why."""

import asyncio
from collections.abc import Collection, Hashable, Iterable

from cachetools import LRUCache

from bot.errors import UserError
from bot.services import asking, lists
from bot.services.answers import Filters, Picks, SimilarMovies, Style, Why
from bot.services.clock import Clock, utc_now
from bot.services.filters import Facets, checked
from bot.services.ratings import RatingBook
from bot.services.shelf import Serving, Shelf
from bot.services.shown_titles import name_of
from recommender.catalogue import Movie
from recommender.model import Model

MOST = 50
EVERYTHING = Filters()
_MOST_QUESTIONS = 1000

NO_RATINGS = (
    "you have not rated anything yet, so this is the popular list, the same for everybody: rate a few "
    "movies and it becomes yours"
)
NOTHING_KNOWN = (
    "the model does not know any of the movies you rated yet, so this is the popular list, "
    "the same for everybody"
)
NO_MODEL = "there is no model yet, so this is the popular list, the same for everybody"


class Recommending:
    """Recommends from what is on the shelf and what people rated.

    Whatever takes longer than a moment is done in a thread.
    """

    def __init__(self, shelf: Shelf, ratings: RatingBook, clock: Clock = utc_now) -> None:
        self._shelf = shelf
        self._ratings = ratings
        self._clock = clock
        self._shown: LRUCache[Hashable, frozenset[int]] = LRUCache(_MOST_QUESTIONS)

    async def recommend(
        self,
        user_id: int,
        *,
        count: int = 5,
        filters: Filters = EVERYTHING,
        style: Style = "balanced",
        start: int | None = None,
    ) -> Picks:
        """The best movies for a person; the popular list, said to be that, while nothing is known of them.

        Parameters
        ----------
        user_id : int
        count : int
        filters : Filters
        style : str
        start : int, optional
            So many better ones are left out. By default the list goes on behind what was shown (see
            `showed`) the same day for the same filters and style.

        Raises
        ------
        UserError
            If the filters are wrong or contradict each other, or nothing is left to recommend.
        """
        wishes = checked(filters)
        serving = self._shelf.current
        person = await self._person(user_id, serving)
        if serving.model is None or not person.profile:
            note = NO_MODEL if serving.model is None else NOTHING_KNOWN if person.rated else NO_RATINGS
            return await asyncio.to_thread(lists.popular, serving, person, _count(count), wishes, style, note)
        if start is not None and not 0 <= start < lists.DEEPEST:
            raise UserError(f"the list ends after {lists.DEEPEST} movies: narrow it down with filters")
        begin = self._shown.get(self._question(user_id, wishes, style), ()) if start is None else start
        return await asyncio.to_thread(
            lists.personal, serving.model, person, _count(count), wishes, style, begin
        )

    def showed(self, user_id: int, filters: Filters, style: Style, movie_ids: Iterable[int]) -> None:
        """Remember for the day what somebody was shown, so that the same question is answered with others.

        This is a courtesy and no record: it is in memory alone, and gone with a restart.
        """
        question = self._question(user_id, checked(filters), style)
        shown = self._shown.get(question, frozenset()) | frozenset(movie_ids)
        self._shown[question] = shown if len(shown) < lists.DEEPEST else frozenset()

    def _question(self, user_id: int, wishes: Filters, style: Style) -> Hashable:
        return user_id, wishes, style, self._clock().date()

    async def popular(self, user_id: int, *, count: int = 10, filters: Filters = EVERYTHING) -> Picks:
        """The most rated movies that a person has not rated or put aside.

        Raises
        ------
        UserError
            As `recommend` does.
        """
        wishes = checked(filters)
        serving = self._shelf.current
        person = await self._person(user_id, serving)
        return await asyncio.to_thread(lists.popular, serving, person, _count(count), wishes, "balanced", "")

    async def why(self, user_id: int, movie_id: int) -> Why:
        """The whole explanation of one movie; a rating of the movie itself does not count in it.

        Raises
        ------
        UserError
            If there is no model, or it does not know the movie.
        """
        serving = self._shelf.current
        movie, model = _known(serving, movie_id)
        person = await self._person(user_id, serving)
        return await asyncio.to_thread(lists.why, model, person.profile, movie)

    async def similar(
        self, movie_id: int, *, count: int = 10, filters: Filters = EVERYTHING
    ) -> SimilarMovies:
        """The movies nearest to one, nearest first.

        Raises
        ------
        UserError
            If the filters are wrong or nothing fits them, there is no model, or it does not know the movie.
        """
        wishes = checked(filters)
        movie, model = _known(self._shelf.current, movie_id)
        return await asyncio.to_thread(lists.similar, model, movie, _count(count), wishes)

    def people(self, text: str, limit: int) -> list[str]:
        """Complete the name of somebody who makes movies or plays in them; to be run in a thread."""
        return Facets.of(self._shelf.current.catalogue).credits.suggest(text, limit)

    async def quick_start(self, user_id: int) -> list[Movie]:
        """A dozen well-known and diverse movies that a person has not rated or put aside."""
        serving = self._shelf.current
        person = await self._person(user_id, serving)
        return await asyncio.to_thread(lists.quick_start, serving, person.hidden)

    async def question(self, user_id: int, asked: Collection[int] = ()) -> Movie | None:
        """The movie whose rating would teach the model most about a person.

        None when they have rated, put aside or been `asked` about every well-known one.
        """
        serving = self._shelf.current
        person = await self._person(user_id, serving)
        return await asyncio.to_thread(asking.question, serving, person, asked)

    async def _person(self, user_id: int, serving: Serving) -> lists.Person:
        rated = await self._ratings.profile(user_id)
        aside = await self._ratings.dismissed(user_id) | await self._ratings.noted_seen(user_id)
        known = {movie_id: stars for movie_id, stars in rated.items() if serving.knows(movie_id)}
        return lists.Person(known, len(rated), aside | rated.keys())


def _count(count: int) -> int:
    if not 1 <= count <= MOST:
        raise UserError(f"{count} is too few or too many: ask for 1 to {MOST} movies")
    return count


def _known(serving: Serving, movie_id: int) -> tuple[Movie, Model]:
    """The movie and the model that knows it."""
    movie = serving.catalogue.get(movie_id)
    if movie is None:
        raise UserError("the catalogue does not have that movie any more: look it up by its title")
    if serving.model is None:
        raise UserError("there is no model yet: try again after the first retrain")
    if movie_id not in serving.model.catalogue:
        raise UserError(f"the model does not know {name_of(movie)} yet: it will after the next retrain")
    return movie, serving.model
