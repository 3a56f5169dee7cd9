"""Logging to standard error, with secrets kept out of it."""

import logging
import sys
from collections.abc import Sequence
from urllib.parse import urlsplit

from bot.settings import Settings

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
HIDDEN = "[hidden]"


class DiscreetFormatter(logging.Formatter):
    """Writes `HIDDEN` wherever a secret would stand, in tracebacks too.

    Parameters
    ----------
    secrets : sequence of str
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        super().__init__(FORMAT)
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        """The record as text without secrets."""
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text


def set_up_logging(settings: Settings, *, quiet: bool = False) -> None:
    """Log to standard error.

    Parameters
    ----------
    settings : Settings
        The level, and the secrets.
    quiet : bool
        Warnings and worse alone, unless the host set a level: for commands that talk to a person.
    """
    chosen = "log_level" in settings.model_fields_set
    level = "WARNING" if quiet and not chosen else settings.log_level
    token = settings.discord_token.get_secret_value() if settings.discord_token is not None else ""
    handler = logging.StreamHandler(sys.stderr)
    url = settings.database_url or ""
    # A driver may name the password of an address alone.
    handler.setFormatter(DiscreetFormatter([token, url, _password(url)]))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # It tells of its plumbing at every start; what is migrated, the store says itself.
    logging.getLogger("alembic").setLevel(max(logging.WARNING, root.level))


def _password(url: str) -> str:
    try:
        return urlsplit(url).password or ""
    except ValueError:
        return ""
