"""How far something is, on standard error: a bar on a terminal, a line for each stage elsewhere."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from bot.services.answers import Progress
from bot.services.data_folder import BYTES

MEGABYTE = 1_000_000

Draw = Callable[[str, int, int, str], None]
"""Takes a stage, how much of it is done, how much there is (0 if unknown), and that in words."""


@contextmanager
def shown_stages(console: Console | None = None) -> Generator[Draw]:
    """Show the stages that the callable is told, until the block is left.

    Parameters
    ----------
    console : Console or None
        Where; standard error if None.
    """
    target = Console(stderr=True, markup=False, highlight=False) if console is None else console
    if target.is_terminal:
        columns = (TextColumn("  {task.description}"), BarColumn(30), TextColumn("{task.fields[words]}"))
        with Bar(*columns, TimeElapsedColumn(), console=target, transient=True) as bar:
            task = bar.add_task("starting", total=None, words="")

            def draw(stage: str, done: int, total: int, words: str) -> None:
                bar.update(task, description=stage, completed=done, total=total or None, words=words)

            yield draw
    else:
        told: set[str] = set()

        def write(stage: str, *_: object) -> None:
            if stage not in told:
                told.add(stage)
                target.print(f"{stage} …", soft_wrap=True)

        yield write


@contextmanager
def shown_progress(console: Console | None = None) -> Generator[Callable[[Progress], None]]:
    """Show the progress of a retrain, as `shown_stages` does."""
    with shown_stages(console) as draw:

        def show(progress: Progress) -> None:
            steps = f"{progress.done} of {progress.total}" if progress.total > 1 else ""
            draw(progress.stage, progress.done, progress.total, steps)

        yield show


@contextmanager
def shown_data(console: Console | None = None) -> Generator[Callable[[str, int, int], None]]:
    """Show the progress of work on the data, as `shown_stages` does."""
    with shown_stages(console) as draw:

        def show(stage: str, done: int, total: int) -> None:
            words = ""
            if stage in BYTES and total:
                words = f"{done / MEGABYTE:,.1f} of {total / MEGABYTE:,.1f} MB"
            draw(stage, done, total, words)

        yield show
