"""New movies in a fitted model are served as a fit would serve them unrated."""

import numpy as np
import pytest

from recommender import BALANCED, Model, train
from recommender.catalogue import Catalogue, Movie
from recommender.datasets import Dataset, Ratings
from recommender.growing import grown
from recommender.parameters import compose

from .conftest import QUICK, two_camps

COLD = Movie(900, "Cold", 1961, ("Western",), keywords=("desert",), directors=("Director 0",), language="en")
EVEN = {100: 5.0, 104: 4.5, 108: 5.0, 101: 1.0}
ODD = {101: 5.0, 105: 4.5, 109: 5.0, 100: 1.0}


@pytest.fixture(scope="module")
def with_cold() -> Model:
    """A model whose fit has met an unrated movie."""
    camps = two_camps()
    catalogue = Catalogue([*camps.catalogue, COLD])
    return train(Dataset("camps", catalogue, camps.ratings), QUICK)


def test_a_twin_of_an_unrated_movie_is_served_like_it(with_cold: Model) -> None:
    twin = COLD._replace(movie_id=901, title="Twin")
    more = grown(with_cold, [twin, Movie(902, "Nothing known")])
    for profile in (EVEN, ODD):
        for levers in ((0.0, 0.0), (0.15, 0.3)):
            scores = more.scores(profile, *levers)
            assert scores[-2] == pytest.approx(scores[-3], rel=1e-4, abs=1e-4)
            # Nobody else's score has moved.
            assert scores[:-2] == pytest.approx(with_cold.scores(profile, *levers), rel=1e-5, abs=1e-5)
        known, twins = more.expected_stars(profile, [900, 901])
        assert twins == pytest.approx(known, abs=0.03)
        explained = {part.name: part.value for part in more.explain(profile, 901).parts}
        assert "Western" in explained
        assert sum(explained.values()) == pytest.approx(more.explain(profile, 901).score, rel=1e-4)
    assert len(with_cold.movie_ids) == 41


def test_a_new_movie_is_for_those_who_like_its_genre_and_counts_when_rated(model: Model) -> None:
    western, space = Movie(900, "New", 1975, ("Western",)), Movie(901, "Far", 1975, ("Sci-Fi",))
    more = grown(model, [western, space])
    even, odd = more.scores(EVEN), more.scores(ODD)
    assert even[-2] > even[-1]
    assert odd[-1] > odd[-2]
    assert 900 in {pick.movie_id for pick in more.recommend(EVEN, 42, BALANCED)}
    # The genre of a rated new movie counts at once.
    gained = more.scores({104: 4.5, 900: 5.0}) - more.scores({104: 4.5, 900: 1.0})
    assert gained[more.row_of[100]] > gained[more.row_of[101]]


def test_the_features_of_many_movies_are_added_up_bit_by_bit(
    with_cold: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    p, features = with_cold.parameters, with_cold.features
    whole = compose(p.vectors, features, p.feature_vectors), compose(p.biases, features, p.feature_biases)
    monkeypatch.setattr("recommender.parameters.AT_ONCE", 7)
    assert np.array_equal(compose(p.vectors, features, p.feature_vectors), whole[0])
    assert np.array_equal(compose(p.biases, features, p.feature_biases), whole[1])
    assert not np.array_equal(whole[0], p.vectors)


def test_no_features_or_no_movies_are_no_trouble(model: Model) -> None:
    assert grown(model, []) is model
    bare = grown(model, [Movie(900, "Bare")])
    assert np.isfinite(bare.scores(EVEN)).all()
    assert grown(bare, [Movie(901, "Once more")]).movie_ids.tolist()[-2:] == [900, 901]
    with pytest.raises(ValueError, match="share an id"):
        grown(model, [Movie(100, "Taken")])


def test_a_model_without_a_community_grows_too() -> None:
    empty = Dataset("none", two_camps().catalogue, Ratings.empty())
    assert np.isfinite(grown(train(empty, QUICK), [COLD]).scores(EVEN)).all()
