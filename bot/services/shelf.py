"""What is being served: a model, a catalogue and the search in it, which belong together."""

import filecmp
import gc
import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.services.answers import ModelVersion
from recommender.catalogue import Catalogue, CatalogueError
from recommender.datasets.dataset import CATALOGUE_FILE, INFO_FILE, DatasetError
from recommender.model import CATALOGUE_FILE as MODEL_CATALOGUE_FILE
from recommender.model import Model, ModelError
from recommender.titles import TitleIndex


@dataclass(frozen=True, slots=True)
class Serving:
    """One consistent state of what is served. A command takes it once and works on it to its end.

    Attributes
    ----------
    version : ModelVersion or None
        None exactly if there is no model.
    model : Model or None
        It may lack movies of the catalogue, never have others.
    catalogue : Catalogue
        The active one, to which the stored movies are matched.
    titles : TitleIndex
        Of all movies of the catalogue.
    dataset : str
        Name of the data set that the catalogue is of; empty if there is none.
    acknowledgement : str
        What the licence of the data asks to be said.
    """

    version: ModelVersion | None
    model: Model | None
    catalogue: Catalogue
    titles: TitleIndex
    dataset: str = ""
    acknowledgement: str = ""

    def knows(self, movie_id: int) -> bool:
        """Whether the model can say something about a movie."""
        return self.model is not None and movie_id in self.model.catalogue

    @classmethod
    def nothing(cls) -> "Serving":
        """No data set and no model."""
        return cls(None, None, Catalogue([]), TitleIndex([]))


class Shelf:
    """Holds what is being served, and swaps it in one step while commands are being answered."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving

    @property
    def current(self) -> Serving:
        """What is served now; ask once per command."""
        return self._serving

    def swap(self, serving: Serving) -> Serving:
        """Serve something else from now on; answers what was served before."""
        previous, self._serving = self._serving, serving
        return previous


def load_serving(dataset: Path, fitted: tuple[Path, ModelVersion] | None = None) -> Serving:
    """Read a data set's catalogue and a model from disk. Takes a second or two: call it in a thread.

    Parameters
    ----------
    dataset : Path
        Folder of a saved data set.
    fitted : (Path, ModelVersion), optional
        Folder and version of a model that was fitted on this data set.

    Raises
    ------
    DatasetError
        If the data set cannot be read.
    ModelError
        If the model cannot be read, or was fitted on another data set.
    """
    with _collector_paused():
        name, acknowledgement = _described(dataset)
        if fitted is None:
            catalogue = _catalogue(dataset)
            return Serving(None, None, catalogue, TitleIndex(catalogue), name, acknowledgement)
        folder, version = fitted
        if version.dataset != name:
            # The same number may be another movie there.
            raise ModelError(f"model {version.version} was fitted on {version.dataset}, not on {name}")
        model = Model.load(folder)
        # Mostly the model has the very same catalogue, and one in memory is enough.
        catalogue = model.catalogue if _same_catalogue(dataset, folder) else _catalogue(dataset)
        titles = TitleIndex(catalogue, _popularity(model, catalogue))
        return Serving(version, model, catalogue, titles, name, acknowledgement)


def _described(dataset: Path) -> tuple[str, str]:
    try:
        info = json.loads((dataset / INFO_FILE).read_text(encoding="utf-8"))
        return str(info["name"]), str(info["acknowledgement"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DatasetError(f"{dataset} does not hold a readable data set: {error}") from error


def _catalogue(dataset: Path) -> Catalogue:
    try:
        return Catalogue.load(dataset / CATALOGUE_FILE)
    except (OSError, CatalogueError) as error:
        raise DatasetError(f"{dataset} does not hold a readable data set: {error}") from error


def _same_catalogue(dataset: Path, model: Path) -> bool:
    try:
        return filecmp.cmp(dataset / CATALOGUE_FILE, model / MODEL_CATALOGUE_FILE, shallow=False)
    except OSError as error:
        raise DatasetError(f"{dataset} does not hold a readable data set: {error}") from error


def _popularity(model: Model, catalogue: Catalogue) -> list[float]:
    counts = dict(zip(model.movie_ids.tolist(), model.popularity.tolist(), strict=True))
    return [counts.get(movie.movie_id, 0.0) for movie in catalogue]


@contextmanager
def _collector_paused() -> Generator[None]:
    """Keep the garbage collector from walking, again and again, over the many objects being made.

    They are there to stay, so that it never looks at them afterwards either.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was_enabled:
            gc.enable()
