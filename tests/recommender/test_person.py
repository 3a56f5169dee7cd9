"""The best of many scores, and the place of some among all: as a full sort finds them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender import BALANCED, Model
from recommender.person import CHUNK, FAME, WIDER, highest


@given(st.integers(0, 2000), st.integers(1, 40), st.integers(1, 300), st.integers(0, 2**32 - 1))
def test_the_highest_are_those_of_a_full_sort(size: int, k: int, different: int, seed: int) -> None:
    """Also where many scores are equal; whatever equals the last one is among them."""
    scores = np.random.default_rng(seed).integers(0, different, size).astype(np.float32)
    found = highest(scores, k)
    assert len(found) >= min(k, size)
    assert found.tolist() == np.argsort(-scores, kind="stable")[: len(found)].tolist()
    assert set(found.tolist()) == set(np.flatnonzero(scores >= scores[found].min(initial=np.inf)).tolist())


@given(
    st.integers(1, 40),
    st.sampled_from([1, 4, CHUNK]),
    st.floats(0, 1),
    st.booleans(),
    st.sampled_from([{}, {100: 5.0}, {m: 1.0 + m % 9 / 2 for m in range(100, 139, 2)}]),
    st.integers(0, 2**32 - 1),
)
def test_the_best_are_the_first_of_a_full_sort(
    model: Model,
    k: int,
    chunk: int,
    share: float,
    one_per_franchise: bool,
    profile: dict[int, float],
    seed: int,
) -> None:
    person = model.person(profile, 0.1, 0.5)
    candidates = np.random.default_rng(seed).random(len(model.movie_ids)) < share
    with pytest.MonkeyPatch.context() as patch:
        # In so small a world everything is looked at otherwise.
        patch.setattr("recommender.person.CHUNK", chunk)
        patch.setattr("recommender.person.WIDER", 2 if chunk == 1 else WIDER)
        best = person.best(k, candidates, one_per_franchise)
    expected: list[int] = []
    seen: set[int] = set()
    for row in np.argsort(-person.scores, kind="stable").tolist():
        group = int(model.franchises[row])
        if not candidates[row] or model.movie_ids[row] in profile or (one_per_franchise and group in seen):
            continue
        seen.add(group)
        expected.append(int(model.movie_ids[row]))
    assert [one.movie_id for one in best] == expected[:k]
    for one in best:
        assert one.score == person.scores[model.row(one.movie_id)]
        assert one.percentile == pytest.approx(person.percentile(one.movie_id))


def test_a_person_answers_as_the_model_does(model: Model) -> None:
    profile = {100: 5.0, 104: 4.5, 101: 1.0}
    levers = BALANCED.after(len(profile))
    person = model.person(profile, levers.adventure, levers.calibration)
    assert person.best(5) == model.recommend(profile, 5)
    assert person.percentile(103) == model.percentile(profile, 103, levers.adventure, levers.calibration)
    assert np.array_equal(person.scores, model.scores(profile, levers.adventure, levers.calibration))


def test_everybody_s_liking_counts_most_with_the_first_rating(model: Model) -> None:
    p, movies = model.parameters, [int(movie) for movie in model.movie_ids[:2]]
    told = {int(movie): 4.0 for movie in model.movie_ids[2:8]}
    first = dict(list(told.items())[:1])
    shared = float(p.mean_profile @ (p.vectors[0] - p.vectors[1]))
    known = float(p.biases[0] - p.biases[1])
    for profile, fame in ((first, 0.75 + FAME), (told, 0.75 + FAME / 36)):
        person = model.person(profile, adventure=0.25)
        more = person.popular_lift(movies[0]) - person.popular_lift(movies[1])
        assert more == pytest.approx(0.75 * shared + fame * known, rel=1e-4, abs=1e-4)
