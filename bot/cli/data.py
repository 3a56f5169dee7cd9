"""``data``: which movies there are, and whose ratings the model learns from besides the friends'."""

import asyncio
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.opening import opened_services
from bot.cli.output import print_json

if TYPE_CHECKING:
    from bot.services.data_list import DataEntry, DataStatus

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Sources = Annotated[
    list[str],
    typer.Argument(
        help="An edition, such as ml-latest-small, imdb, or a folder or zip file on disk; several of them, "
        "one of each kind, become one catalogue. imdb alone joins what is active."
    ),
]
Name = Annotated[str, typer.Argument(help="A data set that data list shows to be on disk.")]

MEGABYTE = 1_000_000
SHOWN = 20

app = typer.Typer(help="The movies and their community: list, add, status, remove.", rich_markup_mode=None)


@app.command("list")
def list_() -> None:
    """What can be added by name, and what is on disk."""

    async def entries() -> list["DataEntry"]:
        async with opened_services() as services:
            return await services.data.list()

    found = asyncio.run(entries())
    licences = list(dict.fromkeys(entry.licence for entry in found if entry.licence))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("name", "", "movies", "films to", "ratings", "download", "licence"):
        right = heading in ("movies", "ratings", "download")
        table.add_column(heading, justify="right" if right else "left", overflow="fold")
    for entry in found:
        state = "active" if entry.active else "on disk" if entry.on_disk else ""
        size = f"{entry.bytes / MEGABYTE:,.0f} MB" if entry.bytes else ""
        licence = f"({licences.index(entry.licence) + 1})" if entry.licence else ""
        told = entry.name, state, entry.movies, entry.films, entry.ratings, size, licence
        table.add_row(*map(Text, told))
    console = Console(markup=False, highlight=False)
    console.print(table)
    console.print("Time and memory to add it, and to train on it, about, on two cores:")
    for entry in found:
        if entry.cost:
            console.print(f"  {entry.name}: {entry.cost}")
    for number, licence in enumerate(licences, 1):
        console.print(f"({number}) {licence}", soft_wrap=True)


@app.command()
def add(sources: Sources) -> None:
    """Download an edition of MovieLens or IMDb's files, or read files on disk, and join them."""

    async def added() -> "DataStatus":
        async with opened_services() as services:
            for entry in await services.data.list():
                if entry.name in sources and entry.licence and not entry.on_disk:
                    print(f"{entry.name}: {entry.licence}", file=sys.stderr)
            with _shown() as show:
                return await services.data.add(sources[0], show, joined_with=sources[1:])

    try:
        found = asyncio.run(added())
    except KeyboardInterrupt:
        print(f"stopped: the active data set is the one of before; {_left(sources)}", file=sys.stderr)
        raise
    _print(found)
    print("Next: python -m bot train")


@app.command()
def status(as_json: AsJson = False) -> None:
    """The active data set, and the friends' movies in it."""

    async def asked() -> "DataStatus":
        async with opened_services() as services:
            return await services.data.status()

    found = asyncio.run(asked())
    if as_json:
        print_json(found)
    else:
        _print(found)


@app.command()
def remove(name: Name) -> None:
    """Remove a data set from disk; the friends' ratings stay."""

    async def removed() -> "DataStatus":
        async with opened_services() as services:
            return await services.data.remove(name)

    left = asyncio.run(removed())
    print(f"{name} was removed; the active data set is {left.name}")


@contextmanager
def _shown() -> Generator[Callable[[str, int, int], None]]:
    from bot.console.progress import shown_stages
    from bot.services.data_folder import BYTES

    with shown_stages() as draw:

        def show(stage: str, done: int, total: int) -> None:
            words = ""
            if stage in BYTES and total:
                words = f"{done / MEGABYTE:,.1f} of {total / MEGABYTE:,.1f} MB"
            draw(stage, done, total, words)

        yield show


def _left(sources: list[str]) -> str:
    """What is left to do after a stop."""
    from bot.services.data_folder import imdb_folder
    from bot.settings import Settings
    from recommender.datasets import imdb
    from recommender.datasets.imdb_download import missing_in

    left = missing_in(imdb_folder(Settings().home)) if imdb.NAME in sources else []
    missing = f" (of IMDb's files {', '.join(left)} are left to download)" if left else ""
    return f"run it again to go on{missing}"


def _print(found: "DataStatus") -> None:
    from bot.services.clock import utc_now
    from bot.services.data_list import data_lines

    for line in data_lines(found, utc_now()):
        print(line[:1].upper() + line[1:])
    for reason, count in found.dropped.items():
        print(f"  left out: {count:,} x {reason}")
    for title in found.unmatched[:SHOWN]:
        print(f"  not in it, kept: {title}")
    if len(found.unmatched) > SHOWN:
        print(f"  and {len(found.unmatched) - SHOWN:,} more")
    for text in (found.licence, found.acknowledgement):
        if text:
            print(text)
