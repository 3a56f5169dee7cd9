"""Which movies are asked about, and what that is worth on real people."""

from pathlib import Path

import numpy as np
import pytest

from recommender import Dataset, Model, train
from recommender.asking import INFO, questions, well_known
from recommender.catalogue import Catalogue, Movie
from recommender.datasets import Ratings
from recommender.evaluation.asking import ANSWERS, interview
from recommender.worths import measure

from .conftest import QUICK


@pytest.fixture
def asked(model: Model) -> Model:
    """A model that knows what three answers are worth."""
    worths = [[movie_id, {125: 0.3, 130: 0.2}.get(movie_id, 0.0)] for movie_id in model.movie_ids.tolist()]
    return Model(model.catalogue, model.features, model.parameters, {INFO: worths})


def test_the_most_telling_movies_come_first(asked: Model) -> None:
    assert questions(asked, {}, 2) == [125, 130]


def test_nothing_known_is_asked_again(asked: Model) -> None:
    assert questions(asked, {125: 4.0}, 1) == [130]
    assert questions(asked, {}, 1, asked=[125]) == [130]
    candidates = np.ones(len(asked.movie_ids), np.bool_)
    candidates[asked.row(125)] = False
    assert questions(asked, {}, 1, candidates=candidates) == [130]
    everything = dict.fromkeys(asked.movie_ids.tolist(), 4.0)
    assert questions(asked, everything, 3) == []


def test_without_measured_worths_the_best_known_movies_are_asked_about(model: Model) -> None:
    bare = Model(model.catalogue, model.features, model.parameters, {})
    assert questions(bare, {}, 3) == model.movie_ids[well_known(model)[:3]].tolist()


def test_a_fit_measures_and_keeps_what_answers_are_worth(
    model: Model, camps: Dataset, tmp_path: Path
) -> None:
    assert model.info[INFO] == measure(model, camps.ratings, 3)
    assert any(worth > 0 for _, worth in model.info[INFO])
    model.save(tmp_path / "model")
    assert questions(Model.load(tmp_path / "model"), {}, 5) == questions(model, {}, 5)


def test_what_tells_a_taste_is_worth_more_than_what_everybody_thinks(camps: Dataset) -> None:
    known = [Movie(900 + number, f"Known {number}", 1999) for number in range(5)]
    everybody = np.unique(camps.ratings.user_ids)
    users = np.repeat(everybody, len(known))
    same = Ratings(
        users,
        np.tile([movie.movie_id for movie in known], len(everybody)),
        np.full(len(users), 3.5, np.float32),
        np.zeros_like(users),
    )
    dataset = Dataset("known", Catalogue([*camps.catalogue, *known]), camps.ratings.joined(same))
    worth = dict(measure(train(dataset, QUICK), dataset.ratings))
    of_known = [worth[movie.movie_id] for movie in known]
    assert np.mean([worth[movie.movie_id] for movie in camps.catalogue]) > np.mean(of_known) + 0.01
    assert max(of_known) < 0


def test_strategies_meet_the_same_people(model: Model, camps: Dataset) -> None:
    few = camps.ratings.where(camps.ratings.user_ids < 10)
    asked = interview(model, few, start=1)
    assert {len(one.ndcg) for one in asked.values()} == {10}
    assert all(one.answers.max() == ANSWERS for one in asked.values())
    hurried = interview(model, few, turns=2)
    assert all(one.answers.max() <= 2 for one in hurried.values())
