"""``console``: the bot in a terminal."""

from bot.cli.logs import set_up_logging
from bot.settings import Settings


def console() -> None:
    """Be the same bot in this terminal, on the same data."""
    from bot.console.loop import run_console

    settings = Settings.read()
    set_up_logging(settings, quiet=True)
    run_console(settings)
