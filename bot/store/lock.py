"""One process per home: two would overwrite each other's models and answer from stale memory."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.errors import UserError
from bot.store.private import private_file


class InUse(UserError):
    """Another process uses the home."""


@contextmanager
def only_process(path: Path) -> Generator[None]:
    """Hold the lock file; the system lets go of it when the process ends, however it ends.

    Raises
    ------
    InUse
        If another process holds it.
    UserError
        If the file cannot be written.
    """
    try:
        file = private_file(path)
    except OSError as error:
        raise UserError(
            f"cannot write {path}: {error.strerror}; the bot needs a folder it may write"
        ) from error
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(file, 20).decode("ascii", "replace").strip()
            who = f"process {holder}" if holder.isdigit() else "another process"
            raise InUse(f"a Matinée is running on {path.parent} already ({who}): stop it first") from error
        except OSError as error:
            raise UserError(f"{path} cannot be locked: {error.strerror}; use a local disk") from error
        # The number serves the other process's message alone, so a full disk need not stop us here.
        with suppress(OSError):
            os.ftruncate(file, 0)
            os.pwrite(file, f"{os.getpid()}\n".encode("ascii"), 0)
        yield
    finally:
        os.close(file)
