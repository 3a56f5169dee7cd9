"""What all child processes of the bot do: step back for others, tell how far they are, end with the bot.

A child tells its progress as lines of JSON on standard output, and ends when its standard input does: the bot
holds the other end, so that no child outlives its bot.
"""

import contextlib
import json
import os
import resource
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

SECONDS_BETWEEN_LINES = 0.2
ORPHANED = 3

Tell = Callable[[str, int, int], None]


class Reporter:
    """Writes JSON lines to what was standard output; whatever else is printed goes to standard error."""

    def __init__(self) -> None:
        self._lines = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
        os.dup2(2, 1)
        self._told = ("", 0.0)

    def progress(self, stage: str, done: int, total: int) -> None:
        """Tell how far the fit is, not more often than a person could read."""
        now = time.monotonic()
        last_stage, last_time = self._told
        if stage == last_stage and done < total and now - last_time < SECONDS_BETWEEN_LINES:
            return
        self._told = (stage, now)
        self.write({"progress": {"stage": stage, "done": done, "total": total}})

    def write(self, message: Mapping[str, Any]) -> None:
        """Write one line."""
        self._lines.write(json.dumps(message) + "\n")


def step_back(niceness: int, memory_bytes: int | None) -> None:
    """Leave the machine to others: low priority, bounded memory, first in line when memory runs out."""
    os.nice(niceness)
    if memory_bytes is not None:
        # macOS has the limit in name only and may refuse it.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def end_with_parent() -> None:
    """End this process when standard input does, which the system closes when the bot dies."""

    def wait() -> None:
        while os.read(0, 1024):
            pass
        os._exit(ORPHANED)

    threading.Thread(target=wait, daemon=True).start()
