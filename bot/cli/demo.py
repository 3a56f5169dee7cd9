"""``demo``: a movie evening in the terminal, on a home that is thrown away."""

import asyncio
import tempfile
from pathlib import Path

from bot.cli.logs import set_up_logging
from bot.settings import Settings


def demo() -> None:
    """Play a movie evening with invented friends; keeps nothing."""
    from bot.console.demo import play
    from bot.console.screen import Screen
    from bot.services.app import Services
    from bot.services.clock import MovableClock
    from recommender.datasets.starter import load_friends

    chosen = Settings.read()
    set_up_logging(chosen, quiet=True)

    async def evening(home: Path) -> None:
        settings = chosen.model_copy(update={"home": home, "database_url": None})
        async with Services.open(settings, MovableClock()) as services:
            await play(Screen(), services, load_friends())

    with tempfile.TemporaryDirectory(prefix="matinee-demo-") as folder:
        asyncio.run(evening(Path(folder)))
