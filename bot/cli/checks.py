"""What ``doctor`` looks at. Looking changes nothing."""

import os
import re
import shutil
import stat
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import bot
from bot.errors import UserError
from bot.services.backups import A_DAY
from bot.services.clock import Clock
from bot.services.data_folder import DataFolder
from bot.services.data_list import has_imdb, how_to_add, up_to
from bot.services.tmdb.releases import KEPT
from bot.services.wording import counted
from bot.settings import Settings
from bot.store.backup import own_backups
from bot.store.engine import database_url, sqlite_file
from bot.store.inspection import Facts, facts, inspect, look
from bot.store.store import BACKUPS, LOCK_FILE
from recommender.datasets import starter
from recommender.datasets.dataset import DatasetError
from recommender.model import Model, ModelError

LITTLE_DISK, NO_DISK = 2 << 30, 200 << 20
OTHERS = stat.S_IRWXG | stat.S_IRWXO
IMPORT_SECONDS = 60
USUAL = "ml-latest-small"


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
        ("data set", lambda: _datasets(settings)),
        ("tmdb", lambda: _tmdb(settings)),
        ("models", lambda: _models(settings)),
        ("backups", lambda: _backups(settings, clock())),
        ("access", lambda: _access(settings)),
        ("token", lambda: _token(settings)),
        ("owner", lambda: _owner(settings)),
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


def _facts(settings: Settings) -> Facts | None:
    """What the database says should be there; None if there is none that says anything."""
    try:
        file = sqlite_file(database_url(settings.home, settings.database_url))
        return None if file is None or not file.exists() or look(file) else facts(file)
    except UserError:
        return None


def missing(settings: Settings, found: Facts) -> dict[str, str]:
    """What a home lacks of what its database says should be there, and the command that mends it.

    Returns
    -------
    dict
        A line for ``data set`` and for ``models``, where something is missing.
    """
    lines: dict[str, str] = {}
    wanted = found.missed or found.dataset or starter.NAME
    if wanted != starter.NAME and wanted not in DataFolder(settings.home).names():
        lines["data set"] = (
            f"the data set {wanted} is not in this home, and the starter set serves until it is; "
            f"{how_to_add(wanted)}"
        )
    if found.model_folder is not None and not (settings.models / found.model_folder).is_dir():
        lines["models"] = (
            f"model {found.model}, which served last, is not in this home; python -m bot train makes one"
        )
    return lines


def _datasets(settings: Settings) -> Check:
    folder, found = DataFolder(settings.home), _facts(settings)
    wanted = None if found is None else found.missed or found.dataset
    if found is None or wanted is None or wanted == starter.NAME:
        others = [name for name in folder.names() if name != starter.NAME]
        more = f"; on disk: {', '.join(others)}" if others else ""
        return Check("data set", "note", f"the starter set; for real data: {how_to_add(USUAL)}{more}")
    lacking = missing(settings, found).get("data set")
    if lacking is not None:
        return Check("data set", "bad", lacking)
    try:
        catalogue = folder.catalogue(wanted)
    except DatasetError as error:
        return Check("data set", "bad", f"{error}; {how_to_add(wanted)}")
    if found.missed is not None:
        return Check("data set", "note", f"{wanted} is there again and serves from the next start on")
    if not len(catalogue):
        return Check("data set", "bad", f"{wanted} has no movies; {how_to_add(wanted)}")
    until = up_to(catalogue, folder.until(wanted))
    told = f"{wanted}, {counted(len(catalogue), 'movie')}" + (f", up to {until}" if until else "")
    if not has_imdb(wanted):
        return Check("data set", "ok", told)
    told += f"; joined with IMDb's files {_day(found.renewed)}" if found.renewed else ""
    if found.failure and found.failed:
        return Check(
            "data set",
            "note",
            f"{told}; the last renewal, {_day(found.failed)}, came to nothing: {found.failure}",
        )
    return Check("data set", "ok", told)


def _day(at: str) -> str:
    return f"{datetime.fromisoformat(at):%Y-%m-%d}"


