"""``data``: which movies there are, and whose ratings the model learns from besides the friends'."""

import asyncio
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.opening import opened_services
from bot.cli.output import print_json
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.services.data_folder import OnProgress
    from bot.services.data_list import DataEntry, DataStatus
    from bot.services.errands import Verb

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

app = typer.Typer(help="The movies and their community: list, add, refresh and more.", rich_markup_mode=None)


@app.command("list")
def list_() -> None:
    """What can be added by name, and what is on disk."""

    found: list[DataEntry] = done("list")
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

    for name, licence in _licences(sources):
        print(f"{name}: {licence}", file=sys.stderr)
    try:
        found: DataStatus = done("add", *map(_absolute, sources))
    except KeyboardInterrupt:
        print(f"stopped: the active data set is the one of before; {_left(sources)}", file=sys.stderr)
        raise
    _print(found)
    print("Next: python -m bot train, or leave it to the running bot")


@app.command()
def status(as_json: AsJson = False) -> None:
    """The active data set, and the friends' movies in it."""

    found: DataStatus = done("status")
    if as_json:
        print_json(found)
    else:
        _print(found)


@app.command()
def refresh() -> None:
    """Join the active data set with IMDb's newest files; a running bot does so by itself."""
    _print(done("refresh"))


@app.command()
def remove(name: Name) -> None:
    """Remove a data set from disk; the friends' ratings stay."""

    left: DataStatus = done("remove", name)
    print(f"{name} was removed; the active data set is {left.name}")


def done(verb: "Verb", *names: str) -> Any:
    """Do something with the data here, or have the bot do it that serves the home."""
    from bot.console.progress import shown_data
    from bot.services.errands import Errand, send
    from bot.store.lock import InUse

    errand = Errand(verb, names)

    async def run(show: "OnProgress") -> object:
        async with opened_services() as services:
            return await errand.run(services.data, show)

    with shown_data() as show:
        try:
            return asyncio.run(run(show))
        except InUse:
            return send(Settings.read().home, errand, show)


def _absolute(source: str) -> str:
    """A path as the bot finds it, which may run in another folder; names stay names."""
    from bot.services.data_folder import DataFolder, existing
    from recommender.datasets import imdb
    from recommender.datasets.editions import edition_of

    named = edition_of(source) is not None or source.casefold() == imdb.NAME
    if named or source in DataFolder(Settings.read().home).names():
        return source
    path = existing(source)
    return source if path is None else str(path.absolute())


def _licences(sources: list[str]) -> list[tuple[str, str]]:
    """What is to be known before these are downloaded, by name."""
    from bot.services.data_folder import DataFolder
    from recommender.datasets import imdb
    from recommender.datasets.editions import edition_of

    there = DataFolder(Settings.read().home).names()
    editions = [one for one in map(edition_of, sources) if one is not None and one.name not in there]
    told = [(edition.name, edition.licence) for edition in editions]
    return told + [(imdb.NAME, imdb.LICENCE) for source in sources if source.casefold() == imdb.NAME]


def _left(sources: list[str]) -> str:
    """What is left to do after a stop."""
    from bot.services.data_folder import imdb_folder
    from recommender.datasets import imdb
    from recommender.datasets.imdb_download import missing_in

    left = missing_in(imdb_folder(Settings.read().home)) if imdb.NAME in sources else []
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
