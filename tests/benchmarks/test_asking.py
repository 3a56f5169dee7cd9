"""What five answers are worth: chosen questions beside random ones, on real people."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from recommender import TrainingOptions, load_dataset, train
from recommender.evaluation.asking import interview
from recommender.evaluation.protocol import bootstrap, hold_out


def test_chosen_questions_beat_random_ones_after_five_answers(
    benchmark: BenchmarkFixture, ml_latest_small_zip: Path
) -> None:
    if benchmark.disabled:
        pytest.skip("five fits and their interviews take minutes: measured with --benchmark-enable")
    benchmark.pedantic(lambda: asked(ml_latest_small_zip), rounds=1)


def asked(ml_latest_small_zip: Path) -> None:
    dataset = load_dataset(ml_latest_small_zip)
    gains: dict[str, list[np.ndarray]] = {"random": [], "popular random": []}
    for seed in range(5):
        out = np.isin(dataset.ratings.user_ids, hold_out(dataset.ratings, 150, seed))
        community = replace(dataset, ratings=dataset.ratings.where(~out))
        model = train(community, TrainingOptions(seed=seed))
        results = interview(model, dataset.ratings.where(out), seed=seed)
        for other, found in gains.items():
            found.append(results["asker"].ndcg - results[other].ndcg)
    for other, found in gains.items():
        low, _high = bootstrap(np.concatenate(found))
        assert low > 0, other
