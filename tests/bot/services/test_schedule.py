from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import UserError
from bot.services.schedule import Attempt, Situation, Thresholds

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ATTEMPT = Attempt(NOW, "starter", friend_ratings=50, came_to_nothing=False)
QUIET = Situation(ATTEMPT, True, "starter", None, changed=0, friend_ratings=50)
LATER = NOW + timedelta(hours=6)


def test_the_first_fit_is_due_at_once():
    assert replace(QUIET, attempt=None, has_model=False).is_due(NOW)


def test_nothing_changed_nothing_due_however_long_it_takes():
    assert not QUIET.is_due(NOW + timedelta(days=400))
    assert QUIET.next_run() is None


def test_after_the_hours_if_anything_changed():
    changed = replace(QUIET, changed=1)
    assert not changed.is_due(LATER - timedelta(seconds=1))
    assert changed.is_due(LATER)
    assert changed.next_run() == LATER
    assert replace(changed, thresholds=Thresholds(hours=1.5)).next_run() == NOW + timedelta(hours=1.5)


def test_after_the_ratings_whatever_the_time():
    assert not replace(QUIET, changed=19, friend_ratings=69).is_due(NOW)
    assert replace(QUIET, changed=20, friend_ratings=70).is_due(NOW)
    assert replace(QUIET, changed=3, thresholds=Thresholds(ratings=3)).is_due(NOW)
    assert replace(QUIET, changed=19).missing_ratings() == 1
    assert replace(QUIET, changed=25).missing_ratings() == 0


def test_deleted_ratings_are_a_change():
    assert replace(QUIET, friend_ratings=10).is_due(LATER)


def test_other_data_is_due_at_once():
    assert replace(QUIET, dataset="ml-latest-small").is_due(NOW)
    assert replace(QUIET, dataset_since=NOW + timedelta(minutes=1)).is_due(NOW)
    assert not replace(QUIET, dataset_since=NOW - timedelta(minutes=1)).is_due(LATER)


def test_a_failed_fit_is_repeated_after_the_hours_or_new_ratings_only():
    failed = replace(QUIET, attempt=replace(ATTEMPT, came_to_nothing=True))
    assert not failed.is_due(NOW)
    assert not failed.is_due(LATER - timedelta(seconds=1))
    assert failed.is_due(LATER)
    assert replace(failed, changed=20).is_due(NOW)
    without_model = replace(failed, has_model=False)
    assert not without_model.is_due(NOW)
    assert without_model.is_due(LATER)


def test_a_model_that_went_missing_is_replaced_at_once():
    assert replace(QUIET, has_model=False).is_due(NOW)


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"hours": 0}, r"0 hours .* 0\.5 to 168$"),
        ({"hours": 168.5}, "out of range"),
        ({"hours": float("nan")}, "out of range"),
        ({"hours": float("inf")}, "out of range"),
        ({"ratings": 0}, "0 new ratings .* 1 to 10,000$"),
        ({"ratings": 10_001}, "out of range"),
    ],
)
def test_thresholds_out_of_range_are_none(values: dict[str, float], complaint: str):
    with pytest.raises(UserError, match=complaint):
        Thresholds(**values)


@pytest.mark.parametrize("values", [{"hours": 0.5}, {"hours": 168}, {"ratings": 1}, {"ratings": 10_000}])
def test_the_ends_of_the_ranges_are_in_them(values: dict[str, float]):
    assert Thresholds(**values) != Thresholds()
