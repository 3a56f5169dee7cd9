"""One list for several people, and what they have on their watchlists together."""

import asyncio
import random
from collections.abc import Callable, Collection, Sequence

from bot.errors import UserError
from bot.services import group_lists
from bot.services.answers import Filters, GroupList, GroupPick
from bot.services.filters import checked
from bot.services.hiding import Member, Party
from bot.services.ratings import RatingBook
from bot.services.shelf import Serving, Shelf
from bot.services.watchlists import Watchlists
from bot.services.wording import counted
from recommender.catalogue import Movie
from recommender.groups import DEFAULT, Strategy

MOST = 50
MOST_PEOPLE = 50
EVERYTHING = Filters()
OURS = 10
"""So many movies of the watchlists are ranked, and one of them is drawn."""

NO_HIDDEN_LISTS = "whoever hides their ratings hides their watchlist too"

Draw = Callable[[int], int]
"""Answers one of so many places."""


class GroupLists:
    """Recommends to several people at once. What takes longer than a moment is done in a thread.

    Members without ratings are welcome everywhere: what they want and do not want counts, and the order is
    made by those who have ratings. What of those who hide theirs counts is told in `bot.services.hiding`.
    """

    def __init__(
        self,
        shelf: Shelf,
        ratings: RatingBook,
        watchlists: Watchlists,
        draw: Draw = random.randrange,
    ) -> None:
        self._shelf = shelf
        self._ratings = ratings
        self._watchlists = watchlists
        self._draw = draw

    async def recommend(
        self,
        user_ids: Collection[int],
        *,
        count: int = 5,
        strategy: Strategy = DEFAULT,
        filters: Filters = EVERYTHING,
        rewatch: bool = False,
    ) -> GroupList:
        """The best movies for a group; the popular list, said to be that, while no ratings may be used.

        Out is what a member is not interested in, and what a member has rated or otherwise seen. With
        `rewatch` only those rated movies are out that somebody disliked.

        Raises
        ------
        UserError
            If there is nobody, the filters are wrong or contradict each other, or nothing is left.
        """
        wishes = checked(filters)
        if not 1 <= count <= MOST:
            raise UserError(f"{count} is too few or too many: ask for 1 to {MOST} movies")
        serving = self._shelf.current
        party = await self._party(user_ids, serving)
        if serving.model is None or not any(member.profile for member in party.shown.values()):
            return await asyncio.to_thread(
                group_lists.popular, serving, party, count, strategy, wishes, rewatch
            )
        return await asyncio.to_thread(
            group_lists.together, serving.model, party, count, strategy, wishes, rewatch
        )

    async def about(self, user_ids: Collection[int], movie_ids: Sequence[int]) -> list[GroupPick]:
        """What a group may think of these movies, seen or not, in their order.

        Raises
        ------
        UserError
            If there is nobody, or the catalogue lacks a movie.
        """
        serving = self._shelf.current
        party = await self._party(user_ids, serving)
        if any(movie_id not in serving.catalogue for movie_id in movie_ids):
            raise UserError("the catalogue does not have that movie any more: look it up by its title")
        return await asyncio.to_thread(group_lists.opinions, serving, party.shown, movie_ids)

    async def ours(self, user_ids: Collection[int]) -> tuple[list[GroupPick], str]:
        """What shown members of a group have on their watchlists and all members may be shown.

        First what most of them want, then what they may like best; ten at most.

        Returns
        -------
        list of GroupPick, str
            And a line about what was left out; empty if nothing was.

        Raises
        ------
        UserError
            If there is nobody, or nothing on their lists that nobody has seen or put aside.
        """
        serving = self._shelf.current
        party = await self._party(user_ids, serving)
        wanted = {movie_id for member in party.shown.values() for movie_id in member.wanted}
        if not wanted:
            where = "a watchlist that others may see" if party.hiding else "the watchlist"
            raise UserError(f"nobody of you has a movie on {where}: put some on it with watchlist add TITLE")
        out = {movie_id for member in party.shown.values() for movie_id in (*member.seen, *member.dismissed)}
        left = sorted(wanted - out - party.vetoed)
        if not left:
            raise UserError("one of you has seen or put aside each movie on your watchlists: add others")
        seen = len(wanted & out)
        picks = await asyncio.to_thread(group_lists.opinions, serving, party.shown, left)
        picks.sort(key=lambda pick: (-len(pick.wanted_by), -(pick.percentile or 0.0)))
        notes = [f"{counted(seen, 'other')} left out that one of you has seen or put aside"] * bool(seen)
        notes += [NO_HIDDEN_LISTS] * bool(party.hiding)
        notes += [f"the first {OURS} of {len(picks)}"] * (len(picks) > OURS)
        return picks[:OURS], "; ".join(notes)

    async def pick_one(self, user_ids: Collection[int]) -> GroupPick:
        """One of `ours`, by lot.

        Raises
        ------
        UserError
            As `ours` does.
        """
        picks, _ = await self.ours(user_ids)
        return picks[self._draw(len(picks))]

    def draw_movie(self, movie_ids: Sequence[int]) -> Movie:
        """One of these movies, by lot.

        Raises
        ------
        UserError
            If the catalogue has none of them any more.
        """
        catalogue = self._shelf.current.catalogue
        movies = [catalogue[movie_id] for movie_id in movie_ids if movie_id in catalogue]
        if not movies:
            raise UserError("the catalogue does not have those movies any more: ask for the list again")
        return movies[self._draw(len(movies))]

    async def _party(self, user_ids: Collection[int], serving: Serving) -> Party:
        if not user_ids:
            raise UserError("a group needs somebody: name who watches")
        if len(user_ids) > MOST_PEOPLE:
            raise UserError(f"{len(user_ids)} are too many for one list: name at most {MOST_PEOPLE}")
        people: dict[int, Member] = {}
        for user_id in dict.fromkeys(user_ids):
            rated = await self._ratings.profile(user_id)
            people[user_id] = Member(
                profile={movie_id: stars for movie_id, stars in rated.items() if serving.knows(movie_id)},
                rated=rated,
                dismissed=await self._ratings.dismissed(user_id),
                wanted=await self._watchlists.wanted(user_id),
                unrated=await self._ratings.noted_seen(user_id),
            )
        return Party.of(people, await self._ratings.hiding())
