"""What the members of one server think together, and who of them rated most."""

from collections.abc import Mapping

from bot.services.privacy import Privacy
from bot.services.ratings import NOWHERE
from bot.services.taste.answers import Divided, Leaders, Place, ServerStats
from bot.store import Store, opinions
from bot.store.opinions import MovieOpinion
from recommender.catalogue import Movie

LEAST_RATERS = 2
SHOWN = 5
USUAL_RATERS = 2.0
"""A movie's own mean counts as much as that of all movies at so many ratings."""
USUAL_SPREAD = 1.0
LONGEST = 10


class Servers:
    """Statistics of a server, of the ratings that are not hidden."""

    def __init__(self, store: Store, privacy: Privacy) -> None:
        self._store = store
        self._privacy = privacy

    async def stats(self, members: Mapping[int, str]) -> ServerStats:
        """What these people think of the movies they rated.

        Parameters
        ----------
        members : mapping
            Their names by user id.
        """
        seen = await self._privacy.open_ones(members)
        async with self._store.read() as db:
            found = await opinions.together(
                db,
                seen,
                least_raters=LEAST_RATERS,
                shown=SHOWN,
                usual_raters=USUAL_RATERS,
                usual_spread=USUAL_SPREAD,
            )
        return ServerStats(
            raters=found.raters,
            ratings=found.ratings,
            movies=found.movies,
            mean=found.mean,
            loved=tuple(map(_divided, found.loved)),
            divided=tuple(map(_divided, found.divided)),
        )

    async def leaders(self, members: Mapping[int, str], user_id: int) -> Leaders:
        """Who of these people rated most; those with the same number share a place.

        Parameters
        ----------
        members : mapping
            Their names by user id.
        user_id : int
            Who asks, and is told their own place.
        """
        seen = await self._privacy.open_ones(members)
        async with self._store.read() as db:
            found, count = await opinions.by_person(db, seen, LONGEST, also=user_id)
        places = {
            one.user_id: Place(one.place, members[one.user_id], one.count, one.total / one.count)
            for one in found
        }
        return Leaders(tuple(places.values())[:LONGEST], places.get(user_id), count)


def _divided(one: MovieOpinion) -> Divided:
    stored = one.movie
    movie = Movie(NOWHERE, stored.title, stored.year)
    return Divided(movie, one.count, one.total / one.count, one.least, one.most)
