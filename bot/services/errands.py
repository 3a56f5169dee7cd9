"""What a command in a terminal wants of the data while a bot serves them: the bot does it, and tells of it.

The command leaves a request in a folder of the home and reads there what becomes of it. Files serve where
sockets would not: a container with the same volume reaches them too.
"""

import asyncio
import json
import os
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Self, get_args

from pydantic import TypeAdapter

from bot.errors import UserError
from bot.services.data import DataSets
from bot.services.data_folder import OnProgress
from bot.services.data_list import DataEntry, DataStatus
from bot.store.private import private_file, private_folder

FOLDER = "errands"
LOOK_SECONDS = 2.0
"""The bot looks so often for requests, and for those that were taken back."""
TELL_SECONDS = 0.5
FORGOTTEN_SECONDS = 60.0
"""Whoever asks shows that they are still there; one who was killed does not, and their request is dropped."""
TAKEN_SECONDS = 20.0
"""What holds the home is no bot that takes requests if it has not taken one by then."""

_RESULT = TypeAdapter[DataStatus | list[DataEntry]](DataStatus | list[DataEntry])
_ASKED, _TOLD = ".asked", ".told"


Verb = Literal["add", "list", "status", "refresh", "remove"]


@dataclass(frozen=True, slots=True)
class Errand:
    """Something to be done with the data: a method of `DataSets`, and the names it is for."""

    verb: Verb
    names: tuple[str, ...] = ()

    async def run(self, data: DataSets, on_progress: OnProgress) -> DataStatus | list[DataEntry]:
        """Do it.

        Raises
        ------
        UserError
            As the method does.
        """
        match self.verb:
            case "add":
                return await data.add(self.names[0], on_progress, joined_with=self.names[1:])
            case "refresh":
                return await data.refresh(on_progress)
            case "remove":
                return await data.remove(self.names[0])
            case "list":
                return await data.list()
            case "status":
                return await data.status()

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a request.

        Raises
        ------
        OSError, ValueError, KeyError, TypeError
            If it is none.
        """
        asked: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if asked["verb"] not in get_args(Verb):
            raise ValueError(f"there is no errand {asked['verb']}")
        return cls(asked["verb"], tuple(map(str, asked["names"])))


class Errands:
    """The bot's side: does what is asked in the folder of a home.

    Parameters
    ----------
    home : Path
    data : DataSets
    """

    def __init__(self, home: Path, data: DataSets) -> None:
        self._folder = home / FOLDER
        self._data = data
        self._running: dict[Path, asyncio.Task[None]] = {}

    async def look(self) -> None:
        """Begin what is asked, and end what was taken back or whose asker has gone."""
        before = set(self._running)
        asked = await asyncio.to_thread(_asked, self._folder, list(self._running))
        for path, task in list(self._running.items()):
            if path not in asked:
                task.cancel()
        for path in asked:
            # What ran when the folder was listed may have ended since, and is not begun anew.
            if path not in before and path not in self._running:
                task = self._running[path] = asyncio.create_task(self._do(path), name="an errand")
                task.add_done_callback(lambda _, path=path: self._running.pop(path, None))

    async def close(self) -> None:
        """End everything."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _do(self, path: Path) -> None:
        told = path.with_suffix(_TOLD)
        last = 0.0

        def tell(stage: str, done: int, total: int) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= TELL_SECONDS:
                last = now
                _put(told, {"stage": stage, "done": done, "total": total})

        try:
            tell("waiting for the bot", 0, 0)
            errand = Errand.read(path)
            result = await errand.run(self._data, tell)
            _put(told, {"result": json.loads(_RESULT.dump_json(result))})
        except UserError as error:
            _put(told, {"error": str(error)})
        except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
            _put(told, {"error": f"the bot does not understand the request: {error}"})
        except asyncio.CancelledError:
            _put(told, {"error": "the bot is shutting down, or nobody waits for the answer any more"})
            raise
        finally:
            # Whoever waits has the answer; another look must not begin it again.
            path.unlink(missing_ok=True)  # noqa: ASYNC240 - also where this is cancelled


def send(home: Path, errand: Errand, on_progress: Callable[[str, int, int], None]) -> Any:
    """Have the bot that serves a home do an errand, and wait for it; interrupted, it is taken back.

    Parameters
    ----------
    home : Path
    errand : Errand
    on_progress : callable

    Returns
    -------
    DataStatus or list of DataEntry
        As `Errand.run` answers.

    Raises
    ------
    UserError
        What the bot says against it; also if what holds the home is no bot that takes requests.
    """
    folder = home / FOLDER
    private_folder(folder)
    path = folder / f"{secrets.token_hex(8)}{_ASKED}"
    told = path.with_suffix(_TOLD)
    began = time.monotonic()
    seen: dict[str, Any] = {}
    try:
        _put(path, asdict(errand))
        while True:
            time.sleep(TELL_SECONDS / 2)
            with suppress(OSError):
                os.utime(path)
            with suppress(OSError, ValueError):
                seen = json.loads(told.read_text(encoding="utf-8"))
            if "result" in seen:
                return _RESULT.validate_python(seen["result"])
            if "error" in seen:
                raise UserError(str(seen["error"]))
            if seen and _is_left(told):
                raise UserError("the bot that did this is gone: run the command again")
            if seen:
                on_progress(str(seen["stage"]), int(seen["done"]), int(seen["total"]))
            elif time.monotonic() - began > TAKEN_SECONDS:
                raise UserError(
                    f"another Matinée works on {home}, and it is no running bot that could do this: "
                    "wait until it is done"
                )
    finally:
        for left in (path, told):
            left.unlink(missing_ok=True)


def _asked(folder: Path, running: Sequence[Path]) -> set[Path]:
    """The requests whose askers wait, who see that the bot is there; those of others are removed."""
    for path in running:
        with suppress(OSError):
            os.utime(path.with_suffix(_TOLD))
    waiting: set[Path] = set()
    for path in folder.glob(f"*{_ASKED}"):
        if _is_left(path):
            for left in (path, path.with_suffix(_TOLD)):
                left.unlink(missing_ok=True)
        else:
            waiting.add(path)
    return waiting


def _is_left(path: Path) -> bool:
    """Whether nobody has touched a file for long."""
    with suppress(OSError):
        return time.time() - path.stat().st_mtime > FORGOTTEN_SECONDS
    return False


def _put(path: Path, content: dict[str, Any]) -> None:
    """Write a file that is read whole or not at all."""
    new = path.with_suffix(f"{path.suffix}.new")
    file = private_file(new)
    with os.fdopen(file, "w", encoding="utf-8") as stream:
        stream.truncate()
        json.dump(content, stream)
    new.replace(path)
