"""Time zones by name: every one that is offered exists, and none is guessed."""

from zoneinfo import ZoneInfo

import pytest

from bot.errors import UserError
from bot.services.zones import find_zone, suggest_zones, zone_names


def test_every_zone_that_is_offered_exists():
    for name in zone_names():
        assert ZoneInfo(name).key == name
    assert {"Europe/Berlin", "America/New_York", "UTC"} <= set(zone_names())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (" europe/berlin ", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_is_found_by_its_name_or_city(text: str, name: str):
    assert find_zone(text) == name


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "such as Europe/Berlin"),
        # A zone of that name exists, without daylight-saving time.
        ("EST", "such as Europe/Berlin"),
        ("GMT+2", "such as Europe/Berlin"),
        ("Berln", "did you mean Europe/Berlin"),
        ("Louisville", "America/Louisville"),
        ("../../etc/passwd", "such as Europe/Berlin"),
        ("x" * 5000, "such as Europe/Berlin"),
    ],
)
def test_what_is_no_zone_is_one_line(text: str, hint: str):
    with pytest.raises(UserError, match=hint) as refusal:
        find_zone(text)
    assert len(str(refusal.value)) < 200
    assert "\n" not in str(refusal.value)


def test_a_city_is_offered_first():
    assert suggest_zones("ber", 25)[0] in ("Europe/Berlin", "Atlantic/Bermuda")
    assert suggest_zones("berl", 25) == ["Europe/Berlin"]
    assert len(suggest_zones("", 25)) == 25
