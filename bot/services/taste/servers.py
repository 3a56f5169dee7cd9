"""What the members of one server think together, and who of them rated most."""

from collections.abc import Mapping

from bot.services.privacy import Privacy
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
            people = await opinions.by_person(db, seen)
            found = await opinions.by_movie(db, [one.user_id for one in people])
        count, total = sum(one.count for one in people), sum(one.total for one in people)
        mean = total / count if count else None
        shared = [one for one in found if one.count >= LEAST_RATERS]
        loved = sorted(shared, key=lambda one: (-_drawn(one, mean or 0.0), one.movie.movie_key))
        divided = sorted(
            (one for one in shared if one.most > one.least),
            key=lambda one: (-_spread(one), one.movie.movie_key),
        )
        return ServerStats(
            raters=len(people),
            ratings=count,
            movies=len(found),
            mean=mean,
            loved=tuple(map(_divided, loved[:SHOWN])),
            divided=tuple(map(_divided, divided[:SHOWN])),
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
            people = await opinions.by_person(db, seen)
        places: list[tuple[int, Place]] = []
        for number, one in enumerate(people, 1):
            same = places and places[-1][1].ratings == one.count
            place = places[-1][1].place if same else number
            places.append((one.user_id, Place(place, members[one.user_id], one.count, one.total / one.count)))
        own = next((place for whose, place in places if whose == user_id), None)
        return Leaders(tuple(place for _, place in places[:LONGEST]), own, len(places))


def _drawn(one: MovieOpinion, mean: float) -> float:
    return (one.total + USUAL_RATERS * mean) / (one.count + USUAL_RATERS)


def _spread(one: MovieOpinion) -> float:
    """Variance, drawn towards the usual one while few have rated the movie."""
    within = max(one.squares - one.total**2 / one.count, 0.0)
    return (within + USUAL_RATERS * USUAL_SPREAD**2) / (one.count - 1 + USUAL_RATERS)


def _divided(one: MovieOpinion) -> Divided:
    stored = one.movie
    movie = Movie(-stored.movie_key, stored.title, stored.year)
    return Divided(movie, one.count, one.total / one.count, one.least, one.most)
