"""What ``doctor`` looks at. Nothing is changed by looking."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import bot
from bot.errors import UserError
from bot.services.clock import Clock
from bot.settings import Settings
from bot.store.backup import inspect
from bot.store.engine import database_url, sqlite_file
from bot.store.store import BACKUPS
from recommender.datasets.dataset import INFO_FILE
from recommender.model import Model, ModelError

LITTLE_DISK, NO_DISK = 2 << 30, 200 << 20
IMPORT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at and what was found.

    Attributes
    ----------
    name : str
    state : str
        ``ok``; ``note`` for what is worth knowing; ``bad`` for what keeps the bot from working.
    detail : str
        One line; with what to do where there is something.
    """

    name: str
    state: Literal["ok", "note", "bad"]
    detail: str


def examine(settings: Settings, clock: Clock) -> list[Check]:
    """Look at everything that the bot needs."""
    looks: list[tuple[str, Callable[[], Check]]] = [
        ("python", _python),
        ("compiler", _compiler),
        ("lightfm", _lightfm),
        ("home", lambda: _home(settings.home)),
        ("disk", lambda: _disk(settings.home)),
        ("database", lambda: _database(settings)),
        ("data set", lambda: _datasets(settings.datasets)),
        ("models", lambda: _models(settings.models)),
        ("token", lambda: _token(settings)),
        ("clock", lambda: _clock(clock())),
    ]
    return [_looked(name, look) for name, look in looks]


def _looked(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except OSError as error:
        return Check(name, "bad", f"{error.strerror or error} ({error.filename})")


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return Check("python", "ok", f"{version} at {sys.executable}")


def _compiler() -> Check:
    words = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()
    found = shutil.which(words[0])
    if found is None:
        return Check("compiler", "note", f"no {words[0]}; only installing LightFM anew would need one")
    return Check("compiler", "ok", found)


def _lightfm() -> Check:
    # In a process of its own: this one, like the bot's, never imports it.
    try:
        child = subprocess.run(
            [sys.executable, "-c", "import lightfm; print(lightfm.__version__)"],
            capture_output=True,
            text=True,
            timeout=IMPORT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Check("lightfm", "bad", f"importing it took more than {IMPORT_SECONDS} s")
    if child.returncode == 0:
        return Check("lightfm", "ok", child.stdout.strip())
    if child.returncode < 0:
        why = "it was built for another processor: reinstall with LIGHTFM_NO_CFLAGS=1"
    else:
        why = child.stderr.strip().rpartition("\n")[2]
    return Check("lightfm", "bad", f"cannot be imported, so no model can be fitted: {why}")


def _home(home: Path) -> Check:
    place = next(folder for folder in (home, *home.parents) if folder.exists())
    if not place.is_dir():
        return Check("home", "bad", f"{place} is a file; set MATINEE_HOME to a folder")
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        return Check("home", "bad", f"{place} cannot be written: {error.strerror}; set MATINEE_HOME")
    return Check("home", "ok", f"{home}{'' if place == home else ' (will be made)'}")


def _disk(home: Path) -> Check:
    place = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    text = f"{free / (1 << 30):.1f} GB free"
    if free < NO_DISK:
        return Check("disk", "bad", f"{text}; make room")
    return Check("disk", "note" if free < LITTLE_DISK else "ok", text)


def _database(settings: Settings) -> Check:
    try:
        file = sqlite_file(database_url(settings.home, settings.database_url))
        if file is None:
            return Check("database", "note", "not a file, so it is not looked at here")
        inspect(file, settings.home / BACKUPS)
    except UserError as error:
        return Check("database", "bad", str(error))
    if not file.exists():
        return Check("database", "ok", f"will be made at {file}")
    return Check("database", "ok", f"{file}, {file.stat().st_size / (1 << 20):.1f} MB, sound")


def _datasets(folder: Path) -> Check:
    names = sorted(info.parent.name for info in folder.glob(f"*/{INFO_FILE}"))
    if not names:
        return Check(
            "data set", "note", "the starter set; for real data: python -m bot data add ml-latest-small"
        )
    return Check("data set", "ok", ", ".join(names))


def _models(folder: Path) -> Check:
    sound, broken = 0, list[str]()
    for path in sorted(path for path in folder.glob("*") if path.is_dir() and path.name[0] not in "._"):
        try:
            Model.load(path)
            sound += 1
        except ModelError as error:
            broken.append(str(error))
    if broken:
        return Check("models", "bad", "; ".join(broken))
    if not sound:
        return Check("models", "note", "none yet; python -m bot train makes one")
    return Check("models", "ok", f"{sound} on disk, all can be loaded")


def _token(settings: Settings) -> Check:
    if settings.discord_token is None:
        return Check("token", "note", "DISCORD_TOKEN is not set; only python -m bot run needs it")
    if re.fullmatch(r"[\w-]{18,}\.[\w-]{5,}\.[\w-]{25,}", settings.discord_token.get_secret_value()) is None:
        return Check("token", "bad", "DISCORD_TOKEN does not look like a bot's token; copy it again")
    return Check("token", "ok", "set, and looks like one")


def _clock(now: datetime) -> Check:
    # The code cannot be younger than now.
    written = datetime.fromtimestamp(Path(bot.__file__).stat().st_mtime, UTC)
    if now < written or now.year > written.year + 30:
        return Check("clock", "bad", f"it says {now:%Y-%m-%d %H:%M} UTC, which cannot be; set the clock")
    return Check("clock", "ok", f"{now:%Y-%m-%d %H:%M} UTC")
