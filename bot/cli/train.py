"""``train``: a retrain from the command line, by the same service as the bot's."""

import asyncio
import sys
from typing import Annotated

import typer

from bot.cli.logs import set_up_logging
from bot.cli.output import print_json
from bot.services.answers import RetrainResult
from bot.settings import Settings

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


Full = Annotated[bool, typer.Option("--full", help="Begin from the beginning, whatever changed.")]


def train(as_json: AsJson = False, full: Full = False) -> int:
    """Fit a model on all ratings, and adopt it if it is good.

    After a few new ratings it goes on with the fit before (warm), which takes seconds; otherwise, or with
    --full, it begins from the beginning. What was interrupted goes on where it was.
    """
    settings = Settings.read()
    set_up_logging(settings, quiet=True)
    try:
        result = asyncio.run(_train(settings, full))
    except KeyboardInterrupt:
        print("interrupted: the next retrain goes on where this one was", file=sys.stderr)
        raise
    if as_json:
        print_json(result)
    else:
        print(result.message, file=sys.stdout if result.adopted else sys.stderr)
    return 1 if result.version.state == "failed" else 0


async def _train(settings: Settings, full: bool) -> RetrainResult:
    from bot.console.progress import shown_progress
    from bot.services.app import Services

    async with Services.open(settings) as services:
        with shown_progress() as show:
            return await services.training.retrain(show, full=full)
