"""The bot's side of the child process that fits a model."""

import asyncio
import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import bot
from bot.services.answers import Progress
from bot.services.fit_job import FitOutcome

WORKER = (sys.executable, "-m", "bot.services.fit_worker")
THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
LOG_BYTES = 8192
LINE_LIMIT = 1 << 20


class FitError(Exception):
    """A fit came to nothing; the message is one line. `log` holds the last lines the child printed."""

    def __init__(self, message: str, log: str = "") -> None:
        super().__init__(message)
        self.log = log


@dataclass(frozen=True, slots=True)
class FitLimits:
    """What a fit may cost.

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
            return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") * 3 // 4
        except (ValueError, OSError):
            return None


async def run_fit(
    folder: Path,
    on_progress: Callable[[Progress], None],
    *,
    seconds: float,
    command: Sequence[str] = WORKER,
) -> FitOutcome:
    """Do the job in a folder in a child process, which is killed when this is cancelled.

    Parameters
    ----------
    folder : Path
        Where a `bot.services.fit_job.FitJob` was written.
    on_progress : callable
        Called in the event loop whenever the child tells how far it is.
    seconds : float
        The child is killed after this time.
    command : sequence of str
        How to start the child; the folder is added.

    Raises
    ------
    FitError
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
    status = 0
    try:
        async with asyncio.timeout(seconds):
            answer = await _listen(child, on_progress)
            status = await child.wait()
    except TimeoutError:
        answer = f"the fit was stopped because it took more than {seconds:g} s"
    finally:
        await _end(child)
        await keeping
    if isinstance(answer, FitOutcome):
        return answer
    text = log.decode(errors="replace")
    raise FitError(answer or _last_words(status, text), text)


async def _listen(
    child: asyncio.subprocess.Process, on_progress: Callable[[Progress], None]
) -> FitOutcome | str:
    """Pass the child's progress on; answer its outcome, or its complaint, or nothing if it broke off."""
    assert child.stdout is not None  # noqa: S101  # asked for when it was started
    began = time.monotonic()
    answer: FitOutcome | str = ""
    try:
        async for line in child.stdout:
            message = json.loads(line)
            if "outcome" in message:
                answer = FitOutcome(**message["outcome"])
            elif "error" in message:
                answer = str(message["error"])
            else:
                on_progress(Progress(**message["progress"], seconds=time.monotonic() - began))
    except (ValueError, KeyError, TypeError) as error:
        child.kill()
        return f"the fit said something unintelligible: {error}"
    return answer


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


def _last_words(status: int, log: str) -> str:
    if status < 0:
        return f"the fit was killed by signal {-status}"
    last = next((line for line in reversed(log.splitlines()) if line.strip()), "it said nothing")
    return f"the fit ended with status {status}: {last.strip()[:200]}"


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
