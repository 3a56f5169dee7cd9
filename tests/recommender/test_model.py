"""The library's contract: scores, recommendations, what a model refuses."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender import BALANCED, SAFE, Model, Ranking, UnknownMovie, train
from recommender.datasets import Dataset, Ratings
from recommender.person import FAME

from .conftest import QUICK

EVEN = {100: 5.0, 104: 4.5, 108: 5.0, 101: 1.0}
ODD = {101: 5.0, 105: 4.5, 109: 5.0, 100: 1.0}
profiles = st.dictionaries(
    st.integers(100, 139), st.sampled_from([0.5 * half for half in range(1, 11)]), max_size=39
)


def test_scores_follow_the_order_of_the_catalogue(model: Model, camps: Dataset) -> None:
    assert model.movie_ids.tolist() == [movie.movie_id for movie in camps.catalogue]
    scores = model.scores(EVEN)
    assert scores.dtype == np.float32
    assert scores.shape == (40,)
    assert np.isfinite(scores).all()


def test_the_checker_board_is_solved(model: Model) -> None:
    """Each camp's lover gets only the camp's movies, all of them before any of the other camp's."""
    for profile, parity in ((EVEN, 0), (ODD, 1)):
        picks = model.recommend(profile, 15, SAFE)
        assert {pick.movie_id % 2 for pick in picks} == {parity}


def test_a_withheld_movie_of_the_camp_is_found(model: Model) -> None:
    for withheld in range(102, 140, 2):
        told = {movie: 5.0 for movie in range(100, 140, 2) if movie != withheld}
        assert model.recommend(told, 1, SAFE)[0].movie_id == withheld


@given(profiles)
def test_recommendations_are_sorted_and_never_rated(model: Model, profile: dict[int, float]) -> None:
    for ranking in (SAFE, BALANCED, Ranking(1.0, 3.0)):
        picks = model.recommend(profile, 12, ranking)
        assert len(picks) == min(12, 40 - len(profile))
        assert not {pick.movie_id for pick in picks} & profile.keys()
        assert [pick.score for pick in picks] == sorted((pick.score for pick in picks), reverse=True)


@given(profiles)
def test_safe_is_the_order_of_the_scores(model: Model, profile: dict[int, float]) -> None:
    scores = model.scores(profile)
    expected = [int(m) for m in model.movie_ids[np.argsort(-scores, kind="stable")] if m not in profile]
    assert [pick.movie_id for pick in model.recommend(profile, 40, SAFE)] == expected


def test_percentile_is_the_place_among_all_movies(model: Model) -> None:
    scores = model.scores({})
    for pick in model.recommend({}, 40, SAFE):
        below = sum(score < pick.score for score in scores.tolist())
        assert pick.percentile == pytest.approx(100 * below / 39)
        assert model.percentile({}, pick.movie_id) == pick.percentile
    assert model.recommend({}, 1, SAFE)[0].percentile == 100


def test_unknown_movies_are_ignored_in_a_profile(model: Model) -> None:
    assert np.array_equal(model.scores({**EVEN, 999: 5.0}), model.scores(EVEN))


def test_a_rating_changes_the_next_answer(model: Model) -> None:
    before = model.scores(EVEN)
    after = model.scores({**EVEN, 112: 5.0})
    assert not np.array_equal(before, after)


@pytest.mark.parametrize("stars", [0, 0.49, 5.01, -3, float("nan"), float("inf")])
def test_stars_out_of_range_are_refused(model: Model, stars: float) -> None:
    with pytest.raises(ValueError, match=r"between 0\.5 and 5"):
        model.scores({100: stars})


def test_an_unknown_movie_is_named(model: Model) -> None:
    for call in (model.explain, model.percentile):
        with pytest.raises(UnknownMovie, match="999"):
            call({}, 999)
    with pytest.raises(UnknownMovie, match="999"):
        model.similar(999)


def test_only_candidates_are_recommended(model: Model) -> None:
    candidates = np.zeros(40, np.bool_)
    candidates[[3, 4, 8]] = True
    assert {pick.movie_id for pick in model.recommend(EVEN, 10, candidates=candidates)} == {103}
    assert candidates.sum() == 3, "the caller's array is left as it was"


def test_rating_everything_leaves_nothing(model: Model) -> None:
    assert model.recommend({int(movie): 4.0 for movie in model.movie_ids}) == []


def test_adventure_is_the_formula_of_the_design(model: Model) -> None:
    profile = model.profile(EVEN)
    person = model.rating_vectors(profile).sum(axis=0)
    has_genre = model.genre_sets.of(np.arange(len(model.movie_ids)))
    affinity = has_genre @ model.affinity_by_rating(profile, 0).sum(axis=0)
    mean = model.parameters.mean_profile
    fame = 0.7 + FAME / len(EVEN) ** 2
    expected = model.parameters.vectors @ (person - 0.3 * mean) + fame * model.parameters.biases + affinity
    np.testing.assert_allclose(model.scores(EVEN, adventure=0.3), expected, rtol=1e-5, atol=1e-5)


def test_calibration_pulls_the_singled_out_genre_up(model: Model) -> None:
    westerns = [row for row, movie in enumerate(model.catalogue) if "Western" in movie.genres]
    profile = {int(model.movie_ids[row]): 5.0 for row in westerns[:4]}
    gain = model.scores(profile, calibration=1.0) - model.scores(profile)
    others = [row for row in range(40) if row not in westerns]
    assert gain[westerns].min() > gain[others].max()


def test_levers_weaken_with_few_ratings() -> None:
    ranking = Ranking(0.4, 1.0)
    assert ranking.after(0).adventure == 0
    assert ranking.after(1).adventure < ranking.after(5).adventure < ranking.after(500).adventure < 0.4


@pytest.mark.parametrize(("adventure", "calibration"), [(-0.1, 0), (1.1, 0), (0, -1), (0, float("inf"))])
def test_a_ranking_out_of_range_is_refused(adventure: float, calibration: float) -> None:
    with pytest.raises(ValueError, match=r"adventure|calibration"):
        Ranking(adventure, calibration)


def test_similar_movies_are_of_the_same_camp(model: Model) -> None:
    nearest = model.similar(104, 6)
    assert {movie_id % 2 for movie_id, _ in nearest} == {0}
    assert 104 not in dict(nearest)
    likeness = [value for _, value in nearest]
    assert likeness == sorted(likeness, reverse=True)
    assert all(0 < value <= 1.001 for value in likeness)


def test_a_movie_without_ratings_is_compared_by_its_features(camps: Dataset) -> None:
    bare = train(replace(camps, ratings=Ratings.empty()), QUICK)

    def features(movie_id: int) -> set[object]:
        movie = bare.catalogue[movie_id]
        decade = (movie.year or 0) // 10
        series = movie.collection or movie_id
        return {*movie.genres, *movie.keywords, *movie.directors, decade, movie.language, series}

    def shared(movie_id: int) -> int:
        return len(features(104) & features(movie_id))

    (nearest, _), *_ = bare.similar(104, 1)
    assert shared(nearest) == max(shared(movie) for movie in range(100, 140) if movie != 104)
