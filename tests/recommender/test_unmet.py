"""A rating of a movie that no fit has met speaks by what the movie is made of."""

from dataclasses import replace

import numpy as np
import pytest

from recommender import Model, train
from recommender.catalogue import Catalogue, Movie
from recommender.datasets import Dataset
from recommender.explain import Explainer
from recommender.features import ItemFeatures
from recommender.growing import grown
from recommender.unmet import STRENGTH, feature_profiles

from .conftest import QUICK, two_camps

DESERT = tuple(Movie(900 + n, f"Desert {n}", 1971, ("Drama",), keywords=("desert",)) for n in range(3))
SPACE = tuple(
    Movie(910 + n, f"Space {n}", 1971, ("Drama",), keywords=("space", "robot"), directors=("Nobody",))
    for n in range(3)
)


@pytest.fixture(scope="module")
def plain() -> Dataset:
    """Two camps whose movies are all dramas of one decade: only their keywords tell them apart."""
    camps = two_camps()
    alike = (
        movie._replace(genres=("Drama",), year=1970, directors=(), collection=None, language=None)
        for movie in camps.catalogue
    )
    return replace(camps, catalogue=Catalogue(alike))


@pytest.fixture(scope="module")
def more(plain: Dataset) -> Model:
    """A fit of the dramas, and films that came later."""
    return grown(train(plain, QUICK), [*DESERT, *SPACE])


def even_over_odd(model: Model, ratings: dict[int, float]) -> float:
    """How much higher the even movies of the fit stand."""
    scores = model.scores(ratings)[:40]
    return float(scores[::2].mean() - scores[1::2].mean())


def test_somebody_whose_films_are_all_new_is_served_from_them(more: Model) -> None:
    desert = {film.movie_id: 5.0 for film in DESERT}
    space = {film.movie_id: 5.0 for film in SPACE}
    unit = float(more.parameters.unit)
    assert even_over_odd(more, desert) > even_over_odd(more, {}) + unit / 2
    assert even_over_odd(more, space) < even_over_odd(more, {}) - unit / 4
    hated = {film.movie_id: 0.5 for film in DESERT}
    assert even_over_odd(more, desert) > even_over_odd(more, hated) + unit / 2
    best = [pick.movie_id for pick in more.recommend(desert, 10)]
    assert sum(movie_id % 2 == 0 for movie_id in best) >= 9


def test_each_rating_says_what_it_would_say_alone(more: Model) -> None:
    bare = grown(more, [Movie(990, "Bare"), Movie(991, "Bare too")])
    ratings = {990: 4.0, 900: 5.0, 101: 1.0, 910: 3.0, 991: 1.0, 911: 2.5}
    profile = bare.profile(ratings)
    p, layout = bare.parameters, bare.profile_features
    cells = layout.cells(profile)
    expected = np.zeros((len(ratings), bare.dimensions))
    for column, weight, owner in zip(*(one.tolist() for one in cells), strict=True):
        row = int(profile.rows[owner])
        if p.profile_index[column] >= 0:
            expected[owner] += weight * p.profile_vectors[p.profile_index[column]]
        elif p.profile_index[layout.rated + row] < 0 and column - row in layout.blocks:
            said = p.feature_profiles[layout.blocks.index(column - row)]
            expected[owner] += weight * (said[0] + said[bare.features.of(row)[0] + 1].sum(axis=0))
    assert bare.rating_vectors(profile) == pytest.approx(expected, rel=1e-4, abs=1e-4)


def test_a_film_that_was_met_speaks_for_itself(more: Model) -> None:
    p = more.parameters
    silent = Model(
        more.catalogue,
        more.features,
        replace(p, feature_profiles=np.zeros_like(p.feature_profiles)),
        more.info,
        more.star_parameters,
    )
    met = {100: 5.0, 101: 1.0, 105: 3.0}
    assert np.array_equal(silent.scores(met), more.scores(met))
    assert not np.array_equal(silent.scores({900: 5.0}), more.scores({900: 5.0}))


def test_what_they_say_is_exactly_in_the_explanation(more: Model) -> None:
    ratings = {100: 4.0, 101: 1.5, 900: 5.0, 910: 2.0, 911: 3.0}
    person = more.person(ratings, 0.2, 0.5)
    for explained in Explainer(person).explain_all([104, 105, 901, 912]):
        movie_id = next(part for part in explained.parts if part.kind == "movie").name
        score = next(person.scores[row] for row, movie in enumerate(more.catalogue) if movie.name == movie_id)
        assert explained.score == pytest.approx(score, rel=1e-4, abs=1e-4)
        assert explained.cells.shape[1] == len(ratings)
        assert np.abs(explained.cells[:, list(ratings).index(900)]).max() > 0


def test_the_regression_finds_what_the_features_say(plain: Dataset) -> None:
    """Vectors that are sums of their features' are found again, but for what the ridge takes."""
    model = train(plain, QUICK)
    rng = np.random.default_rng(0)
    movies, layout = 400, model.profile_features
    layout = type(layout)(np.ones((movies, 19), np.float32) / 19, np.full(movies, 3.5, np.float32))
    names = model.features.names[:3]
    columns = rng.integers(0, 3, movies)
    features = ItemFeatures(
        names, np.arange(movies + 1), columns.astype(np.int64), np.ones(movies, np.float32)
    )
    said = rng.standard_normal((3, 4)).astype(np.float32)
    index = np.full(layout.columns, -1, np.int32)
    index[layout.rated : layout.rated + movies] = np.arange(movies)
    popularity = np.full(movies, 50, np.float32)
    slopes = feature_profiles(features, layout, popularity, index, said[columns])
    assert slopes.shape == (6, 4, 4)
    assert np.allclose(slopes[3, 0] + slopes[3, 1:], STRENGTH * said, atol=0.1)
    assert not slopes[[0, 1, 2, 4, 5]].any()
