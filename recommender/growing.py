"""A model that learns of new movies without a fit: they are placed by their features alone."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recommender.catalogue import Catalogue, Movie
from recommender.fame import fame
from recommender.features import Feature, FloatArray, IntArray, ItemFeatures, named
from recommender.model import Model
from recommender.parameters import FEWEST_RATINGS, Parameters, compose
from recommender.profiles import BLOCKS, DAMPING
from recommender.stars import facts

Index = npt.NDArray[np.int32]

RIDGE = 1e-3


def grown(model: Model, movies: Sequence[Movie]) -> Model:
    """A model that serves more movies; see `extended`.

    Parameters
    ----------
    model : Model
        Stays as it is.
    movies : sequence of Movie
        Of other ids than the model's.

    Raises
    ------
    ValueError
        If an id is taken.
    """
    return extended(model, model.catalogue.joined(Catalogue(movies))) if movies else model


def extended(model: Model, catalogue: Catalogue) -> Model:
    """A model that serves all movies of a larger catalogue, as a fit would that had met them unrated.

    What nobody rated has no vector of its own in a fit either: it is the sum of its features' vectors, at the
    popularity of a usual movie or, if it is known how many people voted on it, at that of a movie with as
    many (`recommender.fame`). Features that the model does not know are left out. A rating of a new movie
    tells what ratings of movies with its features do (`recommender.unmet`).

    Parameters
    ----------
    model : Model
        Stays as it is.
    catalogue : Catalogue
        Has the model's movies and others, in any order.
    """
    p, stars = model.parameters, model.star_parameters
    known = catalogue.rows(model.movie_ids)
    new = np.setdiff1d(np.arange(len(catalogue)), known)
    cold = _features(model.features, catalogue, new)
    vectors = compose(np.zeros((len(new), model.dimensions), np.float32), cold, p.feature_vectors)
    biases = compose(np.full(len(new), _usual_bias(model), np.float32), cold, p.feature_biases)
    spread = _Spread(len(catalogue), known, new)
    popularity = spread.over(p.popularity, 0)
    lifts = spread.over(p.vectors @ p.mean_profile - p.fame[:, 0], vectors @ p.mean_profile)
    all_biases = spread.over(p.biases - p.fame[:, 1], biases)
    more: FloatArray = fame(catalogue, popularity, lifts, all_biases, float(p.unit))[new]
    vectors += np.outer(more[:, 0], p.renown)
    biases += more[:, 1]
    parameters = replace(
        p,
        vectors=spread.over(p.vectors, vectors),
        biases=spread.over(p.biases, biases),
        profile_index=_with_room(p.profile_index, spread),
        popularity=popularity,
        usual_stars=spread.over(p.usual_stars, _usual_stars(p)),
        fame=spread.over(p.fame, more),
    )
    features = _both(model.features, known, cold, new)
    traits = facts(catalogue, parameters, stars.basis)
    expected = _expected_biases(traits[known], stars.biases, p.popularity, traits[new])
    stars = replace(
        stars,
        biases=spread.over(stars.biases, expected),
        # Of no movie is less known than of one without ratings.
        doubt=spread.over(stars.doubt, float(stars.doubt.max(initial=1))),
    )
    return Model(catalogue, features, parameters, model.info, stars)


class _Spread(NamedTuple):
    """Where the movies of a model, and where the new ones, stand in a larger catalogue."""

    movies: int
    known: IntArray
    new: IntArray

    def over(self, values: FloatArray, others: FloatArray | float) -> FloatArray:
        """An array of all movies out of the model's and the new ones' values."""
        whole = np.empty((self.movies, *values.shape[1:]), values.dtype)
        whole[self.known] = values
        whole[self.new] = others
        return whole


def _features(known: ItemFeatures, catalogue: Catalogue, rows: IntArray) -> ItemFeatures:
    """The features of some movies among those of a fit, with the weights they had there."""
    column_of: dict[Feature, int] = {feature: column for column, feature in enumerate(known.names)}
    weight_of = np.zeros(len(known.names), np.float32)
    weight_of[known.columns] = known.weights
    found = [
        [column_of[feature] for feature in named(movie) if feature in column_of]
        for movie in catalogue.take(rows)
    ]
    starts = np.zeros(len(found) + 1, np.int64)
    np.cumsum([len(one) for one in found], out=starts[1:])
    columns = np.array([column for one in found for column in one], np.int64)
    return ItemFeatures(known.names, starts, columns, weight_of[columns])


def _both(features: ItemFeatures, known: IntArray, cold: ItemFeatures, new: IntArray) -> ItemFeatures:
    """The features of the movies of a fit and of new ones, each at its place."""
    counts = np.empty(len(known) + len(new), np.int64)
    counts[known], counts[new] = np.diff(features.starts), np.diff(cold.starts)
    starts = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    entries = int(starts[-1])
    whole = ItemFeatures(features.names, starts, np.empty(entries, np.int64), np.empty(entries, np.float32))
    for some, rows in ((features, known), (cold, new)):
        places, _ = whole.of_all(rows)
        whole.columns[places], whole.weights[places] = some.columns, some.weights
    return whole


def _usual_bias(model: Model) -> float:
    """The popularity of a usual movie itself, without its features and its fame."""
    p = model.parameters
    own = p.biases - compose(p.fame[:, 1], model.features, p.feature_biases)
    rated = own[p.popularity >= FEWEST_RATINGS]
    return float(np.median(rated if len(rated) else own))


def _usual_stars(p: Parameters) -> float:
    """The mean of all ratings: what `recommender.profiles.usual_stars` gives a movie without any."""
    return float(np.average(p.usual_stars, weights=p.popularity + DAMPING))


def _expected_biases(
    traits: FloatArray, biases: FloatArray, popularity: FloatArray, of_new: FloatArray
) -> FloatArray:
    """How much people like new movies as far as their traits let expect.

    A fit draws the biases of movies towards what a regression on the traits says, the more so the fewer
    ratings they have. Those with the fewest give that regression back.
    """
    known = traits.astype(np.float64)
    weighted = known / (1 + popularity[:, None])
    ridge = RIDGE * np.eye(traits.shape[1])
    slopes = np.linalg.solve(weighted.T @ known + ridge, weighted.T @ biases)
    return (of_new @ slopes).astype(np.float32)


def _with_room(index: Index, spread: _Spread) -> Index:
    """The index of profile features with columns, none of them met, for the new movies in each block."""
    movies = len(spread.known)
    first, last = (BLOCKS + 1) * movies, len(index) - 2 * movies
    before, genres, after = index[:first], index[first:last], index[last:]

    def wider(blocks: Index) -> Index:
        whole = np.full((len(blocks) // movies, spread.movies), -1, np.int32)
        whole[:, spread.known] = blocks.reshape(-1, movies)
        return whole.ravel()

    return np.concatenate([wider(before), genres, wider(after)])
