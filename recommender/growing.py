"""A model that learns of new movies without a fit: they are placed by their features alone."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from recommender.catalogue import Catalogue, Movie
from recommender.features import Feature, FloatArray, ItemFeatures, named
from recommender.model import Model
from recommender.parameters import FEWEST_RATINGS, Parameters, compose
from recommender.profiles import BLOCKS, DAMPING
from recommender.stars import facts

Index = npt.NDArray[np.int32]

RIDGE = 1e-3


def grown(model: Model, movies: Sequence[Movie]) -> Model:
    """A model that serves more movies, as a fit would serve them that had met them unrated.

    What nobody rated has no vector of its own in a fit either: it is the sum of its features' vectors, at the
    popularity of a usual movie. Features that the model does not know are left out, and so is what a rating
    of a new movie would tell about similar people; its genres count at once.

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
    if not movies:
        return model
    catalogue = model.catalogue.joined(Catalogue(movies))
    known, p, stars = len(model.catalogue), model.parameters, model.star_parameters
    cold = _features(model.features, movies)
    nothing = np.zeros((len(movies), p.vectors.shape[1]), np.float32)
    usual = np.full(len(movies), _usual_bias(model), np.float32)
    parameters = replace(
        p,
        vectors=np.vstack([p.vectors, compose(nothing, cold, p.feature_vectors)]),
        biases=np.concatenate([p.biases, compose(usual, cold, p.feature_biases)]),
        profile_index=_with_room(p.profile_index, known, len(movies)),
        popularity=_longer(p.popularity, len(movies), 0),
        usual_stars=_longer(p.usual_stars, len(movies), _usual_stars(p)),
    )
    features = ItemFeatures(
        cold.names,
        np.concatenate([model.features.starts, model.features.starts[-1] + cold.starts[1:]]),
        np.concatenate([model.features.columns, cold.columns]),
        np.concatenate([model.features.weights, cold.weights]),
    )
    traits = facts(catalogue, parameters, stars.basis)
    stars = replace(
        stars,
        biases=np.concatenate([stars.biases, _expected_biases(traits, stars.biases, p.popularity)]),
        # Of no movie is less known than of one without ratings.
        doubt=_longer(stars.doubt, len(movies), float(stars.doubt.max(initial=1))),
    )
    return Model(catalogue, features, parameters, model.info, stars)


def _features(known: ItemFeatures, movies: Sequence[Movie]) -> ItemFeatures:
    """The features of new movies among those of a fit, with the weights they had there."""
    column_of: dict[Feature, int] = {feature: column for column, feature in enumerate(known.names)}
    weight_of = np.zeros(len(known.names), np.float32)
    weight_of[known.columns] = known.weights
    rows = [[column_of[feature] for feature in named(movie) if feature in column_of] for movie in movies]
    starts = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(row) for row in rows], out=starts[1:])
    columns = np.array([column for row in rows for column in row], np.int64)
    return ItemFeatures(known.names, starts, columns, weight_of[columns])


def _usual_bias(model: Model) -> float:
    """The popularity of a usual movie itself, without its features."""
    p = model.parameters
    own = p.biases - compose(np.zeros_like(p.biases), model.features, p.feature_biases)
    rated = own[p.popularity >= FEWEST_RATINGS]
    return float(np.median(rated if len(rated) else own))


def _usual_stars(p: Parameters) -> float:
    """The mean of all ratings: what `recommender.profiles.usual_stars` gives a movie without any."""
    return float(np.average(p.usual_stars, weights=p.popularity + DAMPING))


def _expected_biases(traits: FloatArray, biases: FloatArray, popularity: FloatArray) -> FloatArray:
    """How much people like new movies, the last ones of the traits, as far as their traits let expect.

    A fit draws the biases of movies towards what a regression on the traits says, the more so the fewer
    ratings they have. Those with the fewest give that regression back.
    """
    known = traits[: len(biases)].astype(np.float64)
    weighted = known / (1 + popularity[:, None])
    ridge = RIDGE * np.eye(traits.shape[1])
    slopes = np.linalg.solve(weighted.T @ known + ridge, weighted.T @ biases)
    return (traits[len(biases) :] @ slopes).astype(np.float32)


def _with_room(index: Index, movies: int, more: int) -> Index:
    """The index of profile features with columns, none of them met, for more movies in each block."""
    first, last = (BLOCKS + 1) * movies, len(index) - 2 * movies
    before, genres, after = index[:first], index[first:last], index[last:]

    def padded(blocks: Index) -> Index:
        return np.pad(blocks.reshape(-1, movies), ((0, 0), (0, more)), constant_values=-1).ravel()

    return np.concatenate([padded(before), genres, padded(after)])


def _longer(values: FloatArray, more: int, value: float) -> FloatArray:
    return np.concatenate([values, np.full(more, value, np.float32)])
