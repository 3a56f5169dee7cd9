"""How diverse a list is."""

import numpy as np
import pytest

from recommender.evaluation.diversity import intra_list


def test_it_goes_from_all_alike_to_nothing_in_common() -> None:
    features = np.array([[1, 0], [2, 0], [0, 1], [1, 1], [0, 0]], np.float32)
    assert intra_list(features, [0, 1]) == pytest.approx(0)
    assert intra_list(features, [0, 2]) == pytest.approx(1)
    assert intra_list(features, [0, 3]) == pytest.approx(1 - 2**-0.5)
    assert intra_list(features, [0, 1, 2]) == pytest.approx(2 / 3)
    assert intra_list(features, [0, 4]) == pytest.approx(1)
    assert intra_list(features, [3]) == 0
