"""What is being served: a model, a catalogue and the search in it, which belong together."""

import asyncio
import filecmp
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from threading import Thread

import numpy as np

from bot.services.answers import ModelVersion
from bot.services.newer import index_for, is_newer, lacking
from bot.services.threads import give_back, made_to_stay
from bot.services.titles import LateTitles, Titles
from recommender.catalogue import Catalogue, CatalogueError, Movie, catalogue_in
from recommender.columns import Rows
from recommender.datasets.dataset import INFO_FILE, Dataset, DatasetError
from recommender.datasets.matching import match
from recommender.features import FloatArray
from recommender.growing import grown
from recommender.model import Model, ModelError
from recommender.storage import read_array
from recommender.titles import TitleIndex

POPULARITY_FILE = "popularity.npy"
TITLES_FILE = "titles.npz"
"""The index of the titles, kept beside the data set by who serves it."""


@dataclass(frozen=True, slots=True)
class Serving:
    """One consistent state of what is served. A command takes it once and works on it to its end.

    Attributes
    ----------
    version : ModelVersion or None
        None exactly if there is no model.
    model : Model or None
        It has the movies of the catalogue: those that came after its fit are placed by their features.
    catalogue : Catalogue
        The active one, to which the stored movies are matched.
    titles : Titles
        Of all movies of the catalogue.
    dataset : str
        Name of the data set that the catalogue is of; empty if there is none.
    acknowledgement : str
        What the licence of the data asks to be said.
    until : date or None
        When the data were made, where they say so.
    popularity : float32, shape (n_movies,)
        Number of ratings of each movie of the catalogue in the data, 0 where unknown.
    """

    version: ModelVersion | None
    model: Model | None
    catalogue: Catalogue
    titles: Titles
    dataset: str = ""
    acknowledgement: str = ""
    until: date | None = None
    popularity: FloatArray = field(default_factory=lambda: np.zeros(0, np.float32), compare=False)

    def __post_init__(self) -> None:
        if not len(self.popularity):
            object.__setattr__(self, "popularity", np.zeros(len(self.catalogue), np.float32))

    def knows(self, movie_id: int) -> bool:
        """Whether the model can say something about a movie."""
        return self.model is not None and movie_id in self.model.catalogue

    def prepare(self) -> None:
        """Work out what the first list would otherwise wait for."""
        if self.model is not None:
            self.model.prepare()
            give_back()
        if isinstance(self.titles, LateTitles):
            self.titles.wait()

    @classmethod
    def nothing(cls) -> "Serving":
        """No data set and no model."""
        return cls(None, None, Catalogue([]), TitleIndex([]))


