"""``import`` and ``export``: somebody's ratings from a file, and everything about them into one."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.opening import opened_services
from bot.errors import UserError

File = Annotated[str, typer.Argument(help="A ZIP, CSV or JSON file of Letterboxd, IMDb, Trakt, MovieLens, …")]
Target = Annotated[Path | None, typer.Argument(help="The new ZIP file; named by person and day if not said.")]
User = Annotated[str, typer.Option("--user", help="A name of the console, or somebody's number at Discord.")]
Yes = Annotated[bool, typer.Option("--yes", help="Import without asking.")]

_DISCORD_DIGITS = 15


def import_(file: File, user: User, yes: Yes = False) -> None:
    """Import ratings for somebody; shows first what that would do."""

    async def run() -> None:
        from bot.console.commands.importing import read_file
        from bot.console.progress import shown_stages
        from bot.services.imports import telling

        user_id, name = _person(user)
        data = read_file(file)
        async with opened_services() as services:
            name = await services.imports.name_of(user_id) or name
            preview = await services.imports.begin(user_id, name, Path(file).name, data)
            for line in filter(None, [*telling.preview_lines(preview), telling.columns_line(preview)]):
                print(line)
            if not preview.ready:
                await services.imports.cancel(user_id, preview.batch_id)
                if not (preview.plan.undecided or preview.plan.older or preview.parsed.columns):
                    return
                raise UserError(f"{file} needs a look first: use !import in the console, or /import")
            if not yes and not _agreed():
                await services.imports.cancel(user_id, preview.batch_id)
                print("nothing was stored")
                return
            with shown_stages() as draw:
                done = await services.imports.confirm(
                    user_id, name, preview.batch_id, lambda stage, now, all_: draw(stage, now, all_, "")
                )
            print(telling.done_line(done))

    asyncio.run(run())


def export(user: User, target: Target = None) -> None:
    """Write everything that is kept about somebody to a ZIP file."""

    async def run() -> None:
        from bot.console.commands.importing import write_file

        user_id, name = _person(user)
        async with opened_services() as services:
            name = await services.imports.name_of(user_id) or name
            found = await services.exports.export(user_id, name)
        path = target or Path(found.file)
        write_file(path, found.data)
        print(f"{path}: {found.summary}")

    asyncio.run(run())


def _person(user: str) -> tuple[int, str]:
    from bot.console.people import person

    if user.isascii() and user.isdigit() and _DISCORD_DIGITS <= len(user) < 20 and int(user) < 2**63:
        return int(user), user
    found = person(user)
    return found.user_id, found.name


def _agreed() -> bool:
    print("Import it? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().casefold() in ("y", "yes")
