"""``python -m bot run`` as a process of its own, redirected to our own Discord."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.wire import launcher
from tests.wire.fake_discord import TOKEN, FakeDiscord
from tests.wire.fake_journal import PATIENCE

LOGGED = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (\w+) ")
CODE = Path(__file__).parents[2]


class Program:
    """A running bot. Made by `running`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        assert process.stderr is not None
        self._reading = asyncio.create_task(process.stderr.read())

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    def stop(self) -> None:
        """Ask it to end, as an operating system does."""
        self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it without asking."""
        self._process.kill()

    async def end(self) -> tuple[int, list[str]]:
        """Wait for its end: the exit status, and what it wrote to standard error, line by line."""
        async with asyncio.timeout(PATIENCE):
            # Should the time be over, the reading goes on, for whoever ends the process then.
            written = await asyncio.shield(self._reading)
            status = await self._process.wait()
        return status, written.decode().splitlines()


@asynccontextmanager
async def running(
    fake: FakeDiscord, home: Path, *, token: str = TOKEN, script: str = launcher.__file__
) -> AsyncGenerator[Program]:
    """Start the bot, or a script that is called as the launcher is; at the end of the block it is no more."""
    ours = ("MATINEE_", "DISCORD_", "DATABASE_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment |= {"MATINEE_HOME": str(home), "DISCORD_TOKEN": token, "PYTHONPATH": str(CODE)}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        script,
        fake.api_url,
        fake.gateway_url,
        "run",
        # Not where the code is: a .env there is somebody's real one.
        cwd=home.parent,
        env=environment,
        stderr=asyncio.subprocess.PIPE,
    )
    program = Program(process)
    try:
        yield program
    finally:
        if process.returncode is None:
            program.kill()
        await program.end()


def spoken(lines: list[str]) -> list[str]:
    """The lines that are not of the log."""
    return [line for line in lines if not LOGGED.match(line)]


def complaints(lines: list[str]) -> list[str]:
    """The lines of the log that are warnings or worse."""
    return [line for line in lines if (match := LOGGED.match(line)) and match[1] not in ("DEBUG", "INFO")]


async def children(pid: int) -> set[int]:
    """The processes that a process has started and that are alive."""
    return {child for child, parent in (await _processes()).items() if parent == pid}


async def alive(pids: set[int]) -> set[int]:
    """Those of some processes that are still there."""
    return pids & (await _processes()).keys()


async def _processes() -> dict[int, int]:
    """Every process that has not ended, and its parent."""
    listing = await asyncio.create_subprocess_exec(
        "ps", "-A", "-o", "pid=,ppid=,stat=", stdout=asyncio.subprocess.PIPE
    )
    table, _ = await listing.communicate()
    rows = [line.split() for line in table.decode().splitlines()]
    return {int(pid): int(parent) for pid, parent, state in rows if not state.startswith("Z")}
