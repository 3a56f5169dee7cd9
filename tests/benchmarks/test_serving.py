"""From a profile to ten explained picks on 86,000 movies: half of the answers in less than 10 ms."""

from time import perf_counter

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bot.services import lists
from bot.services.answers import Filters
from recommender.catalogue import GENRES, Catalogue
from recommender.features import FeatureWeights, genre_shares, item_features
from recommender.model import Model
from recommender.parameters import Parameters
from recommender.profiles import ProfileFeatures
from recommender.training import TrainingOptions

from .catalogues import MOVIES, big_catalogue

ASKED = 100
RATED = 50


def big_model(movies: int) -> Model:
    """A model of the default size with made-up numbers: it ranks nonsense as fast as sense."""
    rng = np.random.default_rng(1)
    facts, popularity = big_catalogue(movies)
    people = [f"Person {number}" for number in range(movies // 4)]
    words = [f"word {number}" for number in range(2000)]
    catalogue = Catalogue(
        movie._replace(
            directors=(people[rng.integers(len(people))],),
            cast=tuple(people[i] for i in rng.integers(len(people), size=3)),
            keywords=tuple(words[i] for i in rng.integers(len(words), size=5)),
            language="en",
        )
        for movie in facts
    )
    options = TrainingOptions()
    dims = options.serving_dims
    features = item_features(catalogue, FeatureWeights())

    def numbers(*shape: int) -> np.ndarray:
        return rng.standard_normal(shape, np.float32)

    columns = ProfileFeatures(genre_shares(catalogue)).columns
    parameters = Parameters(
        vectors=numbers(movies, dims),
        biases=numbers(movies),
        feature_vectors=numbers(len(features.names), dims),
        feature_biases=numbers(len(features.names)),
        profile_index=np.arange(columns, dtype=np.int32),
        profile_vectors=numbers(columns, dims),
        mean_profile=numbers(dims),
        popularity=np.array(popularity, np.float32),
        expected=np.full(len(GENRES), 1 / len(GENRES), np.float32),
        unit=np.ones((), np.float32),
    )
    return Model(catalogue, features, parameters, {})


def people(model: Model, count: int) -> list[lists.Person]:
    rng = np.random.default_rng(2)
    everybody: list[lists.Person] = []
    for _ in range(count):
        rated = rng.choice(model.movie_ids, RATED, replace=False).tolist()
        profile = dict(zip(rated, (rng.integers(1, 11, RATED) / 2).tolist(), strict=True))
        everybody.append(lists.Person(profile, RATED, set(rated)))
    return everybody


@pytest.mark.parametrize(
    "wishes", [Filters(), Filters(genre="Drama", from_year=1980)], ids=["all", "filtered"]
)
def test_profile_to_ten_explained_picks(benchmark: BenchmarkFixture, wishes: Filters) -> None:
    model = big_model(1000 if benchmark.disabled else MOVIES)
    seconds: list[float] = []
    # The first answer makes what is made once for a catalogue.
    lists.personal(model, people(model, 1)[0], 10, wishes, "balanced")

    def ask() -> None:
        for person in people(model, ASKED):
            start = perf_counter()
            picks = lists.personal(model, person, 10, wishes, "balanced")
            seconds.append(perf_counter() - start)
            assert len(picks.picks) == 10

    benchmark.pedantic(ask, rounds=1)
    p50, p99 = np.quantile(seconds, [0.5, 0.99]) * 1000
    benchmark.extra_info.update(answers=len(seconds), p50_ms=p50, p99_ms=p99)
    assert benchmark.disabled or p50 < 10, f"p50 {p50:.1f} ms, p99 {p99:.1f} ms"
