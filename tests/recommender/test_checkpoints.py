"""A fit that is interrupted goes on where it was, to the same model bit for bit."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recommender import Dataset, Model, train
from recommender.checkpoints import Checkpoints, fingerprint
from recommender.datasets import Ratings

from .conftest import QUICK

FOUR = replace(QUICK, models=4)


class Killed(Exception):
    """What the fit is ended with."""


def interrupted_after(epochs: int, camps: Dataset, folder: Path) -> None:
    def tell(stage: str, done: int, total: int) -> None:
        if done == epochs:
            raise Killed

    with pytest.raises(Killed):
        train(camps, FOUR, tell, checkpoints=folder)


def told_while_resumed(camps: Dataset, folder: Path) -> tuple[Model, list[int]]:
    """The model, and which epochs were told."""
    told: list[int] = []
    model = train(
        camps,
        FOUR,
        lambda stage, done, total: told.append(done) if stage == "fitting" else None,
        checkpoints=folder,
    )
    return model, told


def assert_same(first: Model, second: Model) -> None:
    for name in ("vectors", "biases", "feature_vectors", "profile_vectors", "mean_profile", "unit"):
        assert np.array_equal(getattr(first.parameters, name), getattr(second.parameters, name)), name
    assert first.info == second.info


@pytest.fixture(scope="module")
def whole(camps: Dataset) -> Model:
    return train(camps, FOUR)


def test_an_interrupted_fit_goes_on_after_the_last_finished_sub_model(
    camps: Dataset, whole: Model, tmp_path: Path
) -> None:
    # Two sub-models of four epochs are done, the third is in its second epoch.
    interrupted_after(10, camps, tmp_path / "kept")
    model, told = told_while_resumed(camps, tmp_path / "kept")
    assert told == [0, 4, 8, *range(9, 17)]
    assert_same(model, whole)


def test_it_can_be_interrupted_again_and_again(camps: Dataset, whole: Model, tmp_path: Path) -> None:
    for epochs in (5, 9, 13):
        interrupted_after(epochs, camps, tmp_path)
    model, told = told_while_resumed(camps, tmp_path)
    assert told == [0, 4, 8, 12, *range(13, 17)]
    assert_same(model, whole)


def test_a_fit_with_several_threads_ends_with_the_epoch(camps: Dataset, tmp_path: Path) -> None:
    told: list[int] = []

    def tell(stage: str, done: int, total: int) -> None:
        told.append(done)
        if done == 1:
            raise Killed

    with pytest.raises(Killed):
        train(camps, replace(FOUR, threads=2, epochs=200), tell, checkpoints=tmp_path)
    assert len(told) < 100, "the other thread goes on to the end of its sub-model"


def test_a_finished_fit_is_put_together_without_fitting(
    camps: Dataset, whole: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(camps, FOUR, checkpoints=tmp_path)

    def never(*_: object) -> None:
        raise AssertionError("fitted again")

    monkeypatch.setattr("recommender.sub_models.LightFM.fit_partial", never)
    monkeypatch.setattr("recommender.training.neighbours", never)
    assert_same(train(camps, FOUR, checkpoints=tmp_path), whole)


def test_pieces_of_another_fit_are_not_used_but_removed(camps: Dataset, tmp_path: Path) -> None:
    interrupted_after(10, camps, tmp_path)
    other = replace(FOUR, seed=8)
    assert_same(train(camps, other, checkpoints=tmp_path), train(camps, other))
    assert {folder.name for folder in tmp_path.iterdir()} == {fingerprint(camps, other)}


def test_the_key_is_that_of_all_that_matters(camps: Dataset) -> None:
    key = fingerprint(camps, FOUR)
    assert fingerprint(camps, replace(FOUR, threads=7)) == key
    ratings = camps.ratings
    one_star_more = ratings.stars.copy()
    one_star_more[0] += 0.5
    changed = Ratings(ratings.user_ids, ratings.movie_ids, one_star_more, ratings.rated_at)
    without_last = ratings.where(np.arange(len(ratings)) < len(ratings) - 1)
    renamed = [camps.catalogue.movies[0]._replace(title="Another"), *camps.catalogue.movies[1:]]
    keys = {
        key,
        fingerprint(replace(camps, ratings=changed), FOUR),
        fingerprint(replace(camps, ratings=without_last), FOUR),
        fingerprint(replace(camps, catalogue=type(camps.catalogue)(renamed)), FOUR),
        fingerprint(camps, replace(FOUR, seed=8)),
        fingerprint(camps, replace(FOUR, weights=replace(FOUR.weights, identity=0.9))),
    }
    assert len(keys) == 6


@pytest.mark.parametrize("size", [0, 10, 5000])
def test_a_damaged_piece_is_made_again(
    camps: Dataset, whole: Model, tmp_path: Path, size: int, caplog: pytest.LogCaptureFixture
) -> None:
    interrupted_after(10, camps, tmp_path)
    file = next(tmp_path.glob("*/sub-model-0.npz"))
    file.write_bytes(file.read_bytes()[:size])
    model, told = told_while_resumed(camps, tmp_path)
    assert told[:3] == [0, 1, 2]
    assert_same(model, whole)
    assert "made again" in caplog.text


def test_a_changed_piece_is_made_again(camps: Dataset, whole: Model, tmp_path: Path) -> None:
    interrupted_after(10, camps, tmp_path)
    file = next(tmp_path.glob("*/sub-model-0.npz"))
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 1
    file.write_bytes(content)
    assert_same(told_while_resumed(camps, tmp_path)[0], whole)


def test_a_full_disk_does_not_end_the_fit(
    camps: Dataset,
    whole: Model,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def full(_: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("recommender.checkpoints.os.fsync", full)
    assert_same(train(camps, FOUR, checkpoints=tmp_path), whole)
    assert "no space left" in caplog.text
    assert not list(tmp_path.glob("*/*.npz"))


def test_without_a_folder_nothing_is_kept() -> None:
    nowhere = Checkpoints(None)
    nowhere.keep("a", {"b": np.zeros(3)})
    assert nowhere.load("a") is None
