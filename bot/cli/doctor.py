"""``doctor``: whether everything that the bot needs is there."""

from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from bot.cli.logs import set_up_logging
from bot.cli.output import print_json
from bot.services.clock import utc_now
from bot.settings import Settings

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Fix = Annotated[bool, typer.Option("--fix", help="Make files that others can read yours alone.")]

_MARKS = {"ok": ("✓", "green"), "note": ("·", "yellow"), "bad": ("✗", "red")}


def doctor(as_json: AsJson = False, fix: Fix = False) -> int:
    """Look whether all that the bot needs is there."""
    from bot.cli.checks import close_to_others, examine

    settings = Settings.read()
    set_up_logging(settings, quiet=True)
    if fix:
        close_to_others(settings)
    checks = examine(settings, utc_now)
    healthy = all(check.state != "bad" for check in checks)
    if as_json:
        print_json({"healthy": healthy, "checks": checks})
    else:
        console = Console(highlight=False, markup=False)
        for check in checks:
            mark, style = _MARKS[check.state]
            line = Text.assemble((mark, style), f" {check.name:<9} {check.detail}")
            console.print(line, soft_wrap=True)
    return 0 if healthy else 1
