"""A server's past movie nights: how many, who hosts, and which one the model foresaw best."""

import asyncio
import logging
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from bot.services.nights.answers import Actor
from bot.services.nights.history import TOOK_PLACE
from bot.services.nights.steps import onlooker_of
from bot.services.nights.views import movie_of
from bot.services.shelf import Shelf
from bot.services.taste.answers import Evenings, Foreseen
from bot.store import Connection, Store, night_forecasts, night_people, nights, ratings
from bot.store.night_forecasts import Lacking
from bot.store.nights import StoredNight
from recommender.model import Model

LOOKED_AT = 100
"""So many of the newest nights."""
HOSTS = 3
LEAST_PEOPLE = 2
LEAST_RATINGS = 5
"""With fewer other ratings there is nothing to foresee somebody's stars from."""
AT_ONCE = 25
"""For so many people the stars of a night are foreseen while somebody waits for the statistics."""

log = logging.getLogger(__name__)


class PastEvenings:
    """Statistics of the nights that took place.

    What the model foresees for somebody is worked out once, when it is first asked for, and kept: years of
    nights cost no more than the last one.
    """

    def __init__(self, store: Store, shelf: Shelf) -> None:
        self._store = store
        self._shelf = shelf
        self._looking = asyncio.Lock()
        self._going_on: asyncio.Task[None] | None = None

    async def of(self, actor: Actor) -> Evenings:
        """The newest nights of a server that the actor may see."""
        async with self._store.read() as db:
            seen = await onlooker_of(db, actor)
            found = await nights.of_guild(db, seen, TOOK_PLACE, newest_first=True, limit=LOOKED_AT)
        by_id = {night.night_id: night for night in found}
        if await self._foresee(by_id) == AT_ONCE and (self._going_on is None or self._going_on.done()):
            # After an update, a year of nights: the rest is there when it is asked for again.
            self._going_on = asyncio.create_task(self._go_on(by_id), name="foresee past nights")
        async with self._store.read() as db:
            hosts = Counter(await night_people.hosts_of(db, by_id))
            best = await self._best(db, by_id)
        most = tuple(sorted(hosts.items(), key=lambda one: (-one[1], one[0]))[:HOSTS])
        return Evenings(len(found), sum(night.attended or 0 for night in found), most, best)

    async def close(self) -> None:
        """End what is still being worked out; it is taken up again when it is asked for."""
        if self._going_on is not None:
            self._going_on.cancel()
            await asyncio.wait([self._going_on])

    async def _best(self, db: Connection, by_id: Mapping[int, StoredNight]) -> Foreseen | None:
        nearest = await night_forecasts.nearest(db, by_id, least_people=LEAST_PEOPLE)
        if nearest is None:
            return None
        night = by_id[nearest.night_id]
        movie = await movie_of(db, self._shelf.current, night.winner_key)
        if movie is None:
            return None
        return Foreseen(movie, night.starts_at or night.created_at, nearest.people, nearest.error)

    async def _go_on(self, night_ids: Collection[int]) -> None:
        try:
            while await self._foresee(night_ids):
                pass
        except Exception:
            log.exception("the stars of past nights were not foreseen")

    async def _foresee(self, night_ids: Collection[int]) -> int:
        """Foresee the stars of some people for whom that has not been done; answers of how many."""
        model = self._shelf.current.model
        if model is None:
            return 0
        async with self._looking:
            async with self._store.read() as db:
                some = await night_forecasts.lacking(
                    db, night_ids, least_ratings=LEAST_RATINGS, limit=AT_ONCE
                )
                people = {one.user_id for one in some}
                profiles = {user_id: await ratings.profile(db, user_id) for user_id in people}
            rows = await asyncio.to_thread(_forecasts, model, some, profiles)
            if rows:
                async with self._store.write() as db:
                    await night_forecasts.add(db, rows)
        return len(rows)


def _forecasts(
    model: Model, some: Sequence[Lacking], profiles: Mapping[int, Mapping[int, float]]
) -> list[tuple[int, int, float | None]]:
    return [
        (one.night_id, one.user_id, foreseen(model, profiles[one.user_id], one.catalogue_id)) for one in some
    ]


def foreseen(model: Model, others: Mapping[int, float], movie_id: int) -> float | None:
    """The stars somebody may give a movie, by its place among what they rated.

    The model orders; what an order is worth in stars is read off the person's own ratings: a movie that it
    puts in the middle of theirs gets their median. None for too few ratings, or a movie it does not know.
    """
    known = {one: stars for one, stars in others.items() if one in model.catalogue and one != movie_id}
    if len(known) < LEAST_RATINGS or movie_id not in model.catalogue:
        return None
    scores = model.person(known).scores
    mine = scores[[model.row(one) for one in known]]
    place = float((mine < scores[model.row(movie_id)]).mean())
    return float(np.quantile(np.array(list(known.values())), place))