class Shelf:
    """Holds what is being served, and swaps it in one step while commands are being answered."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self.exchanging = asyncio.Lock()
        """Held by who works out what to serve next from what is served and stored now, until it is served."""
        self.learning = asyncio.Lock()
        """Held by a fit from its beginning to its end, and by who exchanges the data that it would read."""

    @property
    def current(self) -> Serving:
        """What is served now; ask once per command."""
        return self._serving

    def swap(self, serving: Serving) -> Serving:
        """Serve something else from now on; answers what was served before."""
        previous, self._serving = self._serving, serving
        return previous


def load_serving(
    dataset: Path, fitted: tuple[Path, ModelVersion] | None = None, newer: Sequence[Movie] = ()
) -> Serving:
    """Read a data set's catalogue and a model from disk. Takes a second or two: call it in a thread.

    Parameters
    ----------
    dataset : Path
        Folder of a saved data set.
    fitted : (Path, ModelVersion), optional
        Folder and version of a model that was fitted on this data set.
    newer : sequence of Movie
        What came out since the data set was made; what it lacks of them is served beside it.

    Raises
    ------
    DatasetError
        If the data set cannot be read.
    ModelError
        If the model cannot be read, or was fitted on another data set.
    """
    with made_to_stay():
        about = _described(dataset)
        name = about[0]
        if fitted is None:
            catalogue = _catalogue(dataset)
            popularity = _counted(dataset, len(catalogue))
            more = lacking(catalogue, newer)
            if more:
                catalogue = catalogue.joined(Catalogue(more))
                popularity = np.pad(popularity, (0, len(more)))
            titles = LateTitles(catalogue, popularity.tolist(), dataset / TITLES_FILE)
            return Serving(None, None, catalogue, titles, *about, popularity)
        folder, version = fitted
        if version.dataset != name:
            # The same number may be another movie there.
            raise ModelError(f"model {version.version} was fitted on {version.dataset}, not on {name}")
        model = Model.load(folder)
        # Mostly the model has the very same catalogue, and one in memory is enough.
        catalogue = model.catalogue if _same_catalogue(dataset, folder) else _catalogue(dataset)
        serving = _served(model, version, catalogue, newer, dataset)
        # Not waited for, by a start or by a program that ends: who asks too early waits for the rest of it.
        Thread(target=serving.prepare, name="model", daemon=True).start()
        return serving


def renewed(serving: Serving, dataset: Path, newer: Sequence[Movie] = ()) -> Serving:
    """What is served, on a newer state of its data set; the running model learns of what it lacks.

    Takes seconds: call it in a thread.

    Parameters
    ----------
    serving : Serving
        With a model. It stays as it is.
    dataset : Path
        Folder of the newer state.
    newer : sequence of Movie
        As for `load_serving`.

    Raises
    ------
    DatasetError
        If the data set cannot be read.
    ModelError
        If the model knows movies that the data set lacks.
    """
    if serving.model is None or serving.version is None:
        return load_serving(dataset, None, newer)
    with made_to_stay():
        catalogue = _catalogue(dataset)
        found = _served(serving.model, serving.version, catalogue, newer, dataset)
        found.prepare()
        return found


def _served(
    model: Model,
    version: ModelVersion,
    catalogue: Catalogue,
    newer: Sequence[Movie],
    dataset: Path,
) -> Serving:
    more = lacking(catalogue, newer)
    if more or catalogue is not model.catalogue:
        whole = catalogue.joined(Catalogue(more))
        carried = _carried_over(model, whole)
        if carried is None:
            name = version.dataset
            raise ModelError(f"model {version.version} was fitted on another {name}, with other movies")
        model = carried
    titles = LateTitles(model.catalogue, model.popularity.tolist(), dataset / TITLES_FILE)
    about = _described(dataset)
    return Serving(version, model, model.catalogue, titles, *about, model.popularity)


def with_newer(serving: Serving, movies: Sequence[Movie]) -> Serving:
    """The same with more movies, which the model serves by their features. Call it in a thread.

    Parameters
    ----------
    serving : Serving
    movies : sequence of Movie
        None of which its catalogue has.
    """
    model = None if serving.model is None else grown(serving.model, movies)
    catalogue = serving.catalogue.joined(Catalogue(movies)) if model is None else model.catalogue
    popularity = np.pad(serving.popularity, (0, len(movies)))
    titles = LateTitles(catalogue, popularity.tolist())
    found = replace(serving, model=model, catalogue=catalogue, titles=titles, popularity=popularity)
    found.prepare()
    return found


def _carried_over(model: Model, catalogue: Catalogue) -> Model | None:
    """A model with the movies of another catalogue, its own first; None if that lacks one of them.

    What the catalogue says of a movie by now is what is told of it; its place is that which the fit gave it.
    """
    rows = _rows_of(model.catalogue, catalogue)
    if (rows < 0).any() or len(np.unique(rows)) < len(rows):
        return None
    more = np.setdiff1d(np.arange(len(catalogue)), rows)
    order = np.concatenate([rows, more])
    if (order != np.arange(len(order))).any():
        catalogue = catalogue.take(order)
    model = grown(model, catalogue.movies[len(rows) :])
    return Model(catalogue, model.features, model.parameters, model.info, model.star_parameters)


def _rows_of(mine: Catalogue, catalogue: Catalogue) -> Rows:
    """Places of the movies of one catalogue in another one, -1 for what it lacks."""
    rows = catalogue.rows(mine.movie_ids)
    # The same number at IMDb is the same movie, whatever it is called by now.
    own, theirs = mine.number("imdb_id"), catalogue.number("imdb_id")[rows]
    for row in np.flatnonzero((rows >= 0) & ((own == 0) | (own != theirs))).tolist():
        if mine.movies[row].name != catalogue.movies[int(rows[row])].name:
            rows[row] = -1
    # A new release may have become one of the data set's own movies, with another number.
    lost = [row for row in np.flatnonzero(rows < 0).tolist() if is_newer(mine.movies[row])]
    if lost:
        index = index_for([mine.movies[row] for row in lost], catalogue)
        for row in lost:
            movie_id = match(mine.movies[row], index)
            if movie_id is not None:
                rows[row] = catalogue.rows(np.array([movie_id]))[0]
    return rows


def _described(dataset: Path) -> tuple[str, str, date | None]:
    """Name, acknowledgement, and up to when the data go."""
    try:
        info = json.loads((dataset / INFO_FILE).read_text(encoding="utf-8"))
        name, acknowledgement, until = str(info["name"]), str(info["acknowledgement"]), info.get("until")
        return name, acknowledgement, date.fromisoformat(until) if until else None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DatasetError(f"{dataset} does not hold a readable data set: {error}") from error


def _catalogue(dataset: Path) -> Catalogue:
    try:
        return Catalogue.load(catalogue_in(dataset))
    except (OSError, CatalogueError) as error:
        raise DatasetError(f"{dataset} does not hold a readable data set: {error}") from error


def _same_catalogue(dataset: Path, model: Path) -> bool:
    try:
        return filecmp.cmp(catalogue_in(dataset), catalogue_in(model), shallow=False)
    except OSError as error:
        raise DatasetError(f"{dataset} does not hold a readable data set: {error}") from error


def _counted(dataset: Path, movies: int) -> FloatArray:
    """What `note_popularity` noted; zeros where it noted nothing for these movies."""
    try:
        counts = read_array(dataset / POPULARITY_FILE)
    except (OSError, ValueError, EOFError):
        return np.zeros(movies, np.float32)
    return counts.astype(np.float32) if counts.shape == (movies,) else np.zeros(movies, np.float32)


def note_popularity(dataset: Dataset, folder: Path) -> None:
    """Note beside a saved data set how often each movie was rated.

    The bot shows the popular list before the first fit, and has no room for the ratings of a large community.
    """
    row_of = {movie_id: row for row, movie_id in enumerate(dataset.catalogue.movie_ids.tolist())}
    movie_ids, counts = np.unique(dataset.ratings.movie_ids, return_counts=True)
    popularity = np.zeros(len(row_of), np.float32)
    popularity[[row_of[movie_id] for movie_id in movie_ids.tolist()]] = counts
    np.save(folder / POPULARITY_FILE, popularity)
