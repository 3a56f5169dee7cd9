"""Lines from the keyboard or a pipe, answered one after another."""

import asyncio
import io
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress

from bot.console.screen import Screen, isolated
from bot.console.session import Session
from bot.services.app import Services
from bot.services.clock import MovableClock
from bot.settings import Settings

GOODBYES = ("exit", "quit")


def run_console(settings: Settings) -> None:
    """Answer the lines of standard input until it ends or somebody says so.

    Raises
    ------
    UserError
        If the home or the database cannot be used.
    """
    screen = Screen()
    # The event loop runs while a line is answered and rests while one is typed, so no thread is
    # left waiting at the keyboard when the session ends.
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        services = runner.run(stack.enter_async_context(Services.open(settings, MovableClock())))
        try:
            session = Session(services, screen)
            if sys.stdin.isatty():
                screen.note("!help shows what there is, “as Ana” says who speaks, exit ends.")
            for line in _lines(session):
                if line.strip().casefold() in GOODBYES:
                    break
                try:
                    runner.run(session.handle(line))
                except KeyboardInterrupt:
                    screen.note("no longer waited for")
        finally:
            runner.run(stack.aclose())


def _lines(session: Session) -> Iterator[str]:
    if not sys.stdin.isatty():
        # Whatever a pipe brings is text: one wrong byte must not end a session.
        yield from io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
        return
    with suppress(ImportError):
        # Importing it gives input() a history and arrow keys.
        import readline  # noqa: F401  # pyright: ignore[reportUnusedImport]
    with suppress(EOFError, KeyboardInterrupt):
        while True:
            yield input(f"{isolated(session.speaker.name)}> ")
    print()
