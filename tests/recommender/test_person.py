"""The best of many scores, and the place of some among all: as a full sort finds them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender import BALANCED, Model
from recommender.person import RULED_OUT, highest, percentiles


@given(st.integers(0, 2000), st.integers(1, 40), st.integers(1, 300), st.integers(0, 2**32 - 1))
def test_the_highest_are_those_of_a_full_sort(size: int, k: int, different: int, seed: int) -> None:
    """Also where many scores are equal, and where most are ruled out."""
    rng = np.random.default_rng(seed)
    masked = rng.integers(0, different, size).astype(np.float32)
    masked[rng.random(size) < rng.choice([0, 0.5, 0.99, 1])] = RULED_OUT
    sorted_rows = np.argsort(-masked, kind="stable")
    expected = sorted_rows[masked[sorted_rows] > RULED_OUT][:k]
    assert highest(masked, k).tolist() == expected.tolist()


@given(st.integers(1, 300), st.integers(1, 300), st.integers(0, 2**32 - 1))
def test_percentiles_count_what_is_lower(size: int, different: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, different, size).astype(np.float32)
    some = rng.choice(scores, min(size, 10))
    expected = [100 * float((scores < value).sum()) / max(size - 1, 1) for value in some]
    assert percentiles(scores, some) == pytest.approx(expected)


def test_no_values_no_percentiles() -> None:
    assert percentiles(np.ones(3, np.float32), np.zeros(0, np.float32)) == []


def test_a_person_answers_as_the_model_does(model: Model) -> None:
    profile = {100: 5.0, 104: 4.5, 101: 1.0}
    levers = BALANCED.after(len(profile))
    person = model.person(profile, levers.adventure, levers.calibration)
    assert person.best(5) == model.recommend(profile, 5)
    assert person.percentile(103) == model.percentile(profile, 103, levers.adventure, levers.calibration)
    assert np.array_equal(person.scores, model.scores(profile, levers.adventure, levers.calibration))
