"""The map of a group's movies and people, which keeps its place from one model to the next."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from bot.errors import UserError
from bot.services.privacy import Privacy
from bot.services.ratings import RatingBook
from bot.services.shelf import Shelf
from bot.services.shown_titles import title_of
from bot.services.taste.answers import GroupMap, MapMovie, MapPerson
from bot.store import Store, meta, opinions
from recommender.model import Model
from recommender.taste.map import TasteMap, taste_map

PLACES = "map_places"
"""Fact: where the landmarks of the last map are, and in which data set and model."""

PEOPLE = 12
MOVIES = 40
NEAR = 3


class Maps:
    """Draws the map of what is served."""

    def __init__(self, store: Store, shelf: Shelf, ratings: RatingBook, privacy: Privacy) -> None:
        self._store = store
        self._shelf = shelf
        self._ratings = ratings
        self._privacy = privacy

    async def group(self, members: Mapping[int, str]) -> GroupMap:
        """These people and the movies they rated, those who hide their ratings aside.

        Parameters
        ----------
        members : mapping
            Their names by user id.

        Raises
        ------
        UserError
            If there is no model, or it knows nothing that they rated.
        """
        serving = self._shelf.current
        model, version = serving.model, serving.version
        if model is None or version is None:
            raise UserError("there is no model yet: try again after the first retrain")
        seen = await self._privacy.open_ones(members)
        async with self._store.read() as db:
            people, _ = await opinions.by_person(db, seen, PEOPLE)
        profiles: dict[str, dict[int, float]] = {}
        for one in people:
            rated = await self._ratings.profile(one.user_id)
            known = {movie_id: stars for movie_id, stars in rated.items() if serving.knows(movie_id)}
            if known:
                # Two of the same name are told apart by their number, as Discord shows it nowhere else.
                name = members[one.user_id]
                profiles[f"{name} ({one.user_id % 10_000})" if name in profiles else name] = known
        if not profiles:
            raise UserError("the map is empty: nobody here has rated a movie that the model knows")
        drawn = await self._map(model, serving.dataset, version.version)
        return await asyncio.to_thread(_group, drawn, profiles)

    async def _map(self, model: Model, dataset: str, version: int) -> TasteMap:
        async with self._store.read() as db:
            noted: dict[str, Any] = json.loads(await meta.get(db, PLACES) or "{}")
        # Another data set numbers its movies differently.
        same = noted.get("dataset") == dataset
        before = {int(one): (across, up) for one, (across, up) in noted["places"].items()} if same else {}
        drawn = await asyncio.to_thread(taste_map, model, before)
        if not same or noted.get("version") != version:
            ids = model.movie_ids[drawn.landmarks].tolist()
            places = {str(one): place for one, place in zip(ids, drawn.places.round(4).tolist(), strict=True)}
            text = json.dumps({"dataset": dataset, "version": version, "places": places})
            async with self._store.write() as db:
                await meta.put(db, PLACES, text)
        return drawn


def _group(drawn: TasteMap, profiles: Mapping[str, Mapping[int, float]]) -> GroupMap:
    model = drawn.model
    raters: dict[int, int] = {}
    for profile in profiles.values():
        for movie_id in profile:
            raters[movie_id] = raters.get(movie_id, 0) + 1
    rows = {movie_id: model.row(movie_id) for movie_id in raters}
    chosen = sorted(raters, key=lambda one: (-raters[one], -model.popularity[rows[one]], rows[one]))[:MOVIES]
    places = drawn.of_movies(np.array([rows[one] for one in chosen], np.int64))
    movies = tuple(
        MapMovie(model.catalogue[movie_id], float(across), float(up), raters[movie_id])
        for movie_id, (across, up) in zip(chosen, places, strict=True)
    )
    people: list[MapPerson] = []
    for name, profile in profiles.items():
        across, up = drawn.of_person(profile).tolist()
        near = sorted(movies, key=lambda one: (one.across - across) ** 2 + (one.up - up) ** 2)[:NEAR]
        people.append(MapPerson(name, across, up, tuple(one.movie for one in near)))
    left, right, below, above = drawn.sides()
    if not (left or right):
        left, right = _ends(movies, lambda one: one.across)
    if not (below or above):
        below, above = _ends(movies, lambda one: one.up)
    return GroupMap(movies, tuple(people), left, right, below, above)


def _ends(
    movies: Sequence[MapMovie], along: Callable[[MapMovie], float]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Where no genre tells what lies at the two ends, the movies that do; nothing while these are few."""
    if len(movies) < 2:
        return (), ()
    first, last = min(movies, key=along), max(movies, key=along)
    return (f"like {title_of(first.movie)}",), (f"like {title_of(last.movie)}",)
