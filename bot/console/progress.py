"""How far a retrain is, on standard error: a bar on a terminal, a line for each stage elsewhere."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from bot.services.answers import Progress
from bot.services.wording import progress_line


@contextmanager
def shown_progress(console: Console | None = None) -> Generator[Callable[[Progress], None]]:
    """Show what the callable that is yielded is told, until the block is left.

    Parameters
    ----------
    console : Console or None
        Where; standard error if None.
    """
    target = Console(stderr=True, markup=False, highlight=False) if console is None else console
    if target.is_terminal:
        columns = (TextColumn("  {task.description}"), BarColumn(30), TextColumn("{task.fields[steps]}"))
        with Bar(*columns, TimeElapsedColumn(), console=target, transient=True) as bar:
            task = bar.add_task("starting", total=None, steps="")

            def draw(progress: Progress) -> None:
                steps = f"{progress.done} of {progress.total}" if progress.total > 1 else ""
                bar.update(
                    task,
                    description=progress.stage,
                    completed=progress.done,
                    total=progress.total or None,
                    steps=steps,
                )

            yield draw
    else:
        seen: list[str] = []

        def write(progress: Progress) -> None:
            if progress.stage not in seen:
                seen.append(progress.stage)
                target.print(progress_line(progress), soft_wrap=True)

        yield write
