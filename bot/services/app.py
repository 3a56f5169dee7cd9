"""All services, opened and closed together."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from bot import __version__
from bot.services.answers import About, ModelVersion
from bot.services.backups import Backups
from bot.services.clock import Clock, utc_now
from bot.services.data import DataSets
from bot.services.errands import Errands
from bot.services.exporting import Exports
from bot.services.fit_run import Fitter
from bot.services.group import GroupLists
from bot.services.guilds import Guilds
from bot.services.imports.service import Imports
from bot.services.membership import Viewer
from bot.services.meta import Meta
from bot.services.movies import Movies
from bot.services.newer import newer_of
from bot.services.nights.service import Nights
from bot.services.pictures import draw
from bot.services.pictures.painter import Painter, Picture
from bot.services.privacy import Privacy
from bot.services.ratings import RatingBook
from bot.services.recommending import Recommending
from bot.services.shelf import Serving, Shelf, load_serving
from bot.services.taste.community import Community
from bot.services.taste.evenings import PastEvenings
from bot.services.taste.maps import Maps
from bot.services.taste.servers import Servers
from bot.services.taste.tastes import Tastes
from bot.services.tmdb.client import Tmdb
from bot.services.tmdb.movies import ATTRIBUTION, MovieCards
from bot.services.tmdb.releases import Releases
from bot.services.training import Training
from bot.services.unmatched import UnmatchedRows
from bot.services.versions import Versions, as_answer
from bot.services.watchlists import Watchlists
from bot.settings import Settings
from bot.store import Store, meta, releases
from bot.store.store import BACKUPS
from recommender.catalogue import Movie
from recommender.datasets.dataset import DatasetError
from recommender.model import ModelError

logger = logging.getLogger(__name__)


class Services:
    """The use cases by subject, on one database and one shelf. Made by `Services.open`.

    Attributes
    ----------
    movies : Movies
    ratings : RatingBook
    unmatched : UnmatchedRows
    recommending : Recommending
    watchlists : Watchlists
    groups : GroupLists
    imports : Imports
    exports : Exports
    training : Training
    guilds : Guilds
    data : DataSets
    errands : Errands
    backups : Backups
    meta : Meta
    privacy : Privacy
    tastes : Tastes
    servers : Servers
    evenings : PastEvenings
    maps : Maps
    painter : Painter
    cards : MovieCards
    releases : Releases
    nights : Nights
    clock : Clock
    """

    def __init__(self, store: Store, settings: Settings, clock: Clock) -> None:
        self._shelf = shelf = Shelf(Serving.nothing())
        self._versions = Versions(store, settings.models)
        tmdb = None if settings.tmdb_key is None else Tmdb(settings.tmdb_key.get_secret_value())
        self.releases = Releases(store, shelf, tmdb, clock, partial(self._serve, store, settings.datasets))
        self.movies = Movies(shelf, self.releases.look_up)
        self.ratings = RatingBook(store, shelf, clock)
        self.unmatched = UnmatchedRows(store, shelf, self.ratings, clock)
        self.recommending = Recommending(shelf, self.ratings, clock)
        self.watchlists = Watchlists(store, shelf, clock)
        self.groups = GroupLists(shelf, self.ratings, self.watchlists)
        self.imports = Imports(store, shelf, clock)
        self.training = Training(Fitter(store, shelf, self._versions, settings.home, clock))
        self.guilds = Guilds(store)
        self.data = DataSets(store, shelf, settings.home, clock, settings.catalogue_days)
        self.errands = Errands(settings.home, self.data)
        self.backups = Backups(store, settings.home / BACKUPS, settings.backups, clock)
        self.meta = Meta(store)
        self.privacy = Privacy(store, clock, settings.backups, forget_fits=self.training.forget)
        community = Community(settings.datasets)
        self.tastes = Tastes(shelf, self.ratings, self.privacy, community)
        self.cards = MovieCards(shelf, community, tmdb)
        self.servers = Servers(store, self.privacy)
        self.evenings = PastEvenings(store, shelf)
        self.maps = Maps(store, shelf, self.ratings, self.privacy)
        self.painter = Painter(settings.home)
        self.exports = Exports(store, self._pictures, clock)
        self.nights = Nights(store, shelf, self.ratings, self.groups, clock)
        self.clock = clock

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings, clock: Clock = utc_now) -> AsyncGenerator["Services"]:
        """Open the database, serve the active data set with its model, and close everything at the end.

        A model that cannot be read is passed over for the newest kept one that can.

        Raises
        ------
        UserError
            If the home or the database cannot be used; see `bot.store.Store.open`.
        """
        async with Store.open(settings.home, settings.database_url, clock=clock) as store:
            services = cls(store, settings, clock)
            await services.data.start()
            if not await services._serve(store, settings.datasets):
                await services.data.fall_back()
                await services._serve(store, settings.datasets)
            await services.imports.start()
            await services.training.start()
            try:
                yield services
            finally:
                await services.data.close()
                await services.errands.close()
                await services.training.close()
                await services.evenings.close()
                services.painter.close()
                await services.cards.close()

    async def _pictures(self, user_id: int, name: str) -> Sequence[Picture]:
        found = await self.tastes.taste(Viewer(user_id, name, None), user_id)
        return tuple((await draw.taste(self.painter, found)).values())

    async def about(self) -> About:
        """What the bot is running on."""
        serving = self._shelf.current
        version = serving.version
        # Whose films these are has to be said wherever the data are named.
        thanks = ATTRIBUTION if newer_of(serving.catalogue) else ""
        return About(
            bot_version=__version__,
            model=version,
            dataset=serving.dataset,
            movies=len(serving.catalogue),
            community_ratings=int(serving.popularity.sum()) if version is None else version.community_ratings,
            acknowledgement=" ".join(filter(None, [serving.acknowledgement, thanks])),
        )

    async def _serve(self, store: Store, datasets: Path) -> bool:
        """Put on the shelf what was served when the bot ended, as far as it can be read; answers whether."""
        async with store.read() as db:
            name = await meta.get(db, meta.ACTIVE_DATASET)
            newer = await releases.everything(db)
        if name is None or not (datasets / name).is_dir():
            return False
        versions = self._versions
        usable = [
            one for one in await versions.all() if one.state in ("current", "kept") and one.dataset == name
        ]
        # The current one, and then, should it be unreadable, the newest of the others.
        for stored in sorted(usable, key=lambda one: one.state != "current"):
            path = versions.path(stored)
            version = replace(as_answer(stored), state="current")
            if path is not None and await self._load(datasets / name, (path, version), newer):
                if stored.state != "current":
                    await versions.make_current(stored.version)
                return True
        return await self._load(datasets / name, None, newer)

    async def _load(
        self, dataset: Path, fitted: tuple[Path, ModelVersion] | None, newer: Sequence[Movie]
    ) -> bool:
        """Serve this if it can be read; else say in the log why not."""
        try:
            self._shelf.swap(await asyncio.to_thread(load_serving, dataset, fitted, newer))
        except (ModelError, DatasetError) as error:
            logger.error("%s cannot be served: %s", _name(fitted), error)  # noqa: TRY400 - the line says all
            return False
        return True


def _name(fitted: tuple[Path, ModelVersion] | None) -> str:
    return "the data set" if fitted is None else f"model {fitted[1].version}"
