"""The bot's side of a child process that does long work: fits a model, or makes a data set."""

import asyncio
import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import bot
from bot.services.answers import Progress

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
LOG_BYTES = 8192
MOST_OF_MEMORY = 0.75
"""So much of the machine's memory a child may use."""
LINE_LIMIT = 1 << 20

Outcome = TypeVar("Outcome")


class ChildError(Exception):
    """The work came to nothing; the message is one line. `log` holds the last lines the child printed."""

    def __init__(self, message: str, log: str = "") -> None:
        super().__init__(message)
        self.log = log


@dataclass(frozen=True, slots=True)
class Limits:
    """What the work may cost.

    Attributes
    ----------
    seconds : float
        The child is killed after this time.
    memory_bytes : int or None
        Address space of the child; by default three quarters of the machine's memory.
    niceness : int
        How far the child steps back for others, 0 to 19.
    """

    seconds: float = 3600.0
    memory_bytes: int | None = None
    niceness: int = 10

    @property
    def memory(self) -> int | None:
        """`memory_bytes`, or the default on this machine; None where its memory is not known."""
        if self.memory_bytes is not None:
            return self.memory_bytes
        try:
            memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
            return int(memory * MOST_OF_MEMORY)
        except (ValueError, OSError):
            return None


def worker(module: str) -> tuple[str, ...]:
    """The command that runs a module of the program in a child."""
    return (sys.executable, "-m", module)


async def run_child(
    command: Sequence[str],
    folder: Path,
    on_progress: Callable[[Progress], None],
    read: Callable[[dict[str, Any]], Outcome],
    *,
    what: str,
    seconds: float,
) -> Outcome:
    """Do the job in a folder in a child process, which is killed when this is cancelled.

    Parameters
    ----------
    command : sequence of str
        How to start the child; the folder is added.
    folder : Path
        Where what is to be done was written.
    on_progress : callable
        Called in the event loop whenever the child tells how far it is.
    read : callable
        Makes the answer of what the child tells at its end.
    what : str
        The work, as the subject of a sentence about what went wrong.
    seconds : float
        The child is killed after this time.

    Raises
    ------
    ChildError
        If the child fails, is killed, says nothing sensible or takes too long.
    """
    child = await asyncio.create_subprocess_exec(
        *command,
        str(folder),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=LINE_LIMIT,
        env=_environment(),
        # Ctrl-C in the terminal is the bot's to handle; the child ends with its standard input.
        start_new_session=True,
    )
    log = bytearray()
    keeping = asyncio.create_task(_keep_log(child, log))
    status, answer, complaint = 0, list[Outcome](), ""
    try:
        async with asyncio.timeout(seconds):
            complaint = await _listen(child, on_progress, lambda said: answer.append(read(said)), what)
            status = await child.wait()
    except TimeoutError:
        answer, complaint = [], f"{what} was stopped because it took more than {seconds:g} s"
    finally:
        await _end(child)
        await keeping
    if answer and not complaint:
        return answer[-1]
    text = log.decode(errors="replace")
    raise ChildError(complaint or _last_words(what, status, text), text)


async def _listen(
    child: asyncio.subprocess.Process,
    on_progress: Callable[[Progress], None],
    on_outcome: Callable[[dict[str, Any]], None],
    what: str,
) -> str:
    """Pass on what the child tells; answer its complaint, if it has one."""
    assert child.stdout is not None  # noqa: S101  # asked for when it was started
    began = time.monotonic()
    complaint = ""
    try:
        async for line in child.stdout:
            message = json.loads(line)
            if "outcome" in message:
                on_outcome(message["outcome"])
            elif "error" in message:
                complaint = str(message["error"])
            else:
                on_progress(Progress(**message["progress"], seconds=time.monotonic() - began))
    except (ValueError, KeyError, TypeError) as error:
        child.kill()
        return f"{what} said something unintelligible: {error}"
    return complaint


async def _keep_log(child: asyncio.subprocess.Process, log: bytearray) -> None:
    assert child.stderr is not None  # noqa: S101  # asked for when it was started
    while chunk := await child.stderr.read(LOG_BYTES):
        log += chunk
        del log[:-LOG_BYTES]


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
    await child.wait()


def _last_words(what: str, status: int, log: str) -> str:
    if status < 0:
        return f"{what} was killed by signal {-status}"
    last = next((line for line in reversed(log.splitlines()) if line.strip()), "it said nothing")
    return f"{what} ended with status {status}: {last.strip()[:200]}"


def _environment() -> dict[str, str]:
    """The bot's environment without its secrets, with one thread for each library, and the bot's code."""
    secret = ("DISCORD_", "DATABASE_", "MATINEE_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(secret)}
    code = str(Path(bot.__file__).resolve().parents[1])
    paths = [code, *filter(None, [os.environ.get("PYTHONPATH")])]
    return (
        environment
        | dict.fromkeys(THREAD_VARIABLES, "1")
        | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    )
