"""What ``setup`` recommends for a machine; the way through it is tested in `tests.wire.test_setup`."""

from pathlib import Path

import pytest

from bot.cli.setup import fitting, machine
from tests.bot.cli.conftest import Call

GB = 10**9


@pytest.mark.parametrize(
    ("disk", "memory", "name"),
    [
        (100, 16, "ml-32m"),
        (100, 8, "ml-32m"),
        (100, 7, "ml-25m"),
        (100, 2, "ml-latest-small"),
        # How much memory there is may not be known.
        (100, 0, "ml-latest-small"),
        # IMDb's files and room to read them, and then hardly anything.
        (3.1, 16, "ml-1m"),
        (2, 16, None),
    ],
)
def test_the_largest_edition_that_fits_is_recommended(disk: float, memory: float, name: str | None) -> None:
    found = fitting(int(disk * GB), int(memory * GB))
    assert (None if found is None else found.name) == name


def test_the_machine_is_asked_where_the_home_will_be(tmp_path: Path) -> None:
    disk, memory = machine(tmp_path / "not" / "yet")
    assert disk > 0
    assert memory > GB // 10


def test_without_a_terminal_it_says_how_scripts_do_it(call: Call) -> None:
    ended = call("setup")
    assert ended.status == 2
    assert "needs a terminal" in ended.err
    assert "python -m bot data add NAME" in ended.err