def _tmdb(settings: Settings) -> Check:
    found = _facts(settings)
    known = counted(0 if found is None else found.releases, "movie")
    if settings.tmdb_key is None:
        key = "no MATINEE_TMDB_KEY, and everything but posters and where to watch works without"
    else:
        key = "a key is set"
    return Check(
        "tmdb",
        "ok",
        f"{key}; {known} by TMDB. What it says of a movie teaches no model and is forgotten after "
        f"{KEPT.days} days; title, year and numbers stay",
    )


def _models(settings: Settings) -> Check:
    found = _facts(settings)
    sound, broken = 0, list[str]()
    paths = sorted(settings.models.glob("*"))
    for path in (path for path in paths if path.is_dir() and path.name[0] not in "._"):
        try:
            Model.load(path)
            sound += 1
        except ModelError as error:
            broken.append(str(error))
    lacking = None if found is None else missing(settings, found).get("models")
    if broken or lacking is not None:
        return Check("models", "bad", "; ".join([*broken, *filter(None, [lacking])]))
    if not sound:
        return Check("models", "note", "none yet; python -m bot train makes one")
    return Check("models", "ok", f"{sound} on disk, all can be loaded")


def _backups(settings: Settings, now: datetime) -> Check:
    folder = settings.home / BACKUPS
    daily = [one for one in own_backups(folder) if one.daily]
    if not settings.backups:
        return Check("backups", "note", "none by themselves; python -m bot backup makes one")
    if not daily:
        return Check("backups", "note", "none yet; the bot makes one a day while it runs")
    newest = f"{len(daily)} in {folder}, the newest of {daily[-1].made_at:%Y-%m-%d %H:%M} UTC"
    return Check("backups", "ok" if now - daily[-1].made_at < 2 * A_DAY else "note", newest)


def _access(settings: Settings) -> Check:
    count = sum(1 for _ in _open_to_others(settings))
    if count:
        text = f"{count:,} of the home's files and folders can be read by others on this machine"
        return Check("access", "note", f"{text}; python -m bot doctor --fix makes them yours alone")
    return Check("access", "ok", "nobody else on this machine can read the home")


def close_to_others(settings: Settings) -> int:
    """Make files and folders that others can read their owner's alone; answers how many there were.

    Raises
    ------
    OSError
        If they are somebody else's.
    """
    found = list(_open_to_others(settings))
    for path in found:
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~OTHERS)
    return len(found)


def _open_to_others(settings: Settings) -> Iterator[Path]:
    """What the bot wrote and others can read; also the settings with the token. Links are left alone."""
    try:
        file = sqlite_file(database_url(settings.home, settings.database_url))
    except UserError:
        file = None
    own = [settings.home, Path(".env").absolute(), settings.home / LOCK_FILE]
    own += [] if file is None else [file.with_name(f"{file.name}{end}") for end in ("", "-wal", "-shm")]
    for name in (BACKUPS, "cache", "datasets", "downloads", "job", "models"):
        for folder, folders, files in os.walk(settings.home / name):
            own += [Path(folder), *(Path(folder, one) for one in (*folders, *files))]
    for path in dict.fromkeys(own):
        if path.exists() and not path.is_symlink() and path.stat().st_mode & OTHERS:
            yield path


def _token(settings: Settings) -> Check:
    if settings.discord_token is None:
        return Check("token", "note", "DISCORD_TOKEN is not set; only python -m bot run needs it")
    if re.fullmatch(r"[\w-]{18,}\.[\w-]{5,}\.[\w-]{25,}", settings.discord_token.get_secret_value()) is None:
        return Check("token", "bad", "DISCORD_TOKEN does not look like a bot's token; copy it again")
    return Check("token", "ok", "set, and looks like one")


def _owner(settings: Settings) -> Check:
    if settings.owner_id is None:
        return Check(
            "owner",
            "note",
            "MATINEE_OWNER_ID is not set: on several servers nobody may retrain or say when; set it to your "
            "Discord id",
        )
    return Check("owner", "ok", f"{settings.owner_id}, who decides for all servers")


def _clock(now: datetime) -> Check:
    # The code cannot be younger than now.
    written = datetime.fromtimestamp(Path(bot.__file__).stat().st_mtime, UTC)
    if now < written or now.year > written.year + 30:
        return Check("clock", "bad", f"it says {now:%Y-%m-%d %H:%M} UTC, which cannot be; set the clock")
    return Check("clock", "ok", f"{now:%Y-%m-%d %H:%M} UTC")
