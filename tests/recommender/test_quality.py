"""How good the answers are, on real data."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from recommender import BALANCED, SAFE, Dataset, Model, TrainingOptions, load_dataset
from recommender.evaluation.peers import Matinee, matinee, popular, stock_lightfm
from recommender.evaluation.protocol import Comparison, Fitted, Friend, compare
from recommender.evaluation.stars import StarJudge

from .fans import FANS, Fan


@pytest.fixture(scope="module")
def movielens(ml_latest_small_zip: Path) -> Dataset:
    return load_dataset(ml_latest_small_zip)


class Judge(StarJudge):
    """Also keeps the first of our models, as each takes a minute to fit."""

    def __init__(self) -> None:
        super().__init__()
        self.model: Model | None = None

    def __call__(
        self, fitted: Fitted, community: Dataset, asked: Mapping[int, Sequence[Friend]], seed: int
    ) -> None:
        if self.model is None and isinstance(fitted, Matinee):
            self.model = fitted.model
        super().__call__(fitted, community, asked, seed)


GIVEN = (10, 20)
PEOPLE = 150


@pytest.fixture(scope="module")
def measured(movielens: Dataset) -> tuple[Comparison, Judge]:
    """The comparison of models, and who has watched it."""
    models = {"matinee": matinee(TrainingOptions()), "popular": popular, "stock LightFM": stock_lightfm}
    judge = Judge()
    return compare(movielens, models, given=GIVEN, seeds=(0,), people=PEOPLE, on_fitted=judge), judge


@pytest.fixture(scope="module")
def comparison(measured: tuple[Comparison, Judge]) -> Comparison:
    return measured[0]


@pytest.fixture(scope="module")
def judge(measured: tuple[Comparison, Judge]) -> Judge:
    return measured[1]


@pytest.fixture(scope="module")
def judge_of_two(movielens: Dataset, judge: Judge) -> Judge:
    """Has watched another, smaller fit and its people besides: differences in stars are small."""
    smaller = matinee(TrainingOptions(models=3))
    compare(movielens, {"matinee": smaller}, given=GIVEN, seeds=(1,), people=PEOPLE, on_fitted=judge)
    return judge


@pytest.fixture(scope="module")
def fitted(judge: Judge) -> Model:
    """A model as it is by default, of all but the people who were held out."""
    assert judge.model is not None
    return judge.model


@pytest.mark.parametrize("peer", ["popular", "stock LightFM"])
def test_ten_ratings_beat_the_peers_by_a_clear_margin(comparison: Comparison, peer: str) -> None:
    advantage, low, _high = comparison.advantage("matinee", peer, 10)
    assert advantage / comparison.mean(peer, 10) > 0.05, advantage
    assert low > 0


def test_likely_stars_are_nearer_than_a_guess_and_as_far_off_as_is_said(judge_of_two: Judge) -> None:
    for one in judge_of_two.errors():
        part, low, _high = one.better
        assert low > 0, one
        assert part > (0.02 if one.given == 20 else 0.01), one
        assert one.mae < one.guess_mae
        assert one.shown > 0.9
        assert one.stated == pytest.approx(one.shown_mae, rel=0.08)


def genre_hits(model: Model, dataset: Dataset, fan: Fan) -> list[int]:
    picks = model.recommend(fan.profile(dataset), 10)
    return [pick.movie_id for pick in picks if fan.genre in dataset.catalogue[pick.movie_id].genres]


@pytest.mark.parametrize("fan", FANS, ids=lambda fan: fan.genre)
def test_the_fans_are_what_the_test_says(movielens: Dataset, fan: Fan) -> None:
    by_name = {movie.name: movie for movie in movielens.catalogue}
    for name in fan.loved:
        assert fan.genre in by_name[name].genres
        assert len(by_name[name].genres) <= 3
    for name in fan.disliked:
        assert fan.distant in by_name[name].genres
        assert fan.genre not in by_name[name].genres


def test_fans_get_their_genre(fitted: Model, movielens: Dataset) -> None:
    hits = {fan.genre: len(genre_hits(fitted, movielens, fan)) for fan in FANS}
    assert min(hits.values()) >= 4, hits
    assert np.mean(list(hits.values())) >= 7, hits


def test_the_genre_is_among_the_two_strongest_stated_ones(fitted: Model, movielens: Dataset) -> None:
    stated: list[bool] = []
    for fan in FANS:
        profile = fan.profile(movielens)
        levers = BALANCED.after(len(profile))
        for movie_id in genre_hits(fitted, movielens, fan):
            parts = fitted.explain(profile, movie_id, levers.adventure, levers.calibration).parts
            genres = sorted((p for p in parts if p.kind == "genre"), key=lambda part: -part.contrast)
            stated.append(fan.genre in [part.name for part in genres[:2]])
    assert np.mean(stated) >= 0.8


def test_opposed_fans_share_at_most_two_picks(fitted: Model, movielens: Dataset) -> None:
    lists = {fan: {pick.movie_id for pick in fitted.recommend(fan.profile(movielens), 10)} for fan in FANS}
    opposed = [
        (one, other)
        for one, other in combinations(FANS, 2)
        if other.distant == one.genre or one.distant == other.genre
    ]
    assert len(opposed) >= 4
    for one, other in opposed:
        assert len(lists[one] & lists[other]) <= 2, (one.genre, other.genre)


def test_nobody_gets_the_popular_list_in_another_order(fitted: Model, movielens: Dataset) -> None:
    """The list that `/popular` would show them; a lover of Sci-Fi may well like famous Sci-Fi."""
    by_popularity = fitted.movie_ids[np.argsort(-fitted.popularity)].tolist()
    for fan in FANS:
        profile = fan.profile(movielens)
        popular_list = [movie_id for movie_id in by_popularity if movie_id not in profile][:10]
        picks = {pick.movie_id for pick in fitted.recommend(profile, 10)}
        assert len(picks & set(popular_list)) <= 5, fan.genre


def test_the_balanced_list_keeps_most_of_the_safe_ones_quality(movielens: Dataset, fitted: Model) -> None:
    """The levers move lists towards a person's genres; they do not throw the model's knowledge away."""
    for fan in FANS:
        profile = fan.profile(movielens)
        scores = fitted.scores(profile)
        safe, moved = (
            # Exact in this precision, so that the same picks in another order have the same mean.
            np.mean([scores[fitted.row(pick.movie_id)] for pick in picks], dtype=np.float64)
            for picks in (fitted.recommend(profile, 10, SAFE), fitted.recommend(profile, 10))
        )
        assert moved > np.percentile(scores, 99), fan.genre
        assert moved <= safe
