"""The community's averages of what is being served, worked out when first asked for."""

import asyncio
import logging
from pathlib import Path

from bot.services.shelf import Serving
from recommender.datasets.averages import Averages, read_averages
from recommender.datasets.dataset import DatasetError
from recommender.taste import Usual

logger = logging.getLogger(__name__)


class Community:
    """What everybody else thinks, for comparison.

    Parameters
    ----------
    datasets : Path
        The folder of the saved data sets.
    """

    def __init__(self, datasets: Path) -> None:
        self._datasets = datasets
        self._serving: Serving | None = None
        self._found = (Averages.nothing(), Usual({}, {}))
        self._looking = asyncio.Lock()

    async def of(self, serving: Serving) -> tuple[Averages, Usual]:
        """The averages of the served data set, and what is usual there.

        A second or two for a large community the first time, and whenever something else is being served.
        """
        async with self._looking:
            if self._serving is not serving:
                self._found = await asyncio.to_thread(self._read, serving)
                self._serving = serving
            return self._found

    def _read(self, serving: Serving) -> tuple[Averages, Usual]:
        averages = Averages.nothing()
        if serving.dataset:
            try:
                averages = read_averages(self._datasets / serving.dataset)
            except DatasetError as error:
                logger.warning("nobody is compared with the community: %s", error)
        return averages, Usual.of(serving.catalogue, averages)
