"""Long work in threads, and what the event loop is spared by it."""

import gc
import sys
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.services.threads import loop_first
from tests.bot.services.imports import files
from tests.bot.services.imports.conftest import MOVIES, opened


def settings() -> tuple[float, tuple[int, int, int]]:
    return sys.getswitchinterval(), gc.get_threshold()


def test_all_is_as_before_afterwards() -> None:
    before = settings()
    with loop_first():
        interval, thresholds = settings()
    assert interval < before[0]
    # However much is made, nobody walks over everything there is.
    assert thresholds[:2] == before[1][:2]
    assert thresholds[2] > 1_000_000
    assert settings() == before


async def test_an_import_that_fails_leaves_all_as_before(tmp_path: Path) -> None:
    before = settings()
    async with opened(tmp_path, *MOVIES) as library:
        with pytest.raises(UserError):
            await library.begin("nothing")
        await library.bring(files.letterboxd_ratings([files.ALIEN]))
    assert settings() == before
