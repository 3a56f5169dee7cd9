"""Put sub-models and neighbours together to one `Model`."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from recommender.compression import score_directions
from recommender.fame import fame
from recommender.features import FloatArray
from recommender.ground import Ground
from recommender.model import Model
from recommender.neighbours import Neighbours
from recommender.parameters import Parameters, compose
from recommender.profiles import expected_shares
from recommender.star_fitting import fit_stars
from recommender.sub_models import SubModel
from recommender.unmet import feature_profiles

SAMPLE = 20_000
"""Virtual users from whom the directions of the scores are taken, about."""


def assemble(ground: Ground, parts: Sequence[SubModel], near: Neighbours) -> Model:
    """One model whose scores are the sums of the parts' scores."""
    movies = len(ground.catalogue)
    items: FloatArray = np.hstack([part.item_vectors for part in parts])
    item_biases = np.sum([part.item_biases for part in parts], axis=0)
    own, own_biases = _identities(ground, parts, items[:movies], item_biases[:movies])
    features, feature_biases = items[movies:], item_biases[movies:]
    biases = compose(own_biases, ground.features, feature_biases)
    learned_vectors = np.hstack([part.known_profile_vectors for part in parts])
    profiles = ground.virtual_users(np.random.default_rng(ground.options.seed))[0].profiles

    some = _some(profiles, SAMPLE)
    people_vectors = some[:, : len(learned_vectors)] @ learned_vectors
    whole = compose(own, ground.features, features)
    strength = _spread(people_vectors, whole, biases)
    recommended = near.recommended * strength
    own, whole = np.hstack([own, recommended]), np.hstack([whole, recommended])
    features = np.pad(features, ((0, 0), (0, recommended.shape[1])))

    for_items = for_profiles = np.eye(own.shape[1], dtype=np.float32)
    if own.shape[1] > ground.options.serving_dims:
        people_vectors = np.hstack([people_vectors, near.people_vectors(ground.profile_features, some)])
        important = np.sqrt(ground.popularity + 1)[:, None]
        for_items, for_profiles = score_directions(
            people_vectors, whole * important, ground.options.serving_dims
        )
    own, features = own @ for_items, features @ for_items
    learned_dims = learned_vectors.shape[1]
    profile_vectors = near.profile_vectors(ground.profile_features, for_profiles[learned_dims:])
    profile_vectors[: len(learned_vectors)] += learned_vectors @ for_profiles[:learned_dims]
    people_vectors = profiles @ profile_vectors
    met = np.flatnonzero(np.any(profile_vectors != 0, axis=1))
    index = np.full(len(profile_vectors), -1, np.int32)
    index[met] = np.arange(len(met), dtype=np.int32)
    vectors = compose(own, ground.features, features)
    mean_profile = (people_vectors.sum(axis=0) / max(len(people_vectors), 1)).astype(np.float32)
    parameters = Parameters(
        vectors=vectors,
        biases=biases,
        feature_vectors=features.astype(np.float32),
        feature_biases=feature_biases.astype(np.float32),
        profile_index=index,
        profile_vectors=profile_vectors[met].astype(np.float32),
        mean_profile=mean_profile,
        popularity=ground.popularity,
        usual_stars=ground.profile_features.usual_stars,
        expected=expected_shares(ground.shares, ground.popularity),
        unit=np.array(strength, np.float32),
        feature_profiles=feature_profiles(
            ground.features, ground.profile_features, ground.popularity, index, profile_vectors[met]
        ),
        fame=np.zeros((movies, 2), np.float32),
    ).with_fame(fame(ground.catalogue, ground.popularity, vectors @ mean_profile, biases, strength))
    stars = fit_stars(ground.catalogue, parameters, ground.everyone, ground.options.seed)
    return Model(ground.catalogue, ground.features, parameters, ground.info(), stars)


def _identities(
    ground: Ground, parts: Sequence[SubModel], vectors: FloatArray, biases: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """What the movies themselves weigh, without their features.

    A movie that hardly anybody rated has none. It is placed by its features, at the popularity of a
    usual movie.
    """
    weight = np.float32(ground.options.weights.identity)
    learned = np.any([part.learned for part in parts], axis=0)
    usual = np.median(biases[learned]) if learned.any() else np.float32(0)
    return np.where(learned[:, None], vectors * weight, 0), np.where(learned, biases, usual) * weight


def _spread(people_vectors: FloatArray, vectors: FloatArray, biases: FloatArray) -> float:
    """Standard deviation of the scores of a person's best 200 movies, mean over some people."""
    if not len(people_vectors):
        return 1.0
    scores = _some(people_vectors, 100) @ vectors.T + biases
    best = -np.partition(-scores, min(199, scores.shape[1] - 1), axis=1)[:, :200]
    return float(best.std(axis=1).mean())


def _some(rows: Any, about: int) -> Any:
    """Evenly spread rows of an array or sparse matrix, about so many of them."""
    return rows[:: max(rows.shape[0] // about, 1)]
