import numpy as np
import pytest

from bot.services.gate import judge


def people(mean: float, spread: float = 0.2, size: int = 100) -> np.ndarray:
    wave = np.tile([-spread, spread], size // 2)
    return np.full(size, mean) + wave


def test_a_better_and_an_equal_model_are_adopted():
    assert judge(people(0.5), people(0.4)).adopt
    assert judge(people(0.4), people(0.4)) == (True, "")


def test_a_clearly_worse_model_is_rejected_with_both_numbers():
    verdict = judge(people(0.40), people(0.45))
    assert not verdict.adopt
    assert "0.400" in verdict.reason
    assert "0.450" in verdict.reason
    assert "\n" not in verdict.reason


def test_a_tiny_loss_is_no_reason_however_certain():
    assert judge(people(0.441), people(0.45)).adopt
    assert not judge(people(0.439), people(0.45)).adopt


def test_a_loss_that_may_be_chance_is_no_reason():
    # The same mean loss of 0.05, but people disagree: half lose 0.45, half win 0.35.
    running = people(0.5, 0.0, size=20)
    assert judge(running - 0.05 + np.tile([-0.4, 0.4], 10), running).adopt
    assert not judge(running - 0.05 + np.tile([-0.04, 0.04], 10), running).adopt


def test_clearly_means_two_standard_errors():
    # Differences of -0.05 ± 0.2 by turns: the standard error is 0.2 / sqrt(n - 1).
    for size, adopted in ((50, True), (60, True), (70, False), (100, False)):
        running = people(0.5, 0.0, size=size)
        assert judge(running - 0.05 + np.tile([-0.2, 0.2], size // 2), running).adopt == adopted, size


def test_the_difference_is_paired():
    # People differ widely among themselves; each one loses a little, which is certain only in pairs.
    running = np.linspace(0, 1, 50)
    assert not judge(running - 0.02, running).adopt
    assert judge(np.sort(running - 0.02)[::-1], running).adopt


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_rejected_whatever_it_is_compared_with(bad: float):
    new = people(0.9)
    new[3] = bad
    for running in (None, people(0.1)):
        verdict = judge(new, running)
        assert not verdict.adopt
        assert "not numbers" in verdict.reason


def test_without_comparison_or_people_a_finite_model_is_adopted():
    assert judge(people(0.1), None).adopt
    assert judge(np.zeros(0), None).adopt
    assert judge(np.zeros(0), np.zeros(0)).adopt
    assert judge(people(0.1), np.full(100, np.nan)).adopt
