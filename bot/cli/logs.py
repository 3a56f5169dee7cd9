"""Logging to standard error, with secrets kept out of it and out of whatever else is printed there."""

import logging
import re
import sys
import threading
from collections.abc import Iterable
from types import TracebackType
from urllib.parse import parse_qsl, unquote, unquote_plus, urlsplit

from bot.errors import UserError
from bot.settings import Settings

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
HIDDEN = "[hidden]"

log = logging.getLogger(__name__)


class Discretion:
    """Writes `HIDDEN` wherever a secret would stand, also where an address or a program has encoded it.

    Parameters
    ----------
    secrets : iterable of str
        Empty ones hide nothing.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        # The longest first: an address holds the password that is a secret of its own.
        wanted = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_however_written, wanted))) if wanted else None

    @classmethod
    def of(cls, settings: Settings) -> "Discretion":
        """What keeps the secrets of these settings."""
        words = (settings.discord_token, settings.tmdb_key)
        secrets = [word.get_secret_value() for word in words if word is not None]
        # A driver may name the password of an address alone.
        url = settings.database_url or ""
        return cls([*secrets, url, *_passwords(url)])

    def __call__(self, text: str) -> str:
        """The text without secrets."""
        return text if self._pattern is None else self._pattern.sub(HIDDEN, text)


class DiscreetFormatter(logging.Formatter):
    """Formats records without secrets, in tracebacks too.

    Parameters
    ----------
    discreet : Discretion
    """

    def __init__(self, discreet: Discretion) -> None:
        super().__init__(FORMAT)
        self._discreet = discreet

    def format(self, record: logging.LogRecord) -> str:
        """The record as text without secrets."""
        return self._discreet(super().format(record))


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
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(DiscreetFormatter(Discretion.of(settings)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # Discord.py logs each connection that is lost with a traceback, though it connects again by itself.
    logging.getLogger("discord.client").addFilter(_shorten)
    # It tells of its plumbing at every start; what is migrated, the store says itself.
    logging.getLogger("alembic").setLevel(max(logging.WARNING, root.level))


def _shorten(record: logging.LogRecord) -> bool:
    """Name the error in the line, in place of its traceback, where discord.py is about to connect again."""
    if record.exc_info and str(record.msg).startswith("Attempting a reconnect"):
        record.msg, record.args = f"{record.getMessage()}: {record.exc_info[1]!r}", ()
        record.exc_info = None
    return True


def tell(line: str) -> None:
    """Print a line on standard error, without secrets."""
    try:
        discreet = Discretion.of(Settings.read())
    except UserError:
        # Where the settings cannot be read, nobody has been given a secret.
        discreet = Discretion([])
    print(discreet(line), file=sys.stderr)


def log_crashes() -> None:
    """Have the log, which keeps secrets, tell of what nobody caught; Python itself would print all of it."""
    logging.captureWarnings(True)

    def crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.critical("the program ends because of a fault", exc_info=(kind, error, trace))

    def thread_crashed(crash: threading.ExceptHookArgs) -> None:
        if crash.exc_value is not None:
            name = "a thread" if crash.thread is None else f"the thread {crash.thread.name}"
            log.error("%s ended because of a fault", name, exc_info=crash.exc_value)

    sys.excepthook = crashed
    threading.excepthook = thread_crashed


def _passwords(url: str) -> list[str]:
    """What is secret in a database's address."""
    try:
        parts = urlsplit(url)
        # It stands there encoded, or should; drivers get it decoded.
        password = parts.password or ""
    except ValueError:
        return []
    words = [value for name, value in parse_qsl(parts.query) if "pass" in name.casefold()]
    return [password, unquote(password), unquote_plus(password), *words]


def _however_written(secret: str) -> str:
    """A pattern of a secret whose characters may be encoded as in addresses, once or twice, or escaped."""
    return "".join(map(_character, secret))


def _character(one: str) -> str:
    encoded = "".join(f"%(?:25)*(?i:{byte:02x})" for byte in one.encode("utf-8", "surrogatepass"))
    ways = [rf"\\?{re.escape(one)}", encoded]
    if one == " ":
        ways.append(r"\+")
    if not one.isascii():
        escaped = f"{ord(one):x}"
        ways.append(rf"\\[xuU]0*(?i:{escaped})")
    return f"(?:{'|'.join(ways)})"
