"""The command line: ``python -m bot``."""

import logging
import sys
from collections.abc import Sequence

import typer

from bot.cli import (
    backup,
    console,
    data,
    demo,
    doctor,
    evaluate,
    importing,
    predict,
    restore,
    run,
    setup,
    train,
)
from bot.cli.logs import tell
from bot.cli.output import Failure
from bot.errors import UserError

PROGRAM = "python -m bot"
FAILURE, MISTAKE, INTERRUPTED = 1, 2, 130

log = logging.getLogger(__name__)


def build() -> typer.Typer:
    """The commands, put together."""
    app = typer.Typer(
        help="Matinée: what to watch next, for friends who watch movies together.",
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.command("run")(run.run)
    app.command("setup")(setup.setup)
    app.command("console")(console.console)
    app.command("demo")(demo.demo)
    app.add_typer(data.app, name="data")
    app.command("train")(train.train)
    app.command("evaluate")(evaluate.evaluate)
    app.command("predict")(predict.predict)
    app.command("import")(importing.import_)
    app.command("export")(importing.export)
    app.command("backup")(backup.backup)
    app.command("restore")(restore.restore)
    app.command("doctor")(doctor.doctor)
    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; a mistake of the user ends in one line on standard error.

    Parameters
    ----------
    arguments : sequence of str or None
        Those of the process if None.

    Returns
    -------
    int
        The exit status: 0, 1 for a failure, 2 for a mistake, 130 if interrupted.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = build()(given or ["--help"], prog_name=PROGRAM, standalone_mode=False)
    except typer.TyperException as error:
        return _mistake(f"{error.format_message().rstrip('.')}; {PROGRAM} --help shows what there is")
    except UserError as error:
        return _mistake(_one_line(error))
    except Failure as error:
        tell(_one_line(error))
        return FAILURE
    except OSError as error:
        log.debug("ended by the system", exc_info=True)
        where = f" ({error.filename})" if error.filename else ""
        return _mistake(f"{error.strerror or error}{where}")
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    return status if isinstance(status, int) else 0


def _mistake(line: str) -> int:
    tell(line)
    return MISTAKE


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
