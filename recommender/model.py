"""A fitted model: scores, best movies, save and load. Needs numpy alone."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender import storage
from recommender.catalogue import CATALOGUE_FILE, GENRES, Catalogue, CatalogueError, catalogue_in
from recommender.explain import Explainer, Explanation
from recommender.fame import newest_year
from recommender.features import Feature, FloatArray, IntArray, ItemFeatures, genre_shares
from recommender.franchises import franchises
from recommender.genre_sets import GenreSets
from recommender.parameters import FEWEST_RATINGS, Parameters
from recommender.person import Person, Recommendation
from recommender.profiles import Cells, GenreAffinity, Profile, ProfileFeatures, check_stars
from recommender.ranking import BALANCED, Ranking
from recommender.similarity import Similarity
from recommender.stars import Floats, StarEstimate, StarParameters, StarPredictor, predictor
from recommender.storage import ModelError

FORMAT = 5
STARS_PREFIX = "stars_"
SAFE_AFFINITY = 2.4
CALIBRATED_AFFINITY = 6.0
"""Strength of the genre affinity, in units of `Parameters.unit`: always, and more per unit of calibration."""

TABLE = 64
"""So many ratings are turned into vectors at once."""


class UnknownMovie(KeyError):
    """A movie that the model has never seen."""


class Model:
    """What a fit leaves: movies and profile features as vectors, and what is needed to explain them.

    Parameters
    ----------
    catalogue : Catalogue
    features : ItemFeatures
    parameters : Parameters
    info : dict
        What is worth knowing of the fit (options, data, quality); plain JSON.
    stars : StarParameters, optional
        Without them nothing is known of how people give stars.

    Raises
    ------
    ModelError
        If the arrays do not fit each other or hold numbers that are not finite.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        features: ItemFeatures,
        parameters: Parameters,
        info: dict[str, Any],
        stars: StarParameters | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.features = features
        self.parameters = parameters
        self.info = info
        self._grouping = Lock()
        self._franchises: IntArray | None = None
        shares = genre_shares(catalogue)
        self.profile_features = ProfileFeatures(shares, parameters.usual_stars)
        self.genre_affinity = GenreAffinity(shares, parameters.expected)
        self.genre_sets = GenreSets(shares)
        self.movie_ids: IntArray = catalogue.movie_ids
        parameters.check(len(catalogue), len(features.names), self.profile_features.columns)
        self.star_parameters = stars or StarParameters.unknown(len(catalogue), self.dimensions)
        self.star_parameters.check(len(catalogue), self.dimensions)
        features.check(len(catalogue))

    @property
    def popularity(self) -> FloatArray:
        """Number of ratings of each movie in the training data, float32 of shape (n_movies,)."""
        return self.parameters.popularity

    @property
    def dimensions(self) -> int:
        """Length of a movie's vector."""
        return int(self.parameters.vectors.shape[1])

    @cached_property
    def row_of(self) -> dict[int, int]:
        """Position of each movie id in `movie_ids`."""
        return {int(movie_id): row for row, movie_id in enumerate(self.movie_ids)}

    @property
    def franchises(self) -> IntArray:
        """Franchise of each movie, int64 of shape (n_movies,); see `recommender.franchises`."""
        # Who asks while they are worked out waits for the rest of it, and does not begin anew.
        with self._grouping:
            if self._franchises is None:
                self._franchises = franchises(self.catalogue)
            return self._franchises

    def prepare(self) -> None:
        """Work out what the first list would otherwise wait for: a second for 87,000 movies."""
        _ = self.franchises, self._star_predictor

    @cached_property
    def years(self) -> IntArray:
        """Year of each movie, 0 where unknown: int64, shape (n_movies,)."""
        return self.catalogue.number("year")

    @cached_property
    def newest_year(self) -> int:
        """The year up to which the community has rated films; see `recommender.fame`."""
        return newest_year(self.catalogue, self.popularity)

    @cached_property
    def ahead(self) -> IntArray:
        """By how many years a movie placed by its fame is newer than all that the community has rated.

        int64, shape (n_movies,); 0 for all others.
        """
        placed = self.parameters.fame.any(axis=1) & (self.popularity < FEWEST_RATINGS)
        return np.where(placed, np.maximum(self.years - self.newest_year, 0), 0)

    @cached_property
    def popular_lifts(self) -> tuple[FloatArray, FloatArray]:
        """What the average profile, and what the bias, gives each movie more than a middling one.

        Each is float32 of shape (n_movies,).
        """
        parameters = self.parameters
        shared, known = parameters.vectors @ parameters.mean_profile, parameters.biases
        return shared - np.float32(np.median(shared)), known - np.float32(np.median(known))

    def row(self, movie_id: int) -> int:
        """Position of a movie in `movie_ids`.

        Raises
        ------
        UnknownMovie
            If the model has never seen the movie.
        """
        try:
            return self.row_of[movie_id]
        except KeyError:
            raise UnknownMovie(movie_id) from None

    def profile(self, ratings: Mapping[int, float]) -> Profile:
        """Ratings by movie id as a profile; movies the model does not know are left out.

        Raises
        ------
        ValueError
            If stars lie outside 0.5 to 5.
        """
        check_stars(ratings)
        row_of = self.row_of
        known = [(row_of[movie], stars) for movie, stars in ratings.items() if movie in row_of]
        rows = np.array([row for row, _ in known], np.int64)
        return Profile(rows, np.array([stars for _, stars in known], np.float32))

    def identity(self, row: int) -> tuple[FloatArray, float]:
        """Vector and bias of a movie itself, without its features and its fame.

        float32 of shape (D,), and a number.
        """
        columns, weights = self.features.of(row)
        p = self.parameters
        lift, bias = p.fame[row]
        vector = p.vectors[row] - weights @ p.feature_vectors[columns] - lift * p.renown
        return vector, float(p.biases[row] - weights @ p.feature_biases[columns] - bias)

    def rating_vectors(self, profile: Profile) -> FloatArray:
        """What each rating adds to the person's vector: float32, shape (n_rated, D)."""
        cells = self.profile_features.cells(profile)
        index = self.parameters.profile_index[cells.columns]
        met = np.flatnonzero(index >= 0)
        met = met[np.argsort(cells.owners[met], kind="stable")]
        owners, weights = cells.owners[met], cells.weights[met]
        count = len(profile.rows)
        vectors = np.zeros((count, self.dimensions), np.float32)
        # A product with a small table of weights is faster than sums of groups of rows.
        bounds = np.searchsorted(owners, np.arange(0, count + TABLE, TABLE)).tolist()
        for number, (start, end) in enumerate(pairwise(bounds)):
            mine = vectors[number * TABLE : (number + 1) * TABLE]
            table = np.zeros((len(mine), end - start), np.float32)
            table[owners[start:end] - number * TABLE, np.arange(end - start)] = weights[start:end]
            np.matmul(table, self.parameters.profile_vectors[index[met[start:end]]], out=mine)
        self._add_unmet(vectors, profile, cells)
        return vectors

    def _add_unmet(self, vectors: FloatArray, profile: Profile, cells: Cells) -> None:
        """Let the ratings of movies that the fit has not met speak by the features of these."""
        layout, p = self.profile_features, self.parameters
        unmet = np.flatnonzero(p.profile_index[layout.rated + profile.rows] < 0)
        if not len(unmet):
            return
        firsts = np.array(layout.blocks)
        which = np.searchsorted(firsts, cells.columns, side="right") - 1
        of_movie = cells.columns < firsts[which] + layout.movies
        weights = np.zeros((len(vectors), len(firsts)), np.float32)
        np.add.at(weights, (cells.owners[of_movie], which[of_movie]), cells.weights[of_movie])
        for by_trait, of_block in zip(p.feature_profiles, weights.T, strict=True):
            mine = unmet[of_block[unmet] != 0]
            entries, counts = self.features.of_all(profile.rows[mine])
            said = np.tile(by_trait[0], (len(mine), 1))
            firsts = (np.cumsum(counts) - counts)[counts > 0]
            if len(firsts):
                said[counts > 0] += np.add.reduceat(by_trait[self.features.columns[entries] + 1], firsts)
            vectors[mine] += of_block[mine, None] * said

    def affinity_by_rating(
        self, profile: Profile, calibration: float, sizes: IntArray | None = None
    ) -> FloatArray:
        """What each rating adds to the score of a movie with a genre: float32, shape (n_rated, n_genres).

        `sizes` as for `ProfileFeatures.cells`.
        """
        strength = (SAFE_AFFINITY + CALIBRATED_AFFINITY * calibration) * self.parameters.unit
        return (self.genre_affinity.by_rating(profile, sizes) * strength).astype(np.float32, copy=False)

    def scores(
        self, ratings: Mapping[int, float], adventure: float = 0.0, calibration: float = 0.0
    ) -> FloatArray:
        """Score of every movie for a person, known only by their ratings.

        ``score(u, i) = (x_u - a mean x) . y_i + (1 - a + 0.6 / n²) b_i + affinity of u to i's genres`` for n
        ratings: with the first of them it is still the best guess that somebody likes what everybody does.
        A movie that is placed by its fame loses something for each year that it is newer than all that the
        community and u have rated (`Person.newness`).

        LightFM's user biases are left out: the same for every movie, they order nothing, and WARP
        gives them no meaning.

        Parameters
        ----------
        ratings : mapping of movie id to stars
            Unknown ids are ignored; may be empty.
        adventure, calibration : float
            See `recommender.ranking.Ranking`; they are taken as they are, whatever the number of ratings.

        Returns
        -------
        float32, shape (n_movies,)
            In the order of `movie_ids`.

        Raises
        ------
        ValueError
            If stars lie outside 0.5 to 5.
        """
        return self.person(ratings, adventure, calibration).scores

    def person(
        self, ratings: Mapping[int, float], adventure: float = 0.0, calibration: float = 0.0
    ) -> Person:
        """Somebody with these ratings, for who asks several things about them; see `scores`."""
        return Person(self, ratings, adventure, calibration)

    def recommend(
        self,
        ratings: Mapping[int, float],
        k: int = 10,
        ranking: Ranking = BALANCED,
        candidates: npt.NDArray[np.bool_] | None = None,
        one_per_franchise: bool = False,
    ) -> list[Recommendation]:
        """The best movies for a person, best first, never a rated one.

        Parameters
        ----------
        ratings : mapping of movie id to stars
        k : int
            At most so many.
        ranking : Ranking
            Its levers are weakened while the ratings are few (`Ranking.after`).
        candidates : bool, shape (n_movies,), optional
            Only movies where it is true.
        one_per_franchise : bool
            Leave out a movie when a better one of its franchise is in the list; see `recommender.franchises`.

        Returns
        -------
        list of Recommendation
            Fewer than `k` when there are no more movies.
        """
        levers = ranking.after(len(ratings))
        person = self.person(ratings, levers.adventure, levers.calibration)
        return person.best(k, candidates, one_per_franchise)

    def percentile(
        self,
        ratings: Mapping[int, float],
        movie_id: int,
        adventure: float = 0.0,
        calibration: float = 0.0,
    ) -> float:
        """Place of a movie among all movies for a person: 0 for the lowest score, 100 for the highest.

        Raises
        ------
        UnknownMovie
            If the model has never seen the movie.
        """
        return self.person(ratings, adventure, calibration).percentile(movie_id)

    def explain(
        self,
        ratings: Mapping[int, float],
        movie_id: int,
        adventure: float = 0.0,
        calibration: float = 0.0,
    ) -> Explanation:
        """The exact attribution of one score; for many, see `Explainer.explain_all`.

        Raises
        ------
        UnknownMovie
            If the model has never seen the movie.
        ValueError
            If stars lie outside 0.5 to 5.
        """
        return Explainer(self.person(ratings, adventure, calibration)).explain(movie_id)

    def stars(self, ratings: Mapping[int, float], movie_ids: Sequence[int]) -> list[StarEstimate | None]:
        """The stars that a person would probably give some movies, in their order.

        They depend on the ratings and the movies alone, not on how a list is ranked. A rating of a movie that
        is asked about counts like any other: leave it out to predict it.

        Returns
        -------
        list of StarEstimate or None
            None where an estimate would be no better than a guess.

        Raises
        ------
        UnknownMovie
            If the model has never seen one of the movies.
        ValueError
            If stars lie outside 0.5 to 5.
        """
        rows = np.array([self.row(movie_id) for movie_id in movie_ids], np.int64)
        return self._star_predictor.estimate(self.profile(ratings), rows)

    def expected_stars(self, ratings: Mapping[int, float], movie_ids: Sequence[int]) -> Floats:
        """The same before rounding, and also where it is no better than a guess: float64 of shape (n,).

        Raises
        ------
        UnknownMovie, ValueError
            As `stars` does.
        """
        rows = np.array([self.row(movie_id) for movie_id in movie_ids], np.int64)
        return self._star_predictor.expected(self.profile(ratings), rows)

    def similar(
        self, movie_id: int, k: int = 10, candidates: npt.NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """Movies most like one, as (movie id, likeness up to 1), nearest first; see `Similarity`.

        Raises
        ------
        UnknownMovie
            If the model has never seen the movie.
        """
        row = self.row(movie_id)
        likeness = self._similarity.to(row)
        likeness[row] = -np.inf
        if candidates is not None:
            likeness[~candidates] = -np.inf
        best = np.argsort(-likeness, kind="stable")[:k]
        return [(int(self.movie_ids[i]), float(likeness[i])) for i in best if np.isfinite(likeness[i])]

    def save(self, path: Path) -> None:
        """Write the model to a folder, which appears whole or not at all.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        arrays = {name: getattr(self.parameters, name) for name in Parameters.__dataclass_fields__}
        arrays |= {"starts": self.features.starts, "columns": self.features.columns}
        arrays |= {"weights": self.features.weights}
        arrays |= {
            STARS_PREFIX + name: getattr(self.star_parameters, name)
            for name in StarParameters.__dataclass_fields__
        }
        names = [list(feature) for feature in self.features.names]
        content = {"features": names, "genres": list(GENRES), "info": self.info}
        with storage.whole_folder(path) as folder:
            self.catalogue.save(folder / CATALOGUE_FILE)
            storage.write(folder, FORMAT, content, arrays, [CATALOGUE_FILE])

    @classmethod
    def load(cls, path: Path) -> "Model":
        """Read what `save` wrote, after checking it against its checksums.

        Raises
        ------
        ModelError
            If the folder is missing, incomplete, corrupt, not a model, or of another format.
        """
        content, arrays = storage.read(path, FORMAT, [catalogue_in(path).name])
        try:
            if content["genres"] != list(GENRES):
                raise ModelError(f"{path} was made with other genres")
            features = ItemFeatures(
                tuple(Feature(kind, name) for kind, name in content["features"]),
                arrays.pop("starts"),
                arrays.pop("columns"),
                arrays.pop("weights"),
            )
            stars = StarParameters(
                **{name: arrays.pop(STARS_PREFIX + name) for name in StarParameters.__dataclass_fields__}
            )
            catalogue = Catalogue.load(catalogue_in(path))
            return cls(catalogue, features, Parameters(**arrays), dict(content["info"]), stars)
        except (KeyError, TypeError, ValueError, IndexError, CatalogueError) as error:
            raise ModelError(f"{path} is not a usable model: {error}") from error

    @cached_property
    def _star_predictor(self) -> StarPredictor:
        return predictor(self.catalogue, self.parameters, self.star_parameters)

    @cached_property
    def _similarity(self) -> Similarity:
        return Similarity(self)
