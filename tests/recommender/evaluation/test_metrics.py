import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from recommender.evaluation.metrics import ndcg


def hits(*ranks: int, length: int = 10) -> np.ndarray:
    mask = np.zeros(length, np.bool_)
    mask[[rank - 1 for rank in ranks]] = True
    return mask


def test_everything_relevant_on_top_is_perfect():
    assert ndcg(hits(1, 2, 3), 3) == pytest.approx(1.0)
    assert ndcg(hits(*range(1, 11)), 50) == pytest.approx(1.0)


def test_nothing_found_or_nothing_relevant_is_zero():
    assert ndcg(hits(), 4) == 0
    assert ndcg(hits(), 0) == 0


def test_worked_example():
    # Ranks 1 and 3 of three relevant: (1 + 1/2) / (1 + 1/log2(3) + 1/2).
    assert ndcg(hits(1, 3), 3) == pytest.approx(1.5 / (1.5 + 1 / np.log2(3)))


def test_a_higher_rank_is_worth_more():
    values = [ndcg(hits(rank), 1) for rank in range(1, 11)]
    assert values == sorted(values, reverse=True)
    assert values[0] == 1
    assert values[1] == pytest.approx(1 / np.log2(3))


def test_it_agrees_with_a_known_implementation():
    rng = np.random.default_rng(3)
    for _ in range(50):
        relevance = rng.random(30) < 0.3
        order = rng.permutation(30)
        scores = np.zeros(30)
        scores[order] = np.arange(30, 0, -1)
        known = ndcg_score([relevance.astype(int)], [scores], k=10)
        assert ndcg(relevance[order[:10]], int(relevance.sum())) == pytest.approx(known)
