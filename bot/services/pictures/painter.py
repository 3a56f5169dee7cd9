"""The one thread that paints: matplotlib is loaded there when the first picture is asked for."""

import os
from asyncio import get_running_loop
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG.

    Attributes
    ----------
    name : str
        Of its file.
    png : bytes
    alt : str
        What it shows, for who cannot see it.
    """

    name: str
    png: bytes
    alt: str


class Painter:
    """Paints off the event loop, one picture at a time: that bounds the memory, and matplotlib wants it.

    Parameters
    ----------
    home : Path
        Where matplotlib keeps what it knows of the fonts, so that it need not look for them at every start.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="painter")

    async def paint(self, draw: Callable[P, Picture], *args: P.args, **kwargs: P.kwargs) -> Picture:
        """What `draw` answers; it imports what it needs of the modules beside this one by itself."""

        def painted() -> Picture:
            os.environ.setdefault("MPLCONFIGDIR", str(self._home / "cache" / "matplotlib"))
            return draw(*args, **kwargs)

        return await get_running_loop().run_in_executor(self._thread, painted)

    def close(self) -> None:
        """End the thread when it has painted what it was asked for."""
        self._thread.shutdown(wait=False)
