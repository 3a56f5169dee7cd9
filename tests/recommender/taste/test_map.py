"""The map: what is liked by the same people lies together, and it stays where it is."""

from pathlib import Path

import numpy as np
import pytest

from recommender.model import Model
from recommender.taste.map import TasteMap, taste_map
from recommender.training import TrainingOptions, train
from tests.bot.services.tiny import QUICK, TASTES, tiny_dataset


@pytest.fixture(scope="module")
def models() -> tuple[Model, Model]:
    """Two fits of the same data that know nothing of each other."""
    options = QUICK | {"models": 2, "cuts": 8, "epochs": 4}
    data = tiny_dataset()
    return train(data, TrainingOptions(**options, seed=1)), train(data, TrainingOptions(**options, seed=2))


def noted(drawn: TasteMap) -> dict[int, tuple[float, float]]:
    ids = drawn.model.movie_ids[drawn.landmarks].tolist()
    return {one: (across, up) for one, (across, up) in zip(ids, drawn.places.tolist(), strict=True)}


def moved(one: TasteMap, other: TasteMap) -> float:
    """Root mean square of how far the movies moved, of which 1 is half the map."""
    before, after = noted(one), noted(other)
    return float(np.sqrt(np.mean([np.sum(np.subtract(before[key], after[key]) ** 2) for key in before])))


def test_the_same_model_gives_the_same_map_turned_as_the_last_one(models: tuple[Model, Model]):
    first = taste_map(models[0], {})
    assert np.sqrt((first.places**2).sum(axis=1).mean()) == pytest.approx(1)
    assert first.of_movies(first.landmarks) == pytest.approx(first.places)
    mirrored = {key: (up, across) for key, (across, up) in noted(first).items()}
    again = taste_map(models[0], mirrored)
    assert again.places == pytest.approx(first.places[:, ::-1])
    assert again.of_movies(again.landmarks) == pytest.approx(again.places)


def test_a_retrain_leaves_the_map_in_its_place(models: tuple[Model, Model]):
    first = taste_map(models[0], {})
    for before in (noted(first), {key: (-across, -up) for key, (across, up) in noted(first).items()}):
        old = taste_map(models[0], before)
        assert moved(old, taste_map(models[1], before)) < 0.35
    assert (
        moved(first, taste_map(models[1], {key: (up, -across) for key, (across, up) in noted(first).items()}))
        > 0.9
    )


def test_movies_of_one_taste_lie_together_and_their_fans_among_them(models: tuple[Model, Model]):
    drawn = taste_map(models[0], {})
    middles = {
        taste: drawn.places[[TASTES[int(row) % 4] == taste for row in drawn.landmarks]].mean(axis=0)
        for taste in TASTES
    }
    near = 0
    for number, taste in enumerate(TASTES):
        fan = {movie + 1: (5.0 if movie % 4 == number else 1.0) for movie in range(40)}
        place = drawn.of_person(fan)
        near += min(middles, key=lambda one: float(np.sum((middles[one] - place) ** 2))) == taste
    # Two dimensions hold three of four tastes apart.
    assert near >= 3


def test_the_sides_are_named_by_what_lies_there(models: tuple[Model, Model]):
    drawn = taste_map(models[0], {})
    sides = drawn.sides()
    assert sum(map(len, sides)) >= 2
    for axis, (low, high) in enumerate((sides[:2], sides[2:])):
        for words, sign in ((low, -1), (high, 1)):
            for word in set(words) & set(TASTES):
                mine = [TASTES[int(row) % 4] == word for row in drawn.landmarks]
                assert sign * drawn.places[mine, axis].mean() > 0


def test_a_catalogue_of_one_movie_is_a_map_too(tmp_path: Path, models: tuple[Model, Model]):
    data = tiny_dataset(movies=2)
    tiny = train(data, TrainingOptions(**QUICK))
    drawn = taste_map(tiny, {1: (0.5, 0.5)})
    assert np.isfinite(drawn.places).all()
    assert np.isfinite(drawn.of_person({1: 5.0})).all()
    assert drawn.sides() == ((), (), (), ())
