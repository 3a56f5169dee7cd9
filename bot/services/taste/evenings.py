"""A server's past movie nights: how many, who hosts, and which one the model foresaw best."""

import asyncio
from collections import Counter
from collections.abc import Mapping

import numpy as np

from bot.services.nights.history import TOOK_PLACE
from bot.services.nights.views import movie_of
from bot.services.ratings import RatingBook
from bot.services.shelf import Shelf
from bot.services.taste.answers import Evenings, Foreseen
from bot.store import Connection, Store, night_people, night_votes, nights, privacy
from bot.store.nights import StoredNight
from recommender.catalogue import Movie
from recommender.model import Model

LOOKED_AT = 100
"""So many of the newest nights."""
HOSTS = 3
LEAST_PEOPLE = 2
LEAST_RATINGS = 5
"""With fewer other ratings there is nothing to foresee somebody's stars from."""


class PastEvenings:
    """Statistics of the nights that took place."""

    def __init__(self, store: Store, shelf: Shelf, ratings: RatingBook) -> None:
        self._store = store
        self._shelf = shelf
        self._ratings = ratings

    async def of(self, guild_id: int) -> Evenings:
        """The newest nights of a server."""
        serving = self._shelf.current
        hosts: Counter[str] = Counter()
        rated: list[tuple[StoredNight, Movie, dict[int, float]]] = []
        async with self._store.read() as db:
            found = await nights.of_guild(db, guild_id, TOOK_PLACE, newest_first=True, limit=LOOKED_AT)
            hiding = await privacy.hiding(db)
            for night in found:
                host = await night_people.host(db, night.night_id)
                if host is not None:
                    hosts[host.name] += 1
                movie = await movie_of(db, serving, night.winner_key)
                given = await _given(db, night, hiding)
                if movie is not None and serving.knows(movie.movie_id) and len(given) >= LEAST_PEOPLE:
                    rated.append((night, movie, given))
        best: Foreseen | None = None
        for night, movie, given in rated:
            error = await self._error(serving.model, movie.movie_id, given)
            if error is not None and (best is None or error < best.error):
                best = Foreseen(movie, night.starts_at or night.created_at, len(given), error)
        most = tuple(sorted(hosts.items(), key=lambda one: (-one[1], one[0]))[:HOSTS])
        return Evenings(len(found), sum(night.attended or 0 for night in found), most, best)

    async def _error(self, model: Model | None, movie_id: int, given: Mapping[int, float]) -> float | None:
        """How many stars the model was off on average, for those of whom it could foresee something."""
        if model is None:
            return None
        off: list[float] = []
        for user_id, stars in given.items():
            others = await self._ratings.profile(user_id)
            others.pop(movie_id, None)
            seen = await asyncio.to_thread(foreseen, model, others, movie_id)
            if seen is not None:
                off.append(abs(seen - stars))
        return sum(off) / len(off) if len(off) >= LEAST_PEOPLE else None


async def _given(db: Connection, night: StoredNight, hiding: set[int]) -> dict[int, float]:
    """The stars of those who were there and do not hide them."""
    if night.winner_key is None:
        return {}
    there = [one.user_id for one in await night_people.answers(db, night.night_id) if one.answer == "in"]
    seen = [user_id for user_id in there if user_id not in hiding]
    return await night_votes.stars_of(db, night.winner_key, seen)


def foreseen(model: Model, others: Mapping[int, float], movie_id: int) -> float | None:
    """The stars somebody may give a movie, by its place among what they rated; None for too few ratings.

    The model orders; what an order is worth in stars is read off the person's own ratings: a movie that it
    puts in the middle of theirs gets their median.
    """
    known = {one: stars for one, stars in others.items() if one in model.catalogue and one != movie_id}
    if len(known) < LEAST_RATINGS:
        return None
    scores = model.person(known).scores
    mine = scores[[model.row(one) for one in known]]
    place = float((mine < scores[model.row(movie_id)]).mean())
    return float(np.quantile(np.array(list(known.values())), place))
