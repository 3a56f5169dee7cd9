"""Tables of figures on standard output, of which none may be cut short."""

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table


def figures(title: str, caption: str) -> Table:
    """An empty table that is narrow enough for a terminal of 80 columns."""
    return Table(
        title=title,
        caption=caption,
        title_justify="left",
        caption_justify="left",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )


def print_table(table: Table) -> None:
    """Print a table; in a file or a pipe it is as wide as it needs to be."""
    console = Console()
    if not console.is_terminal:
        lines = Console(width=1000).measure(table)
        console = Console(width=max(lines.maximum, console.width))
    console.print(table)
