"""The key of The Movie Database."""

from pathlib import Path

import pytest

from bot.errors import UserError
from bot.services.app import Services
from bot.settings import Settings


@pytest.mark.parametrize("key", ["two words", "schlüssel", "a\nb"])
def test_a_key_that_can_be_none_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch, key: str):
    monkeypatch.setenv("MATINEE_TMDB_KEY", key)
    with pytest.raises(UserError, match="MATINEE_TMDB_KEY") as refused:
        Settings.read()
    assert key not in str(refused.value)


async def test_there_is_a_client_exactly_with_a_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    for key, there in (("", False), (" abc123 ", True)):
        monkeypatch.setenv("MATINEE_TMDB_KEY", key)
        settings = Settings(home=tmp_path / str(there))
        assert "abc123" not in repr(settings)
        async with Services.open(settings) as services:
            assert (services.cards._tmdb is not None) == there
